//! The clocks of the law and of the house (domain page, part C): when something is due, and why then.
//!
//! A [`Rule`] says what starts, pauses, extends and ends a clock; a [`Calendar`] which days are worked; [`Event`]s
//! what happened. [`compute`] works the due moment out of these three each time it is asked, so a corrected event
//! corrects the clock; nothing computed is ever stored as truth. [`explain()`] tells the same in steps. Rules and
//! calendars are data (`assets/clocks`, `assets/calendars`), checked when read. No IO, no current time: `now` is
//! passed in.
//!
//! How days are counted (Civil Code 201 to 203): the day of the event is not counted; hours run from the moment; a
//! period in days or years whose last day is a rest day ends with the first day after the rest; a period ends at
//! 24:00, written as 23:59:59, or at the close of business where the branch has business hours. Times are those of
//! Asia/Shanghai.

mod branch;
mod calendar;
mod engine;
mod events;
mod explain;
mod happening;
mod pack;
mod read;
mod rule;
mod rules;
mod scale;
mod time;
mod words;
mod workdays;

#[cfg(test)]
mod tests;

pub use branch::{Branch, Closing, Opening, parse_branch};
pub use calendar::{Calendar, DayKind};
pub use engine::{Clock, ClockState, State, compute, warning_moments};
pub use events::{Event, EventKind, Evidence};
pub use explain::{Step, StepKind, explain};
pub use happening::{Happening, course_of};
pub use pack::{CalendarPack, Notice, Packs, RestDays, Witness, WorkDay, parse_calendar};
pub use read::{FileProblem, read_file};
pub use rule::{Extension, Kind, Mark, Marks, Need, Pause, Rule, Sense, Source, Subject, Tell, Unit, Warn};
pub use rules::{Rules, parse_rule};
pub use time::{day, moment, shanghai};
