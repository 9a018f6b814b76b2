//! The papers a claim may need, and in which form they are taken.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::text::Text;

/// A paper the claim may need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DocumentRule {
    /// Lower-case words joined by hyphens.
    pub id: String,
    /// What the customer calls it.
    pub name: Text,
    /// Original or copy.
    pub form: DocumentForm,
    /// How many.
    pub count: u32,
    /// Whether the claim is incomplete without it.
    pub required: bool,
    /// Schema over `{answers, parties_roles}`; the paper is not asked for when it does not hold.
    #[serde(default)]
    pub when: Option<Value>,
    /// What to do if the customer has none.
    pub if_none: Text,
    /// The company often holds it already, so it should not be asked for again (000-06).
    pub often_held: bool,
}

/// In which form a paper is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DocumentForm {
    /// Only the original.
    Original,
    /// A copy, compared with the original at the counter.
    Copy,
    /// Either.
    Either,
}

/// A paper as it was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedForm {
    /// The original.
    Original,
    /// A copy.
    Copy,
}

impl DocumentForm {
    /// Whether a paper handed in like this meets the rule; an original always does.
    pub const fn accepts(self, received: ReceivedForm) -> bool {
        matches!(
            (self, received),
            (_, ReceivedForm::Original) | (DocumentForm::Copy | DocumentForm::Either, _)
        )
    }
}
