//! From a complaint's records to what its layouts bind to, in the language of the print.

use chrono::{DateTime, FixedOffset};
use domain::complaint::{Data, labels};
use domain::record::Record;
use domain::{Language, Text};
use report::data::ComplaintPrintData;
use serde_json::Value;
use uuid::Uuid;

use super::{PrintCopy, fill};
use crate::clocks::ClockRow;
use crate::complaint::file::{LoadedComplaint, told};
use crate::desk::{Actor, Branch};

pub(super) fn data(
    loaded: &LoadedComplaint,
    branch: &Branch,
    clocks: &[ClockRow],
    (actor, copy, language): (&Actor, PrintCopy, Language),
    at: DateTime<FixedOffset>,
) -> ComplaintPrintData {
    let record = &loaded.record;
    let text = |field: &str| record.optional(field);
    let list = |value: Option<&Value>| -> Vec<String> {
        let items = value.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let said = |command: &str, field: &str| loaded.last(command)?.get("data")?.get(field).cloned();
    let told = |command: &str, field: &str| said(command, field)?.as_str().map(str::to_owned);
    let due = |rule: &str| clocks.iter().find(|row| row.rule == rule).and_then(|row| row.due.clone());
    let word = |text: Option<&Text>| text.map(|text| text.get(language).to_owned());
    let extension = if loaded.last("extend_special").is_some() { "extend_special" } else { "extend_complex" };
    let proxy = text("proxy_name").map(|name| match text("proxy_authority") {
        Some(paper) => format!("{name} ({paper})"),
        None => name,
    });
    let finding = labels::named("record_finding").and_then(|words| {
        let field = words.fields.iter().find(|field| field.key == "finding")?;
        field.options.as_ref()?.get(record.text("finding"))
    });
    ComplaintPrintData {
        branch: fill::branch(branch),
        no: text("no"),
        received_at: text("received_at"),
        channel: word(Data::shipped().channels.get(record.text("channel"))),
        place: text("place"),
        recording: text("recording"),
        regulator_no: text("regulator_no"),
        complainant: text("complainant_name"),
        id_no: text("complainant_id_no"),
        mobile: text("complainant_mobile").or_else(|| text("complainant_contact")),
        address: text("complainant_address"),
        proxy,
        people: Some(record.number("people")).filter(|people| *people > 1).map(|people| people.to_string()),
        institution: text("institution"),
        staff: text("staff"),
        policy_no: text("policy_no"),
        claim_no: text("claim_no"),
        matter: text("matter"),
        request: text("request"),
        basis: text("basis"),
        expected: text("expected"),
        first_response_due: due("K8"),
        statutory_due: due("K10"),
        extension_reason: loaded.last(extension).and_then(|event| event.optional("reason")),
        extension_approver: told(extension, "approver"),
        finding: word(finding),
        facts: text("facts_found"),
        liable: text("liable"),
        decision: text("decision"),
        decision_basis: told("decide", "basis"),
        amount_capitals: text("compensation")
            .and_then(|amount| domain::money::parse_amount(&amount).ok())
            .map(|amount| domain::money::capitals_in(amount, language)),
        amount: text("compensation"),
        clerk: Some(actor.name.clone()),
        printed_at: Some(at.to_rfc3339()),
        representatives: list(record.get("representatives")),
        papers: list(record.get("papers")),
        missing: list(said("ask_more", "missing").as_ref()),
        reasons: list(said("decide", "reasons").as_ref()),
        internal_notes: notes(loaded, copy, language),
    }
}

/// What was said with whom: for the file alone.
fn notes(loaded: &LoadedComplaint, copy: PrintCopy, language: Language) -> Vec<String> {
    if copy == PrintCopy::Customer {
        return Vec::new();
    }
    let logged = loaded.events.iter().filter(|(_, event)| {
        ["record_contact", "report_up", "record_visit", "assess"].contains(&event.text("command"))
    });
    let line = |(id, event): &(Uuid, Record)| {
        let entry = told(*id, event);
        let said: Vec<String> = entry
            .said
            .iter()
            .map(|(name, said)| format!("{}: {}", name.get(language), said.get(language)))
            .collect();
        let day = entry.at.get(..10).unwrap_or_default();
        format!("{day} {} ({}) {}", entry.label.get(language), entry.actor, said.join("; "))
    };
    logged.map(line).collect()
}
