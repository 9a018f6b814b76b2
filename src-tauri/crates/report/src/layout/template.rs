//! The binding language of layouts.
//!
//! A text holds slots in braces: `{claim.no}` is the value at that path, `{item.name}` looks into the element
//! an `each` or a table row stands for, `{item}` is that element and `{n}` its number, counted from 1.
//! A format follows a bar: `{decision.amount|money}`. `{{` and `}}` are braces.
//! A path that leads nowhere, or to nothing, prints the dash of `common.json`, never its own name.
//! Values are put in once: braces in a customer's story stay text.
//!
//! Formats: `money`, `capitals`, `date`, `datetime`, `mask` (always masked), `private` (masked on the
//! customer copy), `word:<group>` (a code's word from `common.json`), `blank` (nothing instead of the dash).
//!
//! Conditions: `path` (there is something), `!path`, `path=value`, `path=one|other`.

use domain::{Language, Text};
use serde::Deserialize;
use serde_json::Value;

/// A path into the data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Path(Vec<String>);

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(source: String) -> Result<Self, Self::Error> {
        let name = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let parts: Vec<String> = source.split('.').map(str::to_owned).collect();
        if parts.iter().all(|part| name(part)) {
            Ok(Path(parts))
        } else {
            Err(format!("{source:?} is not a path: it must be names of a-z, 0-9 and _ joined by dots"))
        }
    }
}

/// What the slots of a text can see.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The whole data.
    pub data: &'a Value,
    /// The element of the innermost `each`.
    pub item: Option<&'a Value>,
    /// Its number, counted from 1.
    pub number: usize,
}

impl<'a> Scope<'a> {
    /// A scope of the whole data.
    pub fn new(data: &'a Value) -> Scope<'a> {
        Scope { data, item: None, number: 0 }
    }

    /// The same data seen from one element of a list.
    pub fn with_item(self, item: &'a Value, number: usize) -> Scope<'a> {
        Scope { item: Some(item), number, ..self }
    }

    /// The value at a path; nothing when the path leads nowhere or to an empty value.
    pub fn get(&self, path: &Path) -> Option<&'a Value> {
        let (first, rest) = path.0.split_first()?;
        let (root, rest) = match (first.as_str(), self.item) {
            ("item", Some(item)) => (item, rest),
            _ => (self.data, path.0.as_slice()),
        };
        let value = rest.iter().try_fold(root, |value, name| value.get(name))?;
        (!is_empty(value)).then_some(value)
    }

    /// The elements of the list at a path; none when there is no list.
    pub fn list(&self, path: &Path) -> &'a [Value] {
        match self.get(path) {
            Some(Value::Array(elements)) => elements,
            _ => &[],
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// How a value becomes text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// As it is.
    Plain,
    /// Thousands separated, two decimals.
    Money,
    /// Amount in capital numerals.
    Capitals,
    /// A date in the language's way.
    Date,
    /// Date and time of day.
    DateTime,
    /// Masked.
    Mask,
    /// Masked on the customer copy.
    Private,
    /// A code's word.
    Word(String),
    /// As it is, and nothing rather than a dash when absent.
    Blank,
}

impl Format {
    fn parse(source: &str) -> Result<Format, String> {
        Ok(match source {
            "money" => Format::Money,
            "capitals" => Format::Capitals,
            "date" => Format::Date,
            "datetime" => Format::DateTime,
            "mask" => Format::Mask,
            "private" => Format::Private,
            "blank" => Format::Blank,
            other => match other.strip_prefix("word:") {
                Some(group) if !group.is_empty() => Format::Word(group.to_owned()),
                _ => return Err(format!("there is no format {other:?}")),
            },
        })
    }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands as it is.
    Literal(String),
    /// The number of the element.
    Number,
    /// A value.
    Slot(Path, Format),
}

/// A text with slots, in the three languages; read and checked when the layout is.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Source")]
pub struct Template {
    zh_cn: Vec<Piece>,
    zh_tw: Vec<Piece>,
    en: Vec<Piece>,
}

/// In the file: one text for all languages (only slots and marks), or a text in each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Neutral(String),
    Languages(Text),
}

impl TryFrom<Source> for Template {
    type Error = String;

    fn try_from(source: Source) -> Result<Self, Self::Error> {
        let text = match source {
            Source::Neutral(text) => {
                if parse(&text)?.iter().any(
                    |piece| matches!(piece, Piece::Literal(words) if words.chars().any(char::is_alphabetic)),
                ) {
                    return Err(format!("{text:?} has words, so it must be given in zh-CN, zh-TW and en"));
                }
                Text { zh_cn: text.clone(), zh_tw: text.clone(), en: text }
            }
            Source::Languages(text) => text,
        };
        Ok(Template { zh_cn: parse(&text.zh_cn)?, zh_tw: parse(&text.zh_tw)?, en: parse(&text.en)? })
    }
}

impl Template {
    /// The pieces of one language.
    pub fn pieces(&self, language: Language) -> &[Piece] {
        match language {
            Language::ZhCn => &self.zh_cn,
            Language::ZhTw => &self.zh_tw,
            Language::En => &self.en,
        }
    }
}

fn parse(source: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = source.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '{' | '}' if rest.peek() == Some(&next) => {
                rest.next();
                literal.push(next);
            }
            '}' => return Err(format!("{source:?} has a }} without a {{")),
            '{' => {
                let mut inner = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some(other) => inner.push(other),
                        None => return Err(format!("{source:?} has a {{ without a }}")),
                    }
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(slot(&inner)?);
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

fn slot(inner: &str) -> Result<Piece, String> {
    if inner == "n" {
        return Ok(Piece::Number);
    }
    let (path, format) = match inner.split_once('|') {
        Some((path, format)) => (path, Format::parse(format)?),
        None => (inner, Format::Plain),
    };
    Ok(Piece::Slot(Path::try_from(path.to_owned())?, format))
}

/// When a block is printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    path: Path,
    holds: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Present,
    Absent,
    OneOf(Vec<String>),
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(source: String) -> Result<Self, Self::Error> {
        let (path, holds) = match (source.strip_prefix('!'), source.split_once('=')) {
            (Some(path), _) => (path, Test::Absent),
            (None, Some((path, values))) => {
                (path, Test::OneOf(values.split('|').map(str::to_owned).collect()))
            }
            (None, None) => (source.as_str(), Test::Present),
        };
        Ok(Condition { path: Path::try_from(path.to_owned())?, holds })
    }
}

impl Condition {
    /// Whether the condition holds for this data.
    pub fn holds(&self, scope: &Scope<'_>) -> bool {
        let value = scope.get(&self.path);
        let present = !matches!(value, None | Some(Value::Bool(false)));
        match &self.holds {
            Test::Present => present,
            Test::Absent => !present,
            Test::OneOf(values) => {
                value.and_then(Value::as_str).is_some_and(|value| values.iter().any(|one| one == value))
            }
        }
    }
}
