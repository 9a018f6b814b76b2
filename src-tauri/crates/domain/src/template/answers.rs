//! Answers against their template: schema errors as typed refusals, and what a schema cannot say about dates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::model::{Field, Template, Widget};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Text;

/// What is wrong with the answers, and what the clerk should know although they were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Each stops registration.
    pub refusals: Vec<Refusal>,
    /// Shown and recorded.
    pub warnings: Vec<Refusal>,
}

/// The policy's cover; an end that is not known is not checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub inception: Option<NaiveDate>,
    /// Last day.
    pub expiry: Option<NaiveDate>,
}

/// Checks answers against the schema, the order of dates, the clock and the policy's cover.
/// Fields are named `answers.<key>`; at most one refusal for each.
///
/// # Errors
/// When the template was not made by [`super::parse()`] and its schema does not compile.
pub fn check_answers(
    template: &Template,
    answers: &Value,
    now: DateTime<Utc>,
    period: Period,
) -> Result<Findings, Refusal> {
    let checks = template.checks()?;
    let mut findings = Findings::default();
    if !answers.is_object() {
        findings.refusals.push(Refusal::new(Code::TemplateAnswersNotObject).at("answers"));
        return Ok(findings);
    }
    let mut seen = BTreeSet::new();
    let found = checks.answers.iter_errors(answers).flat_map(|error| refusals(template, &error));
    for refusal in found {
        if seen.insert(refusal.field.clone()) {
            findings.refusals.push(refusal);
        }
    }
    // In the order of the form, so that the first refusal is the first field to mend.
    findings.refusals.sort_by_key(|refusal| {
        let key = refusal.field.as_deref().and_then(|field| field.strip_prefix("answers."));
        template.fields().position(|field| Some(field.key.as_str()) == key).unwrap_or(usize::MAX)
    });
    if let Some(refusal) = incident(template, answers, now, period, &mut findings.warnings) {
        seen.insert(refusal.field.clone());
        findings.refusals.push(refusal);
    }
    let sound = |key: &String| !seen.contains(&Some(format!("answers.{key}")));
    findings.refusals.extend(date_order(template, answers, sound));
    Ok(findings)
}

/// The incident lies in the past and in the policy's cover. A cover begins and ends with its days in Shanghai.
fn incident(
    template: &Template,
    answers: &Value,
    now: DateTime<Utc>,
    period: Period,
    warnings: &mut Vec<Refusal>,
) -> Option<Refusal> {
    let field = "answers.incident_at";
    let at = moment(answers, "incident_at")?;
    let day = at.with_timezone(&Shanghai).date_naive();
    let refusal = |code| label(Refusal::new(code).at(field), template, "incident_at").with("incident", day);
    if let Some(expiry) = period.expiry.filter(|expiry| day > *expiry) {
        warnings.push(refusal(Code::ClaimIncidentAfterExpiry).with("expiry", expiry));
    }
    if at > now {
        let limit = now.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M");
        return Some(refusal(Code::ClaimIncidentInFuture).with("now", limit));
    }
    let inception = period.inception.filter(|inception| day < *inception)?;
    Some(refusal(Code::ClaimIncidentBeforeInception).with("inception", inception))
}

/// Pairs such as admission and discharge stand in their order. A date that is wrong by itself is not compared.
fn date_order(template: &Template, answers: &Value, sound: impl Fn(&String) -> bool) -> Vec<Refusal> {
    let reversed =
        template.date_order.iter().filter(|pair| pair.iter().all(&sound)).filter_map(|[first, second]| {
            let (earlier, later) = (day(answers, first)?, day(answers, second)?);
            (later < earlier).then(|| {
                let refusal = Refusal::new(Code::TemplateAnswerDatesReversed)
                    .at(format!("answers.{second}"))
                    .with("earlier", earlier);
                let other = label_of(template, first);
                label(refusal, template, second).with_text("other", &other)
            })
        });
    reversed.collect()
}

fn moment(answers: &Value, key: &str) -> Option<DateTime<chrono::FixedOffset>> {
    DateTime::parse_from_rfc3339(answers.get(key)?.as_str()?).ok()
}

/// The day of a date or moment.
fn day(answers: &Value, key: &str) -> Option<NaiveDate> {
    let text = answers.get(key)?.as_str()?;
    let of_moment = || moment(answers, key).map(|at| at.with_timezone(&Shanghai).date_naive());
    text.parse().ok().or_else(of_moment)
}

