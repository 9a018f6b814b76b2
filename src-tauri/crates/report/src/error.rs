//! Why a document cannot be made.

use thiserror::Error;

/// Why a document cannot be made. A missing glyph is no error but a [`crate::MissingGlyph`] warning.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A layout file is not valid.
    #[error("layout {file} is not valid: {reason}")]
    Layout {
        /// The file, as named in `assets/layouts`.
        file: String,
        /// What is wrong, with line and column where the parser knows them.
        reason: String,
    },
    /// A font of the program cannot be read.
    #[error("font {name} cannot be read")]
    Font {
        /// The face.
        name: &'static str,
    },
    /// A figure is not an image that can be printed.
    #[error("figure {caption:?} cannot be printed: {reason}")]
    Figure {
        /// The figure's caption.
        caption: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A text is too long for a QR symbol.
    #[error("a QR symbol cannot hold {length} bytes: {reason}")]
    Qr {
        /// Length of the text in bytes.
        length: usize,
        /// What the encoder said.
        reason: String,
    },
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Write(String),
}
