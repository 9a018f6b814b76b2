//! How an amount is worked out, as data.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::text::Text;

/// How the amount is worked out: inputs, then steps over them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AmountRule {
    /// The rule in words, as printed for the customer.
    pub explain: Text,
    /// What the assessor enters.
    pub inputs: Vec<AmountInput>,
    /// What is worked out, in order.
    pub steps: Vec<AmountStep>,
    /// Key of the step that is paid.
    pub result: String,
}

/// A number the assessor enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AmountInput {
    /// Key, unique among inputs and steps; the same as an answer's key where the answer may be taken over.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// What kind of number.
    pub kind: AmountKind,
    /// Taken when nothing is entered.
    #[serde(default)]
    pub default: Option<String>,
}

/// What kind of number an input or step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AmountKind {
    /// Yuan with at most two decimals.
    Money,
    /// 0 to 100 with at most two decimals.
    Percent,
    /// A whole number: days, visits, persons.
    Count,
}

/// One line of the worksheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AmountStep {
    /// Key, unique among inputs and steps.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// What is done.
    pub op: AmountOp,
    /// Keys of inputs or earlier steps.
    pub of: Vec<String>,
}

/// What a step does. No step goes below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AmountOp {
    /// All added.
    Sum,
    /// The first less all others.
    Subtract,
    /// The first times each following percentage.
    Percent,
    /// The first times (100 % less each following percentage).
    LessPercent,
    /// The first, at most the smallest of the others.
    Cap,
    /// Money times counts.
    Multiply,
    /// The largest.
    Max,
}
