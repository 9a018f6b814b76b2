//! Registering a claim: everything is checked, then one operation holds all of it.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use domain::case_number::CaseNumber;
use domain::claim::Status;
use domain::identity::{self, IdentityKind};
use domain::party::{PartyInput, PartyRole, check_party};
use domain::record::Record;
use domain::role::Right;
use domain::template::{Period, Template, check_answers};
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};
use specta::Type;
use store::NewOperation;
use uuid::Uuid;

use super::input::{CHANNELS, ClaimInput};
use super::papers::{self, ChecklistRow, Received};
use crate::attachments::DraftFile;
use crate::clock::day_of;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::prints::word;

/// A paper the claim waits for.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MissingPaper {
    /// The document's id in the template.
    pub id: String,
    /// What it is called.
    pub name: Text,
}

/// A registered claim.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Registered {
    /// The claim.
    pub id: String,
    /// Its final number.
    pub no: String,
    /// What it waits for.
    pub missing: Vec<MissingPaper>,
}

/// An input that may be registered, or why not.
pub(crate) struct Prepared {
    pub(crate) policy: Policy,
    pub(crate) parties: Vec<PartyInput>,
    pub(crate) received: BTreeMap<String, Received>,
    pub(crate) checklist: Vec<ChecklistRow>,
    pub(crate) duplicates: Vec<Uuid>,
    pub(crate) incident_day: String,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) warnings: Vec<Refusal>,
}

/// The policy a claim is made under, imported or as stated at the counter.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    pub(crate) id: Option<Uuid>,
    pub(crate) no: String,
    pub(crate) product: String,
    pub(crate) holder: String,
    pub(crate) insured: String,
    pub(crate) plate: Option<String>,
    pub(crate) inception: Option<NaiveDate>,
    pub(crate) expiry: Option<NaiveDate>,
}

impl Desk {
    /// Checks an input as registration will, without registering it.
    pub(crate) async fn prepare(
        &self,
        template: &Template,
        input: &ClaimInput,
        files: &[DraftFile],
    ) -> Result<Prepared, DeskError> {
        let today = self.today();
        let (mut refusals, mut warnings) = (Vec::new(), Vec::new());
        if !CHANNELS.contains(&input.channel.as_str()) {
            let known = CHANNELS.join(", ");
            refusals.push(
                Refusal::new(Code::ClaimChannelUnknown)
                    .with("channel", &input.channel)
                    .with("known", known)
                    .at("channel"),
            );
        }
        let policy = self.resolve_policy(input, &mut refusals, &mut warnings).await?;
        let mut parties = Vec::with_capacity(input.parties.len());
        for (index, party) in input.parties.iter().enumerate() {
            match check_party(party.clone(), index, today) {
                Ok((party, found)) => {
                    parties.push(party);
                    warnings.extend(found);
                }
                Err(found) => refusals.extend(found),
            }
        }
        let roles: Vec<&str> = input.parties.iter().map(|party| party.role.as_str()).collect();
        for rule in template.roles.iter().filter(|rule| rule.required) {
            if !roles.contains(&rule.role.as_str()) {
                refusals.push(
                    Refusal::new(Code::ClaimRoleMissing)
                        .with_text("role", &word("role", &rule.role))
                        .at("parties"),
                );
            }
        }
        let period = Period { inception: policy.inception, expiry: policy.expiry };
        let answers = Value::Object(input.answers.clone());
        let findings = check_answers(template, &answers, self.clock.now(), period)?;
        refusals.extend(findings.refusals);
        warnings.extend(findings.warnings);
        for field in template.fields() {
            let Ok(kind) = field.widget.as_str().parse::<IdentityKind>() else { continue };
            let Some(value) = text(&input.answers, &field.key).filter(|value| !value.is_empty()) else {
                continue;
            };
            let at = format!("answers.{}", field.key);
            match identity::check(kind, value, today) {
                Ok(checked) => warnings.extend(checked.warnings.into_iter().map(|warning| warning.at(&at))),
                // The schema's refusal of the same field is enough.
                Err(refusal) if !refusals.iter().any(|known| known.field.as_ref() == Some(&at)) => {
                    refusals.push(refusal.at(&at));
                }
                Err(_) => {}
            }
        }
        let received = papers::received(template, &input.documents).unwrap_or_else(|found| {
            refusals.extend(found);
            BTreeMap::new()
        });
        let rows: Vec<_> = files.iter().map(|file| file.row.clone()).collect();
        let checklist = papers::rows(template, &input.answers, &roles, &received, &rows)?;

        let incident_day = text(&input.answers, "incident_at")
            .and_then(day_of)
            .map(|day| day.to_string())
            .unwrap_or_default();
        let cause = text(&input.answers, "cause").unwrap_or_default();
        let duplicates = if policy.no.is_empty() || incident_day.is_empty() {
            Vec::new()
        } else {
            self.store.same_loss(&policy.no, &incident_day, cause).await?
        };
        Ok(Prepared { policy, parties, received, checklist, duplicates, incident_day, refusals, warnings })
    }

