//! What holds for every start, limit and pause.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::super::workdays::{date, index};
use super::super::{Calendar, Clock, Event, EventKind, Rule, Unit, compute, day, explain};
use super::{at, rule};
use crate::clock::time::local;

/// One of the clocks that can pause, with any limit. K12's days may be paused too.
fn clocks() -> impl Strategy<Value = Rule> {
    let id = prop_oneof![Just("K3"), Just("K4"), Just("K8"), Just("K9"), Just("K10"), Just("K12-short")];
    (id, 1_u32..90).prop_map(|(id, limit)| {
        let mut rule = rule(id).clone();
        if rule.unit != Unit::Years {
            rule.limit = limit;
            rule.warn.clear();
        }
        rule
    })
}

/// A moment from 2012 to 2026.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..15 * 365 * 86_400).prop_map(|seconds| at("2012-01-02") + TimeDelta::seconds(seconds))
}

/// Pauses as distances from a start: after how many minutes, and how long.
fn pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0_i64..120 * 1440, 0_i64..40 * 1440), 0..5)
}

fn events(from: DateTime<Utc>, pauses: &[(i64, i64)]) -> Vec<Event> {
    let minutes = |count| from + TimeDelta::minutes(count);
    pauses
        .iter()
        .flat_map(|(after, long)| {
            [
                Event { kind: EventKind::Pause(0), at: minutes(*after) },
                Event { kind: EventKind::Resume(0), at: minutes(after + long) },
            ]
        })
        .collect()
}

fn due(rule: &Rule, start: DateTime<Utc>, events: &[Event], calendar: &Calendar) -> DateTime<Utc> {
    let clock = Clock { start, limit: None, events };
    compute(rule, &clock, calendar, start).unwrap().due.unwrap().to_utc()
}

proptest! {
    #[test]
    fn a_later_start_is_never_due_earlier(
        rule in clocks(), start in moments(), later in 0_i64..60 * 1440, pauses in pauses(),
    ) {
        let second = start + TimeDelta::minutes(later);
        let events = events(second, &pauses);
        let calendar = Calendar::shipped();
        prop_assert!(due(&rule, start, &events, calendar) <= due(&rule, second, &events, calendar));
    }

    #[test]
    fn one_more_pause_never_makes_it_shorter(
        rule in clocks(), start in moments(), pauses in pauses(), more in (0_i64..120 * 1440, 0_i64..40 * 1440),
    ) {
        let mut with = pauses.clone();
        with.push(more);
        let calendar = Calendar::shipped();
        let before = due(&rule, start, &events(start, &pauses), calendar);
        prop_assert!(before <= due(&rule, start, &events(start, &with), calendar));
    }

    #[test]
    fn a_pause_cut_in_two_changes_nothing(
        rule in clocks(), start in moments(), after in 0_i64..120 * 1440,
        first in 0_i64..20 * 1440, second in 0_i64..20 * 1440,
    ) {
        let whole = [(after, first + second)];
        let halves = [(after, first), (after + first, second)];
        let calendar = Calendar::shipped();
        prop_assert_eq!(
            due(&rule, start, &events(start, &whole), calendar),
            due(&rule, start, &events(start, &halves), calendar)
        );
    }

    #[test]
    fn the_order_of_the_records_changes_nothing(rule in clocks(), start in moments(), pauses in pauses()) {
        let forth = events(start, &pauses);
        let back: Vec<Event> = forth.iter().rev().copied().collect();
        let calendar = Calendar::shipped();
        prop_assert_eq!(due(&rule, start, &forth, calendar), due(&rule, start, &back, calendar));
    }

    #[test]
    fn a_count_cut_in_two_changes_nothing(from in 0_i64..5400, first in 0_u32..300, second in 0_u32..300) {
        let calendar = Calendar::shipped();
        let from = date(index(day("2012-01-01").unwrap()) + from).unwrap();
        let halfway = calendar.workday_after(from, first).unwrap();
        // Of none the day itself is the answer, whether worked or not; from there the count goes on the same.
        prop_assert_eq!(calendar.workday_after(halfway, second), calendar.workday_after(from, first + second));
    }

    #[test]
    fn without_rest_days_workdays_are_days(start in moments(), limit in 1_u32..90, pauses in pauses()) {
        let calendar = Calendar::without_rest_days();
        let with = |unit| {
            let mut rule = rule("K10").clone();
            (rule.unit, rule.limit) = (unit, limit);
            due(&rule, start, &events(start, &pauses), &calendar)
        };
        prop_assert_eq!(with(Unit::WorkingDays), with(Unit::CalendarDays));
        if pauses.is_empty() {
            let days = (local(with(Unit::CalendarDays)).date() - local(start).date()).num_days();
            prop_assert_eq!(days, i64::from(limit));
        }
    }

    /// The table is asked by sums; here the days are counted one by one as the law says.
    #[test]
    fn counting_one_by_one_comes_to_the_same(rule in clocks(), start in moments(), pauses in pauses()) {
        prop_assume!(matches!(rule.unit, Unit::CalendarDays | Unit::WorkingDays));
        let calendar = Calendar::shipped();
        let events = events(start, &pauses);
        let out = |day| events.chunks(2).any(|pair| {
            local(pair[0].at).date() < day && day <= local(pair[1].at).date()
        });
        let mut counted = 0;
        let mut day = local(start).date();
        while counted < rule.limit {
            day = day.succ_opt().unwrap();
            counted += u32::from(!out(day) && (rule.unit == Unit::CalendarDays || calendar.is_workday(day)));
        }
        while out(day) || !calendar.is_workday(day) {
            day = day.succ_opt().unwrap();
        }
        prop_assert_eq!(local(due(&rule, start, &events, calendar)).date(), day);
    }

    #[test]
    fn the_explanation_ends_where_the_answer_does(rule in clocks(), start in moments(), pauses in pauses()) {
        let events = events(start, &pauses);
        let clock = Clock { start, limit: None, events: &events };
        let steps = explain(&rule, &clock, Calendar::shipped()).unwrap();
        let result = steps.last().and_then(|step| step.at).map(|at| at.to_utc());
        prop_assert_eq!(result, Some(due(&rule, start, &events, Calendar::shipped())));
    }
}
