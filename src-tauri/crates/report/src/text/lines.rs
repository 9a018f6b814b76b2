//! Breaking a paragraph into lines and placing its glyphs.
//!
//! Break opportunities come from ICU with strict rules (禁则: no closing mark begins a line, no opening mark
//! ends one). Marks that meet share one em instead of two, a closing mark at a line's end and an opening mark at its
//! beginning lose their empty half, Chinese and Latin are set a little apart.

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use super::glyphs::{Class, Glyph};
use crate::fonts::Face;

/// Half of a full-width mark, in thousandths.
const HALF: i32 = 500;
/// Between Chinese and Latin, in thousandths. Wider, and text extraction takes it for a blank.
const APART: i32 = 90;
/// Stretch of one gap that nobody notices, in thousandths.
const EASY: i32 = 80;

/// Where lines stand in their measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    Left,
    Center,
    Right,
    Justified,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) size: f32,
    /// Width in points.
    pub(crate) measure: f32,
    /// Indent of the first line, in points.
    pub(crate) first: f32,
    /// Indent of the other lines, in points.
    pub(crate) hang: f32,
    pub(crate) align: Alignment,
}

/// A glyph in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    pub(crate) character: char,
    pub(crate) face: Face,
    pub(crate) glyph: u16,
    pub(crate) width: i32,
    /// From the line's left edge, in thousandths of the size.
    pub(crate) x: i32,
}

/// A line that has been set.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Offset from the measure's left edge, in points.
    pub(crate) x: f32,
    /// Width in points.
    pub(crate) width: f32,
    pub(crate) glyphs: Vec<Placed>,
}

/// Sets one paragraph. A paragraph without glyphs is one empty line.
pub(crate) fn set(glyphs: &[Glyph], setting: &Setting) -> Vec<Line> {
    let breaks = break_opportunities(glyphs);
    let mut lines = Vec::new();
    let mut start = 0;
    loop {
        let indent = if lines.is_empty() { setting.first } else { setting.hang };
        let room = thousandths(setting.measure - indent, setting.size);
        let end = fit(glyphs, &breaks, start, room);
        let last = end >= glyphs.len();
        lines.push(place(glyphs.get(start..end).unwrap_or_default(), setting, indent, room, last));
        if last {
            return lines;
        }
        start = end;
        while glyphs.get(start).is_some_and(|glyph| glyph.character == ' ') {
            start += 1;
        }
        if start >= glyphs.len() {
            return lines;
        }
    }
}

/// Whether a line may end after each glyph.
fn break_opportunities(glyphs: &[Glyph]) -> Vec<bool> {
    static RULES: LineSegmenterBorrowed<'static> = {
        let mut options = LineBreakOptions::default();
        options.strictness = Some(LineBreakStrictness::Strict);
        LineSegmenter::new_for_non_complex_scripts(options)
    };
    let text: String = glyphs.iter().map(|glyph| glyph.character).collect();
    let mut breaks = vec![false; glyphs.len()];
    let mut ends = RULES.segment_str(&text).peekable();
    let mut offset = 0;
    for (glyph, allowed) in glyphs.iter().zip(&mut breaks) {
        offset += glyph.character.len_utf8();
        while ends.next_if(|end| *end < offset).is_some() {}
        *allowed = ends.next_if(|end| *end == offset).is_some();
    }
    breaks
}

/// The space between two neighbours beyond their widths: negative where marks meet.
fn between(left: Class, right: Class) -> i32 {
    match (left, right) {
        (Class::Close, Class::Close | Class::Open) | (Class::Open, Class::Open) => -HALF,
        (Class::Han, Class::Latin) | (Class::Latin, Class::Han) => APART,
        _ => 0,
    }
}

