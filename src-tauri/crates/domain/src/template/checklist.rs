//! Which papers a claim needs, from its answers and the roles of its parties (000-07).

use serde_json::{Value, json};

use super::model::{DocumentRule, Template};
use crate::refusal::Refusal;

/// A paper this claim is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChecklistItem<'a> {
    /// Its rule.
    pub document: &'a DocumentRule,
    /// Whether the claim is incomplete without it.
    pub required: bool,
}

/// The papers that apply, in the order of the template. Those whose condition does not hold are left out.
///
/// # Errors
/// When the template was not made by [`super::parse()`] and its conditions do not compile.
pub fn checklist<'a, R: AsRef<str>>(
    template: &'a Template,
    answers: &Value,
    roles: &[R],
) -> Result<Vec<ChecklistItem<'a>>, Refusal> {
    let conditions = &template.checks()?.documents;
    let roles: Vec<&str> = roles.iter().map(AsRef::as_ref).collect();
    let facts = json!({ "answers": answers, "parties_roles": roles });
    Ok(template
        .documents
        .iter()
        .filter(|document| conditions.get(&document.id).is_none_or(|when| when.is_valid(&facts)))
        .map(|document| ChecklistItem { document, required: document.required })
        .collect())
}
