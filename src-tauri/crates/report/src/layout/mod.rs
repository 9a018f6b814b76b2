//! Layouts as data: what stands in each printed document, in three languages.
//!
//! A layout is `assets/layouts/<kind>.json`: a title and blocks whose texts bind into a JSON value
//! (see [`template`] for the binding language). `common.json` holds the words that all layouts share.
//! No sentence that reaches paper stands in Rust.

pub mod build;
mod common;
pub mod format;
pub mod template;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use common::Common;
use template::{Condition, Path, Template};

use crate::ReportError;
use crate::document::{Align, CopyFor, ParagraphStyle};

/// The documents the program prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 理赔申请书
    Application,
    /// 材料清单与受理回执
    Receipt,
    /// 补充材料通知书
    Supplement,
    /// 进度告知单
    Progress,
    /// 理赔标准告知单
    Standard,
    /// 赔款计算书
    Worksheet,
    /// 理赔决定通知书
    Decision,
    /// 拒赔通知书
    Refusal,
    /// 恢复码
    Recovery,
    /// 投诉登记表
    ComplaintRecord,
    /// 受理告知书
    ComplaintAccepted,
    /// 补充告知书
    ComplaintMore,
    /// 延期告知书
    ComplaintExtension,
    /// 处理决定告知书
    ComplaintDecision,
    /// 投诉统计汇总
    ComplaintSummary,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Kind; 15] = [
        Kind::Application,
        Kind::Receipt,
        Kind::Supplement,
        Kind::Progress,
        Kind::Standard,
        Kind::Worksheet,
        Kind::Decision,
        Kind::Refusal,
        Kind::Recovery,
        Kind::ComplaintRecord,
        Kind::ComplaintAccepted,
        Kind::ComplaintMore,
        Kind::ComplaintExtension,
        Kind::ComplaintDecision,
        Kind::ComplaintSummary,
    ];

    /// The kind as written on the command line and in file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Application => "application",
            Kind::Receipt => "receipt",
            Kind::Supplement => "supplement",
            Kind::Progress => "progress",
            Kind::Standard => "standard",
            Kind::Worksheet => "worksheet",
            Kind::Decision => "decision",
            Kind::Refusal => "refusal",
            Kind::Recovery => "recovery",
            Kind::ComplaintRecord => "complaint_record",
            Kind::ComplaintAccepted => "complaint_accepted",
            Kind::ComplaintMore => "complaint_more",
            Kind::ComplaintExtension => "complaint_extension",
            Kind::ComplaintDecision => "complaint_decision",
            Kind::ComplaintSummary => "complaint_summary",
        }
    }

    /// The kind of a name, if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    const fn source(self) -> &'static str {
        match self {
            Kind::Application => include_str!("../../../../../assets/layouts/application.json"),
            Kind::Receipt => include_str!("../../../../../assets/layouts/receipt.json"),
            Kind::Supplement => include_str!("../../../../../assets/layouts/supplement.json"),
            Kind::Progress => include_str!("../../../../../assets/layouts/progress.json"),
            Kind::Standard => include_str!("../../../../../assets/layouts/standard.json"),
            Kind::Worksheet => include_str!("../../../../../assets/layouts/worksheet.json"),
            Kind::Decision => include_str!("../../../../../assets/layouts/decision.json"),
            Kind::Refusal => include_str!("../../../../../assets/layouts/refusal.json"),
            Kind::Recovery => include_str!("../../../../../assets/layouts/recovery.json"),
            Kind::ComplaintRecord => include_str!("../../../../../assets/layouts/complaint_record.json"),
            Kind::ComplaintAccepted => include_str!("../../../../../assets/layouts/complaint_accepted.json"),
            Kind::ComplaintMore => include_str!("../../../../../assets/layouts/complaint_more.json"),
            Kind::ComplaintExtension => {
                include_str!("../../../../../assets/layouts/complaint_extension.json")
            }
            Kind::ComplaintDecision => include_str!("../../../../../assets/layouts/complaint_decision.json"),
            Kind::ComplaintSummary => include_str!("../../../../../assets/layouts/complaint_summary.json"),
        }
    }
}

/// One layout file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The document's name.
    pub title: Template,
    /// The number it is filed under.
    pub number: Template,
    /// Its content.
    pub blocks: Vec<LayoutBlock>,
}