/// The end of the line that begins at `start`.
fn fit(glyphs: &[Glyph], breaks: &[bool], start: usize, room: i32) -> usize {
    let mut width = 0;
    let mut chosen = None;
    let mut previous: Option<Class> = None;
    for (index, glyph) in glyphs.iter().enumerate().skip(start) {
        width += match previous {
            Some(left) => between(left, glyph.class),
            None if glyph.class == Class::Open => -HALF,
            None => 0,
        };
        let hangs = match glyph.class {
            Class::Close => HALF,
            Class::Blank => glyph.drawn.width,
            _ => 0,
        };
        width += glyph.drawn.width;
        if width - hangs > room {
            // A word longer than the line is cut where the line ends; at least one glyph goes on each line.
            return chosen.unwrap_or(index.max(start + 1));
        }
        if breaks.get(index).copied().unwrap_or(false) {
            chosen = Some(index + 1);
        }
        previous = Some(glyph.class);
    }
    glyphs.len()
}

fn place(glyphs: &[Glyph], setting: &Setting, indent: f32, room: i32, last: bool) -> Line {
    let trailing = glyphs.iter().rev().take_while(|glyph| glyph.character == ' ').count();
    let visible = glyphs.get(..glyphs.len() - trailing).unwrap_or_default();
    let mut pen = 0;
    let (mut gaps, mut seams) = (Vec::new(), Vec::new());
    let mut placed: Vec<Placed> = Vec::with_capacity(glyphs.len());
    let mut previous: Option<&Glyph> = None;
    for glyph in visible {
        match previous {
            Some(left) => {
                pen += between(left.class, glyph.class);
                if is_seam(left.class, glyph.class) {
                    seams.push(placed.len());
                } else if stretches(left.class, glyph.class) {
                    gaps.push(placed.len());
                }
            }
            None if glyph.class == Class::Open => pen -= HALF,
            None => {}
        }
        placed.push(Placed {
            character: glyph.character,
            face: glyph.drawn.face,
            glyph: glyph.drawn.glyph,
            width: glyph.drawn.width,
            x: pen,
        });
        pen += glyph.drawn.width;
        previous = Some(glyph);
    }
    if previous.is_some_and(|glyph| glyph.class == Class::Close) {
        pen -= HALF;
    }
    let spare = room - pen;
    if setting.align == Alignment::Justified && !last && spare > 0 {
        // Seams between Chinese and Latin already have their space; they give only when the other gaps would gape.
        if i32::try_from(gaps.len()).is_ok_and(|count| spare > count * EASY) {
            gaps.append(&mut seams);
            gaps.sort_unstable();
        }
        pen += stretch(&mut placed, &gaps, spare);
    }
    let width = points(pen, setting.size);
    let x = match setting.align {
        Alignment::Left | Alignment::Justified => indent,
        Alignment::Center => (setting.measure - width) / 2.0,
        Alignment::Right => setting.measure - width,
    };
    Line { x, width, glyphs: placed }
}

const fn is_seam(left: Class, right: Class) -> bool {
    matches!((left, right), (Class::Han, Class::Latin) | (Class::Latin, Class::Han))
}

/// Whether the gap between two neighbours takes part in justification. Marks stay with their words.
const fn stretches(left: Class, right: Class) -> bool {
    match (left, right) {
        (Class::Open, _) | (_, Class::Close) | (Class::Latin, Class::Latin) => false,
        (Class::Blank, _) => true,
        (_, Class::Blank) => false,
        _ => true,
    }
}

/// Spreads the spare width over the gaps; a line that would become full of holes stays ragged.
fn stretch(placed: &mut [Placed], gaps: &[usize], spare: i32) -> i32 {
    let Ok(count) = i32::try_from(gaps.len()) else { return 0 };
    if count == 0 || spare / count > 700 {
        return 0;
    }
    let mut done = 0;
    let mut gaps = gaps.iter().copied().peekable();
    for (index, glyph) in placed.iter_mut().enumerate() {
        if gaps.next_if_eq(&index).is_some() {
            done += 1;
        }
        glyph.x += spare * done / count;
    }
    spare
}

#[expect(clippy::cast_possible_truncation, reason = "a page is far smaller than what i32 holds")]
fn thousandths(points: f32, size: f32) -> i32 {
    (points * 1000.0 / size) as i32
}

#[expect(clippy::cast_precision_loss, reason = "a line is far shorter than what f32 holds exactly")]
pub(crate) fn points(thousandths: i32, size: f32) -> f32 {
    thousandths as f32 * size / 1000.0
}
