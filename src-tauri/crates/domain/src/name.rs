//! Rules of names of people and organisations.
//!
//! Every character of GB 18030-2022 level 3 is a name character, rare ones such as 𠮷, 䶮 and 㛃 included; so are Latin
//! letters, middle dots, and whatever else people have on their papers. Markup and SQL are text. Refused are only
//! characters that cannot be printed on a notice: controls, emoji, private-use characters of old systems.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::code::Code;
use crate::refusal::Refusal;
use crate::text_rules::refuse_invisible;

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 100;

/// Whether a party is a person or an organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum PartyKind {
    /// A natural person.
    #[default]
    Person,
    /// A firm, authority, school, hospital.
    Organisation,
}

/// A name in its one written form: ends trimmed, runs of spaces made one, every middle dot `·` (U+00B7), and in a
/// person's name no space between Chinese characters ("张 三" is how 张三 is typed to fill a form).
pub fn check_name(kind: PartyKind, value: &str) -> Result<String, Refusal> {
    let trimmed = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}'));
    if trimmed.is_empty() {
        return Err(Refusal::new(Code::IdentityEmpty));
    }
    refuse_invisible(trimmed, |_| false)?;
    if let Some((index, c)) = trimmed.chars().enumerate().find(|(_, c)| is_pictograph(*c)) {
        return Err(Refusal::new(Code::IdentityNameEmoji)
            .with("position", index + 1)
            .with("character", format!("U+{:04X}", u32::from(c))));
    }
    if let Some((index, c)) = trimmed.chars().enumerate().find(|(_, c)| is_private_use(*c)) {
        return Err(Refusal::new(Code::IdentityNamePrivateUse)
            .with("position", index + 1)
            .with("character", format!("U+{:04X}", u32::from(c))));
    }

    let name = joined(kind, trimmed);
    let length = name.chars().count();
    if length > NAME_LIMIT {
        return Err(Refusal::new(Code::IdentityNameTooLong).with("limit", NAME_LIMIT).with("length", length));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Refusal::new(Code::IdentityNameNoLetter));
    }
    Ok(name)
}

fn joined(kind: PartyKind, name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let c = if is_middle_dot(c) { '·' } else { c };
        let before = out.chars().last();
        // A full stop between Chinese characters is a middle dot typed on the wrong key.
        let c = match (kind, c, before) {
            (PartyKind::Person, '.' | '．', Some(previous)) if is_han(previous) => '·',
            _ => c,
        };
        let tight = c == '·'
            || before == Some('·')
            || (kind == PartyKind::Person && is_han(c) && before.is_some_and(is_han));
        if gap && !tight {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

fn is_middle_dot(c: char) -> bool {
    matches!(
        c,
        '\u{00B7}'
            | '\u{0387}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{2E31}'
            | '\u{30FB}'
            | '\u{FF65}'
    )
}

/// Unified ideographs with all extensions, compatibility ideographs, and 〇 and 々.
pub fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{323AF}'
            | '〇'
            | '々'
    )
}

fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Emoji and what glues them: pictographs, dingbats, keycaps, flags, skin tones, joiners, variation selectors 15 and 16.
/// Variation selectors 17 up choose the form of an ideograph and stay.
fn is_pictograph(c: char) -> bool {
    matches!(
        c,
        '\u{1F000}'..='\u{1FAFF}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{2B00}'..='\u{2BFF}'
            | '\u{2300}'..='\u{23FF}'
            | '\u{FE0E}'
            | '\u{FE0F}'
            | '\u{200D}'
            | '\u{20E3}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests;
