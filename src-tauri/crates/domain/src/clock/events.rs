//! What happened to one clock, brought into order.

use chrono::{DateTime, Utc};

use super::rule::Rule;
use crate::code::Code;
use crate::refusal::Refusal;

/// Something that happened to a clock after it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
}

/// What can happen to a clock. Numbers are places in the lists of its [`Rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// It stops for a while.
    Pause(usize),
    /// It goes on.
    Resume(usize),
    /// It becomes longer.
    Extend(usize),
    /// It begins anew from here.
    Restart,
    /// What it waits for is done.
    End,
}

impl EventKind {
    /// Of events at one moment a pause comes before its end, so that a pause without duration is no mistake, and
    /// both before what they may move; extensions come in the order of the rule.
    fn order(self) -> (u8, usize) {
        match self {
            EventKind::Restart => (0, 0),
            EventKind::Pause(place) => (1, place),
            EventKind::Resume(place) => (2, place),
            EventKind::Extend(place) => (3, place),
            EventKind::End => (4, 0),
        }
    }
}

/// What the record of an event names besides its time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Who approved it.
    pub approver: Option<String>,
    /// The notice to the customer: its number, or how and when it was given.
    pub notice: Option<String>,
}

/// Time taken out of a clock; open while nothing has ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) from: DateTime<Utc>,
    pub(super) to: Option<DateTime<Utc>>,
}

/// The events of a clock in order, overlapping pauses made one.
#[derive(Debug, Default)]
pub(super) struct History {
    /// When it begins anew, if it does.
    pub(super) restarted: Option<DateTime<Utc>>,
    /// In order, none touching another's inside.
    pub(super) gaps: Vec<Gap>,
    /// Extensions in order: place in the rule, and when.
    pub(super) extensions: Vec<(usize, DateTime<Utc>)>,
    /// When it ended.
    pub(super) ended: Option<DateTime<Utc>>,
}

impl History {
    /// Orders events and refuses what cannot have happened.
    pub(super) fn read(rule: &Rule, start: DateTime<Utc>, events: &[Event]) -> Result<History, Refusal> {
        let mut history = History::default();
        if events.is_empty() {
            return Ok(history);
        }
        let mut events = events.to_vec();
        events.sort_by_key(|event| (event.at, event.kind.order()));
        let mut depths = vec![0_u32; rule.pauses.len()];
        for event in events {
            let refused = |code| {
                let name = rule.event_name(event.kind);
                let at = super::time::shanghai(event.at).to_rfc3339();
                Err(Refusal::new(code).with("rule", &rule.id).with("event", name).with("at", at))
            };
            if event.at < start {
                let end = event.kind == EventKind::End;
                return refused(if end { Code::ClockEndBeforeStart } else { Code::ClockEventBeforeStart });
            }
            match event.kind {
                EventKind::Restart => {
                    if rule.restart.is_none() {
                        return refused(Code::ClockRestartNotAllowed);
                    }
                    history = History { restarted: Some(event.at), ..History::default() };
                    depths.fill(0);
                }
                // The first end counts; telling a customer twice does not make it later.
                EventKind::End => {
                    history.ended.get_or_insert(event.at);
                }
                // Papers may still arrive when nothing waits for them any more.
                EventKind::Resume(_) if history.ended.is_some() => {}
                _ if history.ended.is_some() => return refused(Code::ClockAfterEnd),
                EventKind::Pause(place) => {
                    let running = depths.iter().all(|depth| *depth == 0);
                    let Some(depth) = depths.get_mut(place) else {
                        return refused(Code::ClockPauseNotAllowed);
                    };
                    *depth += 1;
                    if running {
                        history.gaps.push(Gap { from: event.at, to: None });
                    }
                }
                EventKind::Resume(place) => {
                    let Some(depth) = depths.get_mut(place).filter(|depth| **depth > 0) else {
                        return refused(Code::ClockResumeWithoutPause);
                    };
                    *depth -= 1;
                    if depths.iter().all(|depth| *depth == 0)
                        && let Some(gap) = history.gaps.last_mut()
                    {
                        gap.to = Some(event.at);
                    }
                }
                EventKind::Extend(place) => history.extend(rule, place, event.at)?,
            }
        }
        // What is over waits for nothing.
        if let (Some(end), Some(gap)) = (history.ended, history.gaps.last_mut()) {
            gap.to.get_or_insert(end);
        }
        Ok(history)
    }

    fn extend(&mut self, rule: &Rule, place: usize, at: DateTime<Utc>) -> Result<(), Refusal> {
        let Some(extension) = rule.extensions.get(place) else {
            return Err(Refusal::new(Code::ClockExtensionNotAllowed)
                .with("rule", &rule.id)
                .with("extension", place));
        };
        let had = |id: &str| {
            self.extensions
                .iter()
                .any(|(place, _)| rule.extensions.get(*place).is_some_and(|had| had.id == id))
        };
        if had(&extension.id) {
            return Err(Refusal::new(Code::ClockExtensionTwice).with("extension", &extension.id));
        }
        if let Some(first) = extension.after.as_deref().filter(|first| !had(first)) {
            return Err(Refusal::new(Code::ClockExtensionOrder)
                .with("extension", &extension.id)
                .with("first", first));
        }
        self.extensions.push((place, at));
        Ok(())
    }
}
