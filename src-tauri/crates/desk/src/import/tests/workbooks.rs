//! .xlsx files.

use domain::Code;

use super::fixture::{Workbook, packed, row};
use super::{codes, shown};
use crate::import::{MAX_COLUMNS, read_table};

fn check(workbook: Workbook, expect: &[&str], notes: &[&str]) {
    let table = read_table(&workbook.bytes()).unwrap();
    assert_eq!(shown(&table), expect);
    assert_eq!(codes(&table.notes), notes);
}

fn refused(bytes: &[u8]) -> Code {
    read_table(bytes).unwrap_err().code
}

#[test]
fn a_plain_sheet() {
    let rows = [row(1, &["保单号", "投保人"]), row(3, &["P001", " 张伟 "]), row(4, &["", "𠮷田"])].concat();
    let table = read_table(&Workbook::of(&rows).bytes()).unwrap();
    assert_eq!(shown(&table), ["保单号|投保人", "P001|张伟", "|𠮷田"]);
    assert_eq!(table.numbers, [3, 4], "rows are named as the sheet names them");
    assert_eq!(table.notes, []);
}

#[test]
fn numbers_dates_and_truths() {
    let values = [
        "<c ><v>45000.5</v></c>",
        "<c s=\"1\"><v>46089</v></c>",
        "<c s=\"1\"><v>46089.5</v></c>",
        "<c ><v>0.30000000000000004</v></c>",
        "<c ><v>12</v></c>",
        "<c t=\"b\"><v>1</v></c>",
        "<c t=\"str\"><v>007</v></c>",
        "<c ><v>1234567890.12</v></c>",
    ];
    check(
        Workbook::of(&[row(1, &["a", "b", "c", "d", "e", "f", "g", "h"]), row(2, &values)].concat()),
        &["a|b|c|d|e|f|g|h", "45000.5|2026-03-08|2026-03-08T12:00:00|0.3|12|true|007|1234567890.12"],
        &[],
    );
}

#[test]
fn a_long_number_saved_as_a_number_is_noted() {
    let rows = [row(1, &["姓名", "证件号"]), row(2, &["张伟", "<c ><v>110105199003071239</v></c>"])].concat();
    let table = read_table(&Workbook::of(&rows).bytes()).unwrap();
    assert_eq!(codes(&table.notes), ["import.note-digits-lost"]);
    assert_eq!(table.notes[0].params["row"], "2");
}

#[test]
fn formulas_give_their_saved_result() {
    let rows = [
        row(1, &["保费", "税", "名"]),
        row(
            2,
            &[
                "<c ><f>B2*10</f><v>950</v></c>",
                "<c ><f>A2*0.1</f></c>",
                "<c t=\"str\"><f>X1</f><v>文字</v></c>",
            ],
        ),
        row(3, &["<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "6", "乙"]),
    ]
    .concat();
    check(
        Workbook::of(&rows),
        &["保费|税|名", "950||文字", "|6|乙"],
        &["import.note-formulas", "import.note-formulas-empty", "import.note-errors"],
    );
}

#[test]
fn merged_cells_take_the_first_value() {
    let rows = [
        row(1, &["保单清单"]),
        row(2, &["保单号", "投保人", "车牌"]),
        row(3, &["P001", "张伟", "京A12345"]),
        row(4, &["", "", "京A12346"]),
    ]
    .concat();
    check(
        Workbook::default().sheet("保单", &rows, &["A1:C1", "A3:A4", "B3:B4"]),
        &["保单号|投保人|车牌", "P001|张伟|京A12345", "P001|张伟|京A12346"],
        &["import.note-merged"],
    );
}

#[test]
fn a_merged_header_names_both_columns() {
    let rows =
        [row(1, &["保单号", "投保人", "", "状态"]), row(2, &["P001", "张伟", "李娜", "有效"])].concat();
    check(
        Workbook::default().sheet("保单", &rows, &["B1:C1"]),
        &["保单号|投保人|投保人 (2)|状态", "P001|张伟|李娜|有效"],
        &["import.note-merged", "import.note-duplicate-headers"],
    );
}

#[test]
fn a_header_of_two_lines_is_joined() {
    let rows = [
        row(1, &["保单号", "投保人", ""]),
        row(2, &["", "姓名", "证件号码"]),
        row(3, &["P001", "张伟", "110105199003071239"]),
    ]
    .concat();
    check(
        Workbook::default().sheet("保单", &rows, &["A1:A2", "B1:C1"]),
        &["保单号|投保人姓名|投保人证件号码", "P001|张伟|110105199003071239"],
        &["import.note-merged"],
    );
}

#[test]
fn a_merged_area_over_the_whole_sheet_makes_no_rows() {
    let rows = [row(1, &["保单号", "投保人"]), row(2, &["P001", "张伟"])].concat();
    let table = read_table(&Workbook::default().sheet("保单", &rows, &["A2:A1048576"]).bytes()).unwrap();
    assert_eq!(table.rows.len(), 1);
}

#[test]
fn the_first_visible_sheet_with_content_is_read() {
    let data = [row(1, &["保单号", "投保人"]), row(2, &["P001", "张伟"])].concat();
    let workbook = Workbook::default()
        .hidden("参数", &row(1, &["x", "y"]))
        .sheet("空", "", &[])
        .sheet("保单", &data, &[])
        .sheet("说明", &row(1, &["z", "z"]), &[]);
    let table = read_table(&workbook.bytes()).unwrap();
    assert_eq!(shown(&table), ["保单号|投保人", "P001|张伟"]);
    assert_eq!(table.notes[0].params["others"], "空、说明");
    assert_eq!(refused(&Workbook::default().hidden("参数", &data).bytes()), Code::ImportNoSheet);
    assert_eq!(refused(&Workbook::of("").bytes()), Code::ImportNoHeader);
}

#[test]
fn shared_strings_and_a_false_claim_of_their_number() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";
    let strings = |count: &str| {
        format!(
            "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{count}\"><si><t>甲</t></si><si><t>乙</t></si></sst>"
        )
    };
    check(Workbook::of(rows).shared(&strings("2")), &["甲|乙"], &[]);
    for claim in ["999999999999", "18446744073709551615", "99999999999999999999999999"] {
        assert_eq!(refused(&Workbook::of(rows).shared(&strings(claim)).bytes()), Code::ImportUnreadable);
    }
}

#[test]
fn a_long_string_repeated_in_every_cell_is_stopped() {
    let long = "长".repeat(32_000);
    let strings = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"1\"><si><t>{long}</t></si></sst>"
    );
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(50);
    let rows: String = (1..=200).map(|number| format!("<row r=\"{number}\">{cells}</row>")).collect();
    assert_eq!(refused(&Workbook::of(&rows).shared(&strings).bytes()), Code::ImportTooMuchText);
    let too_long = row(1, &["a", &"长".repeat(32_768)]);
    assert_eq!(refused(&Workbook::of(&too_long).bytes()), Code::ImportCellTooLong);
}

