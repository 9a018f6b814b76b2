//! The steps of a claim: read, ask the state machine, write one operation.

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::claim::labels;
use domain::claim::{Command, Facts};
use domain::role::Right;
use domain::template::{Worksheet, worksheet};
use domain::{Code, Refusal};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use store::NewOperation;
use uuid::Uuid;

use super::file::{ClaimFile, Loaded};
use super::input::DocumentInput;
use super::intake::{write_document, write_link};
use super::papers::{self, check_received};
use crate::attachments::DraftFile;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::step_input::check_input;

impl Desk {
    /// Takes a step on a claim named by id or number: a command of the flow, or `receive_document`,
    /// `waive_document`, `record_contact`, `record_enquiry`, `link`, `unlink`.
    ///
    /// # Errors
    /// Without the right; an unknown command; every refused field of the input; what the state machine refuses.
    pub async fn claim_do(
        &self,
        actor: &Actor,
        named: &str,
        command: &str,
        input: &Value,
    ) -> Result<ClaimFile, DeskError> {
        self.step(actor, named, command, input, None).await
    }

    /// Records a paper and its file as one operation: a disk that is full leaves neither. `input` is that of
    /// `receive_document`, or of `waive_document` when its `received` says so.
    ///
    /// # Errors
    /// As [`Desk::claim_do`], and what [`crate::attachments::recognise`] refuses.
    pub async fn paper_with_file(
        &self,
        actor: &Actor,
        named: &str,
        input: &Value,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<ClaimFile, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let text = |key: &str| input.get(key).and_then(Value::as_str);
        let command = if text("received") == Some("waived") { "waive_document" } else { "receive_document" };
        let file = self.keep_file(actor, text("document_id").map(str::to_owned), name, bytes).await?;
        self.step(actor, named, command, input, Some(file)).await
    }