    /// The policy by its number among the imported ones, else as stated.
    async fn resolve_policy(
        &self,
        input: &ClaimInput,
        refusals: &mut Vec<Refusal>,
        warnings: &mut Vec<Refusal>,
    ) -> Result<Policy, DeskError> {
        let stated = &input.policy;
        let no = domain::text_rules::check_line(stated.no.trim(), 64).unwrap_or_default();
        if no.is_empty() {
            refusals.push(Refusal::new(Code::ClaimPolicyMissing).at("policy.no"));
            return Ok(Policy::default());
        }
        let mut date = |value: &Option<String>, field: &str| {
            let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
            domain::person::parse_date(value).map_err(|refusal| refusals.push(refusal.at(field))).ok()
        };
        let (inception, expiry) =
            (date(&stated.inception, "policy.inception"), date(&stated.expiry, "policy.expiry"));
        let known = self.store.policies_by_no(std::slice::from_ref(&no)).await?.into_iter().next();
        if let Some((_, id)) = known
            && let Some(record) = self.store.record("policy", id).await?
        {
            let policy = from_record(id, &record);
            let differ = |stated: Option<NaiveDate>, known| stated.is_some() && stated != known;
            if differ(inception, policy.inception) || differ(expiry, policy.expiry) {
                warnings.push(
                    Refusal::new(Code::ClaimPolicyDatesDiffer)
                        .with("inception", record.text("inception"))
                        .with("expiry", record.text("expiry"))
                        .at("policy.inception"),
                );
            }
            if !record.flag("verified") {
                warnings.push(Refusal::new(Code::ClaimPolicyUnverified).with("no", &no).at("policy.no"));
            }
            return Ok(policy);
        }
        warnings.push(Refusal::new(Code::ClaimPolicyUnverified).with("no", &no).at("policy.no"));
        if inception.is_none() || expiry.is_none() {
            let field = if inception.is_none() { "policy.inception" } else { "policy.expiry" };
            refusals.push(Refusal::new(Code::ClaimPolicyMissing).at(field));
        } else if inception > expiry {
            refusals.push(
                Refusal::new(Code::ClaimTimeOrder)
                    .with("field", "policy.expiry")
                    .with("earlier", inception.map(|day| day.to_string()).unwrap_or_default())
                    .at("policy.expiry"),
            );
        }
        let mut line = |value: &Option<String>, field: &str| {
            domain::text_rules::check_line(value.as_deref().unwrap_or_default().trim(), 200)
                .map_err(|refusal| refusals.push(refusal.at(field)))
                .unwrap_or_default()
        };
        Ok(Policy {
            id: None,
            no,
            product: line(&stated.product, "policy.product"),
            holder: line(&stated.holder, "policy.holder"),
            insured: line(&stated.insured, "policy.insured"),
            plate: Some(line(&stated.plate, "policy.plate")).filter(|plate| !plate.is_empty()),
            inception,
            expiry,
        })
    }

