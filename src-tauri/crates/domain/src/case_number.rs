//! Case numbers: `BRANCH-YY-DEVC-NNNNNN-C`, final at once and offline (000-07, 002-04).
//!
//! Branch code, two-digit year, device code, six-digit counter, and a check character by ISO 7064 MOD 37,36 over all
//! before it. Two desks never give the same number, because each has its own device code. The check finds every single
//! wrong character and 99.8 % of the swaps of neighbours: the standard's hybrid system misses 72 of 45,360.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use specta::Type;

use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

/// The characters of a device code: Crockford's, without I, L, O, U, which are mistaken for others.
pub const DEVICE_ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The highest counter of one device in one year.
pub const COUNTER_LIMIT: u32 = 999_999;

const DEVICE_LENGTH: usize = 4;
const COUNTER_LENGTH: usize = 6;

/// The number of a claim or complaint. Equal only when every part is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Type)]
#[specta(type = String)]
pub struct CaseNumber {
    branch: String,
    year: u8,
    device: String,
    counter: u32,
}

impl CaseNumber {
    /// Builds a number. The year may be written with four digits (2026) or two (26).
    pub fn new(branch: &str, year: i32, device: &str, counter: u32) -> Result<CaseNumber, Refusal> {
        let branch = check_branch_code(branch)?;
        let device = check_device_code(device)?;
        let year = match year {
            0..=99 => year,
            2000..=2099 => year - 2000,
            _ => return Err(Refusal::new(Code::IdentityCaseNumberYear).with("year", year)),
        };
        if !(1..=COUNTER_LIMIT).contains(&counter) {
            return Err(Refusal::new(Code::IdentityCaseNumberCounter).with("limit", COUNTER_LIMIT));
        }
        Ok(CaseNumber { branch, year: u8::try_from(year).unwrap_or_default(), device, counter })
    }

    /// The branch that opened the case.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// The last two digits of the year the case was opened in.
    pub fn year(&self) -> u8 {
        self.year
    }

    /// The device that gave the number.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// The running number of the device in the year.
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// The check character over the other parts.
    pub fn check_character(&self) -> char {
        check_character(&self.payload())
    }

    fn payload(&self) -> String {
        format!("{}{:02}{}{:06}", self.branch, self.year, self.device, self.counter)
    }
}

/// A branch code in its written form: two to eight of A to Z and 0 to 9.
pub fn check_branch_code(value: &str) -> Result<String, Refusal> {
    let code = compact(value);
    if (2..=8).contains(&code.len()) && code.chars().all(is_code_character) {
        Ok(code)
    } else {
        Err(Refusal::new(Code::IdentityBranchCode))
    }
}

/// A device code in its written form: four characters of [`DEVICE_ALPHABET`].
pub fn check_device_code(value: &str) -> Result<String, Refusal> {
    let code = compact(value);
    if code.len() == DEVICE_LENGTH && code.chars().all(|c| DEVICE_ALPHABET.contains(c)) {
        Ok(code)
    } else {
        Err(Refusal::new(Code::IdentityDeviceCode))
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}-{:02}-{}-{:06}-{}",
            self.branch,
            self.year,
            self.device,
            self.counter,
            self.check_character()
        )
    }
}

impl FromStr for CaseNumber {
    type Err = Refusal;

    /// Reads what people type: lower case, full-width, spaces and hyphens anywhere. The parts are told apart from
    /// the right, since only the branch code varies in length.
    fn from_str(value: &str) -> Result<Self, Refusal> {
        let format = || Refusal::new(Code::IdentityCaseNumberFormat);
        let text = compact(value);
        if !text.chars().all(is_code_character) {
            return Err(format());
        }
        let mut rest = text.as_str();
        let mut take = |length: usize| -> Option<String> {
            let (head, tail) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
            rest = head;
            Some(tail.to_owned())
        };
        let check = take(1).ok_or_else(format)?;
        let counter = take(COUNTER_LENGTH).ok_or_else(format)?;
        let device = take(DEVICE_LENGTH).ok_or_else(format)?;
        let year = take(2).ok_or_else(format)?;
        let branch = rest.to_owned();

        let payload = format!("{branch}{year}{device}{counter}");
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if !digits(&counter) || !digits(&year) {
            return Err(format());
        }
        if !check.starts_with(check_character(&payload)) {
            return Err(Refusal::new(Code::IdentityCaseNumberCheck));
        }
        let year = year.parse().map_err(|_| format())?;
        let counter = counter.parse().map_err(|_| format())?;
        CaseNumber::new(&branch, year, &device, counter)
    }
}

impl Serialize for CaseNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn is_code_character(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_uppercase()
}

/// ISO 7064 hybrid system MOD 37,36: digits count 0 to 9, letters 10 to 35.
fn check_character(payload: &str) -> char {
    let product = payload.chars().filter_map(|c| c.to_digit(36)).fold(36, |product, value| {
        let sum = (product + value) % 36;
        (if sum == 0 { 36 } else { sum }) * 2 % 37
    });
    let value = (37 - product) % 36;
    char::from_digit(value, 36).map_or('0', |c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;
