//! Why a clock is due when it is, in steps: start, limit, pauses, each day left out and why, result.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;

use super::calendar::{Calendar, DayKind};
use super::engine::{Clock, Course};
use super::events::Gap;
use super::rule::{Kind, Rule, Unit};
use super::scale::End;
use super::time::{local, shanghai};
use super::words::{WORDS, filled};
use crate::refusal::Refusal;
use crate::text::Text;

/// One step of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What kind of step.
    pub kind: StepKind,
    /// The day it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The moment it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<FixedOffset>>,
    /// The step in words.
    pub text: Text,
}

/// What a step of an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// When it begins.
    Start,
    /// That it began anew.
    Restart,
    /// How long it is.
    Limit,
    /// What made it longer.
    Extension,
    /// What a pause takes out.
    Pause,
    /// A day that is not counted.
    Skipped,
    /// A Saturday or Sunday that is counted.
    Counted,
    /// The day on which the limit is over.
    Last,
    /// A rest day passed over as the last day.
    Moved,
    /// Until which hour of the last day it runs.
    Close,
    /// A year without a calendar.
    NoCalendar,
    /// When it ended.
    End,
    /// When it is due.
    Result,
}

/// Explains what [`super::compute`] works out.
///
/// # Errors
/// As [`super::compute`].
pub fn explain(rule: &Rule, clock: &Clock<'_>, calendar: &Calendar) -> Result<Vec<Step>, Refusal> {
    let course = Course::run(rule, clock, calendar)?;
    let mut told = Told { rule, calendar, course: &course, steps: Vec::new() };
    told.begins(clock);
    told.limits(clock);
    told.pauses();
    match course.end {
        Some(end) => told.ends(&end),
        None => told.skipped_until(course.history.gaps.last().map(|gap| local(gap.from).date())),
    }
    told.result();
    Ok(told.steps)
}

struct Told<'a> {
    rule: &'a Rule,
    calendar: &'a Calendar,
    course: &'a Course<'a>,
    steps: Vec<Step>,
}

/// A moment as a sentence shows it.
fn shown(moment: DateTime<chrono::Utc>) -> String {
    shanghai(moment).format("%Y-%m-%d %H:%M:%S").to_string()
}

