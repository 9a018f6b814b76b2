//! Setting lines of text: glyphs, Chinese line breaking, punctuation widths, justification.

mod glyphs;
mod lines;

pub(crate) use glyphs::Shaper;
pub(crate) use lines::{Alignment, Line, Setting, points, set};
