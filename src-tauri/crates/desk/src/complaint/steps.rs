//! The steps of a complaint: read, ask the state machine and the clocks, write one operation.

use std::collections::BTreeMap;

use domain::clock::{Clock, Evidence, Rule, compute, course_of, explain};
use domain::complaint::clocks::owed;
use domain::complaint::{Command, Data, Status, labels};
use domain::{Code, Refusal};
use serde_json::{Map, Value, json};
use store::NewOperation;
use uuid::Uuid;

use super::file::{ComplaintFile, LoadedComplaint};
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::step_input::check_input;

/// The limit that extensions, appraisals and new facts move (Order 2020-3, art. 18).
const STATUTORY: &str = "K10";

impl Desk {
    /// Takes a step on a complaint named by id or number.
    ///
    /// # Errors
    /// Without the right; an unknown step; every refused field of the input; what the state machine or the clock refuses.
    pub async fn complaint_do(
        &self,
        actor: &Actor,
        named: &str,
        command: &str,
        input: &Value,
    ) -> Result<ComplaintFile, DeskError> {
        let _step = self.steps.lock().await;
        let loaded = self.load_complaint(named).await?;
        let unknown = || Refusal::new(Code::ComplaintStepUnknown).with("step", command);
        let step = Command::parse(command).ok_or_else(unknown)?;
        actor.need(step.right())?;
        self.need_no_conflict(loaded.id).await?;
        let facts = loaded.facts(actor);
        let to = step.check(loaded.status, &facts)?;
        let input = match input {
            Value::Null => Map::new(),
            Value::Object(input) => input.clone(),
            _ => {
                let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "input");
                return Err(refusal.with("expected", "{…}").into());
            }
        };
        let fields = labels::command(step).map(|words| words.fields.clone()).unwrap_or_default();
        let fields = self.complaint_fields(&fields).await?;
        let none = |_: &BTreeMap<String, String>| Ok(());
        let mut data = check_input(&fields, &input, self.now(), &none)?;
        step.check_said(&data, &facts)?;
        let reason = data.remove("reason").and_then(|reason| reason.as_str().map(str::to_owned));
        if step.backward() && reason.as_deref().is_none_or(|reason| reason.chars().count() < 2) {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        self.check_clock(&loaded, step, &data)?;
        let mut operation = self.operation(actor, &format!("complaint.{}", step.as_str()));
        operation.set("complaint", loaded.id, "status", to.as_str());
        self.write_complaint_facts(&mut operation, &loaded, step, to, &mut data).await?;
        if step == Command::Merge {
            self.merge_into(&mut operation, actor, &loaded, &mut data, reason.as_deref()).await?;
        }
        let change = (Some(loaded.status), Some(to).filter(|to| *to != loaded.status));
        let (name, reason) = (step.as_str(), reason.as_deref());
        self.write_complaint_event(&mut operation, actor, loaded.id, name, change, reason, data.into());
        self.store.commit(operation).await?;
        self.complaint_get(actor, &loaded.id.to_string()).await
    }

    /// The fields a step leaves on the complaint besides its status.
    async fn write_complaint_facts(
        &self,
        operation: &mut NewOperation,
        loaded: &LoadedComplaint,
        step: Command,
        to: Status,
        data: &mut Map<String, Value>,
    ) -> Result<(), DeskError> {
        let said = data.clone();
        let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default();
        let now = json!(self.now().to_rfc3339());
        let mut set = |field: &str, value: Value| operation.set("complaint", loaded.id, field, value);
        let first = loaded.record.optional("first_contact_at").is_none();
        match step {
            Command::RecordContact if first && text("with") == "complainant" => {
                set("first_contact_at", now.clone())
            }
            Command::AskMore if first => set("first_contact_at", json!(text("reached_at"))),
            Command::Assess => {
                for key in ["category", "cause", "severity", "urgency"] {
                    set(key, json!(text(key)));
                }
                set("major", json!(text("major") == "yes"));
                set("green_channel", json!(text("green_channel") == "yes"));
                set("priority", json!(Data::shipped().priority(text("severity"), text("urgency"))));
            }
            Command::Assign | Command::Reassign => {
                let handler = Uuid::parse_str(text("handler")).unwrap_or_default();
                let account = self.store.record("account", handler).await?.unwrap_or_default();
                let (user, name) = (account.text("user"), account.text("display_name"));
                let staff = loaded.record.text("staff");
                // Whoever is complained of does not handle it (Order 2020-3, art. 17).
                if !staff.is_empty() && (staff.contains(name) || staff == user) {
                    return Err(Refusal::new(Code::ComplaintOfHandler)
                        .with("name", name)
                        .at("handler")
                        .into());
                }
                set("handler", json!(handler.to_string()));
                set("handler_name", json!(name));
                // The timeline is for people.
                data.insert("handler".to_owned(), json!(name));
                if !text("department").is_empty() {
                    set("department", json!(text("department")));
                }
            }
            Command::RecordFinding => {
                set("finding", json!(text("finding")));
                set("facts_found", json!(text("facts")));
                set("liable", json!(text("liable")));
            }
            Command::Propose => set("solution", json!(text("offer"))),
            Command::Decide => {
                set("decision", json!(text("decision")));
                let amount = Some(text("amount")).filter(|amount| !amount.is_empty());
                set("compensation", json!(amount));
                set("compensation_cents", json!(amount.and_then(cents)));
            }
            Command::Tell => set("told_at", json!(text("told_at"))),
            Command::FollowUp => {
                let scores: Vec<i64> =
                    ["service", "speed", "result"].iter().filter_map(|key| text(key).parse().ok()).collect();
                let count = i64::try_from(scores.len()).unwrap_or(1).max(1);
                set("satisfaction", json!(scores.iter().sum::<i64>() * 100 / count));
                let told = scores.iter().map(i64::to_string).collect::<Vec<_>>().join(" / ");
                set("satisfaction_text", json!(told));
            }
            _ => {}
        }
        match to {
            Status::Closed | Status::NotAComplaint | Status::Withdrawn | Status::Merged
                if !loaded.status.closed() =>
            {
                set("closed_at", now);
            }
            _ if loaded.status.closed() && !to.closed() => set("closed_at", Value::Null),
            _ => {}
        }
        // What was told no longer stands once it is looked at again.
        if to == Status::Investigating && loaded.record.optional("told_at").is_some() {
            set("told_at", Value::Null);
        }
        Ok(())
    }

