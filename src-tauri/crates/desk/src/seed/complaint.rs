//! Synthetic complaints: most told in time, some late, some extended, the newest still open.

use std::collections::VecDeque;

use chrono::{DateTime, Datelike as _, Duration, FixedOffset};
use domain::complaint::{Data, Status};
use domain::role::Role;
use serde_json::{Value, json};
use store::NewOperation;
use uuid::Uuid;

use super::branch::{DAYS, Numbers, opening};
use super::invent::{Dice, PEOPLE, words};
use crate::error::DeskError;

/// Complainants who may come again.
const NEIGHBOURS: usize = 1_024;
/// Of a thousand, so many are of the branch's last days and not told yet.
const OPEN: u32 = 20;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// What does not differ between complaints.
pub(super) struct Complaining {
    code: String,
    name: String,
    complaints: u32,
    dice: Dice,
    numbers: Numbers,
    begin: DateTime<FixedOffset>,
    clerks: Vec<(Uuid, String)>,
    known: VecDeque<(String, String, String)>,
}

/// One complaint being written.
struct Case<'a> {
    operation: NewOperation,
    id: Uuid,
    received: DateTime<FixedOffset>,
    clerk: &'a (Uuid, String),
    status: Status,
}

impl Complaining {
    pub(super) fn new(
        (code, name): (&str, &str),
        taken: &[String],
        complaints: u32,
        seed: u64,
    ) -> Result<Self, DeskError> {
        let begin = opening()?;
        let mut dice = Dice::named(&format!("{code}/{complaints}/{seed}/complaints"));
        let numbers = Numbers::new(dice.devices(complaints, taken));
        let clerks = PEOPLE.clerks.iter().map(|name| (dice.id(begin), name.clone())).collect();
        Ok(Complaining {
            code: code.to_owned(),
            name: name.to_owned(),
            complaints,
            dice,
            numbers,
            begin,
            clerks,
            known: VecDeque::new(),
        })
    }

    /// A complaint with its whole course.
    pub(super) fn complaint(&mut self, index: u32) -> Result<NewOperation, DeskError> {
        let day = i64::from(index) * DAYS / i64::from(self.complaints.max(1));
        let received = self.begin + Duration::days(day) + Duration::minutes(self.dice.below(510) as i64);
        let clerk = self.dice.pick(&self.clerks).cloned().unwrap_or_default();
        let handler = self.dice.pick(&self.clerks).cloned().unwrap_or_default();
        let mut case = Case {
            operation: NewOperation::new(clerk.0, Role::ComplaintHandler, "seed.complaint", received),
            id: self.dice.id(received),
            received,
            clerk: &clerk,
            status: Status::Received,
        };
        let no = self.numbers.next(&self.code, received.year())?;
        self.taken_in(&mut case, &no);
        let outcome = self.dice.below(1000);
        let newest = u64::from(index) * 1000 >= u64::from(self.complaints) * u64::from(1000 - OPEN);
        match outcome {
            0..30 => self.step(&mut case, ("decline", Some(Status::NotAComplaint)), 6 * HOUR, json!({})),
            30..50 => self.step(&mut case, ("withdraw", Some(Status::Withdrawn)), 2 * DAY, json!({})),
            _ => {
                self.handled(&mut case, &handler);
                if !newest {
                    self.concluded(&mut case);
                }
            }
        }
        if case.status.closed() {
            let closed = received + Duration::days(40);
            case.operation.set("complaint", case.id, "closed_at", closed.to_rfc3339());
        }
        case.operation.set("complaint", case.id, "status", case.status.as_str());
        Ok(case.operation)
    }

    fn taken_in(&mut self, case: &mut Case<'_>, no: &str) {
        let data = Data::shipped();
        let (name, mobile, policy) = match self.dice.below(10) {
            0 => self.dice.pick(self.known.make_contiguous()).cloned(),
            _ => None,
        }
        .unwrap_or_else(|| {
            let policy = format!("SEEDC{:08}", self.dice.below(100_000_000));
            (self.dice.name(), self.dice.mobile(), policy)
        });
        if self.known.len() >= NEIGHBOURS {
            self.known.pop_front();
        }
        self.known.push_back((name.clone(), mobile.clone(), policy.clone()));
        let channels: Vec<&String> = data.channels.keys().collect();
        let channel = self.dice.pick(&channels).map(|channel| channel.as_str()).unwrap_or_default();
        let place = self.dice.place().map(|place| place.name.as_str()).unwrap_or_default();
        let institution = match self.dice.below(2) {
            0 => self.name.clone(),
            _ => words().office.replace("{place}", place),
        };
        let lines = ["motor", "health", "property", "life", "accident", "liability"];
        let line = self.dice.pick(&lines).copied().unwrap_or_default();
        let matter = self.dice.text(&words().matters).to_owned();
        for (field, value) in [
            ("no", json!(no)),
            ("channel", json!(channel)),
            ("received_at", json!(case.received.to_rfc3339())),
            ("registered_at", json!(case.received.to_rfc3339())),
            ("complainant_kind", json!("person")),
            ("complainant_name", json!(name)),
            ("complainant_mobile", json!(mobile)),
            ("people", json!(1)),
            ("representatives", json!([])),
            ("papers", json!([])),
            ("major", json!(false)),
            ("matter", json!(matter)),
            ("request", json!(words().asked)),
            ("policy_no", json!(policy)),
            ("institution", json!(institution)),
            ("area", json!(place)),
            ("product_line", json!(line)),
            ("clerk", json!(case.clerk.0.to_string())),
            ("clerk_name", json!(case.clerk.1)),
        ] {
            case.operation.set("complaint", case.id, field, value);
        }
        let said = json!({ "channel": channel, "received_at": case.received.to_rfc3339() });
        self.step(case, ("register", Some(Status::Received)), 0, said);
    }

