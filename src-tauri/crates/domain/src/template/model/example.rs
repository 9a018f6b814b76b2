//! The invented visit that every template carries.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use super::papers::ReceivedForm;

/// An invented visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The policy it is about.
    pub policy: ExamplePolicy,
    /// Intake channel code.
    pub channel: String,
    /// Who takes part.
    pub parties: Vec<ExampleParty>,
    /// The form.
    pub answers: Value,
    /// The papers handed in.
    pub documents: Vec<ExampleDocument>,
}

/// An invented policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExamplePolicy {
    /// Policy number.
    pub no: String,
    /// Product name.
    pub product: String,
    /// First day of cover.
    #[specta(type = String)]
    pub inception: NaiveDate,
    /// Last day of cover.
    #[specta(type = String)]
    pub expiry: NaiveDate,
    /// Policyholder.
    pub holder: String,
    /// Insured.
    pub insured: String,
    /// Number plate of a motor policy.
    #[serde(default)]
    pub plate: Option<String>,
}

/// An invented person or organisation in one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExampleParty {
    /// One of [`super::ROLES`].
    pub role: String,
    /// `person` or `organisation`.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// Kind of identity paper.
    #[serde(default)]
    pub id_type: Option<String>,
    /// Its number.
    #[serde(default)]
    pub id_no: Option<String>,
    /// Mobile number.
    #[serde(default)]
    pub mobile: Option<String>,
    /// Relation to the insured: `self`, `spouse`, `child`, `parent`, `employee`, `other`.
    #[serde(default)]
    pub relation: Option<String>,
    /// Account of a payee.
    #[serde(default)]
    pub bank_account: Option<String>,
    /// Its bank.
    #[serde(default)]
    pub bank_name: Option<String>,
}

/// A paper of the invented visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExampleDocument {
    /// Id of a document rule.
    pub id: String,
    /// In which form it came.
    pub received: ReceivedForm,
    /// How many.
    pub count: u32,
}
