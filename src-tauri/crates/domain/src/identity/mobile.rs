//! Mobile telephone numbers: eleven digits of the mainland, or Hong Kong, Macao and Taiwan with their country code.
//!
//! Only the shape decides. Landlines are refused, because progress notices are sent as short messages.

use super::Checked;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

pub(super) fn check(value: &str) -> Result<Checked, Refusal> {
    let number: String = compact(value).chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let international = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    let digits = international.unwrap_or(&number);
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Refusal::new(Code::IdentityMobileFormat));
    }

    let normalized = match international {
        Some(rest) => abroad(rest),
        None => mainland(digits).or_else(|| mainland(digits.strip_prefix("86")?)),
    };
    match normalized {
        Some(normalized) => Ok(Checked::plain(normalized)),
        None if international.is_some_and(|rest| !known_country(rest)) => {
            Err(Refusal::new(Code::IdentityMobileCountry))
        }
        None => Err(Refusal::new(Code::IdentityMobileFormat)),
    }
}

fn known_country(digits: &str) -> bool {
    ["86", "852", "853", "886"].iter().any(|code| digits.starts_with(code))
}

fn abroad(digits: &str) -> Option<String> {
    if let Some(rest) = digits.strip_prefix("852") {
        return subscriber("+852", rest, 8, "456789");
    }
    if let Some(rest) = digits.strip_prefix("853") {
        return subscriber("+853", rest, 8, "6");
    }
    if let Some(rest) = digits.strip_prefix("886") {
        return subscriber("+886", rest.strip_prefix('0').unwrap_or(rest), 9, "9");
    }
    mainland(digits.strip_prefix("86")?)
}

fn subscriber(country: &str, digits: &str, length: usize, first: &str) -> Option<String> {
    let starts_right = digits.chars().next().is_some_and(|c| first.contains(c));
    (digits.len() == length && starts_right).then(|| format!("{country}{digits}"))
}

fn mainland(digits: &str) -> Option<String> {
    let mut characters = digits.chars();
    let starts_right =
        characters.next() == Some('1') && characters.next().is_some_and(|c| ('3'..='9').contains(&c));
    (digits.len() == 11 && starts_right).then(|| digits.to_owned())
}
