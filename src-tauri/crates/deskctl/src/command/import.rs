//! `import`: policies, customers and products of the core system.

use std::path::PathBuf;

use desk::import::{ImportKind, Mapping};
use desk::{Desk, ImportReport, RowOutcome};
use domain::{Code, Refusal};
use serde_json::{Value, json};

use crate::arguments::{Global, Import};
use crate::failure::{Failure, notices};
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(
    global: &Global,
    desk: &Desk,
    import: Import,
    output: &Output,
) -> Result<(), Failure> {
    let kind: ImportKind = import.kind.parse()?;
    let actor = profile::login(global, desk).await?;
    let Some(file) = import.file else {
        if kind != ImportKind::Products || import.dry_run {
            return Err(Failure::usage("import products --sample"));
        }
        let report = desk.import_sample_products(&actor).await?;
        answer(&report, None, output);
        return Ok(());
    };
    let opened = desk.import_open_file(&actor, kind, &file).await?;
    let mapping = match import.mapping {
        Some(file) => mapping(file)?,
        None => opened.mapping,
    };
    let report = desk.import_run(&actor, &opened.token, mapping.clone(), import.dry_run).await?;
    answer(&report, Some((&mapping, notices(&opened.notes))), output);
    output.warn(&opened.notes);
    Ok(())
}

fn mapping(file: PathBuf) -> Result<Mapping, Failure> {
    let value = input::json(&file)?;
    let wrong = |_| {
        Refusal::new(Code::ClaimInputInvalid).with("field", "--mapping").with("expected", "{\"no\": \"…\"}")
    };
    Ok(serde_json::from_value(value).map_err(wrong)?)
}

fn answer(report: &ImportReport, read: Option<(&Mapping, Vec<Value>)>, output: &Output) {
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|row| json!({ "row": row.row, "result": row.result, "key": row.key, "problems": notices(&row.problems) }))
        .collect();
    let (mapping, notes) = read.unzip();
    let whole = json!({
        "dry_run": report.dry_run,
        "total": report.total,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "refused": report.refused,
        "mapping": mapping,
        "notes": notes.unwrap_or_default(),
        "rows": rows,
    });
    output.answer(&whole, || {
        let mut lines = vec![format!(
            "{} rows: {} new, {} changed, {} same, {} refused{}",
            report.total,
            report.new,
            report.changed,
            report.same,
            report.refused,
            if report.dry_run { " (dry run, nothing written)" } else { "" }
        )];
        for row in report.rows.iter().filter(|row| row.result == RowOutcome::Refused).take(20) {
            for problem in &row.problems {
                lines.push(format!("row {} {}: {}", row.row, row.key, problem.message.zh_cn));
            }
        }
        lines.join("\n")
    });
}
