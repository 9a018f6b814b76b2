//! `print`: a claim's or complaint's document as PDF, a period's summary as PDF or a spreadsheet.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use desk::complaint::summary::{SummaryQuery, parse_dimensions};
use desk::{Actor, Desk, ExportFormat, PrintCopy, PrintKind, PrintPreview};
use domain::{Code, Language, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::arguments::{Global, Print};
use crate::failure::{Failure, notices};
use crate::output::Output;
use crate::profile;

const KINDS: &str = "application, receipt, supplement, progress, standard, worksheet, decision, refusal, \
    complaint-record, complaint-accepted, complaint-more, complaint-extension, complaint-decision, complaint-summary";

const SUMMARY: &str = "complaint-summary";

pub(super) async fn run(global: &Global, desk: &Desk, print: Print, output: &Output) -> Result<(), Failure> {
    let wanted = Wanted::read(&print)?;
    let copy: PrintCopy = word(&print.copy).ok_or_else(|| wrong("--copy", "customer / internal"))?;
    let language: Language =
        word(&print.language).ok_or_else(|| wrong("--language", "zh-CN / zh-TW / en"))?;
    let actor = profile::login(global, desk).await?;
    // Beside its place until it is whole: a print that is refused leaves what was there.
    let part = print.output.with_extension("part");
    let mut file = File::create(&part)?;
    let printed = write(desk, &actor, (&wanted, copy, language), (&mut file, &print.output)).await;
    drop(file);
    let printed =
        match printed.and_then(|printed| Ok(std::fs::rename(&part, &print.output).map(|()| printed)?)) {
            Ok(printed) => printed,
            Err(failure) => {
                discard(&part);
                return Err(failure);
            }
        };
    match printed {
        Printed::Pdf(pdf) => {
            let answer = json!({
                "file": print.output,
                "pages": pdf.pages,
                "hash": pdf.hash,
                "warnings": notices(&pdf.warnings),
            });
            output.answer(&answer, || format!("{}（{} 页）", print.output.display(), pdf.pages));
            output.warn(&pdf.warnings);
        }
        Printed::Rows(rows) => {
            let answer = json!({ "file": print.output, "rows": rows });
            output.answer(&answer, || format!("{}（{rows} 行）", print.output.display()));
        }
    }
    Ok(())
}

/// What is printed.
enum Wanted {
    File(PrintKind, String),
    Summary(SummaryQuery, Option<ExportFormat>),
}

impl Wanted {
    fn read(print: &Print) -> Result<Wanted, Refusal> {
        if print.kind == SUMMARY {
            let (Some(from), Some(to)) = (print.from.clone(), print.to.clone()) else {
                return Err(wrong("--from / --to", "YYYY-MM-DD"));
            };
            let format = match print.output.extension().and_then(|extension| extension.to_str()) {
                Some("pdf") => None,
                Some("xlsx") => Some(ExportFormat::Xlsx),
                Some("csv") => Some(ExportFormat::Csv),
                _ => return Err(wrong("--output", ".pdf / .xlsx / .csv")),
            };
            return Ok(Wanted::Summary(SummaryQuery { from, to, by: parse_dimensions(&print.by)? }, format));
        }
        let kind = word(&print.kind.replace('-', "_"));
        let kind = kind.ok_or_else(|| {
            Refusal::new(Code::PrintKindUnknown).with("kind", &print.kind).with("known", KINDS)
        })?;
        let no = print.no.clone().ok_or_else(|| wrong("NO", "3701-26-7K3Q-000042-5"))?;
        Ok(Wanted::File(kind, no))
    }
}

enum Printed {
    Pdf(PrintPreview),
    Rows(u32),
}

/// The same way as the window's: rendered, recorded, written. Recorded first: a print without a trace is worse than a
/// trace without a print.
async fn write(
    desk: &Desk,
    actor: &Actor,
    (wanted, copy, language): (&Wanted, PrintCopy, Language),
    (file, output): (&mut File, &Path),
) -> Result<Printed, Failure> {
    let preview = match wanted {
        Wanted::Summary(query, Some(format)) => {
            let list = desk.complaint_summary_export(actor, query, *format, language).await?;
            file.write_all(&list.bytes)?;
            file.sync_all()?;
            return Ok(Printed::Rows(list.rows));
        }
        Wanted::Summary(query, None) => desk.complaint_summary_preview(actor, query, language).await?,
        Wanted::File(kind, no) => desk.print_preview(actor, *kind, no, copy, language).await?,
    };
    desk.print_done(actor, &preview.token, "saved", &output.to_string_lossy()).await?;
    let (_, bytes) = desk.print_bytes(&preview.token)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    Ok(Printed::Pdf(preview))
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