    async fn step(
        &self,
        actor: &Actor,
        named: &str,
        command: &str,
        input: &Value,
        file: Option<DraftFile>,
    ) -> Result<ClaimFile, DeskError> {
        let id = self.claim_id(named).await?;
        let _step = self.steps.lock().await;
        let loaded = self.load_claim(id).await?;
        let input = match input {
            Value::Null => Map::new(),
            Value::Object(input) => input.clone(),
            _ => {
                let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "input");
                return Err(refusal.with("expected", "{…}").into());
            }
        };
        let mut operation = match command {
            "receive_document" | "waive_document" => self.receive(actor, &loaded, command, input)?,
            "record_contact" | "record_enquiry" => self.note(actor, &loaded, command, &input)?,
            "link" => self.link(actor, &loaded, &input).await?,
            "unlink" => self.unlink(actor, &loaded, &input).await?,
            _ => {
                let unknown = || Refusal::new(Code::ClaimStepUnknown).with("step", command);
                let step = Command::parse(command).ok_or_else(unknown)?;
                self.need_no_conflict(id).await?;
                self.advance(actor, &loaded, step, &input)?
            }
        };
        if let Some(file) = file {
            file.write(&mut operation, id);
            let data = file.event_data();
            self.write_event(&mut operation, actor, id, "add_attachment", (None, None), None, data);
        }
        self.store.commit(operation).await?;
        self.claim_get(actor, &id.to_string()).await
    }

    /// What a worksheet comes to, without keeping it.
    ///
    /// # Errors
    /// Without the right, an unknown claim, an input that is missing or no amount.
    pub async fn worksheet_try(
        &self,
        actor: &Actor,
        named: &str,
        inputs: &BTreeMap<String, String>,
    ) -> Result<Worksheet, DeskError> {
        actor.need(Right::ClaimRead)?;
        let loaded = self.load_claim(self.claim_id(named).await?).await?;
        Ok(worksheet(&loaded.template, inputs)?)
    }

    /// What the guards look at.
    pub(crate) fn facts(&self, actor: &Actor, loaded: &Loaded) -> Facts {
        let missing = loaded.checklist().unwrap_or_default();
        let asked = loaded.last_event("ask_supplement");
        let reached = loaded.last_event("supplement_reached");
        let asked_at = asked.map(|event| event.text("at")).unwrap_or_default();
        let known =
            asked.is_some_and(|event| event.get("data").and_then(|data| data.get("reached_at")).is_some());
        let answered = reached.is_some_and(|event| event.text("at") >= asked_at);
        let refused_at = loaded.last_event("refuse").map(|event| event.text("at")).unwrap_or_default();
        Facts {
            missing: missing.iter().filter(|row| row.lacking()).map(|row| row.name.zh_cn.clone()).collect(),
            actor_assessed: loaded.claim.text("assessed_by") == actor.account.to_string(),
            notice_under_way: asked.is_some() && !known && !answered,
            refusal_notified: loaded
                .last_event("notify_refusal")
                .is_some_and(|event| event.text("at") >= refused_at),
            amount_zero: loaded.worksheet().is_none_or(|worksheet| worksheet.result == Decimal::ZERO),
        }
    }

    fn advance(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        step: Command,
        input: &Map<String, Value>,
    ) -> Result<NewOperation, DeskError> {
        actor.need(step.right())?;
        let to = step.check(loaded.status, &self.facts(actor, loaded))?;
        let mut data = self.check_input(step.as_str(), input, loaded)?;
        let reason = data.remove("reason").and_then(|reason| reason.as_str().map(str::to_owned));
        if step.backward() && reason.as_deref().is_none_or(|reason| reason.chars().count() < 2) {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        check_order(step, &data, loaded)?;
        let mut operation = self.operation(actor, &format!("claim.{}", step.as_str()));
        operation.set("claim", loaded.id, "status", to.as_str());
        self.write_facts(&mut operation, actor, loaded, step, &mut data)?;
        let change = (Some(loaded.status), Some(to).filter(|to| *to != loaded.status));
        self.write_event(
            &mut operation,
            actor,
            loaded.id,
            step.as_str(),
            change,
            reason.as_deref(),
            data.into(),
        );
        Ok(operation)
    }

    /// The fields a step leaves on the claim besides its status.
    fn write_facts(
        &self,
        operation: &mut NewOperation,
        actor: &Actor,
        loaded: &Loaded,
        step: Command,
        data: &mut Map<String, Value>,
    ) -> Result<(), DeskError> {
        let mut set = |field: &str, value: Value| operation.set("claim", loaded.id, field, value);
        let now = json!(self.now().to_rfc3339());
        match step {
            Command::AskSupplement => {
                // The whole list goes into the notice: the law gives one chance to ask (Insurance Law 22).
                let rows = loaded.checklist()?;
                let lacking = rows.iter().filter(|row| row.lacking());
                data.insert("papers".to_owned(), lacking.map(|row| json!(row.id)).collect());
                set("supplement_asked_at", now);
            }
            Command::Assess => {
                let inputs: BTreeMap<String, String> = data
                    .get("worksheet")
                    .and_then(|inputs| serde_json::from_value(inputs.clone()).ok())
                    .unwrap_or_default();
                let result = worksheet(&loaded.template, &inputs)?.result;
                data.insert("amount".to_owned(), json!(domain::money::plain(result)));
                set("worksheet_inputs", json!(inputs));
                set("assessed_amount", json!(domain::money::plain(result)));
                set("assessed_by", json!(actor.account.to_string()));
                set("assessed_by_name", json!(actor.name));
                set("assessed_at", now);
            }
            Command::Decide => {
                let amount = loaded.claim.get("assessed_amount").cloned().unwrap_or(Value::Null);
                data.insert("amount".to_owned(), amount.clone());
                set("decided_amount", amount);
                set("decision_basis", data.get("basis").cloned().unwrap_or_default());
                set("decided_by_name", json!(actor.name));
                set("decided_at", now);
            }
            Command::Refuse => {
                set("refusal_reasons", data.get("reasons").cloned().unwrap_or_default());
                set("refusal_basis", data.get("basis").cloned().unwrap_or_default());
                set("decided_by_name", json!(actor.name));
                set("decided_at", now);
            }
            _ => {}
        }
        // A claim refused, returned or taken up again is decided anew: what was approved no longer holds.
        let undecided = matches!(step, Command::Refuse | Command::ReturnToAssessment | Command::Reopen);
        if undecided && loaded.claim.optional("decided_amount").is_some() {
            operation.set("claim", loaded.id, "decided_amount", Value::Null);
        }
        Ok(())
    }

    /// The step's input against what the step asks for.
    fn check_input(
        &self,
        step: &str,
        input: &Map<String, Value>,
        loaded: &Loaded,
    ) -> Result<Map<String, Value>, DeskError> {
        let fields = labels::named(step).map(|words| words.fields.as_slice()).unwrap_or_default();
        let amounts = |inputs: &BTreeMap<String, String>| worksheet(&loaded.template, inputs).map(|_| ());
        check_input(fields, input, self.now(), &amounts)
    }

    fn receive(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        command: &str,
        input: Map<String, Value>,
    ) -> Result<NewOperation, DeskError> {
        actor.need(Right::ClaimHandle)?;
        open(loaded)?;
        let mut input = input;
        if let Some(document) = input.remove("document_id") {
            input.insert("id".to_owned(), document);
        }
        if command == "waive_document" {
            input.insert("received".to_owned(), json!("waived"));
        }
        let document: DocumentInput = serde_json::from_value(Value::Object(input)).map_err(|_| {
            Refusal::new(Code::ClaimInputInvalid)
                .with("field", command)
                .with("expected", "{\"document_id\", \"received\", \"count\", \"reason\"}")
        })?;
        let received = check_received(&loaded.template, &document)?;
        let mut states = papers::from_records(&loaded.documents);
        states.insert(document.id.clone(), received.clone());
        let roles: Vec<&str> = loaded.parties.iter().map(|(_, party)| party.text("role")).collect();
        let rows = papers::rows(&loaded.template, &loaded.answers(), &roles, &states, &[])?;
        let mut operation = self.operation(actor, &format!("claim.{command}"));
        write_document(&mut operation, loaded.id, &document.id, &received);
        let missing = rows.iter().filter(|row| row.lacking()).count();
        operation.set("claim", loaded.id, "missing", missing);
        let data = json!({ "document": document.id, "received": document.received, "count": document.count });
        let reason = received.note.as_deref();
        self.write_event(&mut operation, actor, loaded.id, command, (None, None), reason, data);
        Ok(operation)
    }

    fn note(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        command: &str,
        input: &Map<String, Value>,
    ) -> Result<NewOperation, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let data = self.check_input(command, input, loaded)?;
        let mut operation = self.operation(actor, &format!("claim.{command}"));
        self.write_event(&mut operation, actor, loaded.id, command, (None, None), None, data.into());
        Ok(operation)
    }

    async fn link(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        input: &Map<String, Value>,
    ) -> Result<NewOperation, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let text = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let (kind, reason) = (text("kind"), text("reason"));
        if !["duplicate_of", "related", "not_duplicate"].contains(&kind.as_str()) {
            let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "kind");
            return Err(refusal.with("expected", "duplicate_of / related / not_duplicate").at("kind").into());
        }
        if reason.chars().count() < 2 {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        let no = text("claim_no");
        let other = self.claim_id(&no).await?;
        if other == loaded.id {
            return Err(Refusal::new(Code::ClaimUnknown).with("no", no).at("claim_no").into());
        }
        let mut operation = self.operation(actor, "claim.link");
        write_link(&mut operation, loaded.id, other, &kind, &reason);
        for claim in [loaded.id, other] {
            let data = json!({ "kind": kind, "claims": [loaded.id, other] });
            self.write_event(&mut operation, actor, claim, "link", (None, None), Some(&reason), data);
        }
        Ok(operation)
    }

    async fn unlink(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        input: &Map<String, Value>,
    ) -> Result<NewOperation, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let text = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let reason = text("reason");
        if reason.chars().count() < 2 {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        let unknown = || Refusal::new(Code::ClaimLinkUnknown);
        let id = Uuid::parse_str(&text("link_id")).map_err(|_| unknown())?;
        let link = self.store.record("link", id).await?.ok_or_else(unknown)?;
        let other = link.id("other").ok_or_else(unknown)?;
        if link.id("claim") != Some(loaded.id) || !link.flag("active") {
            return Err(unknown().into());
        }
        let mut operation = self.operation(actor, "claim.unlink");
        for claim in [loaded.id, other] {
            for (record, found) in self.store.owned(claim, "link").await? {
                if found.text("pair") == link.text("pair") {
                    operation.set("link", record, "active", false);
                }
            }
            let data = json!({ "kind": link.text("kind"), "claims": [loaded.id, other] });
            self.write_event(&mut operation, actor, claim, "unlink", (None, None), Some(&reason), data);
        }
        Ok(operation)
    }
}

