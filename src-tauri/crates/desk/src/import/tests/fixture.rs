//! Builds .xlsx files: the smallest that a spreadsheet would open.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A workbook under construction. Style 1 is a date, style 0 general.
#[derive(Default)]
pub(super) struct Workbook {
    sheets: Vec<(String, bool, String)>,
    shared: Option<String>,
}

impl Workbook {
    /// One visible sheet with these `<row>` elements.
    pub(super) fn of(rows: &str) -> Self {
        Workbook::default().sheet("保单", rows, &[])
    }

    /// Adds a sheet with merged areas such as `A1:B1`.
    pub(super) fn sheet(mut self, name: &str, rows: &str, merged: &[&str]) -> Self {
        let merges: String = merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
        let merges = if merges.is_empty() { merges } else { format!("<mergeCells>{merges}</mergeCells>") };
        self.sheets.push((name.to_owned(), true, format!("<sheetData>{rows}</sheetData>{merges}")));
        self
    }

    pub(super) fn hidden(mut self, name: &str, rows: &str) -> Self {
        self.sheets.push((name.to_owned(), false, format!("<sheetData>{rows}</sheetData>")));
        self
    }

    /// The whole sharedStrings.xml.
    pub(super) fn shared(mut self, xml: &str) -> Self {
        self.shared = Some(xml.to_owned());
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut listed = String::new();
        let mut related =
            format!("<Relationship Id=\"rIdS\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>");
        let mut files = Vec::new();
        for (index, (name, visible, xml)) in self.sheets.iter().enumerate() {
            let number = index + 1;
            let state = if *visible { "" } else { " state=\"hidden\"" };
            listed.push_str(&format!(
                "<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>"
            ));
            related.push_str(&format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            ));
            let sheet = format!("<worksheet xmlns=\"{MAIN}\">{xml}</worksheet>");
            files.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        }
        files.push((
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>"),
        ));
        files.push((
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns=\"{PACKAGE}\">{related}</Relationships>"),
        ));
        files.push((
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ));
        files.push((
            "xl/styles.xml".to_owned(),
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ));
        if let Some(shared) = &self.shared {
            files.push(("xl/sharedStrings.xml".to_owned(), shared.clone()));
        }
        packed(&files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
    }
}

/// A zip archive of these files.
pub(super) fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A `<row>` of text cells; a cell that begins with `<` is taken as XML.
pub(super) fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(index, cell)| {
            let place = format!("{}{number}", char::from(b'A' + u8::try_from(index).unwrap()));
            match cell.strip_prefix("<c ") {
                Some(rest) => format!("<c r=\"{place}\" {rest}"),
                None => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
            }
        })
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}
