//! What a record is found by and how it is shown, masked, in a list of hits.

use std::collections::BTreeSet;

use domain::digest::Digest;
use domain::record::Record;

use super::tokens::{name_keys, number_keys, tokens};

/// Everything search keeps of one record.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) no: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) tokens: BTreeSet<String>,
    pub(crate) keys: BTreeSet<String>,
}

impl Entry {
    fn name(&mut self, name: &str) {
        tokens(name, &mut self.tokens);
        name_keys(name, &mut self.keys);
    }

    fn number(&mut self, number: &str) {
        number_keys(number, &mut self.keys);
    }

    /// The beginning of a hash over all of it.
    pub(crate) fn content(&self) -> i64 {
        let mut all = [self.no.as_str(), self.title.as_str(), self.subtitle.as_str()].join("\0");
        for word in self.tokens.iter().chain([&String::new()]).chain(&self.keys) {
            all.push('\0');
            all.push_str(word);
        }
        let Digest([a, b, c, d, e, f, g, h, ..]) = Digest::of(all.as_bytes());
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// First three and last four characters (ui.md): enough to tell two people apart, not to call them.
fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    match (letters.get(..3), letters.len().checked_sub(4).and_then(|from| letters.get(from..))) {
        (Some(head), Some(tail)) if letters.len() > 7 => {
            head.iter().chain(['*'; 4].iter()).chain(tail).collect()
        }
        _ => "*".repeat(letters.len()),
    }
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A claim with the people in it.
pub(crate) fn claim(record: &Record, parties: &[&Record]) -> Entry {
    let mut entry = Entry { no: record.text("no").to_owned(), ..Entry::default() };
    entry.title = joined([record.text("insured"), record.text("no")]);
    let day = record.text("incident_day");
    entry.subtitle = joined([record.text("policy_no"), record.text("answers.plate"), day]);
    entry.number(record.text("no"));
    entry.number(record.text("policy_no"));
    entry.number(record.text("answers.plate"));
    tokens(record.text("answers.plate"), &mut entry.tokens);
    for field in ["answers.story", "answers.incident_place"] {
        tokens(record.text(field), &mut entry.tokens);
    }
    for party in parties {
        entry.name(party.text("name"));
        entry.number(party.text("id_no"));
        entry.number(party.text("mobile"));
    }
    entry
}

/// A person or organisation.
pub(crate) fn party(record: &Record) -> Entry {
    let mut entry = Entry { title: record.text("name").to_owned(), ..Entry::default() };
    entry.subtitle = joined([&*masked(record.text("mobile")), &*masked(record.text("id_no"))]);
    entry.name(record.text("name"));
    entry.number(record.text("id_no"));
    entry.number(record.text("mobile"));
    entry.number(record.text("customer_no"));
    entry
}

/// A policy.
pub(crate) fn policy(record: &Record) -> Entry {
    let mut entry = Entry { no: record.text("no").to_owned(), ..Entry::default() };
    entry.title = joined([record.text("no"), record.text("insured_name")]);
    entry.subtitle = joined([
        record.text("product_code"),
        record.text("plate"),
        record.text("inception"),
        record.text("expiry"),
    ]);
    entry.number(record.text("no"));
    entry.number(record.text("plate"));
    tokens(record.text("plate"), &mut entry.tokens);
    entry.number(record.text("vin"));
    entry.number(record.text("mobile"));
    entry.number(record.text("insured_id_no"));
    entry.name(record.text("insured_name"));
    if record.text("holder_name") != record.text("insured_name") {
        entry.name(record.text("holder_name"));
    }
    entry
}

/// A complaint.
pub(crate) fn complaint(record: &Record) -> Entry {
    let mut entry = Entry { no: record.text("no").to_owned(), ..Entry::default() };
    entry.title = joined([record.text("complainant_name"), record.text("no")]);
    let day = record.text("received_at").get(..10).unwrap_or_default();
    entry.subtitle = joined([record.text("policy_no"), day]);
    for number in ["no", "policy_no", "claim_no", "complainant_id_no", "complainant_mobile", "regulator_no"] {
        entry.number(record.text(number));
    }
    entry.name(record.text("complainant_name"));
    entry.name(record.text("proxy_name"));
    for field in ["matter", "staff"] {
        tokens(record.text(field), &mut entry.tokens);
    }
    entry
}
