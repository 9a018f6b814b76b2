//! Documents for print: one model, layouts as data, one typesetting engine, PDF.
//!
//! [`build`] makes a [`Document`] from a layout of `assets/layouts` and JSON data (the shapes are in [`data`]);
//! [`render`] sets it and writes a PDF. The same document gives the same bytes, whenever it is rendered.
//! This is the only crate that knows printpdf.

pub mod data;
pub mod document;
mod error;
mod figure;
mod fonts;
pub mod layout;
mod page;
mod pdf;
mod text;

pub use document::{CopyFor, Document};
pub use error::ReportError;
pub use fonts::{Fonts, GETA};
pub use layout::build::build;
pub use layout::{Kind, Layout};
pub use pdf::{Pdf, render};

/// A character that no face of the program has; 〓 stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MissingGlyph {
    /// The character.
    pub character: char,
    /// The part of the document it stands in: the nearest heading or label before it.
    pub place: String,
    /// The text around it.
    pub excerpt: String,
}

impl std::fmt::Display for MissingGlyph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { character, place, excerpt } = self;
        write!(formatter, "U+{:04X} {character:?} in {place:?}: {excerpt:?}", u32::from(*character))
    }
}
