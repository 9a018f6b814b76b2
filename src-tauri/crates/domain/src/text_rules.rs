//! Rules of free text: stories, remarks, addresses. Text is kept as it is typed, HTML and SQL included; only what no
//! screen and no print can show is refused.

use crate::code::Code;
use crate::refusal::Refusal;

/// The longest story a customer may tell, in characters.
pub const STORY_LIMIT: usize = 10_000;

/// Free text with line breaks, at most `limit` characters. Line ends become `\n`, a tab becomes a space, and blank
/// ends are dropped. Empty text is fine: whether a field is required is the caller's rule.
pub fn check_text(value: &str, limit: usize) -> Result<String, Refusal> {
    let text = value.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    refuse_invisible(&text, |c| c == '\n')?;
    limited(text.trim(), limit)
}

/// One line of text: as [`check_text`], with line breaks refused.
pub fn check_line(value: &str, limit: usize) -> Result<String, Refusal> {
    let text = value.replace('\t', " ");
    let text = text.trim();
    refuse_invisible(text, |_| false)?;
    limited(text, limit)
}

fn limited(text: &str, limit: usize) -> Result<String, Refusal> {
    let length = text.chars().count();
    if length > limit {
        return Err(Refusal::new(Code::IdentityTextTooLong).with("limit", limit).with("length", length));
    }
    Ok(text.to_owned())
}

/// Refuses control characters and those that reverse the reading direction, naming the first one's place from one.
pub(crate) fn refuse_invisible(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), Refusal> {
    let found = text
        .chars()
        .enumerate()
        .find(|(_, c)| (c.is_control() || is_direction_override(*c) || is_noncharacter(*c)) && !allowed(*c));
    match found {
        Some((index, c)) => Err(Refusal::new(Code::IdentityTextControl)
            .with("position", index + 1)
            .with("character", format!("U+{:04X}", u32::from(c)))),
        None => Ok(()),
    }
}

/// These make a text read differently from how it is stored ("Trojan source").
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\u{FFFD}') || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests;
