//! Text files of values: UTF-8 with or without a byte order mark, UTF-16 with one, or GB18030; separated by comma,
//! semicolon or tab.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};
use domain::{Code, Refusal};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::archive;
use super::header::{GridRow, into_table};
use super::table::{Budget, Table};

pub(super) fn read(bytes: &[u8]) -> Result<Table, Refusal> {
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(Refusal::new(Code::ImportEmpty));
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());

    let mut budget = Budget::default();
    let mut grid: Vec<GridRow> = Vec::new();
    let mut record = ByteRecord::new();
    let mut number = 0u32;
    while reader.read_byte_record(&mut record).map_err(|error| archive::reason(&error.to_string()))? {
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        number = number.saturating_add(blank_lines(text.as_bytes(), start)).saturating_add(1);
        let mut row = GridRow { number, ..GridRow::default() };
        for (column, value) in record.iter().enumerate() {
            let value = String::from_utf8_lossy(value).trim().to_owned();
            if !value.is_empty() {
                budget.cell(number, column, &value)?;
                row.own += 1;
                row.cells.resize(column, String::new());
                row.cells.push(value);
            }
        }
        grid.push(row);
        Budget::rows(grid.len())?;
    }
    into_table(grid, |_| false, Vec::new())
}

/// Empty lines that the reader skipped before a record. A spreadsheet counts them, and counts a quoted value of several
/// lines as one row.
fn blank_lines(text: &[u8], start: usize) -> u32 {
    let after_return = start.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'\r');
    let mut rest = text.get(start..).unwrap_or_default();
    if after_return {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(tail) =
        rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r"))
    {
        rest = tail;
        count += 1;
    }
    count
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|error| wrong_encoding(rest, error));
    }
    let wide = [(UTF_16LE, [0xFF, 0xFE]), (UTF_16BE, [0xFE, 0xFF])];
    if let Some((encoding, mark)) = wide.iter().find(|(_, mark)| bytes.starts_with(mark)) {
        return encoding
            .decode_without_bom_handling_and_without_replacement(bytes.get(mark.len()..).unwrap_or_default())
            .ok_or_else(|| Refusal::new(Code::ImportEncoding).with("line", 1));
    }
    // Text has no zero bytes and no control characters but breaks and tabs; other formats have both at once.
    let beginning = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let is_binary = |byte: &u8| *byte < 0x09 || (0x0E..0x20).contains(byte) && *byte != 0x1A;
    if beginning.contains(&0)
        || beginning.iter().filter(|byte| is_binary(byte)).count() > 8
        || bytes.starts_with(b"%PDF")
    {
        return Err(Refusal::new(Code::ImportFormatUnknown));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| wrong_encoding(bytes, error)),
    }
}

fn wrong_encoding(bytes: &[u8], error: std::str::Utf8Error) -> Refusal {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Refusal::new(Code::ImportEncoding).with("line", line)
}

/// The separator that is most frequent outside quotes in the first lines that hold anything.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for byte in text.bytes().take(64 * 1024) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if quoted => {}
            _ => {
                for (separator, count) in &mut counts {
                    *count += usize::from(*separator == byte);
                }
            }
        }
        if lines >= 3 {
            break;
        }
    }
    // The first of equals wins, so a file of one column is read with commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}
