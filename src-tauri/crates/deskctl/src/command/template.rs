//! `template`: the shipped templates, and checking a file.

use std::path::Path;
use std::sync::Arc;

use desk::{SystemClock, library, template_list, today};
use domain::template::{Library, Template as ClaimTemplate, parse};
use domain::{Code, Refusal};
use serde_json::{Value, json};

use crate::arguments::{Global, Template};
use crate::failure::{Failure, sentence};
use crate::input;
use crate::output::{Output, plain};

pub(super) fn run(global: &Global, command: Template, output: &Output) -> Result<(), Failure> {
    // The profile stays closed: its folder of templates is read, nothing else.
    let library = library(global.profile.as_deref());
    match command {
        Template::List => list(&library, output),
        Template::Show { id } => plain(&pretty(&json!(find(&library, &id)?))),
        // Only as JSON: it is meant to be changed and registered.
        Template::Example { id } => plain(&pretty(&json!(find(&library, &id)?.example))),
        Template::Check { file } => return check(&file, output),
    }
    Ok(())
}

fn find<'a>(library: &'a Library, id: &str) -> Result<&'a Arc<ClaimTemplate>, Failure> {
    let found = library.current(id, today(&SystemClock));
    found.ok_or_else(|| Refusal::new(Code::TemplateUnknown).with("id", id).into())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn list(library: &Library, output: &Output) {
    let list = template_list(library, today(&SystemClock));
    let rows: Vec<Value> = list
        .templates
        .iter()
        .map(|row| {
            json!({ "id": row.id, "name": row.name.zh_cn, "names": row.name, "version": row.version, "line": row.line })
        })
        .collect();
    let problems: Vec<Value> = list
        .problems
        .iter()
        .map(|problem| {
            json!({ "file": problem.file, "line": problem.line, "code": problem.code, "message": sentence(&problem.message) })
        })
        .collect();
    output.answer(&json!({ "templates": rows, "problems": problems }), || {
        let lines: Vec<String> = list
            .templates
            .iter()
            .map(|row| format!("{}\tv{}\t{}", row.id, row.version, row.name.zh_cn))
            .collect();
        lines.join("\n")
    });
}

fn check(file: &Path, output: &Output) -> Result<(), Failure> {
    let source = input::text(file)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let template = parse(&name, &source).map_err(|problem| {
        Failure::from(problem.refusal).with("file", problem.file).with("line", problem.line)
    })?;
    let answer = json!({ "ok": true, "id": template.id, "version": template.version });
    output.answer(&answer, || format!("✓ {} v{}", template.id, template.version));
    Ok(())
}
