//! From layout and data to a document: resolves bindings, conditions, repetitions and copies.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::Language;
use serde_json::Value;

use super::template::{Format, Path, Piece, Scope, Template};
use super::{Common, Kind, Layout, LayoutBlock, LayoutBody, LayoutField, format};
use crate::ReportError;
use crate::document::{Bar, Block, Column, CopyFor, Document, Field, Meta, SignaturePlace};

/// Makes the document of a kind from its shipped layout.
pub fn build(kind: Kind, data: &Value, copy: CopyFor, language: Language) -> Result<Document, ReportError> {
    Layout::shipped(kind)?.build(Common::shipped()?, data, copy, language)
}

impl Layout {
    /// Makes a document from this layout.
    pub fn build(
        &self,
        common: &Common,
        data: &Value,
        copy: CopyFor,
        language: Language,
    ) -> Result<Document, ReportError> {
        let writer = Writer { common, copy, language };
        let scope = Scope::new(data);
        let text_at = |path: &str| {
            Path::try_from(path.to_owned())
                .ok()
                .and_then(|path| scope.get(&path))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = writer.text(&self.number, &scope);
        let copy_line = match copy {
            CopyFor::Customer => &common.customer_copy,
            CopyFor::Internal => &common.internal_copy,
        };
        let meta = Meta {
            issuer: text_at("branch.name"),
            number_line: common.number_line.get(language).replace("{number}", &number),
            page_pattern: common.page_pattern.get(language).to_owned(),
            copy_line: copy_line.get(language).to_owned(),
            printed_at: text_at("printed_at"),
        };
        let mut blocks = Vec::new();
        writer.blocks(&self.blocks, &scope, &mut blocks)?;
        Ok(Document { title: writer.text(&self.title, &scope), number, copy, language, meta, blocks })
    }
}

struct Writer<'a> {
    common: &'a Common,
    copy: CopyFor,
    language: Language,
}

