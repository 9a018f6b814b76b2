//! The faces of the program, parsed once per process, and which of them draws a character.
//!
//! Body text is 宋体 (Noto Serif SC), headings and labels are 黑体 (Noto Sans SC). Noto SC lacks a few characters of
//! personal names, 𠮷 (U+20BB7) for one; Noto Serif JP has that one, and each Noto SC face has some the other lacks,
//! so every style ends in the other faces before a character counts as missing.

use std::sync::LazyLock;

use printpdf::ParsedFont;

use crate::ReportError;

mod files {
    include!(concat!(env!("OUT_DIR"), "/faces.rs"));

    pub(super) const ALL: [(&str, &[u8]); 3] = [
        ("Noto Serif SC Regular", SONG),
        ("Noto Sans SC Medium", HEI),
        ("Noto Serif JP Regular (rare characters)", RARE),
    ];
}

/// Drawn in place of a character that no face has.
pub const GETA: char = '〓';

/// A face of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    /// 宋体
    Song,
    /// 黑体
    Hei,
    /// Rare characters.
    Rare,
}

impl Face {
    /// The resource name in the file; PDF wants six capitals as the tag of a subset.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Face::Song => "SONGTI",
            Face::Hei => "HEITIF",
            Face::Rare => "RAREFB",
        }
    }

    /// The faces that are asked for a character, in order.
    const fn chain(self) -> [Face; 3] {
        match self {
            Face::Song | Face::Rare => [Face::Song, Face::Rare, Face::Hei],
            Face::Hei => [Face::Hei, Face::Song, Face::Rare],
        }
    }
}

/// A character as a face draws it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) face: Face,
    pub(crate) glyph: u16,
    /// Advance in thousandths of the size, the number the file gives for it.
    pub(crate) width: i32,
}

/// The parsed faces.
#[derive(Debug)]
pub struct Fonts {
    song: ParsedFont,
    hei: ParsedFont,
    rare: ParsedFont,
}

impl Fonts {
    /// The fonts of this process; the first call parses them.
    pub fn shared() -> Result<&'static Fonts, ReportError> {
        static SHARED: LazyLock<Result<Fonts, &'static str>> = LazyLock::new(Fonts::load);
        SHARED.as_ref().map_err(|name| ReportError::Font { name })
    }

    fn load() -> Result<Fonts, &'static str> {
        let [song, hei, rare] =
            files::ALL.map(|(name, bytes)| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).ok_or(name));
        Ok(Fonts { song: song?, hei: hei?, rare: rare? })
    }

    pub(crate) const fn parsed(&self, face: Face) -> &ParsedFont {
        match face {
            Face::Song => &self.song,
            Face::Hei => &self.hei,
            Face::Rare => &self.rare,
        }
    }

    /// How a character is drawn in a face or its substitutes; nothing when no face has it.
    pub(crate) fn draw(&self, face: Face, character: char) -> Option<Drawn> {
        face.chain().into_iter().find_map(|face| {
            let font = self.parsed(face);
            let glyph = font.lookup_glyph_index(u32::from(character)).filter(|glyph| *glyph != 0)?;
            let units = f32::from(font.pdf_font_metrics.units_per_em.max(1));
            let width = f32::from(font.get_horizontal_advance(glyph)) * 1000.0 / units;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the file holds the truncated number, so must the layout"
            )]
            Some(Drawn { face, glyph, width: width as i32 })
        })
    }
}
