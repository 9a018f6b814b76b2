//! `print`: a claim's or complaint's document as PDF.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use desk::{Actor, Desk, PrintCopy, PrintKind, PrintPreview};
use domain::{Code, Language, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::arguments::{Global, Print};
use crate::failure::{Failure, notices};
use crate::output::Output;
use crate::profile;

const KINDS: &str = "application, receipt, supplement, progress, standard, worksheet, decision, refusal, \
    complaint-record, complaint-accepted, complaint-more, complaint-extension, complaint-decision";

pub(super) async fn run(global: &Global, desk: &Desk, print: Print, output: &Output) -> Result<(), Failure> {
    let kind: PrintKind = word(&print.kind.replace('-', "_"))
        .ok_or_else(|| Refusal::new(Code::PrintKindUnknown).with("kind", &print.kind).with("known", KINDS))?;
    let copy: PrintCopy = word(&print.copy).ok_or_else(|| wrong("--copy", "customer / internal"))?;
    let language: Language =
        word(&print.language).ok_or_else(|| wrong("--language", "zh-CN / zh-TW / en"))?;
    let actor = profile::login(global, desk).await?;
    // Beside its place until it is whole: a print that is refused leaves what was there.
    let part = print.output.with_extension("pdf.part");
    let mut file = File::create(&part)?;
    let printed = write(desk, &actor, (kind, &print.no, copy, language), (&mut file, &print.output)).await;
    drop(file);
    let printed =
        match printed.and_then(|printed| Ok(std::fs::rename(&part, &print.output).map(|()| printed)?)) {
            Ok(printed) => printed,
            Err(failure) => {
                discard(&part);
                return Err(failure);
            }
        };
    let answer = json!({
        "file": print.output,
        "pages": printed.pages,
        "hash": printed.hash,
        "warnings": notices(&printed.warnings),
    });
    output.answer(&answer, || format!("{}（{} 页）", print.output.display(), printed.pages));
    output.warn(&printed.warnings);
    Ok(())
}

/// The same way as the window's: rendered, recorded, written. Recorded first: a print without a trace is worse than a
/// trace without a print.
async fn write(
    desk: &Desk,
    actor: &Actor,
    (kind, no, copy, language): (PrintKind, &str, PrintCopy, Language),
    (file, output): (&mut File, &Path),
) -> Result<PrintPreview, Failure> {
    let printed = desk.print_preview(actor, kind, no, copy, language).await?;
    desk.print_done(actor, &printed.token, "saved", &output.to_string_lossy()).await?;
    let (_, bytes) = desk.print_bytes(&printed.token)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    Ok(printed)
}

/// What failed is told already; a left-over file is not worth a second failure.
fn discard(part: &Path) {
    std::fs::remove_file(part).unwrap_or_default();
}

fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::String(text.to_owned())).ok()
}

fn wrong(field: &str, expected: &str) -> Refusal {
    Refusal::new(Code::ClaimInputInvalid).with("field", field).with("expected", expected)
}
