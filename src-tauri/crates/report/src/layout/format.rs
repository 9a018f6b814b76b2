//! How values become text: money and dates. The words come from `common.json`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use domain::Language;
use rust_decimal::Decimal;

use super::Common;

/// Thousands separated, two decimals; text that is no amount, such as a rate, stays as it is.
pub fn money(amount: &str) -> String {
    amount.parse::<Decimal>().map_or_else(|_| amount.to_owned(), domain::money::grouped)
}

/// The amount in capital numerals.
pub fn capitals(amount: &str, language: Language) -> String {
    amount
        .parse::<Decimal>()
        .map_or_else(|_| amount.to_owned(), |amount| domain::money::capitals_in(amount, language))
}

/// Time of the desk: every branch is in China.
fn shanghai(text: &str) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(8 * 3600)?;
    Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&offset))
}

fn pattern(common: &Common, date: NaiveDate, language: Language) -> String {
    let month = common.months.get(date.month0() as usize).map_or("", |name| name.get(language));
    common
        .date
        .get(language)
        .replace("{y}", &date.year().to_string())
        .replace("{month}", month)
        .replace("{m}", &date.month().to_string())
        .replace("{d}", &date.day().to_string())
}

/// A date, or the date of a time, in the language's way; other text stays as it is.
pub fn date(common: &Common, text: &str, language: Language) -> String {
    let day =
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().or_else(|| shanghai(text).map(|at| at.date_naive()));
    day.map_or_else(|| text.to_owned(), |day| pattern(common, day, language))
}

/// Date and time of day; a date alone stays a date.
pub fn date_time(common: &Common, text: &str, language: Language) -> String {
    match shanghai(text) {
        Some(at) => common
            .datetime
            .get(language)
            .replace("{date}", &pattern(common, at.date_naive(), language))
            .replace("{h}", &format!("{:02}", at.hour()))
            .replace("{min}", &format!("{:02}", at.minute())),
        None => date(common, text, language),
    }
}
