//! The strip: a horizontal slice of the page that is never split.

use std::rc::Rc;

use crate::text::Line;

/// How dark: 0 is black, 1 is paper.
pub(crate) type Ink = f32;

/// Something drawn, measured from the strip's left top corner, y growing downwards, in points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A line of text; `y` is its baseline.
    Text { x: f32, y: f32, size: f32, ink: Ink, line: Line },
    /// A filled rectangle: rules, tints, the modules of a QR symbol.
    Fill { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A line through points.
    Path { points: Vec<(f32, f32)>, weight: f32, ink: Ink },
    /// A picture, by its number in the document.
    Picture { x: f32, y: f32, width: f32, height: f32, number: usize },
}

/// A slice of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(crate) height: f32,
    /// Space above, which vanishes at the top of a page.
    pub(crate) before: f32,
    /// Whether the next strip must stand on the same page.
    pub(crate) keep: bool,
    /// Whether this strip begins a page.
    pub(crate) fresh: bool,
    pub(crate) marks: Vec<Mark>,
    /// Repeated above this strip when it begins a page.
    pub(crate) header: Option<Rc<Strip>>,
    /// Drawn as a rule where a page break cuts a table or frame above this strip.
    pub(crate) cut: Option<f32>,
}

impl Strip {
    pub(crate) fn rule(&mut self, x: f32, y: f32, width: f32, weight: f32, ink: Ink) {
        self.marks.push(Mark::Fill { x, y: y - weight / 2.0, width, height: weight, ink });
    }
}

/// The baseline of text of a size in a line of a height: the ideograph's box stands in the middle.
pub(crate) fn baseline(size: f32, leading: f32) -> f32 {
    (leading - size) / 2.0 + 0.88 * size
}