impl Told<'_> {
    fn step(&mut self, kind: StepKind, text: Text) {
        self.steps.push(Step { kind, date: None, at: None, text });
    }

    fn step_on(&mut self, kind: StepKind, date: NaiveDate, text: Text) {
        self.steps.push(Step { kind, date: Some(date), at: None, text });
    }

    fn step_at(&mut self, kind: StepKind, at: DateTime<chrono::Utc>, text: Text) {
        self.steps.push(Step { kind, date: None, at: Some(shanghai(at)), text });
    }

    /// A number of the rule's units.
    fn units(&self, count: impl ToString) -> Text {
        filled(&WORDS.count, &[("count", &count.to_string())], &[("unit", WORDS.unit(self.rule.unit))])
    }

    fn begins(&mut self, clock: &Clock<'_>) {
        let words = if self.course.scale.in_days() { &WORDS.start_day } else { &WORDS.start_hour };
        let text = filled(words, &[("at", &shown(clock.start))], &[("name", &self.rule.name)]);
        self.step_at(StepKind::Start, clock.start, text);
        if let Some(at) = self.course.history.restarted {
            self.step_at(StepKind::Restart, at, filled(&WORDS.restart, &[("at", &shown(at))], &[]));
        }
    }

    fn limits(&mut self, clock: &Clock<'_>) {
        let length = self.units(self.course.own_limit);
        let text = if clock.limit.is_some() {
            filled(&WORDS.contract, &[], &[("length", &length)])
        } else {
            let article = self.rule.source.article.as_deref().map(|article| format!(" {article}"));
            let article = article.unwrap_or_default();
            let law = &self.rule.source.law;
            let source = Text {
                zh_cn: format!("{}{article}", law.zh_cn),
                zh_tw: format!("{}{article}", law.zh_tw),
                en: format!("{}{article}", law.en),
            };
            filled(&WORDS.limit, &[], &[("length", &length), ("source", &source)])
        };
        self.step(StepKind::Limit, text);
        let mut limit = self.course.own_limit;
        for (place, at) in &self.course.history.extensions {
            let Some(extension) = self.rule.extensions.get(*place) else { continue };
            limit = limit.saturating_add(extension.add);
            let length = self.units(limit);
            let text = filled(
                &WORDS.extension,
                &[("at", &shown(*at))],
                &[("name", &extension.name), ("length", &length)],
            );
            self.step_at(StepKind::Extension, *at, text);
        }
    }

    fn pauses(&mut self) {
        for gap in &self.course.history.gaps {
            let from = shown(gap.from);
            let idle = self.course.end.is_some_and(|end| end.at <= gap.from);
            let text = match gap.to {
                _ if idle => filled(&WORDS.pause_idle, &[("from", &from)], &[]),
                None => filled(&WORDS.pause_open, &[("from", &from)], &[]),
                Some(to) => {
                    let words =
                        if self.course.scale.in_days() { &WORDS.pause_days } else { &WORDS.pause_time };
                    let length = self.taken_out(gap, to);
                    filled(words, &[("from", &from), ("to", &shown(to))], &[("length", &length)])
                }
            };
            self.step_at(StepKind::Pause, gap.from, text);
        }
    }

    fn taken_out(&self, gap: &Gap, to: DateTime<chrono::Utc>) -> Text {
        let places = self.course.scale.place(to) - self.course.scale.place(gap.from);
        match self.rule.unit {
            Unit::CalendarDays | Unit::WorkingDays => self.units(places),
            Unit::Years => {
                let days = WORDS.unit(Unit::CalendarDays);
                filled(&WORDS.count, &[("count", &places.to_string())], &[("unit", days)])
            }
            Unit::Hours | Unit::BusinessHours => {
                let (hours, minutes) = ((places / 3600).to_string(), (places % 3600 / 60).to_string());
                filled(&WORDS.duration, &[("hours", &hours), ("minutes", &minutes)], &[])
            }
        }
    }

    /// What a day is for this clock: a branch's closing days move the targets of the house only.
    fn kind(&self, day: NaiveDate) -> DayKind {
        match self.rule.kind {
            Kind::Internal => self.calendar.kind(day),
            Kind::Statutory => self.calendar.kind_by_law(day),
        }
    }

    fn in_gap(&self, day: NaiveDate) -> bool {
        self.course.history.gaps.iter().any(|gap| {
            let to = gap.to.map(|to| local(to).date());
            local(gap.from).date() < day && to.is_none_or(|to| day <= to)
        })
    }

    /// Why a day is not like others for this clock: rest, make-up work or a pause.
    fn reason(&self, day: NaiveDate) -> Text {
        if self.in_gap(day) { WORDS.paused.clone() } else { self.kind(day).text() }
    }

    fn skipped_until(&mut self, last: Option<NaiveDate>) {
        let Some(last) = last else { return };
        let by_workdays = match self.rule.unit {
            Unit::WorkingDays | Unit::BusinessHours => true,
            Unit::CalendarDays => false,
            // Hours take out minutes, and years are too long to name each day of a pause.
            Unit::Hours | Unit::Years => return,
        };
        let start = local(self.course.start).date();
        for day in start.iter_days().skip(1).take_while(|day| *day <= last) {
            let kind = self.kind(day);
            let paused = self.in_gap(day) && self.course.scale.in_days();
            if !paused && (!by_workdays || kind == DayKind::Workday) {
                continue;
            }
            let (kind_of_step, words) = if !paused && kind.is_worked() {
                (StepKind::Counted, &WORDS.counted)
            } else {
                (StepKind::Skipped, &WORDS.skipped)
            };
            let reason = if paused { WORDS.paused.clone() } else { kind.text() };
            let text = filled(words, &[("date", &day.to_string())], &[("reason", &reason)]);
            self.step_on(kind_of_step, day, text);
        }
    }

    fn ends(&mut self, end: &End) {
        self.skipped_until(Some(end.counted));
        if self.course.scale.in_days() {
            let length = self.units(self.course.limit);
            let date = end.counted.to_string();
            let text = filled(&WORDS.last, &[("date", &date)], &[("length", &length)]);
            self.step_on(StepKind::Last, end.counted, text);
            for day in end.counted.iter_days().take_while(|day| *day < end.day) {
                let text =
                    filled(&WORDS.moved, &[("date", &day.to_string())], &[("reason", &self.reason(day))]);
                self.step_on(StepKind::Moved, day, text);
            }
            let midnight = end.at == super::time::end_of(end.day);
            let words = if midnight { &WORDS.midnight } else { &WORDS.closes };
            self.step_on(StepKind::Close, end.day, filled(words, &[("date", &end.day.to_string())], &[]));
        }
        for year in self.course.scale.years_without_pack(self.course.start, end) {
            let text = filled(&WORDS.no_calendar, &[("year", &year.to_string())], &[]);
            self.step(StepKind::NoCalendar, text);
        }
    }

    fn result(&mut self) {
        match self.course.end {
            Some(end) => {
                let text = filled(&WORDS.result, &[("at", &shown(end.at))], &[]);
                self.step_at(StepKind::Result, end.at, text);
            }
            None => self.step(StepKind::Result, WORDS.result_open.clone()),
        }
        if let Some(at) = self.course.history.ended {
            self.step_at(StepKind::End, at, filled(&WORDS.ended, &[("at", &shown(at))], &[]));
        }
    }
}
