//! Convenience values that another desk's later one replaced: kept beside, and shown as a badge at the field.

use domain::Text;
use domain::record::Record;
use domain::settle::OVERRIDDEN;
use domain::template::Template;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use uuid::Uuid;

use super::words;

/// What the page shows of a policy; nothing else of it leaves for a badge.
const POLICY: &[&str] = &[
    "product_code",
    "holder_name",
    "insured_name",
    "plate",
    "vin",
    "inception",
    "expiry",
    "sum_insured",
    "status",
];

/// A value that lost against a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Overridden {
    /// The record's kind: `policy`, `document`, `attachment`, `claim`.
    pub kind: String,
    /// Where it is on the page: a paper's id in the checklist, a file's id; empty where there is one only.
    pub place: String,
    /// The field.
    pub field: String,
    /// What it is called.
    pub field_name: Text,
    /// The value that lost, as people read it.
    pub lost: Text,
    /// Who had written it, as far as the claim's file tells.
    pub by: Option<String>,
    /// When.
    pub at: Option<String>,
}

#[derive(Deserialize)]
struct Lost {
    value: Value,
    by: Uuid,
}

/// The values that lost in one record.
pub(crate) fn overridden(
    kind: &str,
    place: &str,
    record: &Record,
    template: &Template,
    events: &[(Uuid, Record)],
) -> Vec<Overridden> {
    let lost = |(name, field): (&String, &domain::record::Field)| {
        let name = name.strip_prefix(OVERRIDDEN)?;
        if kind == "policy" && !POLICY.contains(&name) {
            return None;
        }
        let lost: Lost = serde_json::from_value(field.value.clone()).ok()?;
        let written = events
            .iter()
            .find(|(_, event)| event.fields.get("at").is_some_and(|field| field.revision == lost.by));
        Some(Overridden {
            kind: kind.to_owned(),
            place: place.to_owned(),
            field: name.to_owned(),
            field_name: words::field(kind, name, Some(template)),
            lost: paper(kind, name, &lost.value, template)
                .unwrap_or_else(|| words::value(kind, name, &lost.value, Some(template))),
            by: written.map(|(_, event)| event.text("actor_name").to_owned()),
            at: written.map(|(_, event)| event.text("at").to_owned()),
        })
    };
    record.fields.iter().filter_map(lost).collect()
}

/// A paper by its name, where a file was put under another one.
fn paper(kind: &str, field: &str, value: &Value, template: &Template) -> Option<Text> {
    let id = value.as_str().filter(|_| (kind, field) == ("attachment", "document"))?;
    template.documents.iter().find(|paper| paper.id == id).map(|paper| paper.name.clone())
}

#[cfg(test)]
mod tests {
    use domain::record::Field;
    use domain::template::Library;
    use serde_json::json;

    use super::*;

    fn record(fields: &[(&str, Value, Uuid)]) -> Record {
        let field = |(name, value, revision): &(&str, Value, Uuid)| {
            ((*name).to_owned(), Field { value: value.clone(), revision: *revision })
        };
        Record { fields: fields.iter().map(field).collect() }
    }

    #[test]
    fn what_lost_is_told_in_words_with_who_wrote_it() {
        let template = &Library::shipped().templates[0];
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let events = [(
            one,
            record(&[("at", json!("2026-11-22T10:00:00+08:00"), one), ("actor_name", json!("王柜员"), one)]),
        )];
        let note = record(&[
            ("note", json!("later"), two),
            ("overridden.note", json!({ "value": "earlier", "by": one }), two),
        ]);
        let found = overridden("document", "scene-photos", &note, template, &events);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].lost.en.as_str(), found[0].by.as_deref()), ("earlier", Some("王柜员")));
        assert_eq!(
            (found[0].place.as_str(), found[0].field_name.en.as_str()),
            ("scene-photos", "Note on a paper")
        );
        let paper = &template.documents[0];
        let moved = record(&[("overridden.document", json!({ "value": paper.id, "by": two }), two)]);
        let found = overridden("attachment", "a", &moved, template, &events);
        assert_eq!((&found[0].lost, &found[0].by), (&paper.name, &None));
        let policy = record(&[
            ("overridden.plate", json!({ "value": "沪A12345", "by": two }), two),
            ("overridden.holder_id_no", json!({ "value": "11010519491231002X", "by": two }), two),
        ]);
        let found = overridden("policy", "", &policy, template, &events);
        assert_eq!(found.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["plate"]);
    }
}
