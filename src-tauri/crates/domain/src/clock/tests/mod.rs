//! Tests of the clocks. The expected days are worked out by hand from the notices.

mod calendars;
mod counting;
mod events;
mod files;
mod properties;
mod steps;

use chrono::{DateTime, Utc};

use super::{Calendar, Clock, ClockState, Event, Rule, Rules, compute, moment};
use crate::code::Code;
use crate::refusal::Refusal;

pub(super) fn rule(id: &str) -> &'static Rule {
    Rules::shipped().get(id).unwrap()
}

/// A moment; a day alone is ten in the morning in Shanghai.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    if text.len() == 10 { moment(&format!("{text}T10:00:00+08:00")).unwrap() } else { moment(text).unwrap() }
}

/// Events such as `pause@2026-03-05 resume@2026-03-10`.
pub(super) fn events(rule: &Rule, list: &str) -> Result<Vec<Event>, Refusal> {
    list.split_whitespace()
        .map(|event| {
            let (name, time) = event.split_once('@').unwrap();
            rule.event(name, at(time))
        })
        .collect()
}

/// A clock of the shipped rules in the shipped calendar, `now` being long after.
pub(super) fn run(id: &str, start: &str, list: &str) -> Result<ClockState, Refusal> {
    run_at(id, start, list, "2098-01-01")
}

pub(super) fn run_at(id: &str, start: &str, list: &str, now: &str) -> Result<ClockState, Refusal> {
    let events = events(rule(id), list)?;
    let clock = Clock { start: at(start), limit: None, events: &events };
    compute(rule(id), &clock, Calendar::shipped(), at(now))
}

/// The due time as it is written, or `paused`.
pub(super) fn due(id: &str, start: &str, list: &str) -> String {
    let state = run(id, start, list).unwrap_or_else(|refusal| panic!("{id} {start} {list}: {refusal}"));
    state.due.map_or("paused".to_owned(), |due| due.to_rfc3339())
}

pub(super) fn code(result: Result<ClockState, Refusal>) -> Code {
    result.expect_err("a refusal").code
}
