//! Taking a complaint in, by whichever channel it came (002-01 to 002-05; Order 2020-3, arts. 12 to 14).

use chrono::{DateTime, Datelike as _, FixedOffset};
use domain::case_number::CaseNumber;
use domain::complaint::{Data, Status};
use domain::identity::{self, IdentityKind};
use domain::name::check_name;
use domain::party::PartyKind;
use domain::role::Right;
use domain::text_rules::{STORY_LIMIT, check_line, check_text};
use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use store::NewOperation;
use uuid::Uuid;

use crate::clock::local;
use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice};

/// Who complains.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct Complainant {
    /// `person` or `organisation`.
    pub kind: Option<PartyKind>,
    /// Name.
    pub name: String,
    /// Resident identity or credit code.
    pub id_no: Option<String>,
    /// Mobile.
    pub mobile: Option<String>,
    /// Another way to reach them.
    pub contact: Option<String>,
    /// Address.
    pub address: Option<String>,
}

/// Who complains for somebody else (Order 2020-3, art. 14).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct Proxy {
    /// Name.
    pub name: String,
    /// Resident identity.
    pub id_no: Option<String>,
    /// Mobile.
    pub mobile: Option<String>,
    /// The signed authority, or the proof of an heir.
    pub authority: String,
}

/// A complaint as it is taken in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct ComplaintInput {
    /// Drawn by the form: sent twice, it is recorded once.
    pub id: Option<String>,
    /// `walk_in`, `phone`, `letter`, `email`, `web`, `app`, `wechat` or `regulator`.
    pub channel: String,
    /// When it was received, RFC 3339; now when left out.
    pub received_at: Option<String>,
    /// Where it was received: the room of a walk-in.
    pub place: Option<String>,
    /// When a letter was posted, YYYY-MM-DD.
    pub posted_on: Option<String>,
    /// Which recording has the call.
    pub recording: Option<String>,
    /// The regulator's number.
    pub regulator_no: Option<String>,
    /// Until when the regulator wants an answer, YYYY-MM-DD.
    pub regulator_deadline: Option<String>,
    /// Who complains.
    pub complainant: Complainant,
    /// Who speaks for them.
    pub proxy: Option<Proxy>,
    /// How many complain together; 1 or none for one.
    pub people: Option<u32>,
    /// Who speaks for a group.
    pub representatives: Vec<String>,
    /// The policy it is about.
    pub policy_no: Option<String>,
    /// The claim it is about.
    pub claim_no: Option<String>,
    /// Institution complained of; this branch when left out.
    pub institution: Option<String>,
    /// Staff complained of.
    pub staff: Option<String>,
    /// What happened.
    pub matter: String,
    /// What is demanded.
    pub request: Option<String>,
    /// Facts and reasons.
    pub basis: Option<String>,
    /// What the complainant would be content with.
    pub expected: Option<String>,
    /// Area the complaint comes from (001-25).
    pub area: Option<String>,
    /// Papers handed over.
    pub papers: Vec<String>,
}

/// A complaint that was taken in.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintRegistered {
    /// The complaint.
    pub id: String,
    /// Its number, final at once.
    pub no: String,
    /// What someone should know.
    pub warnings: Vec<Notice>,
}

/// What was checked of an input: the fields as they are kept.
struct Prepared {
    fields: Vec<(&'static str, serde_json::Value)>,
    received: DateTime<FixedOffset>,
    warnings: Vec<Refusal>,
}

const LINE: usize = 200;

/// Collects what is wrong, so that a form learns it all at once.
#[derive(Default)]
struct Findings {
    refusals: Vec<Refusal>,
    warnings: Vec<Refusal>,
}

impl Findings {
    fn line(&mut self, at: &str, value: Option<&str>) -> Option<String> {
        self.checked(at, value, |value| check_line(value, LINE))
    }

    fn story(&mut self, at: &str, value: Option<&str>) -> Option<String> {
        self.checked(at, value, |value| check_text(value, STORY_LIMIT))
    }

    fn checked(
        &mut self,
        at: &str,
        value: Option<&str>,
        check: impl FnOnce(&str) -> Result<String, Refusal>,
    ) -> Option<String> {
        let value = value.map(str::trim).filter(|value| !value.is_empty())?;
        match check(value) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refusals.push(refusal.at(at));
                None
            }
        }
    }

    fn identity(
        &mut self,
        at: &str,
        kind: IdentityKind,
        value: Option<&str>,
        today: chrono::NaiveDate,
    ) -> Option<String> {
        let value = value.map(str::trim).filter(|value| !value.is_empty())?;
        match identity::check(kind, value, today) {
            Ok(checked) => {
                self.warnings.extend(checked.warnings.into_iter().map(|warning| warning.at(at)));
                Some(checked.normalized)
            }
            Err(refusal) => {
                self.refusals.push(refusal.at(at));
                None
            }
        }
    }

    fn day(&mut self, at: &str, value: Option<&str>) -> Option<String> {
        self.checked(at, value, |value| domain::person::parse_date(value).map(|day| day.to_string()))
    }

    fn missing(&mut self, at: &str, field: &str) {
        let refusal = Refusal::new(Code::ComplaintFieldMissing);
        self.refusals.push(refusal.with_text("field", &Data::shipped().field(field)).at(at));
    }
}

