//! Which days are worked, as a table that answers "how many until" and "which is the n-th" at once.

use chrono::{Datelike as _, NaiveDate};

/// The first day that can be counted.
pub(super) const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1980, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The last day that can be counted.
pub(super) const LAST: NaiveDate = match NaiveDate::from_ymd_opt(2199, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The number of a day; day 0 is [`FIRST`].
pub(super) fn index(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - i64::from(FIRST.num_days_from_ce())
}

/// The day of a number, when it can be counted.
pub(super) fn date(index: i64) -> Option<NaiveDate> {
    let days = u64::try_from(index).ok()?;
    FIRST.checked_add_days(chrono::Days::new(days)).filter(|day| *day <= LAST)
}

/// Prefix sums over all countable days: built once, asked millions of times.
#[derive(Debug, Clone)]
pub(super) struct Workdays {
    /// Workdays up to and including each day.
    until: Vec<u32>,
    /// The day number of each workday.
    days: Vec<u32>,
}

impl Workdays {
    /// Asks for each day once.
    pub(super) fn new(mut worked: impl FnMut(NaiveDate) -> bool) -> Workdays {
        let (mut until, mut days) = (Vec::new(), Vec::new());
        let mut count = 0;
        for (number, day) in (0_u32..).zip(FIRST.iter_days().take_while(|day| *day <= LAST)) {
            if worked(day) {
                count += 1;
                days.push(number);
            }
            until.push(count);
        }
        Workdays { until, days }
    }

    /// Workdays up to and including the day with this number.
    pub(super) fn until(&self, index: i64) -> i64 {
        let last = || self.until.last().copied().unwrap_or_default();
        usize::try_from(index).map_or(0, |index| self.until.get(index).copied().unwrap_or_else(last)).into()
    }

    /// The day number of the n-th workday, counted from 1.
    pub(super) fn nth(&self, n: i64) -> Option<i64> {
        let place = usize::try_from(n.checked_sub(1)?).ok()?;
        self.days.get(place).copied().map(i64::from)
    }

    /// Whether the day with this number is worked.
    pub(super) fn is_worked(&self, index: i64) -> bool {
        self.until(index) > self.until(index - 1)
    }

    /// The first workday on or after the day with this number.
    pub(super) fn on_or_after(&self, index: i64) -> Option<i64> {
        self.nth(self.until(index - 1) + 1)
    }
}
