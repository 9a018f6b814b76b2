//! Vehicle identification numbers, GB 16735-2019 (after ISO 3779): seventeen characters without I, O, Q.
//!
//! The ninth character is a check digit that GB 16735 makes mandatory for vehicles made in China, whose world
//! manufacturer identifier begins with L: there it decides. ISO 3779 leaves it to the region, and European makers put
//! a filler there, so for any other first letter a mismatch only warns.

use super::{Checked, first_stranger};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

pub(super) fn check(value: &str) -> Result<Checked, Refusal> {
    let vin = compact(value);
    let length = vin.chars().count();
    if length != 17 {
        return Err(Refusal::new(Code::IdentityVinLength).with("length", length));
    }
    if let Some((position, character)) = first_stranger(&vin, |c| weight_value(c).is_some()) {
        return Err(Refusal::new(Code::IdentityVinCharacter)
            .with("position", position)
            .with("character", character));
    }

    let expected = check_digit(&vin);
    let holds = vin.chars().nth(8) == Some(expected);
    let made_in_china = vin.starts_with('L');
    let mut checked = Checked::plain(vin);
    match (holds, made_in_china) {
        (true, _) => Ok(checked),
        (false, true) => Err(Refusal::new(Code::IdentityVinCheckDigit).with("expected", expected)),
        (false, false) => {
            checked.warnings.push(Refusal::new(Code::IdentityVinCheckDigitAbroad).with("expected", expected));
            Ok(checked)
        }
    }
}

fn check_digit(vin: &str) -> char {
    let sum: u32 = vin.chars().zip(WEIGHTS).map(|(c, weight)| weight_value(c).unwrap_or(0) * weight).sum();
    char::from_digit(sum % 11, 10).unwrap_or('X')
}

/// The letters' values of GB 16735 table 2: A to H, J to R and S to Z count up separately; I, O, Q have none.
fn weight_value(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(u32::from(c) - u32::from('A') + 1),
        'J'..='N' => Some(u32::from(c) - u32::from('J') + 1),
        'P' => Some(7),
        'R' => Some(9),
        'S'..='Z' => Some(u32::from(c) - u32::from('S') + 2),
        _ => None,
    }
}
