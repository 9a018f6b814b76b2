//! Bank card numbers, ISO/IEC 7812-1: 12 to 19 digits whose Luhn sum decides.

use super::{Checked, first_stranger};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

pub(super) fn check(value: &str) -> Result<Checked, Refusal> {
    let number = compact(value);
    if let Some((position, character)) = first_stranger(&number, |c| c.is_ascii_digit()) {
        return Err(Refusal::new(Code::IdentityBankcardCharacter)
            .with("position", position)
            .with("character", character));
    }
    if !(12..=19).contains(&number.len()) {
        return Err(Refusal::new(Code::IdentityBankcardLength).with("length", number.len()));
    }
    // Twelve zeros satisfy Luhn and are what people type to get past a field.
    if !luhn(&number) || number.chars().all(|c| c == '0') {
        return Err(Refusal::new(Code::IdentityBankcardLuhn));
    }
    Ok(Checked::plain(number))
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}
