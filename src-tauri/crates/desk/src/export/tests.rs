//! What was written is read back by the reader of the imports.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use chrono::NaiveDate;

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn sheet() -> Sheet {
    let row = |no: &str, amount: &str, paid: Cell| {
        vec![
            Cell::text(no),
            Cell::Day(day(20)),
            Cell::Moment(day(21).and_hms_opt(10, 5, 0).unwrap()),
            Cell::Count(2),
            Cell::Money(amount.parse().unwrap()),
            paid,
        ]
    };
    Sheet {
        titles: ["No", "Incident", "Registered", "Missing", "Claimed", "Paid"].map(str::to_owned).into(),
        rows: vec![
            row("3701-26-7K3Q-000042-5", "1234.50", Cell::Empty),
            row("=HYPERLINK(\"http://example.invalid\")", "0.10", Cell::text("\u{20bb7}, \"\u{4dae}\"")),
        ],
        at: DateTime::parse_from_rfc3339("2026-11-24T09:00:00+08:00").unwrap(),
    }
}

#[test]
fn a_workbook_holds_numbers_dates_a_frozen_header_and_a_filter() {
    let written = sheet().write(ExportFormat::Xlsx).unwrap();
    assert_eq!(written.rows, 2);
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(written.bytes.clone())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let titles: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(titles, sheet().titles);
    let cell = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    // A date is the days since the end of 1899, formatted as a date.
    let days = |day: NaiveDate| (day - NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days() as f64;
    let date = |data: Data| match data {
        Data::DateTime(moment) => moment.as_f64(),
        other => panic!("{other:?} is no date"),
    };
    assert_eq!(date(cell(1, 1)), days(day(20)));
    let (got, wanted) = (date(cell(1, 2)), days(day(21)) + (10.0 * 60.0 + 5.0) / 1440.0);
    assert!((got - wanted).abs() < 1e-6, "{got} is not {wanted}");
    assert_eq!(
        (cell(1, 3), cell(1, 4), cell(2, 4)),
        (Data::Float(2.0), Data::Float(1234.5), Data::Float(0.1))
    );
    assert_eq!(cell(1, 5), Data::Empty);
    assert_eq!(
        cell(2, 0),
        Data::String("=HYPERLINK(\"http://example.invalid\")".into()),
        "text, not a formula"
    );
    assert!(book.worksheet_formula("Sheet1").unwrap().is_empty(), "nothing is a formula");

    let mut archive = zip::ZipArchive::new(Cursor::new(written.bytes)).unwrap();
    let part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    let xml = std::io::read_to_string(part).unwrap();
    assert!(xml.contains("state=\"frozen\"") && xml.contains("ySplit=\"1\""), "{xml}");
    assert!(xml.contains("<autoFilter ref=\"A1:F3\""), "{xml}");
}

#[test]
fn the_same_list_at_the_same_moment_is_the_same_file() {
    for format in [ExportFormat::Xlsx, ExportFormat::Csv] {
        assert_eq!(sheet().write(format).unwrap().bytes, sheet().write(format).unwrap().bytes, "{format:?}");
    }
}

#[test]
fn csv_is_what_a_spreadsheet_opens_without_running_it() {
    let written = sheet().write(ExportFormat::Csv).unwrap();
    let text = String::from_utf8(written.bytes).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "\u{feff}No,Incident,Registered,Missing,Claimed,Paid",
            "3701-26-7K3Q-000042-5,2026-11-20,2026-11-21 10:05,2,1234.50,",
            "\"'=HYPERLINK(\"\"http://example.invalid\"\")\",2026-11-20,2026-11-21 10:05,2,0.10,\"\u{20bb7}, \"\"\u{4dae}\"\"\"",
            "",
        ]
    );
}

#[test]
fn a_cell_that_would_be_a_formula_is_text() {
    for (text, written) in [
        ("=1+1", "'=1+1"),
        ("+86 138", "'+86 138"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\u{ff1d}1", "'\u{ff1d}1"),
        ("3701-26", "3701-26"),
        ("", ""),
    ] {
        assert_eq!(harmless(text), written);
    }
}
