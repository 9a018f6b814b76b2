//! The shape of a template file. Field order here is the order of the file.

mod amount;
mod example;
mod form;
mod papers;

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use super::checks::Checks;
use crate::refusal::Refusal;
use crate::text::Text;

pub use amount::{AmountInput, AmountKind, AmountOp, AmountRule, AmountStep};
pub use example::{Example, ExampleDocument, ExampleParty, ExamplePolicy};
pub use form::{Field, Section, Widget};
pub use papers::{DocumentForm, DocumentRule, ReceivedForm};

/// One version of one claim template. Made by [`super::parse()`], which has checked it as a whole.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Lower-case words joined by hyphens; the same in all versions.
    pub id: String,
    /// Counts from 1. A claim keeps the version it began with.
    pub version: u32,
    /// First day on which a new claim may use this version.
    #[specta(type = String)]
    pub effective_from: NaiveDate,
    /// Last such day; none while it is open.
    #[specta(type = Option<String>)]
    pub effective_to: Option<NaiveDate>,
    /// Line of business (000-05).
    pub line: Line,
    /// What the counter calls it.
    pub name: Text,
    /// When to choose it.
    pub summary: Text,
    /// JSON Schema 2020-12 of the answers. The order of options is the order of its `enum`.
    pub schema: Value,
    /// The form, section by section.
    pub layout: Vec<Section>,
    /// Pairs of date answers of which the second may not be before the first.
    #[serde(default)]
    pub date_order: Vec<[String; 2]>,
    /// Who takes part.
    pub roles: Vec<RoleRule>,
    /// The papers, with their conditions (000-07).
    pub documents: Vec<DocumentRule>,
    /// Statutory time limits that apply (domain clocks K1 to K12).
    pub clocks: Vec<ClockNote>,
    /// How the amount is worked out (000-13).
    pub amount: AmountRule,
    /// What the customer is told (000-03, 000-13).
    pub customer_told: Vec<Text>,
    /// The notice of PIPL 14, 17, 28 and 30.
    pub privacy_notice: Text,
    /// Answers of merge class legal; empty means all that are not convenience.
    #[serde(default)]
    pub legal_fields: Vec<String>,
    /// Answers of merge class convenience.
    #[serde(default)]
    pub convenience_fields: Vec<String>,
    /// An invented visit that registers without complaint.
    pub example: Example,
    /// Compiled validators, made once and shared by clones.
    #[serde(skip)]
    #[specta(skip)]
    pub(super) checks: Arc<OnceLock<Result<Checks, Refusal>>>,
}

/// Line of business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 机动车辆保险.
    Motor,
    /// 财产损失保险.
    Property,
    /// 责任保险.
    Liability,
    /// 健康保险.
    Health,
    /// 意外伤害保险.
    Accident,
    /// 人寿保险.
    Life,
}

/// Roles a person or organisation can have in a claim, as template files write them.
pub const ROLES: &[&str] = &[
    "reporter",
    "policyholder",
    "insured",
    "beneficiary",
    "claimant",
    "agent",
    "injured",
    "third_party",
    "driver",
    "payee",
    "guardian",
    "heir",
];

/// A role the claim can or must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// One of [`ROLES`].
    pub role: String,
    /// Whether the claim cannot be registered without it.
    pub required: bool,
}

/// A clock that applies, with what it means for this kind of claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ClockNote {
    /// Which clock.
    pub rule: ClockRule,
    /// What it means here, with its source.
    pub note: Text,
}

/// The claim clocks of the domain page, part C3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
pub enum ClockRule {
    /// Written paper list of the compulsory motor cover: 1 day (交强险条例 28).
    K1,
    /// Assessment of the compulsory motor cover: 5 days (交强险条例 29).
    K2,
    /// Simple assessment of life, health and accident: 5 working days (CIRC Order 2010-4).
    K3,
    /// Complex assessment: 30 days or as the contract says (Insurance Law 23).
    K4,
    /// Payment: 10 days from agreement or as the contract says (Insurance Law 23).
    K5,
    /// Refusal notice: 3 days from assessment (Insurance Law 24).
    K6,
    /// Advance payment check: 60 days (Insurance Law 25).
    K7,
    /// Retention: 5 or 10 years (Insurance Law 87; Anti-Money-Laundering Law 34).
    K12,
}

impl ClockRule {
    /// The clock's id in `assets/clocks`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClockRule::K1 => "K1",
            ClockRule::K2 => "K2",
            ClockRule::K3 => "K3",
            ClockRule::K4 => "K4",
            ClockRule::K5 => "K5",
            ClockRule::K6 => "K6",
            ClockRule::K7 => "K7",
            ClockRule::K12 => "K12",
        }
    }

    /// Whether something has to be done before it runs out; K12 says how long the file is kept.
    pub fn runs(self) -> bool {
        self != ClockRule::K12
    }
}

impl Template {
    /// All fields of the form in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.layout.iter().flat_map(|section| &section.fields)
    }

    /// The field of an answer.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }

    /// The schema of one answer.
    pub fn property(&self, key: &str) -> Option<&Value> {
        self.schema.get("properties")?.get(key)
    }

    /// The rule of a paper.
    pub fn document(&self, id: &str) -> Option<&DocumentRule> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// Whether an answer is of merge class legal, where two desks' changes need a person to decide.
    pub fn is_legal(&self, key: &str) -> bool {
        !self.convenience_fields.iter().any(|field| field == key)
    }

    /// Whether a new claim may use this version on that day.
    pub fn in_effect(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }

    /// The compiled validators.
    pub(super) fn checks(&self) -> Result<&Checks, Refusal> {
        self.checks
            .get_or_init(|| Checks::compile(self).map_err(|fault| fault.refusal))
            .as_ref()
            .map_err(Clone::clone)
    }
}
