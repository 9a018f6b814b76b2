//! Rules of ages and of standing in for others.

use chrono::{Datelike, NaiveDate};

use crate::code::Code;
use crate::refusal::Refusal;

/// Below this age personal information is sensitive and needs a guardian's consent (PIPL 28 and 31).
pub const CONSENT_AGE: u32 = 14;

/// The age of full capacity (Civil Code 17 and 18).
pub const FULL_AGE: u32 = 18;

/// Completed years on a day; nothing when the day lies before the birth.
///
/// A year is completed on the day of the same date; where the month has none (born on 29 February), on its last day
/// (Civil Code 202).
pub fn age_at(birth: NaiveDate, on: NaiveDate) -> Option<u32> {
    let years = u32::try_from(on.year() - birth.year()).ok()?;
    let birthday = birth.with_year(on.year()).or_else(|| NaiveDate::from_ymd_opt(on.year(), 2, 28))?;
    if on >= birthday { Some(years) } else { years.checked_sub(1) }
}

/// PIPL 31: personal information of someone under fourteen is handled only with a parent's or guardian's consent.
/// `consented` is whether a consent is on file; the refusal names the age.
pub fn check_guardian_consent(birth: NaiveDate, today: NaiveDate, consented: bool) -> Result<(), Refusal> {
    match age_at(birth, today) {
        Some(age) if age < CONSENT_AGE && !consented => {
            Err(Refusal::new(Code::PartyGuardianConsentMissing).with("age", age))
        }
        _ => Ok(()),
    }
}

/// A date as forms write it: `YYYY-MM-DD`, full-width typing included.
pub fn parse_date(value: &str) -> Result<NaiveDate, Refusal> {
    let text = crate::width::half_width(value);
    let text = text.trim();
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| date.to_string() == text)
        .ok_or_else(|| Refusal::new(Code::PartyDate).with("value", text.chars().take(40).collect::<String>()))
}

#[cfg(test)]
mod tests;
