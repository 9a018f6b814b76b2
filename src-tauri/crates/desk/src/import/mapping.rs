//! Which column of a file holds which field.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::LazyLock;

use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::values::folded;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// Policies with their holder, insured and vehicle.
    Policies,
    /// Customers.
    Customers,
    /// The product catalogue.
    Products,
}

impl ImportKind {
    /// Every kind.
    pub const ALL: [ImportKind; 3] = [ImportKind::Policies, ImportKind::Customers, ImportKind::Products];

    /// The kind as it is written on edges.
    pub const fn as_str(self) -> &'static str {
        match self {
            ImportKind::Policies => "policies",
            ImportKind::Customers => "customers",
            ImportKind::Products => "products",
        }
    }
}

impl FromStr for ImportKind {
    type Err = Refusal;

    fn from_str(value: &str) -> Result<Self, Refusal> {
        ImportKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == value)
            .ok_or_else(|| Refusal::new(Code::ImportKindUnknown).with("kind", value))
    }
}

/// Field to column header.
pub type Mapping = BTreeMap<String, String>;

/// One field that a file can fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// The field's key in the typed row.
    pub key: String,
    /// Whether a row without it is refused.
    pub required: bool,
    /// What the screen calls it.
    pub label: Text,
    /// Column names by which core systems call it.
    pub synonyms: Vec<String>,
}

/// `assets/import/fields.json`: the fields of each kind, and the words for closed choices.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    policies: Vec<FieldRule>,
    customers: Vec<FieldRule>,
    products: Vec<FieldRule>,
    pub(super) values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

pub(super) const VOCABULARY_FILE: &str = include_str!("../../../../../assets/import/fields.json");

/// Compiled in and tested to be readable.
pub(super) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| serde_json::from_str(VOCABULARY_FILE).unwrap_or_default());

/// The fields of a kind, in the order in which a screen lists them.
pub fn fields(kind: ImportKind) -> &'static [FieldRule] {
    match kind {
        ImportKind::Policies => &VOCABULARY.policies,
        ImportKind::Customers => &VOCABULARY.customers,
        ImportKind::Products => &VOCABULARY.products,
    }
}

/// Proposes a mapping from the headers. Equal names are tied first, then names that contain a known one, longest first;
/// a column is used once, and nothing is proposed for a field without a likely column.
pub fn guess(kind: ImportKind, headers: &[String]) -> Mapping {
    let mut mapping = Mapping::new();
    let mut used = BTreeSet::new();
    let columns: Vec<(&String, String)> = headers.iter().map(|header| (header, folded(header))).collect();
    for field in fields(kind) {
        let mut names: Vec<String> = field.synonyms.iter().map(|name| folded(name)).collect();
        names.push(folded(&field.key));
        // Earlier synonyms are the more exact ones.
        let found = names.iter().find_map(|name| {
            columns.iter().find(|(header, column)| column == name && !used.contains(*header))
        });
        if let Some((header, _)) = found {
            used.insert((*header).clone());
            mapping.insert(field.key.clone(), (*header).clone());
        }
    }

    let mut likely: Vec<(usize, &str, &String)> = Vec::new();
    for field in fields(kind).iter().filter(|field| !mapping.contains_key(&field.key)) {
        for name in field.synonyms.iter().map(|name| folded(name)).filter(|name| name.chars().count() >= 3) {
            for (header, _) in columns.iter().filter(|(_, column)| column.contains(&name)) {
                likely.push((name.chars().count(), &field.key, header));
            }
        }
    }
    likely.sort_by_key(|(length, _, _)| std::cmp::Reverse(*length));
    for (_, key, header) in likely {
        if !mapping.contains_key(key) && !used.contains(header) {
            used.insert(header.clone());
            mapping.insert(key.to_owned(), header.clone());
        }
    }
    mapping
}

/// Refuses a mapping with unknown fields, columns the file does not have, or required fields left out. Every refusal
/// carries the field's key.
pub fn check_mapping(kind: ImportKind, mapping: &Mapping, headers: &[String]) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    for (key, column) in mapping {
        match fields(kind).iter().find(|field| field.key == *key) {
            None => refusals.push(Refusal::new(Code::ImportFieldUnknown).with("field", key).at(key)),
            Some(field) if !headers.contains(column) => refusals.push(
                Refusal::new(Code::ImportColumnMissing)
                    .with("field", field_name(field))
                    .with("column", column)
                    .at(key),
            ),
            Some(_) => {}
        }
    }
    for field in fields(kind).iter().filter(|field| field.required && !mapping.contains_key(&field.key)) {
        refusals
            .push(Refusal::new(Code::ImportFieldUnmapped).with("field", field_name(field)).at(&field.key));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// A parameter is one text for all three sentences, so it names the field in Chinese and by its key.
fn field_name(field: &FieldRule) -> String {
    format!("{} ({})", field.label.zh_cn, field.key)
}
