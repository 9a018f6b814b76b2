//! Values as core systems write them: dates in many shapes, numbers of a spreadsheet, words for a closed choice.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::width::half_width;

/// A spreadsheet's number as people see it: fifteen significant digits, no exponent, no needless zeros.
///
/// A spreadsheet keeps binary fractions, so the result of a formula may be 0.30000000000000004 where it shows 0.3.
pub(super) fn number_text(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let text = rounded.to_string();
    if text == "-0" { "0".to_owned() } else { text }
}

/// A date in any shape that core systems export: 2026-03-08, 2026/3/8, 2026.3.8, 2026年3月8日, 20260308, with or
/// without a time, or a spreadsheet's day number.
pub(super) fn parse_date(value: &str) -> Option<NaiveDate> {
    let text = half_width(value);
    let text = text.trim();
    if text.chars().all(|c| c.is_ascii_digit()) {
        return match text.len() {
            8 => NaiveDate::from_ymd_opt(
                text.get(..4)?.parse().ok()?,
                text.get(4..6)?.parse().ok()?,
                text.get(6..)?.parse().ok()?,
            ),
            5 => day_number(text.parse().ok()?),
            _ => None,
        };
    }
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let day = day.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
    };
    if !digits(year, 4..=4) || !digits(month, 1..=2) || !digits(day, 1..=2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Days since the spreadsheet's beginning; 60 is its 29 February 1900, which never was, so days after it count from
/// one day earlier. Only 1927 to 2119 are taken, so that no other number passes for a date.
fn day_number(number: u64) -> Option<NaiveDate> {
    let beginning = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    (10_000..80_000).contains(&number).then(|| beginning.checked_add_days(Days::new(number))).flatten()
}

/// A word or heading made comparable: half-width, lower case, without spaces, marks and units in brackets.
pub(super) fn folded(text: &str) -> String {
    let text = half_width(text).to_lowercase();
    let mut depth = 0usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => depth = depth.saturating_sub(1),
                _ => {
                    return depth == 0
                        && !c.is_whitespace()
                        && !matches!(c, '*' | ':' | '_' | '-' | '"' | '.');
                }
            }
            false
        })
        .collect()
}

/// The key of a closed choice that a word stands for.
pub(super) fn choice<'a>(choices: &'a BTreeMap<String, Vec<String>>, word: &str) -> Option<&'a str> {
    let word = folded(word);
    choices
        .iter()
        .find(|(key, words)| folded(key) == word || words.iter().any(|known| folded(known) == word))
        .map(|(key, _)| key.as_str())
}