#[test]
fn too_wide_a_sheet_is_refused() {
    let rows =
        |place: &str| format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"{place}1\"><v>2</v></c></row>");
    assert_eq!(read_table(&Workbook::of(&rows("GR")).bytes()).unwrap().headers.len(), MAX_COLUMNS);
    assert_eq!(refused(&Workbook::of(&rows("GS")).bytes()), Code::ImportTooManyColumns);
    assert_eq!(refused(&Workbook::of(&rows("XFD")).bytes()), Code::ImportTooManyColumns);
}

#[test]
fn two_hundred_thousand_rows_are_read() {
    let mut rows = row(1, &["保单号", "投保人"]);
    for number in 2..=200_001 {
        rows.push_str(&format!(
            "<row r=\"{number}\"><c t=\"str\"><v>P{number}</v></c><c t=\"str\"><v>张伟</v></c></row>"
        ));
    }
    let table = read_table(&Workbook::of(&rows).bytes()).unwrap();
    assert_eq!(table.rows.len(), 200_000);
    assert_eq!((table.numbers[199_999], table.rows[199_999][0].as_str()), (200_001, "P200001"));
}

#[test]
fn a_zip_bomb_is_refused_by_its_directory() {
    let zeros = vec![b' '; 24 * 1024 * 1024];
    let bytes = packed(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bytes.len() < 1024 * 1024, "a small file");
    assert_eq!(refused(&bytes), Code::ImportZipBomb);
}

#[test]
fn a_zip_bomb_with_a_lying_directory_is_refused_while_it_is_unpacked() {
    let size = 24u32 * 1024 * 1024;
    let mut bytes = packed(&[("xl/worksheets/sheet1.xml", &vec![b' '; size as usize])]);
    let (true_size, small) = (size.to_le_bytes(), 1000u32.to_le_bytes());
    let mut changed = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == true_size {
            bytes[at..at + 4].copy_from_slice(&small);
            changed += 1;
        }
    }
    assert!(changed >= 1, "the directory declared the size");
    let code = refused(&bytes);
    assert!([Code::ImportZipBomb, Code::ImportUnreadable].contains(&code), "{code}");
}

#[test]
fn what_is_no_workbook_is_refused() {
    assert_eq!(refused(&packed(&[("word/document.xml", b"<w/>")])), Code::ImportUnreadable);
    assert_eq!(refused(b"PK\x03\x04 and nothing more"), Code::ImportUnreadable);
    assert_eq!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old or encrypted"), Code::ImportOldExcel);
    let whole = Workbook::of(&row(1, &["a", "b"])).bytes();
    for length in [10, whole.len() / 2, whole.len() - 1] {
        assert_eq!(refused(&whole[..length]), Code::ImportUnreadable, "cut at {length}");
    }
}

#[test]
fn damaged_bytes_never_stop_the_program() {
    let whole = Workbook::of(&[row(1, &["a", "b"]), row(2, &["1", "2"])].concat()).bytes();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        // Whatever comes of it, it comes back.
        if let Err(refusal) = read_table(&damaged) {
            assert!(!refusal.message().en.contains('{'), "byte {at}: {}", refusal.code);
        }
    }
}