/// One block of a layout with the conditions it stands under.
#[derive(Debug, Clone, Deserialize)]
pub struct LayoutBlock {
    /// Printed only if this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    /// Printed only on this copy.
    #[serde(default)]
    pub copy: Option<CopyFor>,
    /// Printed once for each element of this list, which the texts call `item`, with its number as `n`.
    #[serde(default)]
    pub each: Option<Path>,
    /// What is printed.
    #[serde(flatten)]
    pub body: LayoutBody,
}

/// What a layout block prints.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case", deny_unknown_fields)]
pub enum LayoutBody {
    /// Blocks under one condition or repetition.
    Group {
        /// The blocks.
        blocks: Vec<LayoutBlock>,
    },
    /// A heading.
    Heading {
        /// Its text.
        text: Template,
        /// 1 to 3.
        #[serde(default = "first_level")]
        level: u8,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        text: Template,
        /// How it is set.
        #[serde(default)]
        style: ParagraphStyle,
    },
    /// Label and value pairs.
    Fields {
        /// Pairs per row.
        columns: u8,
        /// The pairs.
        fields: Vec<LayoutField>,
    },
    /// A table with one row per element of a list.
    Table {
        /// The list.
        rows: Path,
        /// The columns.
        columns: Vec<LayoutColumn>,
        /// Printed instead of the table when the list is empty.
        #[serde(default)]
        empty: Option<Template>,
    },
    /// Bars, one per element of a list.
    Bars {
        /// The list.
        rows: Path,
        /// What a bar stands for; the element is `item`.
        label: Template,
        /// Its figure in the element: a number.
        value: Path,
        /// The figure as it is written.
        text: Template,
    },
    /// A line over time, one point per element of a list.
    Line {
        /// The list.
        rows: Path,
        /// What a point stands for.
        label: Template,
        /// Its figure.
        value: Path,
        /// The figure as it is written.
        text: Template,
    },
    /// A picture, base64 in the data.
    Figure {
        /// Where the picture lies.
        image: Path,
        /// Its caption.
        caption: Template,
    },
    /// Places to sign.
    Signature {
        /// One per signatory.
        places: Vec<LayoutPlace>,
    },
    /// A QR symbol.
    Qr {
        /// What it holds.
        text: Template,
        /// Stands beside it.
        caption: Template,
    },
    /// A framed notice.
    Notice {
        /// Its heading.
        #[serde(default)]
        title: Option<Template>,
        /// Its text.
        text: Template,
    },
    /// Empty space in points.
    Space {
        /// Height.
        height: f32,
    },
    /// A new page.
    PageBreak,
}

const fn first_level() -> u8 {
    1
}

/// One pair of a field grid.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutField {
    /// The label.
    pub label: Template,
    /// The value.
    pub value: Template,
    /// Whether it takes a whole row.
    #[serde(default)]
    pub wide: bool,
    /// Printed only if this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    /// Printed only on this copy.
    #[serde(default)]
    pub copy: Option<CopyFor>,
    /// Printed once for each element of this list.
    #[serde(default)]
    pub each: Option<Path>,
}

/// One column of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutColumn {
    /// Its heading.
    pub title: Template,
    /// A cell's text; the row is `item`, its number `n`.
    pub value: Template,
    /// Its share of the width.
    pub width: f32,
    /// How cells are aligned.
    #[serde(default)]
    pub align: Align,
}

/// One place to sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutPlace {
    /// Who signs.
    pub label: Template,
    /// The place for the date.
    pub date: Template,
    /// The place for the seal.
    #[serde(default)]
    pub seal: Option<Template>,
}

impl Layout {
    /// Reads a layout; `file` names it in the error.
    pub fn parse(file: &str, source: &str) -> Result<Layout, ReportError> {
        serde_json::from_str(source)
            .map_err(|error| ReportError::Layout { file: file.to_owned(), reason: error.to_string() })
    }

    /// The layout of a kind as shipped with the program, read once per process.
    pub fn shipped(kind: Kind) -> Result<&'static Layout, ReportError> {
        static SHIPPED: LazyLock<BTreeMap<Kind, Result<Layout, String>>> = LazyLock::new(|| {
            let read = |kind: Kind| serde_json::from_str(kind.source()).map_err(|error| error.to_string());
            Kind::ALL.into_iter().map(|kind| (kind, read(kind))).collect()
        });
        let refused = |reason: &str| ReportError::Layout {
            file: format!("{}.json", kind.as_str()),
            reason: reason.to_owned(),
        };
        match SHIPPED.get(&kind) {
            Some(Ok(layout)) => Ok(layout),
            Some(Err(reason)) => Err(refused(reason)),
            None => Err(refused("no such layout")),
        }
    }
}