    /// What a step does to the statutory limit must be possible, and its record must name what the rule wants.
    fn check_clock(
        &self,
        loaded: &LoadedComplaint,
        step: Command,
        data: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let name = match step {
            Command::ExtendComplex => "extend-complex",
            Command::ExtendSpecial => "extend-special",
            Command::BeginAppraisal => "appraisal-begun",
            _ => return Ok(()),
        };
        let reference = self.reference();
        let rule: &Rule = reference.rules.get(STATUTORY)?;
        let event = rule.event(name, self.clock.now())?;
        let said = |key: &str| data.get(key).and_then(Value::as_str).map(str::to_owned);
        rule.check_evidence(event.kind, &Evidence { approver: said("approver"), notice: said("notice") })?;
        let Some((start, mut events)) = course_of(rule, &loaded.happenings()).filter(|_| owed(loaded.status))
        else {
            return Ok(());
        };
        events.push(event);
        let clock = Clock { start, limit: None, events: &events };
        // Twice, out of order, or after the limit: the clock says which.
        compute(rule, &clock, &reference.calendar, self.clock.now())?;
        explain(rule, &clock, &reference.calendar).map(|_| ())
    }

    /// The other complaint learns of it too.
    async fn merge_into(
        &self,
        operation: &mut NewOperation,
        actor: &Actor,
        loaded: &LoadedComplaint,
        data: &mut Map<String, Value>,
        reason: Option<&str>,
    ) -> Result<(), DeskError> {
        let named = data.get("other").and_then(Value::as_str).unwrap_or_default().to_owned();
        let other = self.load_complaint(&named).await?;
        if other.id == loaded.id || other.status.closed() {
            return Err(Refusal::new(Code::ComplaintMergeSelf).at("other").into());
        }
        data.insert("other".to_owned(), json!(other.record.text("no")));
        operation.set("complaint", loaded.id, "merged_into", other.id.to_string());
        let told = json!({ "other": loaded.record.text("no") });
        self.write_complaint_event(operation, actor, other.id, "merge", (None, None), reason, told);
        Ok(())
    }

    /// An entry of the complaint's timeline.
    #[expect(clippy::too_many_arguments, reason = "an entry is said whole")]
    pub(crate) fn write_complaint_event(
        &self,
        command: &mut NewOperation,
        actor: &Actor,
        complaint: Uuid,
        name: &str,
        (from, to): (Option<Status>, Option<Status>),
        reason: Option<&str>,
        data: Value,
    ) {
        let event = Uuid::now_v7();
        command.set("complaint_event", event, "complaint", complaint.to_string());
        command.set("complaint_event", event, "at", self.now().to_rfc3339());
        command.set("complaint_event", event, "command", name);
        command.set("complaint_event", event, "actor", actor.account.to_string());
        command.set("complaint_event", event, "actor_name", actor.name.clone());
        command.set("complaint_event", event, "role", actor.role.as_str());
        command.set_some("complaint_event", event, "from", from.map(Status::as_str));
        command.set_some("complaint_event", event, "to", to.map(Status::as_str));
        command.set_some("complaint_event", event, "reason", reason.filter(|reason| !reason.is_empty()));
        command.set("complaint_event", event, "data", data);
    }
}

/// An amount with two decimals in cents.
fn cents(amount: &str) -> Option<i64> {
    let amount = domain::money::parse_amount(amount).ok()?;
    let cents = amount.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?;
    cents.to_string().split('.').next()?.parse().ok()
}