/// One schema error as refusals, one for each field it is about.
fn refusals(template: &Template, error: &ValidationError<'_>) -> Vec<Refusal> {
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            vec![about(template, key, Code::TemplateAnswerMissing)]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| {
                Refusal::new(Code::TemplateAnswerUnknown).at(format!("answers.{key}")).with("key", key)
            })
            .collect(),
        kind => {
            let path = error.instance_path().to_string();
            let key = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            match template.field(key) {
                Some(field) => vec![of_field(template, field, kind)],
                None => {
                    vec![Refusal::new(Code::TemplateAnswerConflict).at("answers").with("label", "answers")]
                }
            }
        }
    }
}

fn of_field(template: &Template, field: &Field, kind: &ValidationErrorKind) -> Refusal {
    let about = |code| about(template, &field.key, code);
    match kind {
        ValidationErrorKind::Type { .. } => {
            about(Code::TemplateAnswerType).with_text("expected", &expected(field.widget))
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            about(Code::TemplateAnswerChoice).with_text("choices", &choices(template, field))
        }
        ValidationErrorKind::Format { format } if format == "date" => about(Code::TemplateAnswerDate),
        ValidationErrorKind::Format { .. } => about(Code::TemplateAnswerDatetime),
        ValidationErrorKind::Pattern { .. } if field.widget == Widget::Money => {
            about(Code::TemplateAnswerMoney)
        }
        // The pattern of required text asks for one visible character.
        ValidationErrorKind::Pattern { pattern } if pattern == "\\S" => about(Code::TemplateAnswerMissing),
        ValidationErrorKind::Pattern { .. } => {
            about(Code::TemplateAnswerFormat).with_text("guidance", &field.guidance)
        }
        ValidationErrorKind::MinLength { limit: 1 } => about(Code::TemplateAnswerMissing),
        ValidationErrorKind::MinLength { limit } => about(Code::TemplateAnswerTooShort).with("limit", limit),
        ValidationErrorKind::MaxLength { limit } => about(Code::TemplateAnswerTooLong).with("limit", limit),
        ValidationErrorKind::Minimum { limit } => about(Code::TemplateAnswerTooSmall).with("limit", limit),
        ValidationErrorKind::Maximum { limit } => about(Code::TemplateAnswerTooLarge).with("limit", limit),
        _ => about(Code::TemplateAnswerConflict),
    }
}

fn about(template: &Template, key: &str, code: Code) -> Refusal {
    label(Refusal::new(code).at(format!("answers.{key}")), template, key)
}

fn label(refusal: Refusal, template: &Template, key: &str) -> Refusal {
    refusal.with_text("label", &label_of(template, key))
}

fn label_of(template: &Template, key: &str) -> Text {
    template.field(key).map_or_else(|| Text::same(key), |field| field.label.clone())
}

/// The labels of a field's choices, in the order of its schema.
fn choices(template: &Template, field: &Field) -> Text {
    let order = template.property(&field.key).and_then(|property| property.get("enum")?.as_array());
    let labels: Vec<&Text> =
        order.into_iter().flatten().filter_map(|choice| field.options.get(choice.as_str()?)).collect();
    let join = |pick: fn(&Text) -> &str, comma: &str| {
        labels.iter().map(|label| pick(label)).collect::<Vec<_>>().join(comma)
    };
    Text {
        zh_cn: join(|text| &text.zh_cn, "、"),
        zh_tw: join(|text| &text.zh_tw, "、"),
        en: join(|text| &text.en, ", "),
    }
}

/// What kind of JSON value a widget gives, in words.
fn expected(widget: Widget) -> Text {
    static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
        let file = include_str!("../../../../../assets/expected-values.json");
        // Compiled in; a test reads it.
        serde_json::from_str(file).unwrap_or_default()
    });
    WORDS.get(widget.as_str()).or_else(|| WORDS.get("text")).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_has_words() {
        for widget in
            [Widget::Integer, Widget::Checkbox, Widget::Money, Widget::Date, Widget::Datetime, Widget::Text]
        {
            assert!(!expected(widget).zh_cn.is_empty(), "{widget:?}");
        }
        assert_ne!(expected(Widget::Money), expected(Widget::Text));
    }
}
