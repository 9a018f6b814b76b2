//! Claim templates as data (000-07): what a claim of one kind asks, which papers it needs, which time limits
//! run, how its amount is worked out and what the customer is told.
//!
//! A template is one JSON file. [`parse()`] refuses a broken file with its name, line and reason; a [`Library`]
//! holds the good ones in all their versions. Reading files from disk stays outside this crate.

mod answers;
mod check;
mod checklist;
mod checks;
mod conditions;
mod library;
pub(crate) mod locate;
mod model;
mod parse;
mod shown;
mod worksheet;

#[cfg(test)]
mod tests;

pub use answers::{Findings, Period, check_answers};
pub use checklist::{ChecklistItem, checklist};
pub use library::Library;
pub use model::*;
pub(crate) use parse::line_of_version;
pub use parse::{TemplateProblem, parse};
pub use shown::shown_answers;
pub use worksheet::{MONEY_PATTERN, Worksheet, WorksheetLine, worksheet};
