//! Number plates of GA 36-2018: ordinary, new-energy, and the plates that end in 警, 学, 挂, 港, 澳, 领 or 使.
//!
//! The shape decides. Plates of the armed forces and the armed police follow rules that are not public: their shape is
//! accepted with a warning. A plate carries no check character, so a well-shaped wrong plate is not noticed here.

use super::Checked;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::width::compact;

const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
const SUFFIXES: &str = "警学挂领超试";
/// GA 36-2018 with its amendment: D A B C E for battery vehicles, F G H J K for the other new-energy ones.
const NEW_ENERGY: &str = "DABCEFGHJK";

pub(super) fn check(value: &str) -> Result<Checked, Refusal> {
    let plate = compact(value);
    let characters: Vec<char> = plate.chars().collect();
    if is_armed_force(&characters) {
        return Ok(Checked {
            normalized: plate,
            warnings: vec![Refusal::new(Code::IdentityPlateArmedForces)],
        });
    }
    if is_embassy(&characters) {
        return Ok(Checked::plain(plate));
    }

    let [province, office, serial @ ..] = characters.as_slice() else {
        return Err(Refusal::new(Code::IdentityPlateFormat));
    };
    if !PROVINCES.contains(*province) {
        return Err(Refusal::new(Code::IdentityPlateProvince).with("character", province));
    }
    if !office.is_ascii_uppercase() {
        return Err(Refusal::new(Code::IdentityPlateFormat));
    }
    if let Some(letter) = characters.iter().find(|c| matches!(c, 'I' | 'O')) {
        let digit = if *letter == 'I' { '1' } else { '0' };
        return Err(Refusal::new(Code::IdentityPlateLetter).with("letter", letter).with("digit", digit));
    }
    let accepted = match serial {
        [head @ .., '港' | '澳'] => {
            *province == '粤' && *office == 'Z' && head.len() == 4 && all_serial(head)
        }
        [digits @ .., '应', '急'] => {
            matches!(office, 'X' | 'S')
                && (3..=5).contains(&digits.len())
                && digits.iter().all(char::is_ascii_digit)
        }
        [head @ .., suffix] if SUFFIXES.contains(*suffix) => head.len() == 4 && all_serial(head),
        _ if serial.len() == 6 => {
            if !all_serial(serial) || !is_new_energy(serial) {
                return Err(Refusal::new(Code::IdentityPlateNewEnergy));
            }
            true
        }
        _ => serial.len() == 5 && all_serial(serial) && serial.iter().any(char::is_ascii_digit),
    };
    if accepted { Ok(Checked::plain(plate)) } else { Err(Refusal::new(Code::IdentityPlateFormat)) }
}

fn all_serial(characters: &[char]) -> bool {
    characters.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
}

/// Small vehicles carry the energy letter first, where one more letter may follow; large vehicles carry it last.
fn is_new_energy(serial: &[char]) -> bool {
    let digits = |part: &[char]| part.iter().all(char::is_ascii_digit);
    match serial {
        [energy, _, rest @ ..] if NEW_ENERGY.contains(*energy) && digits(rest) => true,
        [rest @ .., energy] => NEW_ENERGY.contains(*energy) && digits(rest),
        [] => false,
    }
}

/// Six digits and 使 (2017 pattern), or 使 and six digits (the older one).
fn is_embassy(characters: &[char]) -> bool {
    let digits = |part: &[char]| part.len() == 6 && part.iter().all(char::is_ascii_digit);
    match characters {
        [rest @ .., '使'] => digits(rest),
        ['使', rest @ ..] => digits(rest),
        _ => false,
    }
}

/// WJ plates of the armed police, and the armed forces' two letters with five digits.
fn is_armed_force(characters: &[char]) -> bool {
    match characters {
        ['W', 'J', rest @ ..] => {
            let number = match rest {
                [province, number @ ..] if PROVINCES.contains(*province) => number,
                number => number,
            };
            (4..=5).contains(&number.len()) && all_serial(number)
        }
        [first, second, number @ ..] => {
            first.is_ascii_uppercase()
                && second.is_ascii_uppercase()
                && number.len() == 5
                && number.iter().all(char::is_ascii_digit)
        }
        _ => false,
    }
}
