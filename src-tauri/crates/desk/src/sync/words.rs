//! What kinds, fields and values of records are called where two desks' work stands side by side.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::Text;
use domain::claim::{Status, labels};
use domain::complaint::{self, Data};
use domain::identity::mask;
use domain::role::Role;
use domain::template::{Field, Template, Widget};
use serde::Deserialize;
use serde_json::Value;

use crate::complaint::file::MASKED;

#[derive(Default, Deserialize)]
struct Words {
    kinds: BTreeMap<String, Text>,
    fields: BTreeMap<String, Text>,
    values: BTreeMap<String, Text>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../../assets/record-words.json")).unwrap_or_default()
});

/// What a kind of record is called; a newer version's by its own name.
pub(super) fn kind(kind: &str) -> Text {
    WORDS.kinds.get(kind).cloned().unwrap_or_else(|| Text::same(kind))
}

/// What a field is called. An answer is called as the claim's template calls it.
pub(super) fn field(kind: &str, field: &str, template: Option<&Template>) -> Text {
    answer(field, template)
        .map(|known| known.label.clone())
        .or_else(|| WORDS.fields.get(&format!("{kind}.{field}")).cloned())
        .or_else(|| Data::shipped().fields.get(field).filter(|_| kind == "complaint").cloned())
        .unwrap_or_else(|| Text::same(field))
}

/// A value as it may leave the desk's core: personal numbers masked (a reveal needs its reason), nothing of a password.
pub(super) fn masked(kind: &str, field: &str, value: Value, template: Option<&Template>) -> Value {
    match value {
        _ if (kind, field) == ("account", "password") => Value::Null,
        Value::String(number) if personal(field, template) => mask(&number).into(),
        value => value,
    }
}

/// Whether a field holds a number that is shown masked.
fn personal(field: &str, template: Option<&Template>) -> bool {
    let widget = answer(field, template).map(|answer| answer.widget);
    ["id_no", "mobile", "bank_account"].contains(&field)
        || MASKED.contains(&field)
        || matches!(widget, Some(Widget::Id | Widget::Mobile | Widget::Bankcard))
}

/// A value as people read it: choices in words, otherwise as [`masked`].
pub(super) fn value(kind: &str, field: &str, value: &Value, template: Option<&Template>) -> Text {
    let known = |key: &str| WORDS.values.get(key).cloned().unwrap_or_else(|| Text::same(key));
    match (kind, field, value) {
        ("account", "password", _) => known("hidden"),
        (_, _, Value::Null) => known(""),
        (_, _, Value::Bool(yes)) => known(if *yes { "true" } else { "false" }),
        (_, _, Value::String(number)) if personal(field, template) => Text::same(mask(number)),
        ("claim", "status", Value::String(status)) => {
            Status::parse(status).map_or_else(|| Text::same(status), labels::status)
        }
        ("complaint", "status", Value::String(status)) => {
            complaint::Status::parse(status).map_or_else(|| Text::same(status), complaint::labels::status)
        }
        ("complaint", _, Value::String(code)) => {
            Data::shipped().named(field, code).unwrap_or_else(|| Text::same(code))
        }
        ("account", "role", Value::String(role)) => Role::ALL
            .into_iter()
            .find(|known| known.as_str() == role)
            .map_or_else(|| Text::same(role), |role| role.text()),
        (_, _, Value::String(text)) => answer(field, template)
            .and_then(|answer| answer.options.get(text).cloned())
            .or_else(|| WORDS.values.get(&format!("{kind}.{field}.{text}")).cloned())
            .unwrap_or_else(|| Text::same(text)),
        (_, _, other) => Text::same(other.to_string()),
    }
}

fn answer<'a>(field: &str, template: Option<&'a Template>) -> Option<&'a Field> {
    let key = field.strip_prefix("answers.")?;
    template?.layout.iter().flat_map(|section| &section.fields).find(|field| field.key == key)
}

#[cfg(test)]
mod tests {
    use domain::record::{KINDS, MergeClass};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_complaint_in_conflict_is_told_in_words_and_hides_its_numbers() {
        assert_eq!(
            field("complaint", "complainant_mobile", None),
            Data::shipped().field("complainant_mobile")
        );
        let told = value("complaint", "complainant_mobile", &json!("13800138000"), None);
        assert_eq!(told.zh_cn, "138****8000");
        assert_eq!(value("complaint", "status", &json!("told"), None).en, "Complainant told");
        assert!(value("complaint", "category", &json!("business.claims"), None).en.contains("/"));
    }

    #[test]
    fn every_kind_that_may_wait_for_a_decision_has_words() {
        let legal = |kind: &&domain::record::RecordKind| {
            kind.class == MergeClass::Legal
                || kind.fields.iter().any(|(_, class)| *class == MergeClass::Legal)
        };
        for known in KINDS.iter().filter(legal) {
            assert!(WORDS.kinds.contains_key(known.name), "{} has no words", known.name);
            for (name, _) in known.fields.iter().filter(|(_, class)| *class == MergeClass::Legal) {
                let words = format!("{}.{name}", known.name);
                assert!(name == &"public_key" || WORDS.fields.contains_key(&words), "{words} has no words");
            }
        }
        let all = WORDS.kinds.values().chain(WORDS.fields.values()).chain(WORDS.values.values());
        for text in all {
            assert!(![&text.zh_cn, &text.zh_tw, &text.en].iter().any(|said| said.is_empty()), "{text:?}");
        }
    }

    #[test]
    fn values_are_told_in_words_and_secrets_not_at_all() {
        let library = crate::library(None);
        let template = library.all_current(chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
        let motor = template.iter().find(|template| template.id == "motor-damage").unwrap();
        let cause =
            motor.layout.iter().flat_map(|section| &section.fields).find(|field| field.key == "cause");
        let (option, label) = cause.unwrap().options.iter().next().unwrap();
        assert_eq!(value("claim", "answers.cause", &json!(option), Some(motor)), *label);
        assert_eq!(field("claim", "answers.cause", Some(motor)), cause.unwrap().label);
        assert_eq!(value("claim", "status", &json!("withdrawn"), None), labels::status(Status::Withdrawn));
        assert_eq!(value("document", "state", &json!("waived"), None).zh_cn, "免交");
        assert_eq!(value("account", "password", &json!("$argon2id$x"), None).en, "(not shown)");
        assert_eq!(
            value("party", "id_no", &json!("11010519491231002X"), None).en,
            mask("11010519491231002X")
        );
        assert_eq!(masked("account", "password", json!("$argon2id$x"), None), Value::Null);
        assert_eq!(masked("party", "mobile", json!("13800138000"), None), json!(mask("13800138000")));
        // A branch's own template may ask for such a number.
        let mut own = Template::clone(motor);
        let asked = own.layout.first_mut().and_then(|section| section.fields.first_mut()).unwrap();
        asked.widget = Widget::Mobile;
        let key = format!("answers.{}", asked.key);
        assert_eq!(masked("claim", &key, json!("13800138000"), Some(&own)), json!(mask("13800138000")));
        assert_eq!(value("claim", "amount_of_2030", &json!(12), None).en, "12");
    }
}
