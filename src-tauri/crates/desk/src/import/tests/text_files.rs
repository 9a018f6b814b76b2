//! CSV files.

use domain::Code;
use encoding_rs::GB18030;

use super::{codes, shown};
use crate::import::{MAX_FILE, read_file, read_table};

fn check(bytes: &[u8], expect: &[&str]) {
    assert_eq!(shown(&read_table(bytes).unwrap()), expect);
}

fn refused(bytes: &[u8]) -> Code {
    read_table(bytes).unwrap_err().code
}

#[test]
fn encodings() {
    let text = "保单号,投保人\r\nP001,李䶮\r\nP002,㛃𠮷\r\n";
    let expect = ["保单号|投保人", "P001|李䶮", "P002|㛃𠮷"];
    check(text.as_bytes(), &expect);
    check(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), &expect);
    let (gb18030, _, unmappable) = GB18030.encode(text);
    assert!(!unmappable, "GB 18030 has every character");
    check(&gb18030, &expect);
    let wide: Vec<u8> =
        [0xFEFFu16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    check(&wide, &expect);
}

#[test]
fn separators_quotes_and_line_ends() {
    let expect = ["a|b", "1|x,y"];
    check(b"a,b\n1,\"x,y\"\n", &expect);
    check(b"a;b\n1;x,y\n", &expect);
    check(b"a\tb\r\n1\tx,y\r\n", &expect);
    check(b"a,b\r1,\"x,y\"", &expect);
    check("名,注\n甲,\"两\n行\"\n乙,\"引\"\"号\"\n".as_bytes(), &["名|注", "甲|两\n行", "乙|引\"号"]);
}

#[test]
fn titles_blanks_and_ragged_rows() {
    let table = read_table("保单清单,,\n,,\n保单号,投保人,\n\nP001,张伟,\nP002\nP003,李娜,多余\n".as_bytes())
        .unwrap();
    assert_eq!(shown(&table), ["保单号|投保人", "P001|张伟", "P002|", "P003|李娜"]);
    assert_eq!(table.numbers, [5, 6, 7]);
    assert_eq!(codes(&table.notes), ["import.note-extra-cells"]);
    assert_eq!(table.notes[0].params["row"], "7");
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "a,b", "", "1,\"x\ny\"", "2,y", "", "", "3,z"].join(end);
        assert_eq!(read_table(text.as_bytes()).unwrap().numbers, [4, 5, 8], "{end:?}");
    }
}

#[test]
fn headers_are_made_unique() {
    let table = read_table("姓名,,姓名\n甲,1,乙\n".as_bytes()).unwrap();
    assert_eq!(table.headers, ["姓名", "#2", "姓名 (2)"]);
    assert_eq!(codes(&table.notes), ["import.note-duplicate-headers"]);
}

#[test]
fn one_column_is_a_table_too() {
    check("车牌\n京A12345\n".as_bytes(), &["车牌", "京A12345"]);
}

#[test]
fn markup_and_sql_are_text() {
    check(
        "姓名,注\n<script>alert(1)</script>,'; drop table policy; --\n".as_bytes(),
        &["姓名|注", "<script>alert(1)</script>|'; drop table policy; --"],
    );
}

#[test]
fn what_is_no_text_is_refused() {
    for (bytes, code) in [
        (&b""[..], Code::ImportEmpty),
        (b"  \r\n \n", Code::ImportEmpty),
        (b",,,\n,,\n", Code::ImportNoHeader),
        (b"%PDF-1.7 ...", Code::ImportFormatUnknown),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Code::ImportFormatUnknown),
        (b"\x7fELF\x02\x01\x01\0\0\0", Code::ImportFormatUnknown),
        (b"\xEF\xBB\xBFa,b\n\xFF\xFF,1\n", Code::ImportEncoding),
        (b"a,b\n1,2\n\xFF\xFF,1\n", Code::ImportEncoding),
    ] {
        assert_eq!(refused(bytes), code, "{bytes:?}");
    }
    let refusal = read_table(b"a,b\n1,2\n\xFF\xFF,1\n").unwrap_err();
    assert_eq!(refusal.params["line"], "3", "the line with the wrong bytes is named");
}

#[test]
fn limits() {
    let rows = |count: usize| format!("a,b\n{}", "1,2\n".repeat(count)).into_bytes();
    assert_eq!(read_table(&rows(500_000)).unwrap().rows.len(), 500_000);
    assert_eq!(refused(&rows(500_001)), Code::ImportTooManyRows);
    assert_eq!(refused(format!("{}\n", ["x"; 201].join(",")).as_bytes()), Code::ImportTooManyColumns);
    assert_eq!(refused(&vec![b'a'; MAX_FILE + 1]), Code::ImportTooLarge);
    let open_quote = format!("a,b\n1,\"{}", "2,3\n".repeat(20_000));
    assert_eq!(refused(open_quote.as_bytes()), Code::ImportCellTooLong);
}

#[test]
fn files_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("保单.csv");
    std::fs::write(&path, "a,b\n1,2\n").unwrap();
    assert_eq!(shown(&read_file(&path).unwrap()), ["a|b", "1|2"]);
    let huge = folder.path().join("huge.csv");
    // A sparse file: three gigabytes that take no room, and must not be read.
    std::fs::File::create(&huge).unwrap().set_len(3 * 1024 * 1024 * 1024).unwrap();
    for (path, code) in [
        (huge, Code::ImportTooLarge),
        (folder.path().join("none.csv"), Code::ImportFileUnreadable),
        (folder.path().to_owned(), Code::ImportFileUnreadable),
    ] {
        assert_eq!(read_file(&path).unwrap_err().code, code, "{}", path.display());
    }
}
