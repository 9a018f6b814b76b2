//! Whether the parts of a template agree: form and schema, conditions and keys, amount steps, example.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::answers::{Period, check_answers};
use super::checks::{Checks, Fault};
use super::conditions::{over_answers, over_facts};
use super::model::{Field, ROLES, Template, Widget};
use super::worksheet::{MONEY_PATTERN, check_amount};
use crate::code::Code;
use crate::refusal::Refusal;

/// Answers every claim has: duplicates, clocks and lists read them.
const COMMON: [&str; 4] = ["incident_at", "incident_place", "cause", "story"];

/// Checks a template as a whole and compiles its validators.
pub(super) fn check(template: &Template) -> Result<(), Fault> {
    head(template)?;
    let checks = Checks::compile(template)?;
    // A fresh template has no validators yet; had it any, they would be the same.
    let _ = template.checks.set(Ok(checks));
    form(template)?;
    conditions(template)?;
    roles_and_papers(template)?;
    check_amount(&template.amount)?;
    merge_classes(template)?;
    example(template)
}

fn head(template: &Template) -> Result<(), Fault> {
    if !is_id(&template.id) {
        return Err(Fault::new("/id", Refusal::new(Code::TemplateIdInvalid).with("id", &template.id)));
    }
    if template.version == 0 {
        return Err(Fault::new("/version", Code::TemplateVersionInvalid));
    }
    match template.effective_to {
        Some(last) if last < template.effective_from => Err(Fault::new(
            "/effective_to",
            Refusal::new(Code::TemplateDatesReversed).with("from", template.effective_from).with("to", last),
        )),
        _ => Ok(()),
    }
}

/// Lower-case words joined by hyphens.
fn is_id(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.split('-').all(word)
}

/// Form and schema name the same answers, and each is entered as its schema says.
fn form(template: &Template) -> Result<(), Fault> {
    let schema = &template.schema;
    if schema.get("type").and_then(Value::as_str) != Some("object")
        || schema.get("additionalProperties") != Some(&Value::Bool(false))
    {
        return Err(Fault::new("/schema", Code::TemplateSchemaOpen));
    }
    let mut shown = BTreeSet::new();
    for (section_index, section) in template.layout.iter().enumerate() {
        for (index, field) in section.fields.iter().enumerate() {
            let pointer = format!("/layout/{section_index}/fields/{index}");
            if !shown.insert(field.key.as_str()) {
                return Err(duplicate(format!("{pointer}/key"), &field.key));
            }
            let Some(property) = template.property(&field.key) else {
                let refusal = Refusal::new(Code::TemplateFieldNotInSchema).with("key", &field.key);
                return Err(Fault::new(format!("{pointer}/key"), refusal));
            };
            entry(field, property, &pointer)?;
        }
    }
    for key in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.keys()) {
        if !shown.contains(key.as_str()) {
            let refusal = Refusal::new(Code::TemplateFieldNotInLayout).with("key", key);
            return Err(Fault::new(format!("/schema/properties/{key}"), refusal));
        }
    }
    match COMMON.iter().find(|key| !shown.contains(**key)) {
        Some(key) => {
            Err(Fault::new("/layout", Refusal::new(Code::TemplateCommonFieldMissing).with("key", key)))
        }
        None => Ok(()),
    }
}

/// One field against its schema.
fn entry(field: &Field, property: &Value, pointer: &str) -> Result<(), Fault> {
    let text = |keyword: &str| property.get(keyword).and_then(Value::as_str);
    let bounded = text("type") == Some("string") && property.get("maxLength").is_some();
    let chosen = property.get("enum").and_then(Value::as_array);
    let fits = match field.widget {
        Widget::Money => text("pattern") == Some(MONEY_PATTERN),
        Widget::Date => text("format") == Some("date"),
        Widget::Datetime => text("format") == Some("date-time"),
        Widget::Integer => text("type") == Some("integer"),
        Widget::Checkbox => text("type") == Some("boolean"),
        Widget::Select | Widget::Radio => chosen.is_some(),
        Widget::Text
        | Widget::Textarea
        | Widget::Plate
        | Widget::Vin
        | Widget::Mobile
        | Widget::Id
        | Widget::Bankcard => bounded,
    };
    if !fits || !(1..=2).contains(&field.span) {
        let refusal = Refusal::new(Code::TemplateWidgetMismatch)
            .with("key", &field.key)
            .with("widget", field.widget.as_str());
        return Err(Fault::new(format!("{pointer}/widget"), refusal));
    }
    let choices: BTreeSet<&str> = chosen.into_iter().flatten().filter_map(Value::as_str).collect();
    let labelled: BTreeSet<&str> = field.options.keys().map(String::as_str).collect();
    if choices != labelled {
        let refusal = Refusal::new(Code::TemplateOptionsDiffer)
            .with("key", &field.key)
            .with("choices", choices.into_iter().collect::<Vec<_>>().join(", "));
        return Err(Fault::new(format!("{pointer}/options"), refusal));
    }
    Ok(())
}

