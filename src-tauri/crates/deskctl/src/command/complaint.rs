//! `complaint`: taking in, steps, lists.

use desk::Desk;
use desk::complaint::file::ComplaintFile;
use desk::complaint::intake::ComplaintInput;
use desk::complaint::list::{ComplaintFilter, ComplaintRow};
use domain::complaint::Status;
use domain::{Code, Refusal};
use serde_json::{Value, json};

use crate::arguments::{Complaint, Global};
use crate::failure::{Failure, notices};
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(
    global: &Global,
    desk: &Desk,
    complaint: Complaint,
    output: &Output,
) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    match complaint {
        Complaint::Register { input: file } => {
            let input: ComplaintInput = serde_json::from_value(input::json(&file)?).map_err(|error| {
                Refusal::new(Code::ClaimInputInvalid).with("field", "--input").with("expected", error)
            })?;
            let registered = desk.complaint_register(&actor, input).await?;
            let answer = json!({
                "id": registered.id, "no": registered.no, "warnings": notices(&registered.warnings),
            });
            output.answer(&answer, || registered.no.clone());
            output.warn(&registered.warnings);
        }
        Complaint::Show { no } => show(&desk.complaint_get(&actor, &no).await?, output),
        Complaint::Do { no, command, input } => {
            let input = input.as_deref().map(input::json).transpose()?.unwrap_or(Value::Null);
            show(&desk.complaint_do(&actor, &no, &command, &input).await?, output);
        }
        Complaint::List { status, category, text, major_only, offset, limit } => {
            let status = status.iter().map(|status| parse_status(status)).collect::<Result<_, _>>()?;
            let filter = ComplaintFilter { status, category, text, major_only, ..ComplaintFilter::default() };
            let page = desk.complaint_list(&actor, &filter, offset, limit).await?;
            output.answer(&json!(page), || {
                let row = |row: &ComplaintRow| {
                    format!("{}\t{}\t{}\t{}", row.no, row.status.as_str(), row.complainant, row.channel.zh_cn)
                };
                let mut lines: Vec<String> = page.rows.iter().map(row).collect();
                lines.push(format!("共 {}", page.total));
                lines.join("\n")
            });
        }
    }
    Ok(())
}

fn parse_status(text: &str) -> Result<Status, Refusal> {
    let known = Status::ALL.map(Status::as_str).join(" / ");
    Status::parse(text).ok_or_else(|| {
        Refusal::new(Code::ClaimInputInvalid).with("field", "--status").with("expected", known)
    })
}

fn show(file: &ComplaintFile, output: &Output) {
    output.answer(&json!(file), || {
        let mut lines = vec![format!("{}\t{}", file.no, file.status_name.zh_cn)];
        lines.extend(file.facts.iter().map(|fact| format!("  {}: {}", fact.key, fact.value.zh_cn)));
        let due = file
            .clocks
            .iter()
            .map(|row| format!("  {} {} {}", row.rule, row.name.zh_cn, row.due.as_deref().unwrap_or("—")));
        lines.extend(due);
        let told = file.timeline.iter();
        lines.extend(told.map(|event| format!("  {} {} {}", event.at, event.label.zh_cn, event.actor)));
        lines.join("\n")
    });
}
