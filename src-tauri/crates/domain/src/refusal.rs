//! A typed refusal: which rule said no, about which field, and what would be right.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::code::Code;
use crate::text::Text;

/// Why something was refused, or what someone should know about a value that was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// Which rule.
    pub code: Code,
    /// The field it is about, as in the input: `answers.incident_at`, `parties.0.id_no`.
    pub field: Option<String>,
    /// What the sentence names: limits, the value that would be right. Never a secret.
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// A refusal without field or parameters.
    pub fn new(code: Code) -> Self {
        Refusal { code, field: None, params: BTreeMap::new() }
    }

    /// The same refusal about a field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same refusal with one more parameter for its sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same refusal with a parameter that reads differently in each language, such as a field's label.
    #[must_use]
    pub fn with_text(self, name: &str, text: &Text) -> Self {
        self.with(&format!("{name}@zh-CN"), &text.zh_cn)
            .with(&format!("{name}@zh-TW"), &text.zh_tw)
            .with(&format!("{name}@en"), &text.en)
    }

    /// The sentence in all three languages, saying what would be right.
    pub fn message(&self) -> Text {
        MESSAGES.get(self.code.as_str()).map(|text| text.fill(&self.params)).unwrap_or_else(|| {
            let code = self.code.as_str().to_owned();
            Text::same(code)
        })
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Refusal::new(code)
    }
}

/// The files of `assets/messages`, one per area of the code list.
const FILES: &[&str] = &[
    include_str!("../../../../assets/messages/identity.json"),
    include_str!("../../../../assets/messages/template.json"),
    include_str!("../../../../assets/messages/claim.json"),
    include_str!("../../../../assets/messages/complaint.json"),
    include_str!("../../../../assets/messages/import.json"),
    include_str!("../../../../assets/messages/access.json"),
    include_str!("../../../../assets/messages/attachment.json"),
    include_str!("../../../../assets/messages/print.json"),
    include_str!("../../../../assets/messages/storage.json"),
    include_str!("../../../../assets/messages/command.json"),
    include_str!("../../../../assets/messages/sync.json"),
    include_str!("../../../../assets/messages/clock.json"),
];

static MESSAGES: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    FILES
        .iter()
        .filter_map(|file| serde_json::from_str::<BTreeMap<String, Text>>(file).ok())
        .flatten()
        .collect()
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_its_sentence_and_every_sentence_its_code() {
        let mut written = BTreeSet::new();
        for file in FILES {
            let map: BTreeMap<String, Text> = serde_json::from_str(file).unwrap();
            for (code, text) in map {
                for sentence in [&text.zh_cn, &text.zh_tw, &text.en] {
                    assert!(!sentence.trim().is_empty(), "{code} lacks a language");
                }
                assert!(written.insert(code.clone()), "{code} stands in two files");
            }
        }
        let listed: BTreeSet<String> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
        assert_eq!(listed, written, "codes in code.rs and assets/messages differ");
    }
}
