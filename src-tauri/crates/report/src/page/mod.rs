//! From blocks to pages: strips that cannot be split, stacked onto A4.

mod chart;
mod flow;
mod grid;
mod paginate;
mod strip;

pub(crate) use flow::flow;
pub(crate) use paginate::{Page, paginate};
pub(crate) use strip::{Ink, Mark};

/// A4, in points.
pub(crate) const PAGE_WIDTH: f32 = 595.276;
/// A4, in points.
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
/// Size of running text: 五号.
pub(crate) const BODY: f32 = 10.5;
/// Width of the text: 45 characters of running text.
pub(crate) const MEASURE: f32 = 45.0 * BODY;
/// Left edge of the text.
pub(crate) const LEFT: f32 = (PAGE_WIDTH - MEASURE) / 2.0;
/// Top edge of the text, from the top of the page.
pub(crate) const TOP: f32 = 76.0;
/// Bottom edge of the text, from the top of the page.
pub(crate) const BOTTOM: f32 = PAGE_HEIGHT - 68.0;
