//! Sample data and the tools that read PDFs back.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::process::Command;

use domain::Language;
use report::data::{BranchData, ClaimPrintData, RecoveryPrintData};
use report::{CopyFor, Document, Fonts, Kind, Pdf, build, render};
use serde_json::Value;

pub(crate) const COPIES: [CopyFor; 2] = [CopyFor::Customer, CopyFor::Internal];

/// The full sample, checked against the documented shape.
pub(crate) fn sample() -> ClaimPrintData {
    serde_json::from_str(include_str!("../sample.json")).expect("the sample has the documented shape")
}

pub(crate) fn full(kind: Kind) -> Value {
    let claim = sample();
    match kind {
        Kind::Recovery => serde_json::to_value(RecoveryPrintData {
            branch: BranchData { ..claim.branch },
            code: Some("7QKX-2M9D-HV4T-PZ3C-8RWN-5YBA-J6GE-1UFS".into()),
            code_lines: Some("7QKX-2M9D-HV4T-PZ3C\n8RWN-5YBA-J6GE-1UFS".into()),
            profile: Some("/home/desk/.local/share/claims-desk".into()),
            administrator: Some("管理员（李四光）".into()),
            printed_at: claim.printed_at,
        }),
        _ => serde_json::to_value(claim),
    }
    .expect("print data is JSON")
}

pub(crate) fn document(kind: Kind, data: &Value, copy: CopyFor, language: Language) -> Document {
    build(kind, data, copy, language).expect("the layout is valid")
}

pub(crate) fn pdf(document: &Document) -> Pdf {
    render(document, Fonts::shared().expect("fonts")).expect("the document can be set")
}

pub(crate) fn customer_pdf(kind: Kind) -> Pdf {
    pdf(&document(kind, &full(kind), CopyFor::Customer, Language::ZhCn))
}

/// Runs a tool over the bytes as a file; returns what it printed.
pub(crate) fn run(tool: &str, before: &[&str], bytes: &[u8], after: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let path: PathBuf = folder.path().join("it.pdf");
    std::fs::write(&path, bytes).expect("write");
    let output =
        Command::new(tool).args(before).arg(&path).args(after).output().expect("the tool is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} refused the file: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text of a PDF without any white space.
pub(crate) fn text(bytes: &[u8]) -> String {
    run("pdftotext", &["-enc", "UTF-8"], bytes, &["-"]).split_whitespace().collect()
}

/// The text between head and foot of all pages, without any white space.
pub(crate) fn body(bytes: &[u8]) -> String {
    let area = ["-enc", "UTF-8", "-nopgbrk", "-x", "0", "-y", "60", "-W", "596", "-H", "720"];
    run("pdftotext", &area, bytes, &["-"]).split_whitespace().collect()
}