impl Desk {
    /// Takes a complaint in. Sent twice under one id it is recorded once, and answered alike.
    ///
    /// # Errors
    /// Without the right; every field that is wrong or missing for its channel.
    pub async fn complaint_register(
        &self,
        actor: &Actor,
        input: ComplaintInput,
    ) -> Result<ComplaintRegistered, DeskError> {
        actor.need(Right::ComplaintRegister)?;
        let _step = self.steps.lock().await;
        let id = input.id.as_deref().and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_else(Uuid::now_v7);
        if let Some(known) = self.store.record("complaint", id).await? {
            let no = known.text("no").to_owned();
            return Ok(ComplaintRegistered { id: id.to_string(), no, warnings: Vec::new() });
        }
        let prepared = self.prepare_complaint(&input).await?;
        let mut command = self.operation(actor, "complaint.register");
        for (field, value) in prepared.fields {
            command.set("complaint", id, field, value);
        }
        for (field, value) in [
            ("status", json!(Status::Received.as_str())),
            ("registered_at", json!(self.now().to_rfc3339())),
            ("clerk", json!(actor.account.to_string())),
            ("clerk_name", json!(actor.name)),
        ] {
            command.set("complaint", id, field, value);
        }
        let data = json!({ "channel": input.channel, "received_at": prepared.received.to_rfc3339() });
        let change = (None, Some(Status::Received));
        self.write_complaint_event(&mut command, actor, id, "register", change, None, data);
        let no = self.complaint_number(id, command).await?;
        let warnings = prepared.warnings.into_iter().map(Notice::from).collect();
        Ok(ComplaintRegistered { id: id.to_string(), no, warnings })
    }

    /// Commits under the next number of this desk: claims and complaints share one row of numbers.
    async fn complaint_number(&self, id: Uuid, mut command: NewOperation) -> Result<String, DeskError> {
        let branch = self.branch().await?;
        let year = self.today().year();
        let counter = format!("counter.{:02}", year % 100);
        Ok(self
            .store
            .commit_numbered(&counter, |code, number| {
                let no = CaseNumber::new(&branch.code, year, code, number)?.to_string();
                command.set("complaint", id, "no", no.clone());
                Ok((command, no))
            })
            .await?)
    }

