//! Unified social credit codes, GB 32100-2015: department, kind, six digits of region, nine characters of organisation
//! code (GB 11714-1997), one check character.
//!
//! The check character decides. The organisation code's own check digit only warns: codes were issued in which it does
//! not hold, and the authority kept them.

use super::{Checked, first_stranger};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

/// Digits and letters without I, O, S, V, Z; a character's value is its place.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

pub(super) fn check(value: &str) -> Result<Checked, Refusal> {
    let code = compact(value);
    let length = code.chars().count();
    if length != 18 {
        return Err(Refusal::new(Code::IdentityUsccLength).with("length", length));
    }
    if let Some((position, character)) = first_stranger(&code, |c| ALPHABET.contains(c)) {
        return Err(Refusal::new(Code::IdentityUsccCharacter)
            .with("position", position)
            .with("character", character));
    }

    let expected = check_character(&code);
    if code.chars().last() != expected {
        return Err(
            Refusal::new(Code::IdentityUsccCheckCharacter).with("expected", expected.unwrap_or_default())
        );
    }

    let organisation = organisation_check(&code);
    let mut checked = Checked::plain(code);
    if checked.normalized.chars().nth(16) != Some(organisation) {
        checked.warnings.push(Refusal::new(Code::IdentityUsccOrganisation).with("expected", organisation));
    }
    Ok(checked)
}

fn check_character(code: &str) -> Option<char> {
    let sum: usize =
        code.chars().zip(WEIGHTS).map(|(c, weight)| ALPHABET.find(c).unwrap_or(0) * weight).sum();
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

/// GB 11714: characters 9 to 16 weigh into the ninth character of the organisation code, which is the 17th here.
fn organisation_check(code: &str) -> char {
    let sum: u32 = code
        .chars()
        .skip(8)
        .zip(ORGANISATION_WEIGHTS)
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}
