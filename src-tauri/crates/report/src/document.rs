//! The one document model of every print: what stands on paper, without where.
//!
//! A document is finished text: bindings are resolved, language and copy are chosen, personal numbers
//! are masked. Internal-only blocks are absent from a customer copy, so no later step can leak them.

use domain::Language;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Whom a printed copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyFor {
    /// 客户联: handed to the customer.
    Customer,
    /// 内部联: kept in the file.
    Internal,
}

/// A document ready to be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The document's name, set large on the first page.
    pub title: String,
    /// The number the document is filed under.
    pub number: String,
    /// Whom this copy is for.
    pub copy: CopyFor,
    /// The language of its text.
    pub language: Language,
    /// What stands in head and foot and in the file's properties.
    pub meta: Meta,
    /// The content in reading order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// SHA-256 over the canonical content, in hex. The first sixteen characters stand on every page.
    pub fn hash(&self) -> String {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(&canonical).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Head, foot and file properties.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Left in the head: the branch.
    pub issuer: String,
    /// The number with its label, such as `编号：3701-…`.
    pub number_line: String,
    /// `第 {page} 页 共 {pages} 页`; the two names are filled when the pages are known.
    pub page_pattern: String,
    /// 客户联 or 内部联, in the document's language.
    pub copy_line: String,
    /// When the document was printed, RFC 3339; becomes the file's creation date.
    pub printed_at: String,
}

/// One piece of content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading, kept with what follows.
    Heading {
        /// 1 is the highest level below the title.
        level: u8,
        /// Its text.
        text: String,
    },
    /// Running text; a line feed begins another paragraph.
    Paragraph {
        /// Its text.
        text: String,
        /// How it is set.
        #[serde(default)]
        style: ParagraphStyle,
    },
    /// Label and value pairs in columns.
    Fields {
        /// Pairs per row.
        columns: u8,
        /// The pairs in reading order.
        fields: Vec<Field>,
    },
    /// A table whose header is repeated on each page.
    Table {
        /// The columns from left to right.
        columns: Vec<Column>,
        /// Rows of cells, each as long as the columns.
        rows: Vec<Vec<String>>,
    },
    /// Bars side by side with their figures, drawn to one scale.
    Bars {
        /// From top to bottom.
        bars: Vec<Bar>,
    },
    /// A line over time.
    Line {
        /// From left to right, equally far apart.
        points: Vec<Bar>,
    },
    /// A picture with its caption.
    Figure {
        /// JPEG or PNG.
        #[serde(with = "base64_bytes")]
        bytes: Vec<u8>,
        /// Stands below the picture.
        caption: String,
    },
    /// Places for signature, seal and date, never split over pages.
    Signature {
        /// One place per signatory.
        places: Vec<SignaturePlace>,
    },
    /// A QR symbol with its caption and a text beside it.
    Qr {
        /// What the symbol holds.
        text: String,
        /// Stands beside it.
        caption: String,
    },
    /// A framed notice.
    Notice {
        /// Its heading; may be empty.
        title: String,
        /// Its text; a line feed begins another paragraph.
        text: String,
    },
    /// Empty space.
    Space {
        /// Height in points.
        height: f32,
    },
    /// What follows begins a new page.
    PageBreak,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphStyle {
    /// Justified, first line two characters in.
    #[default]
    Body,
    /// Justified, no indent: salutations.
    Flush,
    /// Justified with the first words hanging: numbered points such as `（一）`.
    Item,
    /// Small print.
    Small,
    /// In the middle of the line, large: codes and amounts that must be read at arm's length.
    Display,
}

/// One label with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
    /// Whether the pair takes a whole row.
    pub wide: bool,
}

/// One bar, or one point of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How long; what is below zero is drawn as nothing.
    pub value: f64,
    /// The figure as it is written.
    pub text: String,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its share of the width.
    pub width: f32,
    /// How its cells are aligned.
    #[serde(default)]
    pub align: Align,
}

/// Horizontal alignment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge: numbers.
    Right,
}

/// One place to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignaturePlace {
    /// Who signs, such as `申请人（签名）`.
    pub label: String,
    /// Printed below the line, such as the place for a date.
    pub date: String,
    /// Whether a seal goes here.
    pub seal: String,
}

/// Picture bytes travel as base64, so that a document stays readable JSON.
mod base64_bytes {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
