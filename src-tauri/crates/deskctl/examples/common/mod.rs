//! What the benches of this folder have in common: the branch, the claim, the table.
#![expect(clippy::print_stdout, reason = "its figures are all it is for")]

use anyhow::Context as _;
use desk::ProfileCreateInput;
use desk::claim::input::{ClaimInput, from_value};
use domain::template::{Library, Template};
use serde_json::Value;

pub(crate) const PASSWORD: &str = "bench-2026";

/// The branch every bench works in.
pub(crate) fn branch() -> ProfileCreateInput {
    ProfileCreateInput {
        branch_code: "BENCH".to_owned(),
        branch_name: "Bench".to_owned(),
        admin_user: "admin".to_owned(),
        admin_name: "Bench".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

/// The template of the example motor claim.
pub(crate) fn motor() -> anyhow::Result<&'static Template> {
    let shipped = Library::shipped().templates.iter().find(|template| template.id == "motor-damage");
    Ok(shipped.context("finding the motor template")?)
}

/// The example motor claim with another policy: equal ones would be refused as the same loss.
pub(crate) fn motor_claim(policy_no: String) -> anyhow::Result<ClaimInput> {
    let mut input = serde_json::to_value(&motor()?.example)?;
    if let Some(no) = input.pointer_mut("/policy/no") {
        *no = Value::String(policy_no);
    }
    from_value(input).context("reading the example")
}

/// Rows as a table: `columns` are headings with the names of their values, the first of which that a row has is shown.
pub(crate) fn table(columns: &[(&str, &[&str])], rows: &[Value]) {
    let line = |cells: Vec<String>| println!("| {} |", cells.join(" | "));
    line(columns.iter().map(|(heading, _)| (*heading).to_owned()).collect());
    println!("|{}", "---|".repeat(columns.len()));
    for row in rows {
        let cell = |names: &[&str]| {
            let value = names.iter().find_map(|name| row.get(name));
            value.map(|value| value.to_string().replace('"', "")).unwrap_or_default()
        };
        line(columns.iter().map(|(_, names)| cell(names)).collect());
    }
}
