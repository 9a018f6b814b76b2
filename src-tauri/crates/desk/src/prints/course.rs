//! What happened to a claim, as it is printed: the notice of missing papers, the progress, the notes.

use domain::claim::labels;
use domain::record::Record;
use report::data::{ProgressData, ProgressStep, SupplementData};
use serde_json::Value;

use super::PrintCopy;
use super::words::Words;
use crate::claim::file::Loaded;

/// What a customer is told of the course of a claim; the rest is the office's own.
const TOLD: &[&str] = &[
    "register",
    "receive_document",
    "waive_document",
    "ask_supplement",
    "supplement_reached",
    "papers_complete",
    "start_assessment",
    "assess",
    "decide",
    "refuse",
    "notify_result",
    "notify_refusal",
    "agree",
    "pay",
    "withdraw",
    "reopen",
];

/// Entries that are no step of the claim: who printed or looked is for the auditor, contacts are among the notes.
const NO_STEP: &[&str] = &["print", "reveal", "record_contact", "record_enquiry"];

/// The last notice of missing papers (Insurance Law 22) and its arrival (Interpretation II, 15).
pub(super) fn supplement(loaded: &Loaded) -> SupplementData {
    let Some(asked) = loaded.last_event("ask_supplement") else { return SupplementData::default() };
    let reached =
        loaded.last_event("supplement_reached").filter(|reached| reached.text("at") >= asked.text("at"));
    SupplementData {
        issued_at: asked.optional("at"),
        reached_at: reached.and_then(|event| fact(event, "reached_at")).or_else(|| fact(asked, "reached_at")),
        how: reached.and_then(|event| fact(event, "how")).or_else(|| fact(asked, "how")),
        due_note: None,
    }
}

/// The papers the last notice named; the notice stays as it was when some of them have come.
pub(super) fn papers_asked(loaded: &Loaded) -> Option<Vec<String>> {
    let papers = loaded.last_event("ask_supplement")?.get("data")?.get("papers")?.as_array()?;
    Some(papers.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The course of the claim.
pub(super) fn progress(loaded: &Loaded, copy: PrintCopy, words: &Words) -> ProgressData {
    let shown = |event: &&Record| match copy {
        PrintCopy::Customer => TOLD.contains(&event.text("command")),
        PrintCopy::Internal => !NO_STEP.contains(&event.text("command")),
    };
    let enquiry = loaded.last_event("record_enquiry");
    ProgressData {
        steps: loaded
            .events
            .iter()
            .map(|(_, event)| event)
            .filter(shown)
            .map(|event| step(loaded, event, copy, words))
            .collect(),
        next: Some(words.word("next", loaded.status.as_str())),
        due: None,
        asked_by: enquiry.and_then(|event| fact(event, "asked_by")),
        asked_at: enquiry.and_then(|event| event.optional("at")),
    }
}

fn step(loaded: &Loaded, event: &Record, copy: PrintCopy, words: &Words) -> ProgressStep {
    let command = event.text("command");
    let label = labels::named(command).map_or_else(|| command.to_owned(), |named| words.text(&named.label));
    // The day something happened, not the day it was entered.
    let happened =
        ["reached_at", "notified_at", "agreed_at", "paid_at"].iter().find_map(|key| match command {
            "ask_supplement" => None,
            _ => fact(event, key),
        });
    let paper = fact(event, "document")
        .and_then(|id| loaded.template.document(&id))
        .map(|document| words.text(&document.name));
    let how = fact(event, "how").map(|how| words.word("how", &how));
    // A reason is written for the file, so it stays there.
    let reason = event.optional("reason").filter(|_| copy == PrintCopy::Internal);
    let notes: Vec<String> = [paper, how, reason].into_iter().flatten().collect();
    ProgressStep {
        at: happened.or_else(|| event.optional("at")),
        what: Some(label),
        note: Some(words.join(&notes)).filter(|note| !note.is_empty()),
    }
}

/// The contacts noted in the file; they never leave it.
pub(super) fn notes(loaded: &Loaded, copy: PrintCopy, words: &Words) -> Vec<String> {
    if copy == PrintCopy::Customer {
        return Vec::new();
    }
    let fields = labels::named("record_contact").map(|named| named.fields.as_slice()).unwrap_or_default();
    let channels =
        fields.iter().find(|field| field.key == "channel").and_then(|field| field.options.as_ref());
    let contacts = loaded.events.iter().filter(|(_, event)| event.text("command") == "record_contact");
    contacts
        .map(|(_, event)| {
            let text = |key: &str| fact(event, key).unwrap_or_default();
            let code = text("channel");
            let channel = channels.and_then(|channels| channels.get(&code));
            let slots = [
                ("at", words.moment(event.text("at"))),
                ("clerk", event.text("actor_name").to_owned()),
                ("channel", channel.map_or(code, |channel| words.text(channel))),
                ("with", text("with")),
                ("summary", text("summary")),
            ];
            let slots: Vec<(&str, &str)> =
                slots.iter().map(|(name, value)| (*name, value.as_str())).collect();
            words.filled("note", "contact", &slots)
        })
        .collect()
}

fn fact(event: &Record, key: &str) -> Option<String> {
    let text = event.get("data")?.get(key)?.as_str()?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
