//! Records, their merge classes, and the one function that applies an operation to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::digest::{Digest, unhex};
use crate::operation::Operation;

/// How two desks' changes of one field come together (sync.md, Conflict).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeClass {
    /// Union; never conflicts.
    AppendOnly,
    /// The later one in hub order is shown, the other kept with a badge.
    Convenience,
    /// The first accepted stands and a person decides.
    Legal,
}

/// A kind of record and the merge class of its fields.
#[derive(Debug)]
pub struct RecordKind {
    /// The name in operations.
    pub name: &'static str,
    /// The class of every field not listed.
    pub class: MergeClass,
    /// Fields of another class.
    pub fields: &'static [(&'static str, MergeClass)],
    /// The field that names the record this one belongs to, if any.
    pub owner: Option<&'static str>,
}

use MergeClass::{AppendOnly, Convenience, Legal};

/// Every kind this version knows; a kind it does not know is kept as it came.
pub const KINDS: &[RecordKind] = &[
    RecordKind { name: "branch", class: Convenience, fields: &[], owner: None },
    // Written by its device alone. Two that go by one name before the hub tells them apart (a clone) must not stop each
    // other's counters: numbers stay apart by the device code of each incarnation.
    RecordKind { name: "device", class: AppendOnly, fields: &[("public_key", Legal)], owner: None },
    RecordKind { name: "account", class: Legal, fields: &[("display_name", Convenience)], owner: None },
    RecordKind { name: "product", class: Convenience, fields: &[], owner: None },
    RecordKind { name: "policy", class: Convenience, fields: &[], owner: None },
    RecordKind {
        name: "party",
        class: Convenience,
        fields: &[("name", Legal), ("id_type", Legal), ("id_no", Legal), ("birth", Legal)],
        owner: None,
    },
    RecordKind { name: "claim", class: Legal, fields: &[("assignee", Convenience)], owner: None },
    RecordKind { name: "claim_party", class: Legal, fields: &[], owner: Some("claim") },
    RecordKind { name: "document", class: Legal, fields: &[("note", Convenience)], owner: Some("claim") },
    RecordKind {
        name: "attachment",
        class: AppendOnly,
        fields: &[("void_reason", Legal), ("document", Convenience)],
        owner: Some("claim"),
    },
    RecordKind { name: "event", class: AppendOnly, fields: &[], owner: Some("claim") },
    RecordKind { name: "link", class: Legal, fields: &[], owner: Some("claim") },
    RecordKind { name: "print", class: AppendOnly, fields: &[], owner: Some("claim") },
    RecordKind { name: "complaint", class: Legal, fields: &[("area", Convenience)], owner: None },
    RecordKind { name: "complaint_event", class: AppendOnly, fields: &[], owner: Some("complaint") },
    RecordKind { name: "view", class: Convenience, fields: &[], owner: None },
    // Written by `settle` where two changes met, and by the person who decides.
    RecordKind { name: "conflict", class: Legal, fields: &[], owner: Some("owner") },
    RecordKind { name: "import_mapping", class: Convenience, fields: &[], owner: None },
];

/// The files a record names, by SHA-256: an operation that writes it refers to them.
pub fn record_files(kind: &str, record: &Record) -> impl Iterator<Item = Digest> {
    let named = if kind == "attachment" { ["sha256", "print_sha256"].as_slice() } else { &[] };
    named
        .iter()
        .filter_map(|field| unhex(record.text(field)).and_then(|bytes| bytes.try_into().ok()).map(Digest))
}

/// The merge class of a field; what an unknown kind means is for a person to decide.
pub fn merge_class(kind: &str, field: &str) -> MergeClass {
    KINDS.iter().find(|known| known.name == kind).map_or(Legal, |known| {
        known.fields.iter().find(|(name, _)| *name == field).map_or(known.class, |(_, class)| *class)
    })
}

/// The kind of this name, as operations write it; none for a kind of a newer version.
pub fn kind_named(kind: &str) -> Option<&'static str> {
    KINDS.iter().map(|known| known.name).find(|known| *known == kind)
}

/// The field that names a record's owner.
pub fn owner_field(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|known| known.name == kind).and_then(|known| known.owner)
}

/// A value and the operation that wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The value.
    pub value: Value,
    /// The revision: the id of the operation that wrote it.
    pub revision: Uuid,
}

/// A record: its fields with their revisions, unknown ones of a newer version included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// By field name.
    pub fields: BTreeMap<String, Field>,
}

impl Record {
    /// A field's value.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(field).map(|field| &field.value)
    }

    /// A text field; empty when absent or of another type.
    pub fn text(&self, field: &str) -> &str {
        self.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text field that may be absent.
    pub fn optional(&self, field: &str) -> Option<String> {
        self.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A whole number; zero when absent.
    pub fn number(&self, field: &str) -> i64 {
        self.get(field).and_then(Value::as_i64).unwrap_or_default()
    }

    /// A yes or no; no when absent.
    pub fn flag(&self, field: &str) -> bool {
        self.get(field).and_then(Value::as_bool).unwrap_or_default()
    }

    /// An id field.
    pub fn id(&self, field: &str) -> Option<Uuid> {
        self.get(field).and_then(Value::as_str).and_then(|text| Uuid::parse_str(text).ok())
    }

    /// All fields whose name begins with `prefix`, without it.
    pub fn under(&self, prefix: &str) -> serde_json::Map<String, Value> {
        self.fields
            .iter()
            .filter_map(|(name, field)| {
                name.strip_prefix(prefix).map(|rest| (rest.to_owned(), field.value.clone()))
            })
            .collect()
    }
}

/// Records by kind and id: as much of the state as an operation touches.
pub type Records = BTreeMap<(String, Uuid), Record>;

/// Applies one operation. Applying it again changes nothing, and an erased value is left out.
///
/// Desk and hub use this one function; the desk's tables are its typed projection.
pub fn apply(records: &mut Records, operation: &Operation) {
    for change in &operation.changes {
        let record = records.entry((change.kind.clone(), change.id)).or_default();
        let Some(value) = &change.value else { continue };
        record.fields.insert(change.field.clone(), Field { value: value.clone(), revision: operation.id });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_declared_once() {
        assert_eq!(merge_class("claim", "status"), Legal);
        assert_eq!(merge_class("claim", "answers.story"), Legal);
        assert_eq!(merge_class("claim", "assignee"), Convenience);
        assert_eq!(merge_class("event", "reason"), AppendOnly);
        assert_eq!(merge_class("kind-of-2030", "x"), Legal, "an unknown kind is never merged silently");
    }
}
