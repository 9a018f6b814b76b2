//! The form: sections, fields and how each is entered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::text::Text;

/// A group of fields under one title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Title of the group.
    pub title: Text,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

/// One answer on the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key of the answer.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// What the clerk should know while filling it in (000-04).
    pub guidance: Text,
    /// How it is entered.
    pub widget: Widget,
    /// Columns it takes, 1 or 2.
    pub span: u8,
    /// Labels of the choices; keys are the schema's `enum`.
    #[serde(default)]
    pub options: BTreeMap<String, Text>,
    /// Schema over the answers that must hold for the field to be shown; always shown without one.
    #[serde(default)]
    pub when: Option<Value>,
}

/// How an answer is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Widget {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// A calendar day.
    Date,
    /// A moment with offset.
    Datetime,
    /// Yuan and fen.
    Money,
    /// A whole number.
    Integer,
    /// One of many.
    Select,
    /// One of few.
    Radio,
    /// Yes or no.
    Checkbox,
    /// A number plate.
    Plate,
    /// A vehicle identification number.
    Vin,
    /// A mobile number.
    Mobile,
    /// An identity number.
    Id,
    /// A bank card number.
    Bankcard,
}

impl Widget {
    /// The word used in template files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Widget::Text => "text",
            Widget::Textarea => "textarea",
            Widget::Date => "date",
            Widget::Datetime => "datetime",
            Widget::Money => "money",
            Widget::Integer => "integer",
            Widget::Select => "select",
            Widget::Radio => "radio",
            Widget::Checkbox => "checkbox",
            Widget::Plate => "plate",
            Widget::Vin => "vin",
            Widget::Mobile => "mobile",
            Widget::Id => "id",
            Widget::Bankcard => "bankcard",
        }
    }
}
