//! When a clock is due, and how it stands.

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use specta::Type;

use super::calendar::Calendar;
use super::events::{Event, Gap, History};
use super::rule::{Rule, Sense, Unit, Warn};
use super::rules::longest;
use super::scale::{End, Scale};
use super::time::{in_range, local, shanghai};
use crate::code::Code;
use crate::refusal::Refusal;

/// One clock that began.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    /// When.
    pub start: DateTime<Utc>,
    /// The contract's limit instead of the rule's own.
    pub limit: Option<u32>,
    /// What happened since, in any order.
    pub events: &'a [Event],
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename = "ClockStanding", rename_all = "snake_case")]
pub enum State {
    /// It runs and there is time.
    Running,
    /// It stands still.
    Paused,
    /// It runs and is near its end.
    Near,
    /// It ended in time.
    Met,
    /// It ended, but too late.
    MetLate,
    /// It ran out; or what had to be kept was not.
    Breached,
    /// A window is over, or the time of keeping.
    Elapsed,
}

/// A clock worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockState {
    /// The last moment; none while an open pause keeps it from being known.
    pub due: Option<DateTime<FixedOffset>>,
    /// How it stands.
    pub state: State,
    /// From when on it counts as near; none while paused or when it never does.
    pub near: Option<DateTime<FixedOffset>>,
    /// While paused: when it would be due if it went on now.
    pub earliest: Option<DateTime<FixedOffset>>,
    /// Its limit with all extensions, in units of the rule.
    pub limit: u32,
    /// Years that the answer depends on and no calendar is there for: of these only weekends are known as rest days.
    pub no_calendar: Vec<i32>,
}

/// A clock with its history read and its end reached; what [`compute`] and [`super::explain()`] share.
pub(super) struct Course<'a> {
    pub(super) scale: Scale<'a>,
    pub(super) history: History,
    /// The start that counts, after a restart.
    pub(super) start: DateTime<Utc>,
    pub(super) limit: u32,
    /// The limit before extensions.
    pub(super) own_limit: u32,
    /// None behind an open pause.
    pub(super) end: Option<End>,
    place: i64,
    length: i64,
}

impl<'a> Course<'a> {
    pub(super) fn run(rule: &Rule, clock: &Clock<'_>, calendar: &'a Calendar) -> Result<Course<'a>, Refusal> {
        let history = History::read(rule, clock.start, clock.events)?;
        let scale = Scale::new(rule, calendar)?;
        let start = history.restarted.unwrap_or(clock.start);
        in_range(local(start).date())?;
        let own_limit = own_limit(rule, clock.limit)?;
        let place = scale.place(start);
        let length = scale.length(start, own_limit)?;
        let mut course =
            Course { scale, history, start, limit: own_limit, own_limit, end: None, place, length };
        course.end = course.end_with(&course.history.gaps)?;
        for extension in 0..course.history.extensions.len() {
            course.extend(rule, extension)?;
        }
        Ok(course)
    }

    /// Adds the extension at a place of the history, if the limit was not over by then.
    fn extend(&mut self, rule: &Rule, extension: usize) -> Result<(), Refusal> {
        let Some((place, at)) = self.history.extensions.get(extension).copied() else { return Ok(()) };
        let Some(extension) = rule.extensions.get(place) else { return Ok(()) };
        if let Some(end) = self.end.filter(|end| is_past(end.at, at)) {
            return Err(Refusal::new(Code::ClockExtensionLate)
                .with("extension", &extension.id)
                .with("at", shanghai(at).to_rfc3339())
                .with("due", shanghai(end.at).to_rfc3339()));
        }
        self.limit = self.limit.saturating_add(extension.add);
        self.length = self.scale.length(self.start, self.limit)?;
        self.end = self.end_with(&self.history.gaps)?;
        Ok(())
    }

    fn end_with(&self, gaps: &[Gap]) -> Result<Option<End>, Refusal> {
        match self.scale.reach(self.place, self.length, gaps) {
            Some(place) => self.scale.end(place, gaps),
            None => Ok(None),
        }
    }

    /// When a warning is given; none behind an open pause.
    fn warns(&self, unit: Unit, warn: Warn) -> Option<DateTime<Utc>> {
        let units = |count: u32| match unit {
            Unit::Hours | Unit::BusinessHours => i64::from(count) * 3600,
            Unit::CalendarDays | Unit::WorkingDays | Unit::Years => i64::from(count),
        };
        let left = match warn {
            Warn::Share(percent) => (self.length * i64::from(percent) + 99) / 100,
            Warn::Left(count) => units(count),
        };
        let over = (self.length - left).max(0);
        // Of a clock in days the warning stands from the first hour of the first day that is left.
        let over = if self.scale.in_days() { over + 1 } else { over };
        let place = self.scale.reach(self.place, over, &self.history.gaps)?;
        // Nothing is near before it began.
        self.scale.unit_begins(place).map(|moment| moment.max(self.start))
    }

    /// Whether a pause stands at a moment, one that moves the end.
    fn is_paused(&self, now: DateTime<Utc>) -> bool {
        self.history.gaps.iter().any(|gap| {
            let stands = gap.from <= now && gap.to.is_none_or(|to| now < to);
            stands && self.end.is_none_or(|end| gap.from < end.at)
        })
    }

    fn state(&self, sense: Sense, near: Option<DateTime<Utc>>, now: DateTime<Utc>) -> State {
        let Some(end) = self.end else { return State::Paused };
        match (self.history.ended, sense) {
            (Some(ended), Sense::Deadline | Sense::Window) => {
                if is_past(end.at, ended) {
                    State::MetLate
                } else {
                    State::Met
                }
            }
            (Some(ended), Sense::Keep) => {
                if is_past(end.at, ended) {
                    State::Met
                } else {
                    State::Breached
                }
            }
            (None, sense) if is_past(end.at, now) => {
                if sense == Sense::Deadline {
                    State::Breached
                } else {
                    State::Elapsed
                }
            }
            (None, _) if self.is_paused(now) => State::Paused,
            (None, _) if near.is_some_and(|near| near <= now) => State::Near,
            (None, _) => State::Running,
        }
    }
}