impl Writer<'_> {
    fn blocks(
        &self,
        blocks: &[LayoutBlock],
        scope: &Scope<'_>,
        into: &mut Vec<Block>,
    ) -> Result<(), ReportError> {
        for block in blocks {
            if block.copy.is_some_and(|copy| copy != self.copy) {
                continue;
            }
            for scope in scopes(block.each.as_ref(), scope) {
                if block.when.as_ref().is_none_or(|condition| condition.holds(&scope)) {
                    self.block(&block.body, &scope, into)?;
                }
            }
        }
        Ok(())
    }

    fn block(&self, body: &LayoutBody, scope: &Scope<'_>, into: &mut Vec<Block>) -> Result<(), ReportError> {
        let optional = |template: &Option<Template>| {
            template.as_ref().map(|template| self.text(template, scope)).unwrap_or_default()
        };
        into.push(match body {
            LayoutBody::Group { blocks } => return self.blocks(blocks, scope, into),
            LayoutBody::Heading { text, level } => {
                Block::Heading { level: *level, text: self.text(text, scope) }
            }
            LayoutBody::Paragraph { text, style } => {
                Block::Paragraph { text: self.text(text, scope), style: *style }
            }
            LayoutBody::Fields { columns, fields } => {
                let fields = self.fields(fields, scope);
                if fields.is_empty() {
                    return Ok(());
                }
                Block::Fields { columns: *columns, fields }
            }
            LayoutBody::Table { rows, columns, empty } => {
                let scopes = scopes(Some(rows), scope);
                match empty {
                    Some(empty) if scopes.is_empty() => {
                        Block::Paragraph { text: self.text(empty, scope), style: Default::default() }
                    }
                    _ => Block::Table {
                        columns: columns
                            .iter()
                            .map(|column| Column {
                                title: self.text(&column.title, scope),
                                width: column.width,
                                align: column.align,
                            })
                            .collect(),
                        rows: if scopes.is_empty() {
                            vec![columns.iter().map(|_| self.common.dash.clone()).collect()]
                        } else {
                            scopes
                                .iter()
                                .map(|row| {
                                    columns.iter().map(|column| self.text(&column.value, row)).collect()
                                })
                                .collect()
                        },
                    },
                }
            }
            LayoutBody::Bars { rows, label, value, text } => {
                let bars = self.bars(rows, (label, value, text), scope);
                if bars.is_empty() {
                    return Ok(());
                }
                Block::Bars { bars }
            }
            LayoutBody::Line { rows, label, value, text } => {
                let points = self.bars(rows, (label, value, text), scope);
                if points.len() < 2 {
                    return Ok(());
                }
                Block::Line { points }
            }
            LayoutBody::Figure { image, caption } => {
                let caption = self.text(caption, scope);
                let Some(encoded) = scope.get(image).and_then(Value::as_str) else { return Ok(()) };
                let bytes = BASE64_STANDARD.decode(encoded).map_err(|error| ReportError::Figure {
                    caption: caption.clone(),
                    reason: format!("its bytes are not base64: {error}"),
                })?;
                Block::Figure { bytes, caption }
            }
            LayoutBody::Signature { places } => Block::Signature {
                places: places
                    .iter()
                    .map(|place| SignaturePlace {
                        label: self.text(&place.label, scope),
                        date: self.text(&place.date, scope),
                        seal: optional(&place.seal),
                    })
                    .collect(),
            },
            LayoutBody::Qr { text, caption } => {
                Block::Qr { text: self.text(text, scope), caption: self.text(caption, scope) }
            }
            LayoutBody::Notice { title, text } => {
                Block::Notice { title: optional(title), text: self.text(text, scope) }
            }
            LayoutBody::Space { height } => Block::Space { height: *height },
            LayoutBody::PageBreak => Block::PageBreak,
        });
        Ok(())
    }

    fn bars(
        &self,
        rows: &Path,
        (label, value, text): (&Template, &Path, &Template),
        scope: &Scope<'_>,
    ) -> Vec<Bar> {
        let made = scopes(Some(rows), scope).into_iter().map(|row| Bar {
            label: self.text(label, &row),
            value: row.get(value).and_then(Value::as_f64).unwrap_or_default(),
            text: self.text(text, &row),
        });
        made.collect()
    }

    fn fields(&self, fields: &[LayoutField], scope: &Scope<'_>) -> Vec<Field> {
        let mut made = Vec::new();
        for field in fields.iter().filter(|field| field.copy.is_none_or(|copy| copy == self.copy)) {
            for scope in scopes(field.each.as_ref(), scope) {
                if field.when.as_ref().is_none_or(|condition| condition.holds(&scope)) {
                    made.push(Field {
                        label: self.text(&field.label, &scope),
                        value: self.text(&field.value, &scope),
                        wide: field.wide,
                    });
                }
            }
        }
        made
    }

    fn text(&self, template: &Template, scope: &Scope<'_>) -> String {
        let mut text = String::new();
        for piece in template.pieces(self.language) {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Number => text.push_str(&scope.number.to_string()),
                Piece::Slot(path, format) => text.push_str(&self.slot(scope.get(path), format)),
            }
        }
        text
    }

    fn slot(&self, value: Option<&Value>, format: &Format) -> String {
        let plain = value.and_then(|value| self.plain(value));
        let Some(plain) = plain else {
            return if *format == Format::Blank { String::new() } else { self.common.dash.clone() };
        };
        match format {
            Format::Plain | Format::Blank => plain,
            Format::Money => format::money(&plain),
            Format::Capitals => format::capitals(&plain, self.language),
            Format::Date => format::date(self.common, &plain, self.language),
            Format::DateTime => format::date_time(self.common, &plain, self.language),
            Format::Mask => domain::identity::mask(&plain),
            Format::Private => match self.copy {
                CopyFor::Customer => domain::identity::mask(&plain),
                CopyFor::Internal => plain,
            },
            Format::Word(group) => {
                let word = self.common.words.get(group).and_then(|words| words.get(&plain));
                word.map_or(plain, |word| word.get(self.language).to_owned())
            }
        }
    }

    fn plain(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(true) => Some(self.common.yes.get(self.language).to_owned()),
            Value::Bool(false) => Some(self.common.no.get(self.language).to_owned()),
            Value::Array(elements) => {
                let texts: Vec<String> = elements.iter().filter_map(|element| self.plain(element)).collect();
                (!texts.is_empty()).then(|| texts.join(self.common.list_separator.get(self.language)))
            }
            Value::Null | Value::Object(_) => None,
        }
    }
}

fn scopes<'a>(each: Option<&Path>, scope: &Scope<'a>) -> Vec<Scope<'a>> {
    match each {
        None => vec![*scope],
        Some(path) => scope
            .list(path)
            .iter()
            .enumerate()
            .map(|(index, item)| scope.with_item(item, index + 1))
            .collect(),
    }
}
