//! From characters to glyphs with widths, and the report of what no face can draw.

use crate::MissingGlyph;
use crate::fonts::{Drawn, Face, Fonts, GETA};

/// How a character behaves in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A blank that may be stretched and vanishes at a line's end.
    Blank,
    /// Letters and digits of alphabetic scripts.
    Latin,
    /// An ideograph or any other full-width character.
    Han,
    /// A full-width opening mark: its left half is empty.
    Open,
    /// A full-width closing mark or stop: its right half is empty.
    Close,
}

/// One character, ready to be placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) character: char,
    pub(crate) drawn: Drawn,
    pub(crate) class: Class,
}

/// Turns text into glyphs and remembers what was missing and where.
#[derive(Debug)]
pub(crate) struct Shaper<'a> {
    fonts: &'a Fonts,
    place: String,
    pub(crate) missing: Vec<MissingGlyph>,
}

impl<'a> Shaper<'a> {
    pub(crate) const fn new(fonts: &'a Fonts) -> Shaper<'a> {
        Shaper { fonts, place: String::new(), missing: Vec::new() }
    }

    /// Names the part of the document that is set next, for warnings.
    pub(crate) fn at(&mut self, place: impl Into<String>) {
        self.place = place.into();
    }

    /// The glyphs of one paragraph.
    pub(crate) fn shape(&mut self, text: &str, face: Face) -> Vec<Glyph> {
        let mut glyphs = Vec::with_capacity(text.len() / 2);
        for (index, character) in text.chars().enumerate() {
            let wanted = match character {
                '\t' | '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
                other => other,
            };
            if is_invisible(wanted) {
                continue;
            }
            // The geta mark is what the page holds, so it is also what comes back when the text is extracted.
            let (character, drawn) = match self.fonts.draw(face, wanted) {
                Some(drawn) => (wanted, Some(drawn)),
                None => {
                    self.note(character, text, index);
                    (GETA, self.fonts.draw(face, GETA))
                }
            };
            if let Some(drawn) = drawn {
                glyphs.push(Glyph { character, drawn, class: class(character, drawn.width) });
            }
        }
        glyphs
    }

    fn note(&mut self, character: char, text: &str, index: usize) {
        let excerpt = text.chars().skip(index.saturating_sub(8)).take(17).collect();
        let missing = MissingGlyph { character, place: self.place.clone(), excerpt };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }
}

/// Characters that draw nothing by definition: joiners, variation selectors, direction marks.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

fn class(character: char, width: i32) -> Class {
    let full = width >= 900;
    match character {
        ' ' | '\u{3000}' => Class::Blank,
        '（' | '【' | '《' | '「' | '『' | '〈' | '〔' | '“' | '‘' | '［' | '｛' if full => {
            Class::Open
        }
        '）' | '】' | '》' | '」' | '』' | '〉' | '〕' | '”' | '’' | '］' | '｝' | '，' | '。' | '、'
        | '；' | '：' | '！' | '？' | '．'
            if full =>
        {
            Class::Close
        }
        // A wide Latin letter, such as m, is still a letter.
        _ if is_han(character) || (full && character >= '\u{2000}') => Class::Han,
        _ => Class::Latin,
    }
}

const fn is_han(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
