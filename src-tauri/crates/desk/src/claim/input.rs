//! What a claim is registered from: the same JSON from the window's draft and from deskctl.

use std::collections::BTreeMap;

use domain::party::PartyInput;
use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A larger input is no claim: the longest story has 10,000 characters.
pub const INPUT_LIMIT: usize = 1024 * 1024;

/// Ways a claim comes in (001-12).
pub const CHANNELS: &[&str] = &["counter", "phone", "online", "post", "agent"];

/// A claim as it is taken in.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimInput {
    /// The policy it is made under.
    pub policy: PolicyInput,
    /// One of [`CHANNELS`].
    #[serde(default = "counter")]
    pub channel: String,
    /// The people in it.
    #[serde(default)]
    pub parties: Vec<PartyInput>,
    /// The template's answers.
    #[serde(default)]
    pub answers: Map<String, Value>,
    /// Papers handed in.
    #[serde(default)]
    pub documents: Vec<DocumentInput>,
    /// Why it is not the same loss as a claim that looks like it.
    #[serde(default)]
    pub not_duplicate_reason: Option<String>,
    /// The number or id of the claim it is the same loss as.
    #[serde(default)]
    pub linked_claim: Option<String>,
}

fn counter() -> String {
    "counter".to_owned()
}

/// A policy: its number is enough when it was imported.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyInput {
    /// Its number.
    pub no: String,
    /// Product code or name.
    pub product: Option<String>,
    /// First day of cover.
    pub inception: Option<String>,
    /// Last day of cover.
    pub expiry: Option<String>,
    /// 投保人.
    pub holder: Option<String>,
    /// 被保险人.
    pub insured: Option<String>,
    /// The vehicle's plate.
    pub plate: Option<String>,
}

/// One paper handed in.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentInput {
    /// The document's id in the template.
    pub id: String,
    /// `original`, `copy`, `held` (we have it already, 000-06), `waived`, or `missing`.
    pub received: String,
    /// How many.
    #[serde(default = "one")]
    pub count: u32,
    /// Why it was waived, or a remark.
    #[serde(default)]
    pub reason: Option<String>,
}

fn one() -> u32 {
    1
}

/// Reads a claim's JSON.
///
/// # Errors
/// Larger than [`INPUT_LIMIT`], not JSON (with line and column), unknown or wrongly typed fields.
pub fn parse(text: &str) -> Result<ClaimInput, Refusal> {
    if text.len() > INPUT_LIMIT {
        return Err(Refusal::new(Code::ClaimInputTooLarge).with("limit", "1 MiB"));
    }
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Refusal::new(Code::ClaimInputNotJson).with("line", error.line()).with("column", error.column())
    })?;
    from_value(value)
}

/// Reads a claim from a JSON value; the refusal names the field.
///
/// # Errors
/// Unknown or wrongly typed fields.
pub fn from_value(value: Value) -> Result<ClaimInput, Refusal> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        let code = if reason.starts_with("unknown field") {
            Code::ClaimInputUnknownField
        } else if reason.starts_with("missing field") {
            Code::ClaimInputMissing
        } else {
            Code::ClaimInputInvalid
        };
        // serde names the field it stumbled over between back-ticks.
        let named = reason.split('`').nth(1).unwrap_or_default().to_owned();
        let field = match (path.as_str(), code) {
            (_, Code::ClaimInputInvalid) => path.clone(),
            ("" | ".", _) => named,
            (path, _) if path.ends_with(&named) => path.to_owned(),
            (path, _) => format!("{path}.{named}"),
        };
        Refusal::new(code).with("field", &field).with("expected", expected(&reason)).at(field)
    })
}

/// What serde says it expected, without the value it got.
fn expected(reason: &str) -> String {
    reason.split("expected ").nth(1).unwrap_or(reason).chars().take(120).collect()
}

