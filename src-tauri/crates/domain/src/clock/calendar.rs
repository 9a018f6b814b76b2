//! All days a clock can count, each worked or not and why.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::branch::Branch;
use super::pack::{CalendarPack, Packs, is_weekend};
use super::time::{at, end_of, local, out_of_range};
use super::words::{WORDS, filled};
use super::workdays::{Workdays, date, index};
use crate::refusal::Refusal;
use crate::text::Text;

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary workday.
    Workday,
    /// A Saturday or Sunday that is worked for a festival, by the notice of this number.
    MakeUp(Text, String),
    /// A Saturday or Sunday.
    Weekend,
    /// A day off of a festival, by the notice of this number.
    Holiday(Text, String),
    /// The branch is closed.
    Closed(Text),
}

impl DayKind {
    /// Whether the day is worked.
    pub fn is_worked(&self) -> bool {
        matches!(self, DayKind::Workday | DayKind::MakeUp(..))
    }

    /// The reason in words.
    pub fn text(&self) -> Text {
        match self {
            DayKind::Workday => WORDS.workday.clone(),
            DayKind::Weekend => WORDS.weekend.clone(),
            DayKind::MakeUp(name, notice) => filled(&WORDS.make_up, &[("notice", notice)], &[("name", name)]),
            DayKind::Holiday(name, notice) => {
                filled(&WORDS.holiday, &[("notice", notice)], &[("name", name)])
            }
            DayKind::Closed(reason) => filled(&WORDS.closed, &[], &[("reason", reason)]),
        }
    }
}

/// The years that have a pack, and one branch's own days and hours. Built once, then only asked.
#[derive(Debug, Clone)]
pub struct Calendar {
    packs: BTreeMap<i32, CalendarPack>,
    branch: Branch,
    /// Workdays by law and notice.
    by_law: Workdays,
    /// Those without the branch's closing days; `None` when it has none.
    of_branch: Option<Workdays>,
    /// Business hours in seconds of the day.
    hours: Vec<(i64, i64)>,
    /// All of them together.
    day_seconds: i64,
}

impl Calendar {
    /// The calendar of a branch; of each year the pack with the highest version counts.
    pub fn new(packs: &Packs, branch: Branch) -> Calendar {
        let years: BTreeMap<i32, CalendarPack> =
            packs.packs.iter().filter_map(|pack| Some((pack.year, packs.year(pack.year)?.clone()))).collect();
        let seconds = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let hours: Vec<(i64, i64)> =
            branch.hours.iter().map(|opening| (seconds(opening.open), seconds(opening.close))).collect();
        let by_law = Workdays::new(|day| by_law(&years, day).is_worked());
        let of_branch = (!branch.closing.is_empty())
            .then(|| Workdays::new(|day| by_law.is_worked(index(day)) && closed(&branch, day).is_none()));
        let day_seconds = hours.iter().map(|(open, close)| close - open).sum();
        Calendar { packs: years, branch, by_law, of_branch, hours, day_seconds }
    }

