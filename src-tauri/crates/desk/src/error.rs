//! What a caller gets when the desk says no.

use domain::template::TemplateProblem;
use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::StoreError;

/// A refusal as it leaves the desk: a code to tell apart, a sentence to read, the field it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{code}: {}", message.en)]
pub struct DeskError {
    /// Which rule said no.
    pub code: Code,
    /// What would be right, in three languages.
    pub message: Text,
    /// The field, as in the input: `answers.incident_at`, `parties.0.id_no`.
    pub field: Option<String>,
    /// All refusals, when there are several; this one is the first of them.
    pub details: Vec<Notice>,
}

/// A refusal or warning in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Notice {
    /// Which rule.
    pub code: Code,
    /// What would be right, in three languages.
    pub message: Text,
    /// The field it is about.
    pub field: Option<String>,
}

impl From<&Refusal> for Notice {
    fn from(refusal: &Refusal) -> Self {
        Notice { code: refusal.code, message: refusal.message(), field: refusal.field.clone() }
    }
}

impl From<Refusal> for Notice {
    fn from(refusal: Refusal) -> Self {
        Notice::from(&refusal)
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        DeskError {
            code: refusal.code,
            message: refusal.message(),
            field: refusal.field,
            details: Vec::new(),
        }
    }
}

impl From<Code> for DeskError {
    fn from(code: Code) -> Self {
        Refusal::new(code).into()
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<std::io::Error> for DeskError {
    /// A file beside the database that could not be written: a full disk, a folder without the right to write.
    fn from(error: std::io::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<&TemplateProblem> for DeskError {
    fn from(problem: &TemplateProblem) -> Self {
        problem.refusal.clone().into()
    }
}

impl From<Vec<Refusal>> for DeskError {
    /// The first refusal, with all of them as details.
    fn from(refusals: Vec<Refusal>) -> Self {
        let details = refusals.iter().map(Notice::from).collect();
        match refusals.into_iter().next() {
            Some(first) => DeskError { details, ..DeskError::from(first) },
            // Nobody refuses with nothing to say; if it happened, it is a failure to be seen.
            None => DeskError::from(Refusal::new(Code::StorageFailed).with("reason", "unknown")),
        }
    }
}

/// Warnings as they leave the desk.
pub(crate) fn notices(refusals: &[Refusal]) -> Vec<Notice> {
    refusals.iter().map(Notice::from).collect()
}
