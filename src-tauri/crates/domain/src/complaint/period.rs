//! The days a summary counts, and the days it is compared with.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::code::Code;
use crate::refusal::Refusal;

/// Days from one to another, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// More years than anybody compares.
    const MOST_DAYS: i64 = 3_660;

    /// Reads two days, YYYY-MM-DD.
    ///
    /// # Errors
    /// [`Code::ComplaintPeriod`] for what is no day, an end before the start, more than ten years.
    pub fn parse(from: &str, to: &str) -> Result<Period, Refusal> {
        let refusal = || Refusal::new(Code::ComplaintPeriod).with("from", from).with("to", to);
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| refusal());
        let period = Period { from: day(from)?, to: day(to)? };
        let known = |year: i32| (2000..=2100).contains(&year);
        let length = (period.to - period.from).num_days();
        if (0..Self::MOST_DAYS).contains(&length) && known(period.from.year()) && known(period.to.year()) {
            return Ok(period);
        }
        Err(refusal())
    }

    /// The period just before it, equally long: months before whole months, days before days.
    pub fn before(self) -> Option<Period> {
        let to = self.from.pred_opt()?;
        if let Some(months) = self.whole_months() {
            return Some(Period { from: self.from.checked_sub_months(Months::new(months))?, to });
        }
        let days = u64::try_from((self.to - self.from).num_days()).ok()?;
        Some(Period { from: to.checked_sub_days(Days::new(days))?, to })
    }

    /// The same days of the year before; a month's end stays a month's end.
    pub fn year_earlier(self) -> Option<Period> {
        let year = Months::new(12);
        let from = self.from.checked_sub_months(year)?;
        // The day after the last, a year earlier: so February ends with the 29th where there is one.
        let to = match self.whole_months() {
            Some(_) => self.to.succ_opt()?.checked_sub_months(year)?.pred_opt()?,
            None => self.to.checked_sub_months(year)?,
        };
        Some(Period { from, to })
    }

    /// How many calendar months it is, when it begins with a month's first day and ends with a month's last.
    fn whole_months(self) -> Option<u32> {
        let after = self.to.succ_opt()?;
        if self.from.day() != 1 || after.day() != 1 {
            return None;
        }
        let months = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or_default();
        u32::try_from(months(after) - months(self.from)).ok()
    }

    /// The first days of its parts, for a line over time: days of up to a month, weeks of up to a quarter, else months.
    pub fn parts(self) -> Vec<NaiveDate> {
        let length = (self.to - self.from).num_days();
        let next = |day: NaiveDate| match length {
            0..=30 => day.succ_opt(),
            31..=99 => day.checked_add_days(Days::new(7)),
            _ => day.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))),
        };
        std::iter::successors(Some(self.from), |day| next(*day)).take_while(|day| *day <= self.to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::parse(from, to).unwrap()
    }

    #[test]
    fn whole_months_are_compared_with_whole_months_and_days_with_days() {
        let quarter = period("2026-07-01", "2026-09-30");
        assert_eq!(quarter.before(), Some(period("2026-04-01", "2026-06-30")));
        assert_eq!(quarter.year_earlier(), Some(period("2025-07-01", "2025-09-30")));
        assert_eq!(period("2026-03-01", "2026-03-31").before(), Some(period("2026-02-01", "2026-02-28")));
        assert_eq!(
            period("2025-02-01", "2025-02-28").year_earlier(),
            Some(period("2024-02-01", "2024-02-29")),
            "the whole of February"
        );
        assert_eq!(period("2026-01-01", "2026-12-31").before(), Some(period("2025-01-01", "2025-12-31")));
        assert_eq!(period("2026-11-23", "2026-11-29").before(), Some(period("2026-11-16", "2026-11-22")));
        assert_eq!(period("2026-11-25", "2026-11-25").before(), Some(period("2026-11-24", "2026-11-24")));
        assert_eq!(
            period("2024-02-29", "2024-03-01").year_earlier(),
            Some(period("2023-02-28", "2023-03-01"))
        );
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for (from, to) in [
            ("2026-09-30", "2026-07-01"),
            ("2026-02-30", "2026-03-01"),
            ("yesterday", "2026-03-01"),
            ("1026-01-01", "1026-02-01"),
            ("2010-01-01", "2026-01-01"),
        ] {
            assert_eq!(Period::parse(from, to).unwrap_err().code, Code::ComplaintPeriod, "{from} to {to}");
        }
    }

    #[test]
    fn a_line_over_time_has_few_enough_points() {
        assert_eq!(period("2026-11-01", "2026-11-30").parts().len(), 30);
        assert_eq!(period("2026-07-01", "2026-09-30").parts().len(), 14);
        let year = period("2026-01-15", "2026-12-31").parts();
        assert_eq!((year.len(), year[1]), (12, NaiveDate::from_ymd_opt(2026, 2, 1).unwrap()));
    }
}