    /// The shipped packs and no branch of its own.
    pub fn shipped() -> &'static Calendar {
        static SHIPPED: LazyLock<Calendar> =
            LazyLock::new(|| Calendar::new(Packs::shipped(), Branch::default()));
        &SHIPPED
    }

    /// A calendar without any rest day.
    #[cfg(test)]
    pub(super) fn without_rest_days() -> Calendar {
        let always = Workdays::new(|_| true);
        Calendar { by_law: always, ..Calendar::new(&Packs::default(), Branch::default()) }
    }

    /// What a day is for the branch.
    pub fn kind(&self, day: NaiveDate) -> DayKind {
        let kind = by_law(&self.packs, day);
        match closed(&self.branch, day) {
            Some(reason) if kind.is_worked() => DayKind::Closed(reason.clone()),
            _ => kind,
        }
    }

    /// What a day is by law and notice, whatever the branch does.
    pub(super) fn kind_by_law(&self, day: NaiveDate) -> DayKind {
        by_law(&self.packs, day)
    }

    /// Whether the branch works on a day.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        self.workdays(true).is_worked(index(day))
    }

    /// The `count`-th workday after a day, which is not counted itself; the day itself for none.
    ///
    /// # Errors
    /// A count that runs past the last day that can be counted.
    pub fn workday_after(&self, day: NaiveDate, count: u32) -> Result<NaiveDate, Refusal> {
        if count == 0 {
            return Ok(day);
        }
        let table = self.workdays(true);
        table.nth(table.until(index(day)) + i64::from(count)).and_then(date).ok_or_else(out_of_range)
    }

    /// The years from one day to another of which no pack says which days are worked.
    pub fn years_without_pack(&self, first: NaiveDate, last: NaiveDate) -> Vec<i32> {
        (first.year()..=last.year()).filter(|year| !self.packs.contains_key(year)).collect()
    }

    /// The branch.
    pub fn branch(&self) -> &Branch {
        &self.branch
    }

    /// The workdays to count by: with the branch's closing days taken out, or by law alone.
    pub(super) fn workdays(&self, closing_days: bool) -> &Workdays {
        self.of_branch.as_ref().filter(|_| closing_days).unwrap_or(&self.by_law)
    }

    /// The end of a day: the close of business where there are business hours and the day is worked, else 24:00.
    pub(super) fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        match self.hours.last() {
            Some((_, close)) if self.is_workday(day) => at_second(day, *close),
            _ => end_of(day),
        }
    }

    /// Whether the branch has business hours.
    pub(super) fn has_hours(&self) -> bool {
        self.day_seconds > 0
    }

    /// Seconds of business until a moment, since the table begins.
    pub(super) fn business_until(&self, moment: DateTime<Utc>) -> i64 {
        let wall = local(moment);
        let (number, table) = (index(wall.date()), self.workdays(true));
        let whole = table.until(number - 1) * self.day_seconds;
        if !table.is_worked(number) {
            return whole;
        }
        let second = i64::from(wall.time().num_seconds_from_midnight());
        whole + self.hours.iter().map(|(open, close)| (second - open).clamp(0, close - open)).sum::<i64>()
    }

    /// The moment at which that many seconds of business are over.
    pub(super) fn business_at(&self, seconds: i64) -> Option<DateTime<Utc>> {
        let whole = (seconds - 1).div_euclid(self.day_seconds.max(1));
        let day = self.workdays(true).nth(whole + 1).and_then(date)?;
        let mut rest = seconds - whole * self.day_seconds;
        for (open, close) in &self.hours {
            if rest <= close - open {
                return Some(at_second(day, open + rest));
            }
            rest -= close - open;
        }
        None
    }
}

/// A second of a day in Shanghai.
fn at_second(day: NaiveDate, second: i64) -> DateTime<Utc> {
    at(day.and_time(NaiveTime::MIN) + chrono::TimeDelta::seconds(second))
}

fn by_law(packs: &BTreeMap<i32, CalendarPack>, day: NaiveDate) -> DayKind {
    let pack = packs.get(&day.year());
    if let Some(work) = pack.and_then(|pack| pack.work.iter().find(|work| work.date == day)) {
        return DayKind::MakeUp(work.name.clone(), work.notice.clone());
    }
    let rest = pack.and_then(|pack| pack.rest.iter().find(|rest| rest.from <= day && day <= rest.to));
    match rest {
        Some(rest) => DayKind::Holiday(rest.name.clone(), rest.notice.clone()),
        None if is_weekend(day) => DayKind::Weekend,
        None => DayKind::Workday,
    }
}

fn closed(branch: &Branch, day: NaiveDate) -> Option<&Text> {
    branch
        .closing
        .iter()
        .find(|closing| closing.from <= day && day <= closing.to)
        .map(|closing| &closing.reason)
}
