//! From a claim's records to what the layouts bind to, in the language of the print.

use chrono::{DateTime, FixedOffset};
use domain::template::{DocumentForm, Field, Widget};
use report::data::{
    AnswerData, BranchData, ClaimData, ClaimPrintData, ClockData, PaperData, PartyData, PolicyData,
    StandardData,
};
use serde_json::Value;
use uuid::Uuid;

use super::words::Words;
use super::{PrintCopy, PrintKind, amount, course};
use crate::claim::file::Loaded;
use crate::claim::papers::{ChecklistRow, PaperState};
use crate::desk::Branch;
use crate::error::DeskError;
use crate::people::PolicyView;

/// Answers that have their own place on the application.
const APART: &[&str] = &["incident_at", "incident_place", "cause", "story"];

/// Clocks whose rule is not yet compared with its text: the article number of CIRC Order 2010-4 is not settled.
const UNVERIFIED: &[&str] = &["K3"];

/// Everything a print is made from.
pub(super) struct Source<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) policy: Option<PolicyView>,
    pub(super) branch: Branch,
    pub(super) kind: PrintKind,
    pub(super) copy: PrintCopy,
    pub(super) words: Words,
    pub(super) at: DateTime<FixedOffset>,
}

impl Source<'_> {
    pub(super) fn data(self) -> Result<ClaimPrintData, DeskError> {
        let (loaded, words) = (self.loaded, &self.words);
        let checklist = loaded.checklist()?;
        // The notice names what it named when it was issued; every other print what is lacking today.
        let asked = course::papers_asked(loaded).filter(|_| self.kind == PrintKind::Supplement);
        let missing = checklist.iter().filter(|row| match &asked {
            Some(asked) => asked.contains(&row.id),
            None => row.lacking(),
        });
        Ok(ClaimPrintData {
            branch: branch(&self.branch),
            claim: self.claim(),
            policy: self.policy(),
            parties: self.parties(),
            answers: self.answers(),
            documents: checklist
                .iter()
                .filter(|row| row.state != PaperState::Missing)
                .map(|row| self.received(row))
                .collect(),
            missing: missing
                .map(|row| PaperData { state: Some("missing".to_owned()), ..asked_for(row, words) })
                .collect(),
            supplement: course::supplement(loaded),
            worksheet: amount::worksheet(loaded, words),
            decision: amount::decision(loaded, words),
            refusal: amount::refusal(loaded),
            progress: course::progress(loaded, self.copy, words),
            standard: self.standard(&checklist),
            privacy_notice: Some(words.text(&loaded.template.privacy_notice)),
            clerk: loaded.claim.optional("clerk_name"),
            printed_at: Some(self.at.to_rfc3339()),
            internal_notes: course::notes(loaded, self.copy, words),
        })
    }

    fn claim(&self) -> ClaimData {
        let claim = &self.loaded.claim;
        let cause = claim.get("answers.cause").zip(self.loaded.template.field("cause"));
        ClaimData {
            no: claim.optional("no"),
            template_name: Some(self.words.text(&self.loaded.template.name)),
            registered_at: claim.optional("registered_at"),
            incident_at: claim.optional("answers.incident_at"),
            incident_place: claim.optional("answers.incident_place"),
            cause: cause.and_then(|(value, field)| self.answer(field, value)),
            story: claim.optional("answers.story"),
            channel: claim.optional("channel"),
            status: Some(self.loaded.status.as_str().to_owned()),
        }
    }

    fn policy(&self) -> PolicyData {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        match &self.policy {
            None => PolicyData { no: self.loaded.claim.optional("policy_no"), ..PolicyData::default() },
            Some(policy) => PolicyData {
                no: filled(&policy.no),
                product: filled(&policy.product_name),
                holder: filled(&policy.holder),
                // A group policy has many insured; the claim says which of them.
                insured: self.loaded.claim.optional("insured").or_else(|| filled(&policy.insured)),
                inception: filled(&policy.inception),
                expiry: filled(&policy.expiry),
                verified: Some(policy.verified),
            },
        }
    }

    /// Each person once, with all roles: whoever reports, drives and is insured signs one form.
    fn parties(&self) -> Vec<PartyData> {
        let mut people: Vec<(Option<Uuid>, Vec<String>, PartyData)> = Vec::new();
        for (_, party) in &self.loaded.parties {
            let person = party.id("party");
            let role = self.words.word("role", party.text("role"));
            let stated = PartyData {
                role: None,
                name: party.optional("name"),
                id_type: party.optional("id_type").map(|id_type| self.words.word("id_type", &id_type)),
                id_no: party.optional("id_no"),
                mobile: party.optional("mobile"),
                address: party.optional("address"),
                bank: party.optional("bank_name"),
                account: party.optional("bank_account"),
            };
            match people.iter_mut().find(|(known, ..)| person.is_some() && *known == person) {
                Some((_, roles, first)) => {
                    roles.push(role);
                    let fill = |field: &mut Option<String>, stated: Option<String>| {
                        if field.is_none() {
                            *field = stated;
                        }
                    };
                    fill(&mut first.id_type, stated.id_type);
                    fill(&mut first.id_no, stated.id_no);
                    fill(&mut first.mobile, stated.mobile);
                    fill(&mut first.address, stated.address);
                    fill(&mut first.bank, stated.bank);
                    fill(&mut first.account, stated.account);
                }
                None => people.push((person, vec![role], stated)),
            }
        }
        let separator = self.words.word("role_separator", "and");
        people
            .into_iter()
            .map(|(_, roles, party)| PartyData { role: Some(roles.join(&separator)), ..party })
            .collect()
    }

    fn answers(&self) -> Vec<AnswerData> {
        let answers = self.loaded.answers();
        let fields = self.loaded.template.fields().filter(|field| !APART.contains(&field.key.as_str()));
        fields
            .filter_map(|field| {
                let value = self.answer(field, answers.get(&field.key)?)?;
                Some(AnswerData { label: Some(self.words.text(&field.label)), value: Some(value) })
            })
            .collect()
    }

    /// An answer as people read it; nothing for an empty one.
    fn answer(&self, field: &Field, value: &Value) -> Option<String> {
        let text = match value {
            Value::Bool(yes) => return Some(self.words.yes_no(*yes)),
            Value::Number(number) => return Some(number.to_string()),
            Value::String(text) if !text.trim().is_empty() => text,
            _ => return None,
        };
        Some(match field.widget {
            Widget::Select | Widget::Radio => match field.options.get(text) {
                Some(option) => self.words.text(option),
                None => text.clone(),
            },
            Widget::Date => self.words.date(text),
            Widget::Datetime => self.words.moment(text),
            Widget::Money => report::layout::format::money(text),
            _ => text.clone(),
        })
    }

    fn received(&self, row: &ChecklistRow) -> PaperData {
        let (form, state) = match row.state {
            PaperState::Original => (Some("original"), "received"),
            PaperState::Copy => (Some("copy"), "received"),
            PaperState::Held => (None, "held"),
            PaperState::Waived => (None, "waived"),
            PaperState::Missing => (None, "missing"),
        };
        let record = self.loaded.documents.iter().find(|(_, document)| document.text("document") == row.id);
        // What we have already or do without did not come that day.
        let at =
            record.filter(|_| state == "received").and_then(|(_, document)| document.optional("received_at"));
        let asked = asked_for(row, &self.words);
        PaperData {
            form: form.map(str::to_owned).or(asked.form),
            count: Some(row.received_count),
            state: Some(state.to_owned()),
            received: at,
            note: row.note.clone(),
            if_none: None,
            name: asked.name,
        }
    }

    /// How claims of this kind are handled, from the template the claim began with (000-13).
    fn standard(&self, checklist: &[ChecklistRow]) -> StandardData {
        let (template, words) = (&self.loaded.template, &self.words);
        let clocks = template.clocks.iter().map(|clock| {
            let rule = format!("{:?}", clock.rule);
            ClockData {
                name: Some(words.word("clock", &rule)),
                limit: Some(words.word("limit", &rule)),
                source: Some(words.text(&clock.note)),
                verified: Some(!UNVERIFIED.contains(&rule.as_str())),
            }
        });
        let (version, from) =
            (template.version.to_string(), words.date(&template.effective_from.to_string()));
        let slots = [("version", version.as_str()), ("date", from.as_str())];
        StandardData {
            clocks: clocks.collect(),
            explain: Some(words.text(&template.amount.explain)),
            told: template.customer_told.iter().map(|told| words.text(told)).collect(),
            papers: checklist.iter().map(|row| asked_for(row, words)).collect(),
            version: Some(words.filled("standard_version", "version", &slots)),
        }
    }
}

/// The branch as every document names it.
pub(super) fn branch(branch: &Branch) -> BranchData {
    BranchData {
        code: Some(branch.code.clone()),
        name: Some(branch.name.clone()),
        phone: branch.phone.clone(),
        address: branch.address.clone(),
    }
}

/// A paper as the template asks for it.
fn asked_for(row: &ChecklistRow, words: &Words) -> PaperData {
    let form = match row.form {
        DocumentForm::Original => "original",
        DocumentForm::Copy => "copy",
        DocumentForm::Either => "either",
    };
    PaperData {
        name: Some(words.text(&row.name)),
        form: Some(form.to_owned()),
        count: Some(row.count),
        if_none: Some(words.text(&row.if_none)),
        ..PaperData::default()
    }
}
