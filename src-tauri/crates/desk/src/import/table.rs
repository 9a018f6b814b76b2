//! A file's content as a table of text, whatever the format, and the limits that keep a hostile file from exhausting
//! the machine.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::{Code, Refusal};

use super::{delimited, workbook};

/// The largest file that is read: 64 MiB.
pub const MAX_FILE: usize = 64 * 1024 * 1024;
/// The most rows below the header.
pub const MAX_ROWS: usize = 500_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 200;
/// The most text a table may hold. One long shared string may be repeated in every cell of a small workbook.
pub(super) const MAX_TEXT: usize = 256 * 1024 * 1024;
/// What a spreadsheet's cell can hold.
pub(super) const MAX_CELL: usize = 32_767;

/// A header and the rows below it, as text: dates are `YYYY-MM-DD`, numbers plain decimals, empty cells empty.
/// Rows without any value are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Column names, unique.
    pub headers: Vec<String>,
    /// Values, as many per row as there are headers.
    pub rows: Vec<Vec<String>>,
    /// For each row its number in the sheet, counted from one.
    pub numbers: Vec<u32>,
    /// What someone should know about how the file was read.
    pub notes: Vec<Refusal>,
}

/// Reads a file from disk, refusing before reading what is too large to be read.
pub fn read_file(path: &Path) -> Result<Table, Refusal> {
    let unreadable =
        |error: std::io::Error| Refusal::new(Code::ImportFileUnreadable).with("reason", error.kind());
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    if metadata.len() > MAX_FILE as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read, and a device has no length.
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    read_table(&bytes)
}

/// Reads the bytes of an .xlsx or CSV file, telling them apart by content.
pub fn read_table(bytes: &[u8]) -> Result<Table, Refusal> {
    const OLD_EXCEL: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    if bytes.is_empty() {
        return Err(Refusal::new(Code::ImportEmpty));
    }
    if bytes.len() > MAX_FILE {
        return Err(too_large());
    }
    if bytes.starts_with(OLD_EXCEL) {
        return Err(Refusal::new(Code::ImportOldExcel));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return workbook::read(bytes);
    }
    delimited::read(bytes)
}

fn too_large() -> Refusal {
    Refusal::new(Code::ImportTooLarge).with("limit", "64 MiB")
}

/// Counts rows, columns and text while a table grows, and refuses at the first limit.
#[derive(Debug, Default)]
pub(super) struct Budget {
    text: usize,
}

impl Budget {
    /// Takes note of one cell with a value. `column` counts from zero.
    pub(super) fn cell(&mut self, row_number: u32, column: usize, value: &str) -> Result<(), Refusal> {
        if column >= MAX_COLUMNS {
            return Err(Refusal::new(Code::ImportTooManyColumns).with("limit", MAX_COLUMNS));
        }
        if value.len() > MAX_CELL && value.chars().count() > MAX_CELL {
            return Err(Refusal::new(Code::ImportCellTooLong).with("row", row_number));
        }
        self.text += value.len();
        if self.text > MAX_TEXT {
            return Err(Refusal::new(Code::ImportTooMuchText).with("limit", "256 MiB"));
        }
        Ok(())
    }

    /// Refuses when so many rows, header included, are too many.
    pub(super) fn rows(count: usize) -> Result<(), Refusal> {
        // A title or a second header line may stand above the rows.
        if count > MAX_ROWS + 10 {
            return Err(too_many_rows());
        }
        Ok(())
    }
}

pub(super) fn too_many_rows() -> Refusal {
    Refusal::new(Code::ImportTooManyRows).with("limit", MAX_ROWS)
}
