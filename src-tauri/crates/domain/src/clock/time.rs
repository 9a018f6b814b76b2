//! Moments and days as text, and between the world's time and Shanghai's.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;

use super::workdays::{FIRST, LAST};
use crate::code::Code;
use crate::refusal::Refusal;

/// A moment as RFC 3339 writes it, with its offset.
///
/// # Errors
/// Text that is no such moment, or one outside the years that can be counted.
pub fn moment(text: &str) -> Result<DateTime<Utc>, Refusal> {
    let found = DateTime::parse_from_rfc3339(text)
        .map_err(|_| Refusal::new(Code::ClockTimestamp).with("value", shortened(text)))?
        .to_utc();
    in_range(local(found).date())?;
    Ok(found)
}

/// A day as `2026-09-28`.
///
/// # Errors
/// Text that is no day, or one outside the years that can be counted.
pub fn day(text: &str) -> Result<NaiveDate, Refusal> {
    // The parser would also take a sign or a month of one digit.
    let found = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
    in_range(found.ok_or_else(|| Refusal::new(Code::ClockDate).with("value", shortened(text)))?)
}

/// The moment with Shanghai's offset, as it is shown and written.
pub fn shanghai(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    moment.with_timezone(&Shanghai).fixed_offset()
}

/// The clock on the wall in Shanghai.
pub(super) fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&Shanghai).naive_local()
}

/// The moment at which the clock on the wall in Shanghai shows this. The hour that summer time once left out has
/// none, and is taken as it would have been without summer time.
pub(super) fn at(wall: NaiveDateTime) -> DateTime<Utc> {
    Shanghai
        .from_local_datetime(&wall)
        .earliest()
        .map_or_else(|| wall.and_utc() - TimeDelta::hours(8), |moment| moment.to_utc())
}

/// The last second of a day.
pub(super) fn end_of(day: NaiveDate) -> DateTime<Utc> {
    at(day.and_time(NaiveTime::MIN) + TimeDelta::seconds(86_399))
}

/// The first second of a day.
pub(super) fn start_of(day: NaiveDate) -> DateTime<Utc> {
    at(day.and_time(NaiveTime::MIN))
}

/// Refuses a day that no table reaches.
pub(super) fn in_range(day: NaiveDate) -> Result<NaiveDate, Refusal> {
    if (FIRST..=LAST).contains(&day) { Ok(day) } else { Err(out_of_range().with("date", day)) }
}

/// The refusal of a day that no table reaches; its date may be unknown, when counting ran past the end.
pub(super) fn out_of_range() -> Refusal {
    Refusal::new(Code::ClockDateRange).with("from", FIRST).with("to", LAST).with("date", "—")
}

/// A message repeats what it refuses, but never a page of it.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
