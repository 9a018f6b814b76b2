//! What a step was given, against what it asks for: nothing unknown, nothing missing, everything of its kind.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use domain::step::{StepField, StepFieldKind};
use domain::{Code, Refusal};
use serde_json::{Map, Value, json};

use crate::error::DeskError;

/// Whether the inputs of a worksheet can be worked out.
pub(crate) type Worksheets<'a> = dyn Fn(&BTreeMap<String, String>) -> Result<(), Refusal> + 'a;

/// Checks an input as a whole; every field that is wrong is named.
pub(crate) fn check_input(
    fields: &[StepField],
    input: &Map<String, Value>,
    now: DateTime<FixedOffset>,
    worksheet: &Worksheets<'_>,
) -> Result<Map<String, Value>, DeskError> {
    let mut refusals = Vec::new();
    if let Some(unknown) = input.keys().find(|key| !fields.iter().any(|field| field.key == **key)) {
        refusals.push(Refusal::new(Code::ClaimInputUnknownField).with("field", unknown).at(unknown.as_str()));
    }
    let mut data = Map::new();
    for field in fields {
        let Some(given) = input.get(&field.key).filter(|value| !blank(value)) else {
            if field.required {
                let missing = Refusal::new(Code::ClaimInputMissing).with_text("field", &field.label);
                refusals.push(missing.at(field.key.as_str()));
            }
            continue;
        };
        match check_field(field, given, now, worksheet) {
            Ok(value) => drop(data.insert(field.key.clone(), value)),
            Err(refusal) => {
                let at = refusal.field.clone().unwrap_or_else(|| field.key.clone());
                refusals.push(refusal.at(at));
            }
        }
    }
    if refusals.is_empty() { Ok(data) } else { Err(refusals.into()) }
}

fn check_field(
    field: &StepField,
    given: &Value,
    now: DateTime<FixedOffset>,
    worksheet: &Worksheets<'_>,
) -> Result<Value, Refusal> {
    let invalid = |expected: &str| {
        Refusal::new(Code::ClaimInputInvalid).with_text("field", &field.label).with("expected", expected)
    };
    match field.kind {
        StepFieldKind::Text => text(given, 200).ok_or_else(|| invalid("≤ 200")),
        StepFieldKind::Textarea => {
            text(given, domain::text_rules::STORY_LIMIT).ok_or_else(|| invalid("≤ 10000"))
        }
        StepFieldKind::Money => given
            .as_str()
            .ok_or_else(|| invalid("1234.50"))
            .and_then(domain::money::parse_amount)
            .map(|amount| json!(domain::money::plain(amount))),
        StepFieldKind::Date => given
            .as_str()
            .ok_or_else(|| invalid("YYYY-MM-DD"))
            .and_then(domain::person::parse_date)
            .map(|date| json!(date.to_string())),
        StepFieldKind::Datetime => moment(given, now, &field.label.zh_cn, &invalid),
        StepFieldKind::Select | StepFieldKind::Account => {
            let known = field.options.as_ref().map(|options| options.keys()).into_iter().flatten();
            let known: Vec<&str> = known.map(String::as_str).collect();
            let fits = given.as_str().is_some_and(|given| known.contains(&given));
            if fits { Ok(given.clone()) } else { Err(invalid(&known.join(" / "))) }
        }
        StepFieldKind::List => lines(given).ok_or_else(|| invalid("[\"…\"]")),
        StepFieldKind::Worksheet => {
            let inputs = serde_json::from_value::<BTreeMap<String, String>>(given.clone());
            let inputs = inputs.map_err(|_| invalid("{\"…\": \"1234.50\"}"))?;
            worksheet(&inputs)?;
            Ok(json!(inputs))
        }
        StepFieldKind::Documents => Ok(given.clone()),
    }
}

/// A moment that has been, as RFC 3339.
fn moment(
    given: &Value,
    now: DateTime<FixedOffset>,
    label: &str,
    invalid: &impl Fn(&str) -> Refusal,
) -> Result<Value, Refusal> {
    let moment = given.as_str().and_then(|given| DateTime::parse_from_rfc3339(given).ok());
    let moment = moment.ok_or_else(|| invalid("2026-11-22T09:30:00+08:00"))?;
    if moment > now {
        return Err(Refusal::new(Code::ClaimTimeInFuture).with("field", label));
    }
    Ok(json!(crate::clock::local(moment.to_utc()).to_rfc3339()))
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn text(given: &Value, limit: usize) -> Option<Value> {
    domain::text_rules::check_text(given.as_str()?.trim(), limit).ok().map(Value::String)
}

/// A list of lines, or one text with a line each.
fn lines(given: &Value) -> Option<Value> {
    let items: Vec<&str> = match given {
        Value::String(text) => text.lines().collect(),
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    let items: Vec<Value> = items
        .into_iter()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| domain::text_rules::check_text(line, 1000).map(Value::String))
        .collect::<Result<_, _>>()
        .ok()?;
    if items.is_empty() || items.len() > 50 { None } else { Some(Value::Array(items)) }
}