/// Every condition names only what exists.
fn conditions(template: &Template) -> Result<(), Fault> {
    over_answers(template, &template.schema, "/schema")?;
    for (section_index, section) in template.layout.iter().enumerate() {
        for (index, field) in section.fields.iter().enumerate() {
            if let Some(when) = &field.when {
                over_answers(template, when, &format!("/layout/{section_index}/fields/{index}/when"))?;
            }
        }
    }
    for (index, document) in template.documents.iter().enumerate() {
        if let Some(when) = &document.when {
            over_facts(template, when, &format!("/documents/{index}/when"))?;
        }
    }
    for (index, key) in template.date_order.iter().flatten().enumerate() {
        let format = template.property(key).and_then(|property| property.get("format")?.as_str());
        if !matches!(format, Some("date" | "date-time")) {
            let refusal = Refusal::new(Code::TemplateConditionKeyUnknown).with("key", key);
            return Err(Fault::new(format!("/date_order/{}/{}", index / 2, index % 2), refusal));
        }
    }
    Ok(())
}

fn roles_and_papers(template: &Template) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for (index, rule) in template.roles.iter().enumerate() {
        let pointer = format!("/roles/{index}/role");
        if !ROLES.contains(&rule.role.as_str()) {
            let refusal = Refusal::new(Code::TemplateRoleUnknown)
                .with("role", &rule.role)
                .with("roles", ROLES.join(", "));
            return Err(Fault::new(pointer, refusal));
        }
        if !seen.insert(rule.role.as_str()) {
            return Err(duplicate(pointer, &rule.role));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, document) in template.documents.iter().enumerate() {
        let pointer = format!("/documents/{index}/id");
        if !is_id(&document.id) {
            let refusal = Refusal::new(Code::TemplateIdInvalid).with("id", &document.id);
            return Err(Fault::new(pointer, refusal));
        }
        if !seen.insert(document.id.as_str()) {
            return Err(duplicate(pointer, &document.id));
        }
        if document.count == 0 {
            let refusal = Refusal::new(Code::TemplateDocumentCount).with("id", &document.id);
            return Err(Fault::new(format!("/documents/{index}/count"), refusal));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, clock) in template.clocks.iter().enumerate() {
        if !seen.insert(clock.rule) {
            return Err(duplicate(format!("/clocks/{index}/rule"), &format!("{:?}", clock.rule)));
        }
    }
    Ok(())
}

fn merge_classes(template: &Template) -> Result<(), Fault> {
    for (list, fields) in
        [("legal_fields", &template.legal_fields), ("convenience_fields", &template.convenience_fields)]
    {
        for (index, key) in fields.iter().enumerate() {
            let pointer = format!("/{list}/{index}");
            if template.property(key).is_none() {
                let refusal = Refusal::new(Code::TemplateFieldNotInSchema).with("key", key);
                return Err(Fault::new(pointer, refusal));
            }
            let other = list == "convenience_fields" && template.legal_fields.contains(key);
            if other || fields.iter().take(index).any(|earlier| earlier == key) {
                return Err(duplicate(pointer, key));
            }
        }
    }
    Ok(())
}

/// The example registers without complaint.
fn example(template: &Template) -> Result<(), Fault> {
    let example = &template.example;
    let period = Period { inception: Some(example.policy.inception), expiry: Some(example.policy.expiry) };
    let findings = check_answers(template, &example.answers, DateTime::<Utc>::MAX_UTC, period)
        .map_err(|refusal| Fault::new("/schema", refusal))?;
    if let Some(refusal) = findings.refusals.into_iter().chain(findings.warnings).next() {
        let key = refusal.field.as_deref().and_then(|field| field.strip_prefix("answers."));
        let pointer = format!("/example/answers/{}", key.unwrap_or_default());
        let wrapped = Refusal::new(Code::TemplateExampleRefused).with_text("reason", &refusal.message());
        return Err(Fault::new(pointer, wrapped));
    }
    for (index, party) in example.parties.iter().enumerate() {
        if !template.roles.iter().any(|rule| rule.role == party.role) {
            let refusal = Refusal::new(Code::TemplateRoleUnknown).with("role", &party.role).with(
                "roles",
                template.roles.iter().map(|rule| rule.role.as_str()).collect::<Vec<_>>().join(", "),
            );
            return Err(Fault::new(format!("/example/parties/{index}/role"), refusal));
        }
    }
    for rule in template.roles.iter().filter(|rule| rule.required) {
        if !example.parties.iter().any(|party| party.role == rule.role) {
            let refusal = Refusal::new(Code::TemplateExampleRoleMissing).with("role", &rule.role);
            return Err(Fault::new("/example/parties", refusal));
        }
    }
    for (index, paper) in example.documents.iter().enumerate() {
        let known = template.document(&paper.id);
        if !known.is_some_and(|rule| rule.form.accepts(paper.received) && paper.count > 0) {
            let refusal = Refusal::new(Code::TemplateExamplePaper).with("id", &paper.id);
            return Err(Fault::new(format!("/example/documents/{index}"), refusal));
        }
    }
    Ok(())
}

fn duplicate(pointer: String, id: &str) -> Fault {
    Fault::new(pointer, Refusal::new(Code::TemplateIdDuplicate).with("id", id))
}
