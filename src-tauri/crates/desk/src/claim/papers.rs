//! The checklist of a claim: which papers it needs and which are there (000-06, 000-07).

use std::collections::BTreeMap;

use domain::record::Record;
use domain::template::{DocumentForm, DocumentRule, Template, checklist};
use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;
use uuid::Uuid;

use super::input::DocumentInput;
use crate::attachments::AttachmentRow;
use crate::error::DeskError;

/// How a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Not here.
    Missing,
    /// The original was handed in.
    Original,
    /// A copy was handed in.
    Copy,
    /// The company has it already; it may not be asked for again.
    Held,
    /// Not needed here, with a reason.
    Waived,
}

impl PaperState {
    /// As records and inputs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            PaperState::Missing => "missing",
            PaperState::Original => "original",
            PaperState::Copy => "copy",
            PaperState::Held => "held",
            PaperState::Waived => "waived",
        }
    }

    /// Reads what [`PaperState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [PaperState::Missing, PaperState::Original, PaperState::Copy, PaperState::Held, PaperState::Waived]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// One line of a checklist.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChecklistRow {
    /// The document's id in the template.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// Original or copy.
    pub form: DocumentForm,
    /// How many are asked for.
    pub count: u32,
    /// Whether the claim is incomplete without it.
    pub required: bool,
    /// What to do when the customer has none.
    pub if_none: Text,
    /// Whether the company often has it already.
    pub often_held: bool,
    /// How it stands.
    pub state: PaperState,
    /// How many were handed in.
    pub received_count: u32,
    /// Why it was waived, or a remark.
    pub note: Option<String>,
    /// The files attached to it.
    pub attachments: Vec<AttachmentRow>,
}

impl ChecklistRow {
    /// Whether the claim waits for it.
    pub(crate) fn lacking(&self) -> bool {
        self.required && self.state == PaperState::Missing
    }
}

/// How a paper stands, from a draft's input or a claim's record.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) state: PaperState,
    pub(crate) count: u32,
    pub(crate) note: Option<String>,
}

/// Checks the papers of an input against the template.
pub(crate) fn received(
    template: &Template,
    documents: &[DocumentInput],
) -> Result<BTreeMap<String, Received>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut result = BTreeMap::new();
    for document in documents {
        match check_received(template, document) {
            Ok(received) => drop(result.insert(document.id.clone(), received)),
            Err(refusal) => refusals.push(refusal.at(format!("documents.{}", document.id))),
        }
    }
    if refusals.is_empty() { Ok(result) } else { Err(refusals) }
}

/// Checks one paper: known, a known state, an original where one is asked for, a reason for waiving.
pub(crate) fn check_received(template: &Template, document: &DocumentInput) -> Result<Received, Refusal> {
    let rule = find(template, &document.id)?;
    let state = PaperState::parse(&document.received).ok_or_else(|| {
        Refusal::new(Code::ClaimInputInvalid)
            .with("field", "received")
            .with("expected", "original / copy / held / waived / missing")
    })?;
    let note = document.reason.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    if let Some(note) = &note {
        domain::text_rules::check_text(note, 500)?;
    }
    if state == PaperState::Waived && note.as_deref().is_none_or(|note| note.chars().count() < 2) {
        return Err(Refusal::new(Code::ClaimReasonMissing));
    }
    if state == PaperState::Copy && rule.form == DocumentForm::Original {
        return Err(Refusal::new(Code::ClaimOriginalNeeded).with_text("paper", &rule.name));
    }
    if document.count == 0 || document.count > 999 {
        return Err(Refusal::new(Code::ClaimInputInvalid).with("field", "count").with("expected", "1–999"));
    }
    Ok(Received { state, count: document.count, note })
}

fn find<'a>(template: &'a Template, id: &str) -> Result<&'a DocumentRule, Refusal> {
    template.document(id).ok_or_else(|| {
        let known: Vec<&str> = template.documents.iter().map(|document| document.id.as_str()).collect();
        Refusal::new(Code::ClaimDocumentUnknown).with("document", id).with("known", known.join(", "))
    })
}

/// The checklist of answers and roles, with how each paper stands.
pub(crate) fn rows(
    template: &Template,
    answers: &Map<String, Value>,
    roles: &[&str],
    received: &BTreeMap<String, Received>,
    attachments: &[AttachmentRow],
) -> Result<Vec<ChecklistRow>, DeskError> {
    let items = checklist(template, &Value::Object(answers.clone()), roles)?;
    Ok(items
        .into_iter()
        .map(|item| {
            let rule = item.document;
            let here = received.get(&rule.id);
            ChecklistRow {
                id: rule.id.clone(),
                name: rule.name.clone(),
                form: rule.form,
                count: rule.count,
                required: item.required,
                if_none: rule.if_none.clone(),
                often_held: rule.often_held,
                state: here.map_or(PaperState::Missing, |here| here.state),
                received_count: here.map_or(0, |here| here.count),
                note: here.and_then(|here| here.note.clone()),
                attachments: attachments
                    .iter()
                    .filter(|file| file.document_id.as_deref() == Some(&rule.id))
                    .cloned()
                    .collect(),
            }
        })
        .collect())
}

/// How papers stand by a claim's document records.
pub(crate) fn from_records(records: &[(Uuid, Record)]) -> BTreeMap<String, Received> {
    records
        .iter()
        .filter_map(|(_, record)| {
            Some((
                record.text("document").to_owned(),
                Received {
                    state: PaperState::parse(record.text("state"))?,
                    count: u32::try_from(record.number("count")).ok()?,
                    note: record.optional("note"),
                },
            ))
        })
        .collect()
}