    /// Registers a claim.
    ///
    /// # Errors
    /// Without the right; every refusal of the input at once; [`Code::ClaimDuplicateSuspected`] when a claim of the
    /// same policy, day and cause exists and the input neither says why it is another nor links to it.
    pub async fn register(
        &self,
        actor: &Actor,
        template: &Template,
        input: ClaimInput,
    ) -> Result<Registered, DeskError> {
        self.register_with_files(actor, template, input, &[]).await
    }

    pub(crate) async fn register_with_files(
        &self,
        actor: &Actor,
        template: &Template,
        input: ClaimInput,
        files: &[DraftFile],
    ) -> Result<Registered, DeskError> {
        actor.need(Right::ClaimRegister)?;
        // Two registrations at once must not both miss that they are the same loss.
        let _step = self.steps.lock().await;
        let prepared = self.prepare(template, &input, files).await?;
        if !prepared.refusals.is_empty() {
            return Err(prepared.refusals.into());
        }
        let linked = self.duplicate_answer(&input, &prepared).await?;

        let claim = Uuid::now_v7();
        let mut command = self.operation(actor, "claim.register");
        let policy = self.write_policy(&mut command, &prepared.policy);
        self.write_parties(&mut command, claim, &prepared.parties).await?;
        for (document, received) in &prepared.received {
            write_document(&mut command, claim, document, received);
        }
        for file in files {
            file.write(&mut command, claim);
        }
        if let Some((other, kind, reason)) = &linked {
            write_link(&mut command, claim, *other, kind, reason);
        }
        let missing: Vec<MissingPaper> = prepared
            .checklist
            .iter()
            .filter(|row| row.lacking())
            .map(|row| MissingPaper { id: row.id.clone(), name: row.name.clone() })
            .collect();
        self.write_claim(&mut command, actor, claim, template, &input, &prepared, policy, missing.len());
        self.write_event(
            &mut command,
            actor,
            claim,
            "register",
            (None, Some(Status::Registered)),
            None,
            json!({
                "missing": missing.iter().map(|paper| &paper.id).collect::<Vec<_>>(),
                "warnings": prepared.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(),
            }),
        );

        let branch = self.branch().await?;
        let year = self.today().year();
        let counter = format!("counter.{:02}", year % 100);
        let no = self
            .store
            .commit_numbered(&counter, |code, number| {
                let no = CaseNumber::new(&branch.code, year, code, number)?.to_string();
                command.set("claim", claim, "no", no.clone());
                Ok((command, no))
            })
            .await?;
        Ok(Registered { id: claim.to_string(), no, missing })
    }

    /// What the input says about a claim that looks the same.
    async fn duplicate_answer(
        &self,
        input: &ClaimInput,
        prepared: &Prepared,
    ) -> Result<Option<(Uuid, &'static str, String)>, DeskError> {
        let reason = input.not_duplicate_reason.as_deref().map(str::trim).unwrap_or_default().to_owned();
        if let Some(linked) = input.linked_claim.as_deref().filter(|linked| !linked.is_empty()) {
            let other = self.claim_id(linked).await?;
            return Ok(Some((other, "duplicate_of", reason)));
        }
        let Some(first) = prepared.duplicates.first() else { return Ok(None) };
        if reason.chars().count() >= 2 {
            return Ok(Some((*first, "not_duplicate", reason)));
        }
        let record = self.store.record("claim", *first).await?.unwrap_or_default();
        let refusal = Refusal::new(Code::ClaimDuplicateSuspected).with("no", record.text("no"));
        Err(refusal.at("not_duplicate_reason").into())
    }

    /// A policy only stated at the counter becomes a record marked unverified; the next import completes it.
    fn write_policy(&self, command: &mut NewOperation, policy: &Policy) -> Uuid {
        if let Some(id) = policy.id {
            return id;
        }
        let id = Uuid::now_v7();
        command.set("policy", id, "no", policy.no.clone());
        command.set("policy", id, "verified", false);
        command.set("policy", id, "product_code", policy.product.clone());
        command.set("policy", id, "holder_name", policy.holder.clone());
        command.set("policy", id, "insured_name", policy.insured.clone());
        command.set_some("policy", id, "plate", policy.plate.clone());
        command.set_some("policy", id, "inception", policy.inception.map(|day| day.to_string()));
        command.set_some("policy", id, "expiry", policy.expiry.map(|day| day.to_string()));
        id
    }

