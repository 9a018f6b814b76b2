//! Checks of the numbers by which people, firms, vehicles and accounts are known. Each kind has its own file.
//!
//! A check normalises first (full-width typing, spaces, lower case) and then either refuses, or accepts with
//! warnings that someone should look at. What decides and what only warns is written at each kind.

mod bankcard;
mod mobile;
mod plate;
mod resident_id;
mod uscc;
mod vin;

#[cfg(test)]
mod tests;

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use specta::Type;

pub use resident_id::{ResidentIdFacts, Sex, resident_id_facts};

use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::half_width;

/// The kinds of number that can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum IdentityKind {
    /// Resident identity card number, GB 11643-1999.
    Id,
    /// Unified social credit code, GB 32100-2015.
    Uscc,
    /// Mobile telephone number.
    Mobile,
    /// Vehicle number plate, GA 36-2018.
    Plate,
    /// Vehicle identification number, GB 16735-2019.
    Vin,
    /// Bank card number, ISO/IEC 7812-1.
    Bankcard,
}

impl IdentityKind {
    /// Every kind.
    pub const ALL: [IdentityKind; 6] = [
        IdentityKind::Id,
        IdentityKind::Uscc,
        IdentityKind::Mobile,
        IdentityKind::Plate,
        IdentityKind::Vin,
        IdentityKind::Bankcard,
    ];

    /// The kind as it is written on edges.
    pub const fn as_str(self) -> &'static str {
        match self {
            IdentityKind::Id => "id",
            IdentityKind::Uscc => "uscc",
            IdentityKind::Mobile => "mobile",
            IdentityKind::Plate => "plate",
            IdentityKind::Vin => "vin",
            IdentityKind::Bankcard => "bankcard",
        }
    }
}

impl FromStr for IdentityKind {
    type Err = Refusal;

    fn from_str(value: &str) -> Result<Self, Refusal> {
        IdentityKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == value)
            .ok_or_else(|| Refusal::new(Code::IdentityKindUnknown).with("kind", value))
    }
}

/// An accepted value in its one written form, with what someone should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The value as it is stored, printed and searched.
    pub normalized: String,
    /// What is unusual but not wrong enough to refuse.
    pub warnings: Vec<Refusal>,
}

impl Checked {
    fn plain(normalized: String) -> Self {
        Checked { normalized, warnings: Vec::new() }
    }
}

/// Checks one value. `today` bounds birth dates.
pub fn check(kind: IdentityKind, value: &str, today: NaiveDate) -> Result<Checked, Refusal> {
    if half_width(value).trim().is_empty() {
        return Err(Refusal::new(Code::IdentityEmpty));
    }
    match kind {
        IdentityKind::Id => resident_id::check(value, today),
        IdentityKind::Uscc => uscc::check(value),
        IdentityKind::Mobile => mobile::check(value),
        IdentityKind::Plate => plate::check(value),
        IdentityKind::Vin => vin::check(value),
        IdentityKind::Bankcard => bankcard::check(value),
    }
}

/// A personal number for lists and counters: first three and last four characters (前3后4).
/// Shorter values keep less, so that a part always stays hidden.
pub fn mask(value: &str) -> String {
    let length = value.chars().count();
    let (head, tail) = match length {
        0..=1 => (0, 0),
        2..=3 => (1, 0),
        4..=6 => (1, 1),
        7..=10 => (2, 2),
        _ => (3, 4),
    };
    value
        .chars()
        .enumerate()
        .map(|(index, c)| if index < head || index + tail >= length { c } else { '*' })
        .collect()
}

/// The first character that is not allowed, with its place counted from one.
fn first_stranger(text: &str, allowed: impl Fn(char) -> bool) -> Option<(usize, char)> {
    text.chars().enumerate().find(|(_, c)| !allowed(*c)).map(|(index, c)| (index + 1, c))
}
