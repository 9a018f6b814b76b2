//! One line of whole numbers for each unit, on which a limit is added and pauses are taken out.
//!
//! A moment's place is the count of units over by then: seconds, seconds of business, days or workdays. Adding a limit
//! to the place of the start leaves the start's own day uncounted, because that day is over in its place already; and
//! a pause from one moment to another takes out the difference of their places, which for days are those after the
//! day it begins up to and including the day it ends.

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::calendar::Calendar;
use super::events::Gap;
use super::rule::{Kind, Rule, Unit};
use super::time::{in_range, local, out_of_range, start_of};
use super::workdays::{Workdays, date, index};
use crate::code::Code;
use crate::refusal::Refusal;

/// How one clock counts in one calendar.
#[derive(Clone, Copy)]
pub(super) struct Scale<'a> {
    unit: Unit,
    calendar: &'a Calendar,
    /// A branch's closing days move the targets of the house only.
    pub(super) table: &'a Workdays,
}

/// Where a clock ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// The last moment.
    pub(super) at: DateTime<Utc>,
    /// The last day by number, before it moved off a rest day.
    pub(super) counted: NaiveDate,
    /// The last day.
    pub(super) day: NaiveDate,
}

impl<'a> Scale<'a> {
    pub(super) fn new(rule: &Rule, calendar: &'a Calendar) -> Result<Scale<'a>, Refusal> {
        if rule.unit == Unit::BusinessHours && !calendar.has_hours() {
            return Err(Refusal::new(Code::ClockNoBusinessHours).with("rule", &rule.id));
        }
        let table = calendar.workdays(rule.kind == Kind::Internal);
        Ok(Scale { unit: rule.unit, calendar, table })
    }

    /// The place of a moment.
    pub(super) fn place(&self, moment: DateTime<Utc>) -> i64 {
        match self.unit {
            Unit::Hours => moment.timestamp(),
            Unit::BusinessHours => self.calendar.business_until(moment),
            Unit::CalendarDays | Unit::Years => index(local(moment).date()),
            Unit::WorkingDays => self.table.until(index(local(moment).date())),
        }
    }

    /// How many places a limit that begins then is long.
    pub(super) fn length(&self, start: DateTime<Utc>, limit: u32) -> Result<i64, Refusal> {
        match self.unit {
            Unit::Hours | Unit::BusinessHours => Ok(i64::from(limit) * 3600),
            Unit::CalendarDays | Unit::WorkingDays => Ok(i64::from(limit)),
            // The day of the same date, or the last of its month (Civil Code 202).
            Unit::Years => {
                let first = local(start).date();
                let last = first.checked_add_months(Months::new(limit.saturating_mul(12)));
                Ok((in_range(last.ok_or_else(out_of_range)?)? - first).num_days())
            }
        }
    }

    /// The place that lies `length` after `from` when the gaps do not count; `None` when it lies behind an open one.
    pub(super) fn reach(&self, from: i64, length: i64, gaps: &[Gap]) -> Option<i64> {
        let mut target = from + length;
        for gap in gaps {
            let begins = self.place(gap.from);
            if begins >= target {
                break;
            }
            target += self.place(gap.to?) - begins;
        }
        Some(target)
    }

    /// The end of a clock whose limit is over at a place; `None` when it lies behind an open gap.
    pub(super) fn end(&self, place: i64, gaps: &[Gap]) -> Result<Option<End>, Refusal> {
        match self.unit {
            Unit::Hours => {
                let at = DateTime::from_timestamp(place, 0).ok_or_else(out_of_range)?;
                let day = in_range(local(at).date())?;
                Ok(Some(End { at, counted: day, day }))
            }
            Unit::BusinessHours => {
                let at = self.calendar.business_at(place).ok_or_else(out_of_range)?;
                let day = local(at).date();
                Ok(Some(End { at, counted: day, day }))
            }
            Unit::WorkingDays => {
                let day = self.table.nth(place).and_then(date).ok_or_else(out_of_range)?;
                Ok(Some(End { at: self.calendar.end_of(day), counted: day, day }))
            }
            Unit::CalendarDays | Unit::Years => {
                let counted = date(place).ok_or_else(out_of_range)?;
                let Some(day) = self.off_rest_days(place, gaps)? else { return Ok(None) };
                Ok(Some(End { at: self.calendar.end_of(day), counted, day }))
            }
        }
    }

    /// The first moment of the unit that ends at a place: when it is time to say that so much is left.
    pub(super) fn unit_begins(&self, place: i64) -> Option<DateTime<Utc>> {
        match self.unit {
            Unit::Hours => DateTime::from_timestamp(place, 0),
            Unit::BusinessHours => self.calendar.business_at(place),
            Unit::CalendarDays | Unit::Years => date(place).map(start_of),
            Unit::WorkingDays => self.table.nth(place).and_then(date).map(start_of),
        }
    }

    /// Whether the unit is a day or longer.
    pub(super) fn in_days(&self) -> bool {
        matches!(self.unit, Unit::CalendarDays | Unit::WorkingDays | Unit::Years)
    }

    /// The years whose packs the end depends on.
    pub(super) fn years_without_pack(&self, start: DateTime<Utc>, end: &End) -> Vec<i32> {
        match self.unit {
            Unit::Hours => Vec::new(),
            Unit::BusinessHours | Unit::WorkingDays => {
                self.calendar.years_without_pack(local(start).date(), end.day)
            }
            Unit::CalendarDays | Unit::Years => self.calendar.years_without_pack(end.counted, end.day),
        }
    }

    /// A last day on a rest day moves to the first day after the rest, and so does one that a pause takes out.
    fn off_rest_days(&self, place: i64, gaps: &[Gap]) -> Result<Option<NaiveDate>, Refusal> {
        let mut place = self.table.on_or_after(place).ok_or_else(out_of_range)?;
        let number = |moment| index(local(moment).date());
        for gap in gaps {
            if number(gap.from) >= place {
                break;
            }
            let Some(to) = gap.to.map(number) else { return Ok(None) };
            if place <= to {
                place = self.table.on_or_after(to + 1).ok_or_else(out_of_range)?;
            }
        }
        date(place).map(Some).ok_or_else(out_of_range)
    }
}