    /// Each party: the person found again or new, and what was stated for this claim.
    async fn write_parties(
        &self,
        command: &mut NewOperation,
        claim: Uuid,
        parties: &[PartyInput],
    ) -> Result<(), DeskError> {
        let mut written: Vec<(Uuid, &PartyInput)> = Vec::new();
        for party in parties {
            let same = written.iter().find(|(_, other)| {
                other.name == party.name && other.id_no == party.id_no && other.mobile == party.mobile
            });
            let person = match same {
                Some((person, _)) => *person,
                None => self.find_party(party).await?.unwrap_or_else(Uuid::now_v7),
            };
            written.push((person, party));
            let kind = json!(party.kind);
            command.set("party", person, "kind", kind.clone());
            command.set("party", person, "name", party.name.clone());
            let link = Uuid::now_v7();
            command.set("claim_party", link, "claim", claim.to_string());
            command.set("claim_party", link, "party", person.to_string());
            command.set("claim_party", link, "role", party.role.as_str());
            command.set("claim_party", link, "kind", kind);
            command.set("claim_party", link, "name", party.name.clone());
            let id_type = party.id_type.map(|id_type| id_type.as_str());
            for (field, value) in [
                ("id_type", id_type),
                ("id_no", party.id_no.as_deref()),
                ("mobile", party.mobile.as_deref()),
                ("birth", party.birth.as_deref()),
                ("address", party.address.as_deref()),
            ] {
                command.set_some("party", person, field, value);
                command.set_some("claim_party", link, field, value);
            }
            for (field, value) in [
                ("relation", &party.relation),
                ("bank_account", &party.bank_account),
                ("bank_name", &party.bank_name),
            ] {
                command.set_some("claim_party", link, field, value.clone());
            }
            command.set_some(
                "claim_party",
                link,
                "authority",
                party.authority.as_ref().map(|paper| json!(paper)),
            );
            let consent = party.guardian_consent.as_ref().map(|consent| json!(consent));
            command.set_some("claim_party", link, "guardian_consent", consent);
        }
        Ok(())
    }