/// A draft's paths as the nested JSON of a [`ClaimInput`]: `parties.0.name`, `answers.story`,
/// `documents.<id>` = {received, count, reason}. Gaps in the list of parties close.
pub(crate) fn assemble(fields: &BTreeMap<String, Value>) -> Value {
    let mut root = Map::new();
    let mut parties: BTreeMap<u32, Map<String, Value>> = BTreeMap::new();
    let mut documents = Vec::new();
    for (path, value) in fields.iter().filter(|(_, value)| value.as_str() != Some("")) {
        let mut steps = path.splitn(3, '.');
        match (steps.next(), steps.next(), steps.next()) {
            (Some("parties"), Some(index), Some(field)) => {
                if let Ok(index) = index.parse::<u32>() {
                    insert(parties.entry(index).or_default(), field, value.clone());
                }
            }
            (Some("documents"), Some(id), None) => {
                if let Value::Object(document) = value {
                    let mut document = document.clone();
                    document.insert("id".to_owned(), Value::String(id.to_owned()));
                    documents.push(Value::Object(document));
                }
            }
            // The screen's own: which step is open, which files hang on the draft.
            (Some("ui" | "attachments"), _, _) => {}
            _ => insert(&mut root, path, value.clone()),
        }
    }
    // What nobody typed yet is empty, not malformed: the checks then tell everything that is missing at once.
    root.entry("policy").or_insert_with(|| Value::Object(Map::new()));
    for party in parties.values_mut() {
        party.entry("name").or_insert_with(|| Value::String(String::new()));
    }
    root.insert("parties".to_owned(), parties.into_values().map(Value::Object).collect());
    root.insert("documents".to_owned(), Value::Array(documents));
    Value::Object(root)
}

fn insert(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(map.insert(path.to_owned(), value)),
        Some((head, rest)) => {
            let entry = map.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = entry {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_typed_yet_is_empty() {
        let fields = BTreeMap::from([("parties.1.role".to_owned(), json!("insured"))]);
        let input = from_value(assemble(&fields)).unwrap();
        assert_eq!(input.policy.no, "");
        assert_eq!(input.parties.first().unwrap().name, "");
    }

    #[test]
    fn a_draft_becomes_an_input() {
        let fields: BTreeMap<String, Value> = [
            ("policy.no", json!("P1")),
            ("parties.0.role", json!("reporter")),
            ("parties.0.name", json!("王小芳")),
            ("parties.2.role", json!("agent")),
            ("parties.2.name", json!("李大明")),
            ("parties.2.authority.paper", json!("授权委托书")),
            ("answers.story", json!("追尾")),
            ("documents.claim-form", json!({ "received": "original", "count": 1 })),
            ("ui.step", json!(3)),
        ]
        .into_iter()
        .map(|(path, value)| (path.to_owned(), value))
        .collect();
        let input = from_value(assemble(&fields)).unwrap();
        assert_eq!(input.parties.len(), 2);
        assert_eq!(input.parties[1].authority.as_ref().unwrap().paper, "授权委托书");
        assert_eq!(input.documents[0].id, "claim-form");
        assert_eq!(input.channel, "counter");
    }

    fn check(text: &str, code: Code, field: Option<&str>) {
        let refusal = parse(text).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_deref()), (code, field), "{text}");
    }

    #[test]
    fn bad_input_names_the_field() {
        check("{", Code::ClaimInputNotJson, None);
        check("{\"policy\":{\"no\":\"P\"},\"x\":1}", Code::ClaimInputUnknownField, Some("x"));
        check("{\"policy\":{\"no\":1}}", Code::ClaimInputInvalid, Some("policy.no"));
        check("{}", Code::ClaimInputMissing, Some("policy"));
        check(
            "{\"policy\":{\"no\":\"P\"},\"parties\":[{\"role\":\"king\",\"name\":\"x\"}]}",
            Code::ClaimInputInvalid,
            Some("parties[0].role"),
        );
        check(&"x".repeat(INPUT_LIMIT + 1), Code::ClaimInputTooLarge, None);
    }
}
