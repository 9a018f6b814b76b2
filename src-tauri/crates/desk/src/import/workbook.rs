//! .xlsx workbooks: the first visible sheet that holds anything.
//!
//! Cells are streamed. A formula gives the result that was saved with it, a date its ISO form, and a merged area the
//! value of its first cell; each is noted.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::{Code, Refusal};

use super::header::{GridRow, into_table};
use super::table::{Budget, MAX_COLUMNS, Table};
use super::{archive, values};

/// More merged areas than this are no export.
const MAX_MERGED: usize = 200_000;

pub(super) fn read(bytes: &[u8]) -> Result<Table, Refusal> {
    archive::check(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if sheets.is_empty() {
        return Err(Refusal::new(Code::ImportNoSheet));
    }
    for name in &sheets {
        let mut sheet = Sheet::default();
        sheet.read(&mut workbook, name)?;
        if sheet.rows.is_empty() {
            continue;
        }
        let others: Vec<&str> = sheets.iter().filter(|other| *other != name).map(String::as_str).collect();
        if !others.is_empty() {
            sheet.notes.push(
                Refusal::new(Code::ImportNoteOtherSheets)
                    .with("sheet", name)
                    .with("others", others.join("、")),
            );
        }
        return sheet.into_table();
    }
    Err(Refusal::new(Code::ImportNoHeader))
}

fn damaged(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::new(Code::ImportOldExcel),
        other => archive::reason(&other.to_string()),
    }
}

/// How often something happened, and in which row first.
#[derive(Debug, Default)]
struct Tally {
    count: usize,
    first_row: u32,
}

impl Tally {
    fn add(&mut self, row_number: u32) {
        if self.count == 0 {
            self.first_row = row_number;
        }
        self.count += 1;
    }

    fn note(&self, code: Code, notes: &mut Vec<Refusal>) {
        if self.count > 0 {
            notes.push(Refusal::new(code).with("count", self.count).with("row", self.first_row));
        }
    }
}

#[derive(Debug, Default)]
struct Sheet {
    rows: BTreeMap<u32, GridRow>,
    merged: Vec<Dimensions>,
    formulas: Tally,
    formulas_empty: Tally,
    digits_lost: Tally,
    errors: Tally,
    budget: Budget,
    notes: Vec<Refusal>,
}

impl Sheet {
    fn read(&mut self, workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<(), Refusal> {
        self.merged = workbook.merge_cells_by_sheet_name(name).map_err(damaged)?;
        if self.merged.len() > MAX_MERGED {
            return Err(archive::reason("mergeCells"));
        }
        let mut cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            let number = cell.pos.0.saturating_add(1);
            let value = self.text(number, &cell.value);
            if cell.formula.is_some() {
                self.formulas.add(number);
                if value.is_empty() && !matches!(cell.value, DataRef::String(_) | DataRef::SharedString(_)) {
                    self.formulas_empty.add(number);
                }
            }
            if !value.is_empty() {
                self.put(cell.pos.0, cell.pos.1 as usize, value, true)?;
                Budget::rows(self.rows.len())?;
            }
        }
        Ok(())
    }

    fn put(&mut self, row: u32, column: usize, value: String, own: bool) -> Result<(), Refusal> {
        let number = row.saturating_add(1);
        self.budget.cell(number, column, &value)?;
        let line = self.rows.entry(row).or_insert_with(|| GridRow { number, ..GridRow::default() });
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = line.cells.get_mut(column) {
            *cell = value;
        }
        line.own += usize::from(own);
        Ok(())
    }

    fn text(&mut self, number: u32, value: &DataRef<'_>) -> String {
        match value {
            DataRef::Empty => String::new(),
            DataRef::String(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
            DataRef::SharedString(text) => text.trim().to_owned(),
            DataRef::DateTimeIso(text) => text.trim().trim_end_matches("T00:00:00").to_owned(),
            DataRef::Bool(value) => value.to_string(),
            DataRef::Int(value) => value.to_string(),
            DataRef::Float(value) => {
                if value.abs() >= 1e15 {
                    self.digits_lost.add(number);
                }
                values::number_text(*value)
            }
            DataRef::DateTime(value) if value.is_duration() || value.as_f64() < 1.0 => {
                values::number_text(value.as_f64())
            }
            DataRef::DateTime(value) => {
                let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
                let date = format!("{year:04}-{month:02}-{day:02}");
                if (hour, minute, second) == (0, 0, 0) {
                    date
                } else {
                    format!("{date}T{hour:02}:{minute:02}:{second:02}")
                }
            }
            DataRef::Error(_) => {
                self.errors.add(number);
                String::new()
            }
        }
    }

    /// Fills merged areas, but makes no row that has no value of its own.
    fn fill(&mut self) -> Result<usize, Refusal> {
        let mut filled = 0;
        for area in std::mem::take(&mut self.merged) {
            let (top, left) = area.start;
            let last_column = area.end.1.min(MAX_COLUMNS as u32 - 1);
            let first = self.rows.get(&top).and_then(|row| row.cells.get(left as usize)).cloned();
            self.merged.push(area);
            let Some(value) = first.filter(|value| !value.is_empty()) else { continue };
            filled += 1;
            let rows: Vec<u32> = self.rows.range(top..=area.end.0.max(top)).map(|(row, _)| *row).collect();
            for row in rows {
                for column in left..=last_column.max(left) {
                    if (row, column) != (top, left) {
                        self.put(row, column as usize, value.clone(), false)?;
                    }
                }
            }
        }
        Ok(filled)
    }

    fn into_table(mut self) -> Result<Table, Refusal> {
        let filled = self.fill()?;
        let mut notes = self.notes;
        if filled > 0 {
            notes.push(Refusal::new(Code::ImportNoteMerged).with("count", filled));
        }
        self.formulas.note(Code::ImportNoteFormulas, &mut notes);
        self.formulas_empty.note(Code::ImportNoteFormulasEmpty, &mut notes);
        self.digits_lost.note(Code::ImportNoteDigitsLost, &mut notes);
        self.errors.note(Code::ImportNoteErrors, &mut notes);

        // A header of two lines shows in its merged cells: some group columns, others span both lines.
        let merged = self.merged;
        let double = |number: u32| {
            let row = number - 1;
            let groups = merged
                .iter()
                .any(|area| area.start.0 == row && area.end.0 == row && area.end.1 > area.start.1);
            let spans = merged.iter().any(|area| area.start.0 == row && area.end.0 == row + 1);
            groups && spans
        };
        into_table(self.rows.into_values().collect(), double, notes)
    }
}