/// Whether a moment lies behind the last one. A last second counts whole.
fn is_past(last: DateTime<Utc>, moment: DateTime<Utc>) -> bool {
    (moment - last).num_seconds() > 0
}

fn own_limit(rule: &Rule, of_contract: Option<u32>) -> Result<u32, Refusal> {
    match of_contract {
        None => Ok(rule.limit),
        Some(_) if !rule.contract_limit => Err(Refusal::new(Code::ClockLimitFixed).with("rule", &rule.id)),
        Some(limit) if limit == 0 || limit > longest(rule.unit) => {
            Err(Refusal::new(Code::ClockLimitRange).with("most", longest(rule.unit)))
        }
        Some(limit) => Ok(limit),
    }
}

/// Works out when a clock is due and how it stands at `now`.
///
/// # Errors
/// Events that cannot have happened so; a limit the rule does not allow; days no table reaches.
pub fn compute(
    rule: &Rule,
    clock: &Clock<'_>,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<ClockState, Refusal> {
    let course = Course::run(rule, clock, calendar)?;
    let near = rule.warn.iter().filter_map(|warn| course.warns(rule.unit, *warn)).min();
    let near = near.filter(|_| course.end.is_some());
    // Open pauses end now, for somebody who asks what is the earliest that may come out.
    let earliest = if course.end.is_none() {
        let mut gaps = course.history.gaps.clone();
        if let Some(gap) = gaps.last_mut() {
            gap.to.get_or_insert(now.max(gap.from));
        }
        course.end_with(&gaps)?
    } else {
        None
    };
    let last = course.end.or(earliest);
    Ok(ClockState {
        due: course.end.map(|end| shanghai(end.at)),
        state: course.state(rule.sense, near, now),
        near: near.map(shanghai),
        earliest: earliest.map(|end| shanghai(end.at)),
        limit: course.limit,
        no_calendar: last.map(|end| course.scale.years_without_pack(course.start, &end)).unwrap_or_default(),
    })
}

/// The moments at which somebody is told that a clock is near, in order; none behind an open pause.
///
/// # Errors
/// As [`compute`].
pub fn warning_moments(
    rule: &Rule,
    clock: &Clock<'_>,
    calendar: &Calendar,
) -> Result<Vec<DateTime<FixedOffset>>, Refusal> {
    let course = Course::run(rule, clock, calendar)?;
    let mut moments: Vec<_> =
        rule.warn.iter().filter_map(|warn| course.warns(rule.unit, *warn)).map(shanghai).collect();
    moments.sort_unstable();
    Ok(if course.end.is_some() { moments } else { Vec::new() })
}