    async fn prepare_complaint(&self, input: &ComplaintInput) -> Result<Prepared, DeskError> {
        let (data, today, now) = (Data::shipped(), self.today(), self.now());
        let mut found = Findings::default();
        if !data.channels.contains_key(&input.channel) {
            let known = data.channels.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let refusal = Refusal::new(Code::ComplaintChannelUnknown).with("channel", &input.channel);
            found.refusals.push(refusal.with("known", known).at("channel"));
        }
        let received = match input.received_at.as_deref().map(DateTime::parse_from_rfc3339) {
            None => now,
            Some(Ok(moment)) if moment <= now => local(moment.to_utc()),
            Some(Ok(_)) => {
                let refusal = Refusal::new(Code::ClaimTimeInFuture).with("field", "received_at");
                found.refusals.push(refusal.at("received_at"));
                now
            }
            Some(Err(_)) => {
                let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "received_at");
                found.refusals.push(refusal.with("expected", "2026-11-22T09:30:00+08:00").at("received_at"));
                now
            }
        };
        let who = &input.complainant;
        let kind = who.kind.unwrap_or(PartyKind::Person);
        let name = found.checked("complainant.name", Some(&who.name), |name| check_name(kind, name));
        let number = if kind == PartyKind::Person { IdentityKind::Id } else { IdentityKind::Uscc };
        let id_no = found.identity("complainant.id_no", number, who.id_no.as_deref(), today);
        let mobile = found.identity("complainant.mobile", IdentityKind::Mobile, who.mobile.as_deref(), today);
        let contact = found.line("complainant.contact", who.contact.as_deref());
        let matter = found.story("matter", Some(&input.matter));
        let place = found.line("place", input.place.as_deref());
        let posted = found.day("posted_on", input.posted_on.as_deref());
        let regulator_no = found.line("regulator_no", input.regulator_no.as_deref());
        if who.name.trim().is_empty() {
            found.missing("complainant.name", "complainant_name");
        }
        if input.matter.trim().is_empty() {
            found.missing("matter", "matter");
        }
        // 002-02: of a call at least name, contact and matter; a letter tells them or is asked back.
        let reachable = who.mobile.is_some() || who.contact.is_some() || who.address.is_some();
        match input.channel.as_str() {
            "phone" if !reachable => found.missing("complainant.mobile", "complainant_mobile"),
            "walk_in" if place.is_none() => found.missing("place", "place"),
            "letter" if posted.is_none() && input.posted_on.is_none() => {
                found.missing("posted_on", "posted_on")
            }
            "regulator" if regulator_no.is_none() => found.missing("regulator_no", "regulator_no"),
            _ => {}
        }
        let people = input.people.unwrap_or(1).max(1);
        let most = data.most_representatives;
        if u32::try_from(input.representatives.len()).is_ok_and(|count| count > most) {
            let refusal = Refusal::new(Code::ComplaintRepresentatives).with("most", most);
            found.refusals.push(refusal.at("representatives"));
        }
        let mut representatives = Vec::new();
        for (index, representative) in input.representatives.iter().enumerate() {
            let at = format!("representatives.{index}");
            representatives
                .extend(found.checked(&at, Some(representative), |name| check_name(PartyKind::Person, name)));
        }
        let mut fields = vec![
            ("channel", json!(input.channel)),
            ("received_at", json!(received.to_rfc3339())),
            ("complainant_kind", json!(kind)),
            ("complainant_name", json!(name)),
            ("people", json!(people)),
            ("representatives", json!(representatives)),
            ("major", json!(false)),
            ("matter", json!(matter)),
        ];
        let mut optional = vec![
            ("complainant_id_no", id_no),
            ("complainant_mobile", mobile),
            ("complainant_contact", contact),
            ("complainant_address", found.line("complainant.address", who.address.as_deref())),
            ("place", place),
            ("posted_on", posted),
            ("recording", found.line("recording", input.recording.as_deref())),
            ("regulator_no", regulator_no),
            ("regulator_deadline", found.day("regulator_deadline", input.regulator_deadline.as_deref())),
            ("staff", found.line("staff", input.staff.as_deref())),
            ("request", found.story("request", input.request.as_deref())),
            ("basis", found.story("basis", input.basis.as_deref())),
            ("expected", found.story("expected", input.expected.as_deref())),
            ("area", found.line("area", input.area.as_deref())),
        ];
        if let Some(proxy) = &input.proxy {
            optional.push((
                "proxy_name",
                found.checked("proxy.name", Some(&proxy.name), |name| check_name(PartyKind::Person, name)),
            ));
            optional.push((
                "proxy_id_no",
                found.identity("proxy.id_no", IdentityKind::Id, proxy.id_no.as_deref(), today),
            ));
            optional.push((
                "proxy_mobile",
                found.identity("proxy.mobile", IdentityKind::Mobile, proxy.mobile.as_deref(), today),
            ));
            optional.push(("proxy_authority", found.line("proxy.authority", Some(&proxy.authority))));
            if proxy.name.trim().is_empty() || proxy.authority.trim().is_empty() {
                found.missing("proxy.authority", "proxy_authority");
            }
        }
        let papers: Vec<String> =
            input.papers.iter().filter_map(|paper| found.line("papers", Some(paper))).collect();
        fields.push(("papers", json!(papers)));
        let about = self.about(input, &mut found).await?;
        fields.extend(about);
        let institution = found.line("institution", input.institution.as_deref());
        fields.push(("institution", json!(institution.unwrap_or(self.branch().await?.name))));
        fields.extend(optional.into_iter().filter_map(|(field, value)| Some((field, json!(value?)))));
        if found.refusals.is_empty() {
            Ok(Prepared { fields, received, warnings: found.warnings })
        } else {
            Err(found.refusals.into())
        }
    }

    /// What the company holds already is looked up and not asked for (Order 2020-3, art. 13).
    async fn about(
        &self,
        input: &ComplaintInput,
        found: &mut Findings,
    ) -> Result<Vec<(&'static str, serde_json::Value)>, DeskError> {
        let mut fields = Vec::new();
        let mut policy_no = found.line("policy_no", input.policy_no.as_deref());
        if let Some(claim_no) = input.claim_no.as_deref().map(str::trim).filter(|no| !no.is_empty()) {
            match self.claim_id(claim_no).await {
                Ok(id) => {
                    let claim = self.store.record("claim", id).await?.unwrap_or_default();
                    fields.push(("claim", json!(id.to_string())));
                    fields.push(("claim_no", json!(claim.text("no"))));
                    policy_no = policy_no.or_else(|| claim.optional("policy_no"));
                    if let Ok(template) = self.template(claim.text("template"), None) {
                        fields.push(("product_line", json!(template.line)));
                    }
                }
                Err(error) if error.code == Code::ClaimUnknown => {
                    found.refusals.push(Refusal::new(Code::ClaimUnknown).with("no", claim_no).at("claim_no"));
                }
                Err(error) => return Err(error),
            }
        }
        fields.extend(policy_no.map(|no| ("policy_no", json!(no))));
        Ok(fields)
    }
}
