//! The words all layouts share: head and foot, dates, yes and no, and the words of codes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::Text;
use serde::Deserialize;

use crate::ReportError;

/// `assets/layouts/common.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// Printed where the data has nothing.
    pub dash: String,
    /// `编号：{number}`.
    pub number_line: Text,
    /// `第 {page} 页 共 {pages} 页`.
    pub page_pattern: Text,
    /// 客户联.
    pub customer_copy: Text,
    /// 内部联.
    pub internal_copy: Text,
    /// Between the elements of a list of texts.
    pub list_separator: Text,
    /// A date with `{y}`, `{m}`, `{d}` and `{month}`.
    pub date: Text,
    /// A date and time with `{date}`, `{h}` and `{min}`.
    pub datetime: Text,
    /// Twelve names for `{month}`.
    pub months: Vec<Text>,
    /// The word for true.
    pub yes: Text,
    /// The word for false.
    pub no: Text,
    /// Words of codes by group.
    pub words: BTreeMap<String, BTreeMap<String, Text>>,
}

impl Common {
    /// Reads the shared words; `file` names them in the error.
    pub fn parse(file: &str, source: &str) -> Result<Common, ReportError> {
        serde_json::from_str(source)
            .map_err(|error| ReportError::Layout { file: file.to_owned(), reason: error.to_string() })
    }

    /// The shared words as shipped, read once per process.
    pub fn shipped() -> Result<&'static Common, ReportError> {
        static SHIPPED: LazyLock<Result<Common, String>> = LazyLock::new(|| {
            serde_json::from_str(include_str!("../../../../../assets/layouts/common.json"))
                .map_err(|error| error.to_string())
        });
        SHIPPED
            .as_ref()
            .map_err(|reason| ReportError::Layout { file: "common.json".into(), reason: reason.clone() })
    }
}
