//! Full-width typing made half-width, so that a value typed with a Chinese input method reads the same.

/// Full-width ASCII and the ideographic space as their half-width twins; everything else stays.
pub fn half_width(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '\u{3000}' | '\u{00A0}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Half-width, upper case, without spaces, hyphens and the separators people put between groups.
pub fn compact(value: &str) -> String {
    half_width(value)
        .chars()
        .filter(|c| !c.is_whitespace() && !is_separator(*c))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '-' | '.' | '\u{00B7}' | '\u{2022}' | '\u{2027}' | '\u{30FB}' | '\u{FF65}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{200B}' | '\u{FEFF}'
    )
}
