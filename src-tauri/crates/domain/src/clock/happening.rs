//! What happened to a file, by the names that rules use, read as the events of one rule's clock.

use chrono::{DateTime, Utc};

use super::events::{Event, EventKind};
use super::rule::Rule;

/// Something that happened to a claim, a complaint or a kept file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// As rules name it, such as `complaint-received`.
    pub name: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A rule's clock as a file's happenings make it: when it began, and what happened since. None before it began.
///
/// Left out is what concerns another clock, what came before this one began, what repeats (a second notice does not pause
/// again) and what comes after its end. Happenings may come in any order.
pub fn course_of(rule: &Rule, happenings: &[Happening]) -> Option<(DateTime<Utc>, Vec<Event>)> {
    let mut ordered: Vec<&Happening> = happenings.iter().collect();
    ordered.sort_by_key(|happening| happening.at);
    let start = ordered.iter().find(|happening| happening.name == rule.start)?.at;
    let mut paused = vec![false; rule.pauses.len()];
    let mut extended = vec![false; rule.extensions.len()];
    let mut events: Vec<Event> = Vec::new();
    let mut over = false;
    for happening in ordered.into_iter().filter(|happening| happening.at >= start) {
        let Some(kind) = rule.event_kind(happening.name) else { continue };
        let counts = match kind {
            EventKind::Restart => {
                (over, paused, extended) =
                    (false, vec![false; rule.pauses.len()], vec![false; rule.extensions.len()]);
                true
            }
            _ if over => false,
            EventKind::Pause(place) => paused.get_mut(place).is_some_and(|on| !std::mem::replace(on, true)),
            EventKind::Resume(place) => paused.get_mut(place).is_some_and(std::mem::take),
            EventKind::Extend(place) => {
                extended.get_mut(place).is_some_and(|had| !std::mem::replace(had, true))
            }
            EventKind::End => {
                over = true;
                true
            }
        };
        if counts {
            events.push(Event { kind, at: happening.at });
        }
    }
    Some((start, events))
}

#[cfg(test)]
mod tests {
    use super::super::{Calendar, Clock, Rules, State, compute};
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn happenings(list: &[(&'static str, &str)]) -> Vec<Happening> {
        list.iter().map(|(name, moment)| Happening { name, at: at(moment) }).collect()
    }

    fn state(rule: &str, list: &[(&'static str, &str)], now: &str) -> Option<(Option<String>, State)> {
        let rule = Rules::shipped().get(rule).unwrap();
        let (start, events) = course_of(rule, &happenings(list))?;
        let clock = Clock { start, limit: None, events: &events };
        let state = compute(rule, &clock, Calendar::shipped(), at(now)).unwrap();
        Some((state.due.map(|due| due.to_rfc3339()), state.state))
    }

    #[test]
    fn a_clock_runs_from_its_start_and_stands_while_papers_are_asked_for() {
        let received = ("claim-and-papers-received", "2026-06-01T10:00:00+08:00");
        assert_eq!(state("K4", &[("paid", "2026-06-01T10:00:00+08:00")], "2026-06-02T10:00:00+08:00"), None);
        let running = state("K4", &[received], "2026-06-02T10:00:00+08:00").unwrap();
        assert_eq!(running, (Some("2026-07-01T23:59:59+08:00".into()), State::Running));
        let asked = ("supplement-notice-reached", "2026-06-03T10:00:00+08:00");
        let again = ("supplement-notice-reached", "2026-06-05T10:00:00+08:00");
        let paused = state("K4", &[again, asked, received], "2026-06-06T10:00:00+08:00").unwrap();
        assert_eq!(paused, (None, State::Paused));
        let came = ("supplements-received", "2026-06-13T10:00:00+08:00");
        let twice = ("supplements-received", "2026-06-14T10:00:00+08:00");
        let on = state("K4", &[received, asked, again, came, twice], "2026-06-15T10:00:00+08:00").unwrap();
        assert_eq!(on, (Some("2026-07-13T23:59:59+08:00".into()), State::Running), "ten days and a weekend");
    }

    #[test]
    fn what_came_before_the_start_or_after_the_end_changes_nothing() {
        let before = ("supplements-received", "2026-05-30T10:00:00+08:00");
        let received = ("claim-and-papers-received", "2026-06-01T10:00:00+08:00");
        let told = ("result-notified", "2026-06-10T10:00:00+08:00");
        let after = ("supplement-notice-reached", "2026-06-12T10:00:00+08:00");
        let met = state("K4", &[before, received, told, after], "2026-08-01T10:00:00+08:00").unwrap();
        assert_eq!(met, (Some("2026-07-01T23:59:59+08:00".into()), State::Met));
    }

    #[test]
    fn new_facts_begin_a_complaints_limit_anew() {
        let received = ("complaint-received", "2026-06-01T10:00:00+08:00");
        let told = ("decision-told", "2026-06-10T10:00:00+08:00");
        let facts = ("new-facts-received", "2026-06-20T10:00:00+08:00");
        let anew = state("K10", &[received, told, facts], "2026-06-21T10:00:00+08:00").unwrap();
        assert_eq!(anew, (Some("2026-07-06T23:59:59+08:00".into()), State::Running), "a Sunday moves it");
    }
}