/// Papers may come until the claim is closed.
fn open(loaded: &Loaded) -> Result<(), Refusal> {
    if loaded.status.closed() { Err(Refusal::new(Code::ClaimClosed)) } else { Ok(()) }
}

/// What happens later cannot be dated earlier.
fn check_order(step: Command, data: &Map<String, Value>, loaded: &Loaded) -> Result<(), Refusal> {
    let (field, before, before_field) = match step {
        Command::SupplementReached => ("reached_at", "ask_supplement", None),
        Command::NotifyResult => ("notified_at", "decide", None),
        Command::NotifyRefusal => ("notified_at", "refuse", None),
        Command::Agree => ("agreed_at", "notify_result", Some("notified_at")),
        Command::Pay => ("paid_at", "agree", Some("agreed_at")),
        _ => return Ok(()),
    };
    let (Some(moment), Some(event)) = (data.get(field).and_then(Value::as_str), loaded.last_event(before))
    else {
        return Ok(());
    };
    let earlier = match before_field {
        Some(key) => {
            event.get("data").and_then(|data| data.get(key)).and_then(Value::as_str).unwrap_or_default()
        }
        None => event.text("at"),
    };
    let (later, earlier_at) = (DateTime::parse_from_rfc3339(moment), DateTime::parse_from_rfc3339(earlier));
    // The screen gives minutes: the same minute counts as not before.
    let before = matches!((later, earlier_at), (Ok(later), Ok(earlier)) if later.timestamp() / 60 < earlier.timestamp() / 60);
    if before {
        return Err(Refusal::new(Code::ClaimTimeOrder)
            .with("field", field)
            .with("earlier", earlier)
            .at(field));
    }
    Ok(())
}
