//! A list as a file: the columns and rows that the screen shows, as .xlsx or as CSV. Which rows and columns is the use
//! case's affair.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use domain::width::half_width;
use domain::{Code, Refusal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use uuid::Uuid;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A workbook: numbers and dates are numbers and dates.
    Xlsx,
    /// UTF-8 with a byte order mark, without which Excel takes Chinese for something else.
    Csv,
}

impl ExportFormat {
    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
        }
    }
}

/// A list written to a file's bytes.
#[derive(Debug)]
pub struct ExportedList {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many rows it holds below the header.
    pub rows: u32,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Count(u32),
    Money(Decimal),
    /// A measure with two decimals, such as days.
    Measure(f64),
    /// A part of one, shown in per cent.
    Part(f64),
    Day(NaiveDate),
    /// By the branch's clock.
    Moment(NaiveDateTime),
}

impl Cell {
    /// Text, or nothing.
    pub(crate) fn text(text: impl Into<String>) -> Cell {
        match text.into() {
            text if text.is_empty() => Cell::Empty,
            text => Cell::Text(text),
        }
    }

    /// As a person reads it; in CSV there is nothing else.
    fn plain(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Count(count) => count.to_string(),
            Cell::Money(amount) => format!("{amount:.2}"),
            Cell::Measure(measure) => format!("{measure:.2}"),
            Cell::Part(part) => format!("{:.1}%", part * 100.0),
            Cell::Day(day) => day.format("%Y-%m-%d").to_string(),
            Cell::Moment(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

impl Desk {
    /// The log's entry of a list that leaves the desk: who, which, how much. Logged before the bytes leave: a list without
    /// a trace is worse than a trace without a list.
    pub(crate) async fn log_export(&self, actor: &Actor, data: Value) -> Result<(), DeskError> {
        let mut operation = self.operation(actor, "list.export");
        let (event, at) = (Uuid::now_v7(), operation.at.to_rfc3339());
        operation.set("event", event, "at", at);
        operation.set("event", event, "command", "export");
        operation.set("event", event, "actor", actor.account.to_string());
        operation.set("event", event, "actor_name", actor.name.clone());
        operation.set("event", event, "role", actor.role.as_str());
        operation.set("event", event, "data", data);
        self.store.commit(operation).await?;
        Ok(())
    }
}

/// A header and the rows below it.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) titles: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// When it was made: the same list at the same moment is the same file.
    pub(crate) at: DateTime<FixedOffset>,
}

impl Sheet {
    /// Writes the file.
    pub(crate) fn write(&self, format: ExportFormat) -> Result<ExportedList, Refusal> {
        let failed = |reason: String| Refusal::new(Code::ClaimExportFailed).with("reason", reason);
        let bytes = match format {
            ExportFormat::Xlsx => self.workbook().map_err(|error| failed(error.to_string()))?,
            ExportFormat::Csv => self.delimited().map_err(|error| failed(error.to_string()))?,
        };
        Ok(ExportedList { bytes, rows: u32::try_from(self.rows.len()).unwrap_or(u32::MAX) })
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        static HEADER: LazyLock<Format> = LazyLock::new(|| Format::new().set_bold());
        static MONEY: LazyLock<Format> = LazyLock::new(|| Format::new().set_num_format("#,##0.00"));
        static MEASURE: LazyLock<Format> = LazyLock::new(|| Format::new().set_num_format("0.00"));
        static PART: LazyLock<Format> = LazyLock::new(|| Format::new().set_num_format("0.0%"));
        static DAY: LazyLock<Format> = LazyLock::new(|| Format::new().set_num_format("yyyy-mm-dd"));
        static MOMENT: LazyLock<Format> = LazyLock::new(|| Format::new().set_num_format("yyyy-mm-dd hh:mm"));
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&self.at.to_utc()));
        let sheet = workbook.add_worksheet();
        for (column, title) in (0_u16..).zip(&self.titles) {
            sheet.write_string_with_format(0, column, title, &HEADER)?;
            sheet.set_column_width(column, self.width(usize::from(column)))?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Empty => continue,
                    Cell::Text(text) => sheet.write_string(line, column, text)?,
                    Cell::Count(count) => sheet.write_number(line, column, *count)?,
                    // A workbook knows no decimals; a double holds every amount the desk takes to the cent.
                    Cell::Money(amount) => match amount.to_f64() {
                        Some(number) => sheet.write_number_with_format(line, column, number, &MONEY)?,
                        None => sheet.write_string(line, column, amount.to_string())?,
                    },
                    Cell::Measure(measure) => {
                        sheet.write_number_with_format(line, column, *measure, &MEASURE)?
                    }
                    Cell::Part(part) => sheet.write_number_with_format(line, column, *part, &PART)?,
                    Cell::Day(day) => sheet.write_date_with_format(line, column, day, &DAY)?,
                    Cell::Moment(moment) => {
                        sheet.write_datetime_with_format(line, column, moment, &MOMENT)?
                    }
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let Some(last) = self.titles.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
            sheet.autofilter(0, 0, u32::try_from(self.rows.len()).unwrap_or(u32::MAX), last)?;
        }
        workbook.save_to_buffer()
    }

    /// A column is as wide as what stands in its first rows, within reason.
    fn width(&self, column: usize) -> u16 {
        const LOOKED_AT: usize = 200;
        let cells = self.rows.iter().take(LOOKED_AT).filter_map(|row| row.get(column));
        let widest = cells.map(|cell| wide(&cell.plain())).max().unwrap_or_default();
        let title = self.titles.get(column).map(|title| wide(title)).unwrap_or_default();
        // The filter's button stands in the title.
        widest.max(title + 3).clamp(8, 48) + 1
    }

    fn delimited(&self) -> Result<Vec<u8>, csv::Error> {
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        writer.write_record(self.titles.iter().map(|title| harmless(title)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::plain))?;
        }
        writer.flush()?;
        drop(writer);
        Ok(bytes)
    }
}

/// How many half-width characters a text is wide.
fn wide(text: &str) -> u16 {
    let width = text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>();
    u16::try_from(width).unwrap_or(u16::MAX - 3).min(u16::MAX - 3)
}

/// A spreadsheet runs a CSV cell that begins like a formula; with an apostrophe before it, it is text.
fn harmless(text: &str) -> String {
    let first = text.chars().next().map(|first| half_width(&first.to_string()));
    match first.as_deref() {
        Some("=" | "+" | "-" | "@" | "\t" | "\r") => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
