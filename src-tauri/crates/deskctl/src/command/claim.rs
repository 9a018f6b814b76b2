//! `claim`: registering, papers, steps, lists.

use desk::claim::file::ClaimFile;
use desk::claim::list::ClaimFilter;
use desk::{Actor, Desk};
use domain::claim::Status;
use domain::{Code, Refusal};
use serde_json::{Value, json};

use super::register;
use crate::arguments::{Claim, Global};
use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(global: &Global, desk: &Desk, claim: Claim, output: &Output) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    match claim {
        Claim::Register { template, input, verify_first } => {
            if verify_first {
                register::verify_first(desk).await?;
            }
            register::run(desk, &actor, &template, &input, output).await
        }
        Claim::Show { no } => {
            show(&desk.claim_get(&actor, &no).await?, output);
            Ok(())
        }
        Claim::Document { no, name, received, count, reason, file } => {
            let paper = json!({ "received": received, "count": count, "reason": reason });
            document(desk, &actor, &no, &name, paper, file.as_deref(), output).await
        }
        Claim::Do { no, command, input } => {
            let input = input.as_deref().map(input::json).transpose()?.unwrap_or(Value::Null);
            show(&desk.claim_do(&actor, &no, &command, &input).await?, output);
            Ok(())
        }
        Claim::List { status, text, missing_only, offset, limit } => {
            let status = status.iter().map(|status| parse_status(status)).collect::<Result<_, _>>()?;
            let filter = ClaimFilter { status, text, missing_only, ..ClaimFilter::default() };
            let page = desk.claim_list(&actor, &filter, offset, limit).await?;
            output.answer(&json!(page), || {
                let row = |row: &desk::claim::list::ClaimRow| {
                    format!(
                        "{}\t{}\t{}\t{}",
                        row.no,
                        row.status.as_str(),
                        row.insured,
                        row.template_name.zh_cn
                    )
                };
                let mut lines: Vec<String> = page.rows.iter().map(row).collect();
                lines.push(format!("共 {}", page.total));
                lines.join("\n")
            });
            Ok(())
        }
    }
}

fn parse_status(text: &str) -> Result<Status, Refusal> {
    let known = Status::ALL.map(Status::as_str).join(" / ");
    Status::parse(text).ok_or_else(|| {
        Refusal::new(Code::ClaimInputInvalid).with("field", "--status").with("expected", known)
    })
}

async fn document(
    desk: &Desk,
    actor: &Actor,
    no: &str,
    name: &str,
    mut paper: Value,
    file: Option<&std::path::Path>,
    output: &Output,
) -> Result<(), Failure> {
    let claim = desk.claim_get(actor, no).await?;
    let known = claim.template.documents.iter().find(|rule| {
        rule.id == name
            || [&rule.name.zh_cn, &rule.name.zh_tw, &rule.name.en].iter().any(|known| *known == name)
    });
    let document = known.map_or_else(|| name.to_owned(), |rule| rule.id.clone());
    let attached = file.map(input::attachment).transpose()?;
    if let Value::Object(paper) = &mut paper {
        paper.insert("document_id".to_owned(), json!(document));
        paper.retain(|_, value| !value.is_null());
    }
    let claim = match attached {
        Some((name, bytes)) => desk.paper_with_file(actor, no, &paper, &name, bytes).await?,
        None => {
            let waived = paper.get("received").and_then(Value::as_str) == Some("waived");
            let command = if waived { "waive_document" } else { "receive_document" };
            desk.claim_do(actor, no, command, &paper).await?
        }
    };
    show(&claim, output);
    Ok(())
}

fn show(claim: &ClaimFile, output: &Output) {
    output.answer(&json!(claim), || {
        let mut lines = vec![format!(
            "{}\t{}\t{}\t{}",
            claim.no,
            claim.status.as_str(),
            claim.template.name.zh_cn,
            claim.policy.no
        )];
        let papers =
            claim.checklist.iter().map(|row| format!("  [{}] {}", row.state.as_str(), row.name.zh_cn));
        lines.extend(papers);
        let events = claim
            .timeline
            .iter()
            .map(|event| format!("  {} {} {}", event.at, event.label.zh_cn, event.actor));
        lines.extend(events);
        lines.join("\n")
    });
}

/// What is due, and what ran out.
pub(super) async fn due(global: &Global, desk: &Desk, output: &Output) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    let list = desk.due_list(&actor).await?;
    output.answer(&json!(list), || {
        let line = |row: &desk::DueRow| {
            let state = json!(row.state).as_str().unwrap_or_default().to_owned();
            format!("{} {state} {} {} {}", row.due, row.rule, row.no, row.title)
        };
        list.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}
