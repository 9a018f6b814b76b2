//! What a condition talks about. A misspelt key in a `when` is valid JSON Schema and simply never holds, so a
//! paper would silently never be asked for; here it is refused.

use serde_json::Value;

use super::checks::Fault;
use super::model::{ROLES, Template};
use crate::code::Code;
use crate::refusal::Refusal;

/// Keywords whose value is one schema over the same value.
const INNER: [&str; 4] = ["not", "if", "then", "else"];
/// Keywords whose value is a list of schemas over the same value.
const INNER_LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Checks a schema over the answers.
pub(super) fn over_answers(template: &Template, when: &Value, pointer: &str) -> Result<(), Fault> {
    walk(when, pointer, &mut |key, condition, pointer| match template.property(key) {
        Some(property) => choices(property, key, condition, pointer),
        None => Err(unknown(key, pointer)),
    })
}

/// Checks a schema over `{answers, parties_roles}`.
pub(super) fn over_facts(template: &Template, when: &Value, pointer: &str) -> Result<(), Fault> {
    walk(when, pointer, &mut |key, condition, pointer| match (key, condition) {
        ("answers", Some(inner)) => over_answers(template, inner, pointer),
        ("parties_roles", Some(inner)) => roles(inner, pointer),
        ("answers" | "parties_roles", None) => Ok(()),
        _ => Err(unknown(key, pointer)),
    })
}

type Visit<'a> = &'a mut dyn FnMut(&str, Option<&Value>, &str) -> Result<(), Fault>;

/// Visits every key that a schema names, with its condition and place.
fn walk(schema: &Value, pointer: &str, visit: Visit<'_>) -> Result<(), Fault> {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (key, condition) in properties {
            visit(key, Some(condition), &format!("{pointer}/properties/{key}"))?;
        }
    }
    if let Some(required) = schema.get("required").and_then(Value::as_array) {
        for (index, key) in required.iter().filter_map(Value::as_str).enumerate() {
            visit(key, None, &format!("{pointer}/required/{index}"))?;
        }
    }
    for keyword in INNER {
        if let Some(inner) = schema.get(keyword) {
            walk(inner, &format!("{pointer}/{keyword}"), visit)?;
        }
    }
    for keyword in INNER_LISTS {
        for (index, inner) in schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            walk(inner, &format!("{pointer}/{keyword}/{index}"), visit)?;
        }
    }
    Ok(())
}

/// A condition on a choice may only name choices that exist.
fn choices(property: &Value, key: &str, condition: Option<&Value>, pointer: &str) -> Result<(), Fault> {
    let Some(condition) = condition else { return Ok(()) };
    let known = property.get("enum").and_then(Value::as_array);
    let boolean = property.get("type").and_then(Value::as_str) == Some("boolean");
    for value in named(condition) {
        let exists = known.is_none_or(|known| known.contains(value)) && (!boolean || value.is_boolean());
        if !exists {
            let refusal = Refusal::new(Code::TemplateConditionChoiceUnknown)
                .with("key", key)
                .with("choice", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            return Err(Fault::new(pointer, refusal));
        }
    }
    Ok(())
}

/// A condition on the parties may only name roles that exist.
fn roles(condition: &Value, pointer: &str) -> Result<(), Fault> {
    for contained in ["contains", "not"].into_iter().filter_map(|keyword| condition.get(keyword)) {
        if contained.get("contains").is_some() {
            roles(contained, pointer)?;
        }
        for role in named(contained) {
            if !role.as_str().is_some_and(|role| ROLES.contains(&role)) {
                let refusal = Refusal::new(Code::TemplateRoleUnknown)
                    .with("role", role.as_str().unwrap_or_default())
                    .with("roles", ROLES.join(", "));
                return Err(Fault::new(pointer, refusal));
            }
        }
    }
    Ok(())
}

/// The values a condition compares with.
fn named(condition: &Value) -> impl Iterator<Item = &Value> {
    let list = condition.get("enum").and_then(Value::as_array).into_iter().flatten();
    condition.get("const").into_iter().chain(list)
}

fn unknown(key: &str, pointer: &str) -> Fault {
    Fault::new(pointer, Refusal::new(Code::TemplateConditionKeyUnknown).with("key", key))
}