    /// The person by identity number and name; without a number by name and mobile.
    async fn find_party(&self, party: &PartyInput) -> Result<Option<Uuid>, DeskError> {
        if let Some(id_no) = &party.id_no {
            let found = self.store.parties_by_id_no(std::slice::from_ref(id_no)).await?;
            return Ok(found.into_iter().find(|(_, name, _)| *name == party.name).map(|(_, _, id)| id));
        }
        match &party.mobile {
            Some(mobile) => Ok(self.store.party_by_name_and_mobile(&party.name, mobile).await?),
            None => Ok(None),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the claim's own fields, written in one place")]
    fn write_claim(
        &self,
        command: &mut NewOperation,
        actor: &Actor,
        claim: Uuid,
        template: &Template,
        input: &ClaimInput,
        prepared: &Prepared,
        policy: Uuid,
        missing: usize,
    ) {
        let named = |role: PartyRole| {
            prepared.parties.iter().find(|party| party.role == role).map(|party| party.name.clone())
        };
        let insured = named(PartyRole::Insured).unwrap_or_else(|| prepared.policy.insured.clone());
        for (field, value) in [
            ("template", json!(template.id)),
            ("template_version", json!(template.version)),
            ("policy", json!(policy.to_string())),
            ("policy_no", json!(prepared.policy.no)),
            ("channel", json!(input.channel)),
            ("status", json!(Status::Registered.as_str())),
            ("registered_at", json!(self.now().to_rfc3339())),
            ("clerk", json!(actor.account.to_string())),
            ("clerk_name", json!(actor.name)),
            ("insured", json!(insured)),
            ("reporter", json!(named(PartyRole::Reporter).unwrap_or_default())),
            ("incident_day", json!(prepared.incident_day)),
            ("missing", json!(missing)),
        ] {
            command.set("claim", claim, field, value);
        }
        for (key, value) in &input.answers {
            command.set("claim", claim, format!("answers.{key}"), value.clone());
        }
    }

    /// An entry of the claim's timeline.
    #[expect(clippy::too_many_arguments, reason = "an entry is said whole")]
    pub(crate) fn write_event(
        &self,
        command: &mut NewOperation,
        actor: &Actor,
        claim: Uuid,
        name: &str,
        (from, to): (Option<Status>, Option<Status>),
        reason: Option<&str>,
        data: Value,
    ) {
        let event = Uuid::now_v7();
        command.set("event", event, "claim", claim.to_string());
        command.set("event", event, "at", self.now().to_rfc3339());
        command.set("event", event, "command", name);
        command.set("event", event, "actor", actor.account.to_string());
        command.set("event", event, "actor_name", actor.name.clone());
        command.set("event", event, "role", actor.role.as_str());
        command.set_some("event", event, "from", from.map(Status::as_str));
        command.set_some("event", event, "to", to.map(Status::as_str));
        command.set_some("event", event, "reason", reason.filter(|reason| !reason.is_empty()));
        command.set("event", event, "data", data);
    }

    /// A claim by its id or number.
    pub(crate) async fn claim_id(&self, named: &str) -> Result<Uuid, DeskError> {
        let named = named.trim();
        if let Ok(id) = Uuid::parse_str(named)
            && self.store.record("claim", id).await?.is_some()
        {
            return Ok(id);
        }
        let no = named.parse::<CaseNumber>().map(|no| no.to_string()).unwrap_or_else(|_| named.to_owned());
        let found = self.store.claim_by_no(&no).await?;
        Ok(found.ok_or_else(|| Refusal::new(Code::ClaimUnknown).with("no", named))?)
    }
}

pub(crate) fn write_document(command: &mut NewOperation, claim: Uuid, document: &str, received: &Received) {
    let record = document_record(claim, document);
    command.set("document", record, "claim", claim.to_string());
    command.set("document", record, "document", document);
    command.set("document", record, "state", received.state.as_str());
    command.set("document", record, "count", received.count);
    command.set("document", record, "note", received.note.clone().unwrap_or_default());
    command.set("document", record, "received_at", command.at.to_rfc3339());
}

/// One record per claim and paper, the same on every desk: two desks receiving one paper meet in one record.
fn document_record(claim: Uuid, document: &str) -> Uuid {
    let digest = domain::digest::Digest::of(format!("{claim}/{document}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.0).for_each(|(byte, value)| *byte = value);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// A link stands in both claims' files: two records with one `pair`.
pub(crate) fn write_link(command: &mut NewOperation, claim: Uuid, other: Uuid, kind: &str, reason: &str) {
    let pair = Uuid::now_v7();
    let mirrored = if kind == "duplicate_of" { "duplicated_by" } else { kind };
    for (from, to, kind) in [(claim, other, kind), (other, claim, mirrored)] {
        let link = Uuid::now_v7();
        command.set("link", link, "claim", from.to_string());
        command.set("link", link, "other", to.to_string());
        command.set("link", link, "pair", pair.to_string());
        command.set("link", link, "kind", kind);
        command.set("link", link, "reason", reason);
        command.set("link", link, "active", true);
    }
}

pub(crate) fn from_record(id: Uuid, record: &Record) -> Policy {
    let date = |field: &str| NaiveDate::parse_from_str(record.text(field), "%Y-%m-%d").ok();
    Policy {
        id: Some(id),
        no: record.text("no").to_owned(),
        product: record.text("product_code").to_owned(),
        holder: record.text("holder_name").to_owned(),
        insured: record.text("insured_name").to_owned(),
        plate: record.optional("plate"),
        inception: date("inception"),
        expiry: date("expiry"),
    }
}

fn text<'a>(answers: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    answers.get(key).and_then(Value::as_str)
}
