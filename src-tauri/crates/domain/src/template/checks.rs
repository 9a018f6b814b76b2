//! The compiled validators of one template: its answers, and every condition in it.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::Value;

use super::model::Template;
use crate::code::Code;
use crate::refusal::Refusal;

/// Something wrong in a template file, with the JSON pointer of the place.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) pointer: String,
    pub(super) refusal: Refusal,
}

impl Fault {
    pub(super) fn new(pointer: impl Into<String>, refusal: impl Into<Refusal>) -> Fault {
        Fault { pointer: pointer.into(), refusal: refusal.into() }
    }
}

/// Validators of a template, compiled once.
#[derive(Debug)]
pub(super) struct Checks {
    /// Of all answers.
    pub(super) answers: Validator,
    /// Of `when` of documents, by document id.
    pub(super) documents: BTreeMap<String, Validator>,
    /// Of `when` of fields, by answer key.
    pub(super) fields: BTreeMap<String, Validator>,
}

impl Checks {
    /// Compiles everything; the first schema that is none is the fault.
    pub(super) fn compile(template: &Template) -> Result<Checks, Fault> {
        let answers = compile(&template.schema, "/schema", Code::TemplateSchemaBroken)?;
        let (mut documents, mut fields) = (BTreeMap::new(), BTreeMap::new());
        for (index, document) in template.documents.iter().enumerate() {
            if let Some(when) = &document.when {
                let pointer = format!("/documents/{index}/when");
                documents
                    .insert(document.id.clone(), compile(when, &pointer, Code::TemplateConditionBroken)?);
            }
        }
        for (index, section) in template.layout.iter().enumerate() {
            for (field_index, field) in section.fields.iter().enumerate() {
                if let Some(when) = &field.when {
                    let pointer = format!("/layout/{index}/fields/{field_index}/when");
                    fields.insert(field.key.clone(), compile(when, &pointer, Code::TemplateConditionBroken)?);
                }
            }
        }
        Ok(Checks { answers, documents, fields })
    }
}

/// One validator with formats checked, which JSON Schema leaves optional.
fn compile(schema: &Value, pointer: &str, code: Code) -> Result<Validator, Fault> {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).map_err(|error| {
        let place = format!("{pointer}{}", error.instance_path());
        Fault::new(place, Refusal::new(code).with("detail", error.masked()))
    })
}