    /// Checked, answered, assessed and given to somebody.
    fn handled(&mut self, case: &mut Case<'_>, handler: &(Uuid, String)) {
        let data = Data::shipped();
        let first = match self.dice.below(100) {
            0..6 => (50 + self.dice.below(40) as i64) * HOUR,
            _ => (1 + self.dice.below(40) as i64) * HOUR,
        };
        let talked = json!({ "channel": "phone", "with": "complainant", "summary": words().summary });
        self.step(case, ("accept", Some(Status::Accepted)), HOUR / 2, json!({}));
        self.step(case, ("record_contact", None), first, talked);
        let categories: Vec<&str> =
            data.categories.iter().flat_map(|group| &group.children).map(|child| child.id.as_str()).collect();
        let causes: Vec<&String> = data.causes.keys().collect();
        // Some kinds are much more frequent than others.
        let (one, two) = (self.dice.below(categories.len() as u64), self.dice.below(categories.len() as u64));
        let category = usize::try_from(one.min(two)).ok().and_then(|at| categories.get(at)).copied();
        let cause = self.dice.pick(&causes).map(|cause| cause.as_str());
        let levels = ["low", "medium", "high"];
        let severity = self.dice.pick(&levels).copied().unwrap_or_default();
        let urgency = self.dice.pick(&levels).copied().unwrap_or_default();
        let major = self.dice.below(200) == 0;
        let id = case.id;
        for (field, value) in [
            ("first_contact_at", json!((case.received + Duration::minutes(first)).to_rfc3339())),
            ("category", json!(category)),
            ("cause", json!(cause)),
            ("severity", json!(severity)),
            ("urgency", json!(urgency)),
            ("major", json!(major)),
            ("priority", json!(data.priority(severity, urgency))),
            ("handler", json!(handler.0.to_string())),
            ("handler_name", json!(handler.1)),
        ] {
            case.operation.set("complaint", id, field, value);
        }
        let assessed =
            json!({ "category": category, "cause": cause, "severity": severity, "urgency": urgency });
        self.step(case, ("assess", Some(Status::Assessed)), DAY, assessed);
        self.step(case, ("assign", Some(Status::Assigned)), DAY + HOUR, json!({ "handler": handler.1 }));
    }

    /// Decided, told, asked about and closed.
    fn concluded(&mut self, case: &mut Case<'_>) {
        let roll = self.dice.below(100);
        let minutes = self.dice.below(8) as i64 * HOUR;
        let told = minutes
            + match roll {
                // Extended to 30 days.
                0..8 => (17 + self.dice.below(12) as i64) * DAY,
                // Late.
                8..11 => (17 + self.dice.below(9) as i64) * DAY,
                _ => {
                    let (one, two) = (self.dice.below(13), self.dice.below(13));
                    (2 + one.min(two) as i64) * DAY
                }
            };
        if roll < 8 {
            let why = json!({ "approver": words().approver, "notice": words().proof });
            self.step(case, ("extend_complex", None), 12 * DAY, why);
        }
        let finding = if self.dice.percent(60) { "true" } else { "partly" };
        let amount = self.dice.percent(35).then(|| self.dice.amount());
        let cents = amount.as_deref().and_then(|amount| amount.replace('.', "").parse::<i64>().ok());
        let decided = json!({ "decision": words().decided, "basis": words().based, "amount": amount });
        self.step(case, ("decide", Some(Status::Decided)), told - HOUR, decided);
        let at = (case.received + Duration::minutes(told)).to_rfc3339();
        let tell = json!({ "how": "post", "told_at": at, "proof": words().proof });
        self.step(case, ("tell", Some(Status::Told)), told, tell);
        let score = self.dice.percent(70).then(|| 200 + self.dice.below(301) as i64);
        self.step(case, ("follow_up", Some(Status::FollowedUp)), told + 3 * DAY, json!({}));
        self.step(case, ("close", Some(Status::Closed)), told + 5 * DAY, json!({}));
        let id = case.id;
        for (field, value) in [
            ("finding", json!(finding)),
            ("decision", json!(words().decided)),
            ("compensation", json!(amount)),
            ("compensation_cents", json!(cents)),
            ("told_at", json!(at)),
            ("satisfaction", json!(score)),
        ] {
            case.operation.set("complaint", id, field, value);
        }
    }

    fn step(
        &mut self,
        case: &mut Case<'_>,
        (command, to): (&str, Option<Status>),
        minutes: i64,
        data: Value,
    ) {
        let at = case.received + Duration::minutes(minutes);
        let event = self.dice.id(at);
        let operation = &mut case.operation;
        operation.set("complaint_event", event, "complaint", case.id.to_string());
        operation.set("complaint_event", event, "at", at.to_rfc3339());
        operation.set("complaint_event", event, "command", command);
        operation.set("complaint_event", event, "actor", case.clerk.0.to_string());
        operation.set("complaint_event", event, "actor_name", case.clerk.1.clone());
        operation.set("complaint_event", event, "role", Role::ComplaintHandler.as_str());
        if let Some(to) = to {
            if command != "register" {
                operation.set("complaint_event", event, "from", case.status.as_str());
            }
            operation.set("complaint_event", event, "to", to.as_str());
            case.status = to;
        }
        let reason = match command {
            "extend_complex" => Some(words().extended.clone()),
            "withdraw" => Some(words().withdrawal.clone()),
            _ => None,
        };
        operation.set_some("complaint_event", event, "reason", reason);
        operation.set("complaint_event", event, "data", data);
    }
}
