//! Files as core systems and mischief make them. Invented people only.

mod fixture;
mod mapping;
mod rows;
mod sample;
mod text_files;
mod workbooks;

use chrono::NaiveDate;
use domain::Refusal;

use super::Table;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 8).unwrap()
}

/// Headers and rows, cells joined by `|`.
fn shown(table: &Table) -> Vec<String> {
    std::iter::once(&table.headers).chain(&table.rows).map(|row| row.join("|")).collect()
}

fn codes(refusals: &[Refusal]) -> Vec<&'static str> {
    refusals.iter().map(|refusal| refusal.code.as_str()).collect()
}
