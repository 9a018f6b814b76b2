//! The desk's clock, passed in so that tests decide what time it is.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;

/// Tells the time at the branch.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// A moment as it is recorded: Shanghai's offset, whatever the computer's setting.
pub(crate) fn local(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    moment.with_timezone(&Shanghai).fixed_offset()
}

/// The day in Shanghai.
pub(crate) fn day(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Shanghai).date_naive()
}

/// The day in Shanghai of a recorded moment or date; `None` when it is neither.
pub(crate) fn day_of(text: &str) -> Option<NaiveDate> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| day(moment.to_utc()))
        .ok()
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
}

/// The day at the branch by a clock, for what needs no profile.
pub fn today(clock: &dyn Clock) -> NaiveDate {
    day(clock.now())
}
