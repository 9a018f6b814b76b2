//! Resident identity card numbers, GB 11643-1999: six digits of region, eight of birth, three of order, one check
//! character.
//!
//! The check character and the birth date decide. An unknown region only warns: administrative codes are abolished
//! and created every year and an old card stays valid. Only the two digits of the province are compared, for the
//! same reason; 81, 82 and 83 stand on residence permits of Hong Kong, Macao and Taiwan residents.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Checked, first_stranger};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];
const FIRST_YEAR: i32 = 1900;

/// Sex as the order digits of a resident ID state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Odd order number.
    Male,
    /// Even order number.
    Female,
}

/// What a valid resident ID says about its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResidentIdFacts {
    /// Date of birth.
    pub birth: NaiveDate,
    /// Sex.
    pub sex: Sex,
}

/// Birth and sex from a resident ID; nothing unless its check character holds.
pub fn resident_id_facts(value: &str) -> Option<ResidentIdFacts> {
    let number = compact(value);
    if !has_shape(&number) || number.chars().last() != check_character(&number) {
        return None;
    }
    let birth = birth_date(&number)?;
    let order = number.chars().nth(16)?.to_digit(10)?;
    Some(ResidentIdFacts { birth, sex: if order % 2 == 1 { Sex::Male } else { Sex::Female } })
}

pub(super) fn check(value: &str, today: NaiveDate) -> Result<Checked, Refusal> {
    let number = compact(value);
    let length = number.chars().count();
    if length == 15 && number.chars().all(|c| c.is_ascii_digit()) {
        return Err(Refusal::new(Code::IdentityIdFifteenDigits));
    }
    if let Some((position, character)) =
        first_stranger(&number, |c| c.is_ascii_digit() || c == 'X').filter(|_| length == 18)
    {
        return Err(Refusal::new(Code::IdentityIdCharacter)
            .with("position", position)
            .with("character", character));
    }
    if length != 18 {
        return Err(Refusal::new(Code::IdentityIdLength).with("length", length));
    }
    if !has_shape(&number) {
        let position = number.find('X').map_or(1, |index| index + 1);
        return Err(Refusal::new(Code::IdentityIdCharacter)
            .with("position", position)
            .with("character", 'X'));
    }

    let digits = number.get(6..14).unwrap_or_default();
    let birth = birth_date(&number)
        .filter(|date| date.year() >= FIRST_YEAR)
        .ok_or_else(|| Refusal::new(Code::IdentityIdBirthDate).with("digits", digits))?;
    if birth > today {
        return Err(Refusal::new(Code::IdentityIdBirthFuture).with("birth", birth));
    }

    let expected = check_character(&number);
    if number.chars().last() != expected {
        return Err(Refusal::new(Code::IdentityIdCheckCharacter).with("expected", expected.unwrap_or('X')));
    }

    let region = number.get(..2).unwrap_or_default().to_owned();
    let mut checked = Checked::plain(number);
    if !PROVINCES.contains(&region.as_str()) {
        checked.warnings.push(Refusal::new(Code::IdentityIdRegion).with("region", region));
    }
    Ok(checked)
}

fn has_shape(number: &str) -> bool {
    number.chars().count() == 18
        && number.chars().take(17).all(|c| c.is_ascii_digit())
        && number.chars().last().is_some_and(|c| c.is_ascii_digit() || c == 'X')
}

fn birth_date(number: &str) -> Option<NaiveDate> {
    let part = |range| number.get(range).and_then(|digits: &str| digits.parse::<u32>().ok());
    NaiveDate::from_ymd_opt(i32::try_from(part(6..10)?).ok()?, part(10..12)?, part(12..14)?)
}

/// ISO 7064 MOD 11-2 over the first seventeen digits.
fn check_character(number: &str) -> Option<char> {
    let sum: u32 = number.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    CHECK_CHARACTERS.get((sum % 11) as usize).copied()
}
