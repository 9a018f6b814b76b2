//! What is a branch's own: days on which it is closed, and its business hours.
//!
//! A closing day is no rest day of the law: it moves the targets of the house, never a time limit of the law. Business
//! hours make the last day of every period end when the branch closes (Civil Code 203).

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::read::{Fault, FileProblem, read};
use super::time::in_range;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Text;

/// A branch's closing days and business hours; the default has neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    format: Format,
    /// Days on which the branch is closed although others work.
    #[serde(default)]
    pub closing: Vec<Closing>,
    /// When the branch is open on a workday, in order; empty when it has no business hours.
    #[serde(default)]
    pub hours: Vec<Opening>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[default]
    #[serde(rename = "branch-calendar")]
    BranchCalendar,
}

/// Days on which a branch is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// Why.
    pub reason: Text,
}

/// A stretch of business hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Opens.
    #[serde(with = "wall_time")]
    pub open: NaiveTime,
    /// Closes.
    #[serde(with = "wall_time")]
    pub close: NaiveTime,
}

/// A time of day as a branch writes it: `08:30`.
mod wall_time {
    use chrono::NaiveTime;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| D::Error::custom(format!("no time HH:MM: {text:?}")))
    }
}

impl Branch {
    /// A branch with these closing days and business hours.
    ///
    /// # Errors
    /// Closing days that end before they begin; hours that overlap or are out of order.
    pub fn new(closing: Vec<Closing>, hours: Vec<Opening>) -> Result<Branch, Refusal> {
        let branch = Branch { format: Format::BranchCalendar, closing, hours };
        check(&branch).map_err(Fault::into_refusal)?;
        Ok(branch)
    }
}

/// Reads a branch's file and checks it as a whole.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse_branch(file: &str, source: &str) -> Result<Branch, FileProblem> {
    read(file, source, check)
}

fn check(branch: &Branch) -> Result<(), Fault> {
    for (index, closing) in branch.closing.iter().enumerate() {
        let pointer = format!("/closing/{index}");
        if closing.to < closing.from {
            let refusal = Refusal::new(Code::ClockPackSpan).with("from", closing.from).with("to", closing.to);
            return Err(Fault::new(pointer, refusal));
        }
        for day in [closing.from, closing.to] {
            in_range(day).map_err(|refusal| Fault::new(pointer.clone(), refusal))?;
        }
    }
    let mut last = None;
    for (index, opening) in branch.hours.iter().enumerate() {
        if opening.close <= opening.open || last.is_some_and(|last| opening.open < last) {
            return Err(Fault::new(format!("/hours/{index}"), Code::ClockHours));
        }
        last = Some(opening.close);
    }
    Ok(())
}
