//! A complaint's file: everything about it on one screen, and what may be done now.

use domain::clock::{Happening, State, moment};
use domain::complaint::clocks::{RULES, owed};
use domain::complaint::{Command, Data, Facts, Status, labels};
use domain::identity::mask;
use domain::record::Record;
use domain::role::{Right, Role};
use domain::step::{StepField, StepFieldKind};
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use uuid::Uuid;

use crate::claim::file::Step;
use crate::clocks::{ClockRow, complaint_happenings};
use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// An entry of the timeline.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintEvent {
    /// The entry.
    pub id: String,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: Role,
    /// What, as `complaint-flow.json` names it.
    pub command: String,
    /// What that is called.
    pub label: Text,
    /// Status after, when it changed.
    pub to: Option<Text>,
    /// Why.
    pub reason: Option<String>,
    /// The step's own facts in words: what it is called, what was said.
    pub said: Vec<(Text, Text)>,
}

/// A fact of the file in words.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintFact {
    /// The field.
    pub key: String,
    /// What it is called.
    pub name: Text,
    /// Its value as people read it.
    pub value: Text,
}

/// A complaint, whole.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintFile {
    /// The complaint.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Where it stands.
    pub status: Status,
    /// What that is called.
    pub status_name: Text,
    /// When it was received.
    pub received_at: String,
    /// Who took it in.
    pub clerk: String,
    /// Whether it is a major one.
    pub major: bool,
    /// 1 comes first; none before the assessment.
    pub priority: Option<u32>,
    /// Who handles it.
    pub handler: Option<String>,
    /// The claim it is about.
    pub claim_id: Option<String>,
    /// And its number.
    pub claim_no: Option<String>,
    /// What is known of it, personal numbers masked, in the order of the form.
    pub facts: Vec<ComplaintFact>,
    /// What happened, in the complainant's words.
    pub matter: String,
    /// The time limits that run over it, or ran.
    pub clocks: Vec<ClockRow>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<ComplaintEvent>,
    /// What may be done now.
    pub steps: Vec<Step>,
    /// Conflicts with another desk's work that wait for a decision.
    pub conflicts: Vec<String>,
}

/// The fields a file shows, in order; those in [`MASKED`] are.
const SHOWN: &[&str] = &[
    "channel",
    "complainant_name",
    "complainant_id_no",
    "complainant_mobile",
    "complainant_contact",
    "complainant_address",
    "proxy_name",
    "proxy_id_no",
    "proxy_mobile",
    "proxy_authority",
    "people",
    "representatives",
    "policy_no",
    "institution",
    "staff",
    "request",
    "basis",
    "expected",
    "papers",
    "place",
    "posted_on",
    "recording",
    "regulator_no",
    "regulator_deadline",
    "area",
    "category",
    "cause",
    "severity",
    "urgency",
    "priority",
    "department",
    "finding",
    "facts_found",
    "liable",
    "solution",
    "decision",
    "compensation",
    "satisfaction_text",
];
/// Between the items of a list: understood in each language.
const SEPARATOR: &str = "; ";
pub(crate) const MASKED: &[&str] =
    &["complainant_id_no", "complainant_mobile", "proxy_id_no", "proxy_mobile"];

/// The records of one complaint.
pub(crate) struct LoadedComplaint {
    pub(crate) id: Uuid,
    pub(crate) record: Record,
    pub(crate) status: Status,
    pub(crate) events: Vec<(Uuid, Record)>,
}

impl LoadedComplaint {
    /// The last entry of a command.
    pub(crate) fn last(&self, command: &str) -> Option<&Record> {
        self.events.iter().rev().find(|(_, event)| event.text("command") == command).map(|(_, event)| event)
    }

    /// Whether one command was recorded after the last of another.
    fn since(&self, command: &str, start: &str) -> bool {
        let place = |name: &str| self.events.iter().rposition(|(_, event)| event.text("command") == name);
        place(command).is_some_and(|place_of| place(start).is_none_or(|begun| place_of > begun))
    }

    /// Whether the last decision still stands: nothing was returned, taken up again or found new since.
    pub(crate) fn decided_holds(&self) -> bool {
        ["return_to_investigation", "reopen", "new_facts"]
            .into_iter()
            .all(|later| self.since("decide", later))
    }

    pub(crate) fn happenings(&self) -> Vec<Happening> {
        let received = moment(self.record.text("received_at"));
        received.map(|received| complaint_happenings(received, &self.events)).unwrap_or_default()
    }

    /// What the guards look at.
    pub(crate) fn facts(&self, actor: &Actor) -> Facts {
        let merged = self.last("merge").and_then(|event| Status::parse(event.text("from")));
        Facts {
            major: self.record.flag("major"),
            simple: self.record.text("severity") == "low" && !self.record.flag("major"),
            visited: self.last("record_visit").is_some(),
            reported_up: self.last("report_up").is_some(),
            found: self.since("record_finding", "return_to_investigation")
                && self.since("record_finding", "reopen"),
            told: self.since("tell", "reopen"),
            actor_handles: self.record.id("handler") == Some(actor.account),
            appraisal_open: self.since("begin_appraisal", "end_appraisal"),
            review_open: self.since("request_review", "tell_review"),
            people: u32::try_from(self.record.number("people")).unwrap_or_default(),
            before_merge: merged,
        }
    }
}

impl Desk {
    pub(crate) async fn load_complaint(&self, named: &str) -> Result<LoadedComplaint, DeskError> {
        let named = named.trim();
        let unknown = || Refusal::new(Code::ComplaintUnknown).with("no", named);
        let id = match Uuid::parse_str(named) {
            Ok(id) => id,
            Err(_) => {
                let written = named.parse::<domain::case_number::CaseNumber>().map(|no| no.to_string());
                let no = written.unwrap_or_else(|_| named.to_owned());
                self.store.complaint_by_no(&no).await?.ok_or_else(unknown)?
            }
        };
        let record = self.store.record("complaint", id).await?.ok_or_else(unknown)?;
        Ok(LoadedComplaint {
            id,
            status: Status::parse(record.text("status")).ok_or_else(unknown)?,
            events: self.store.owned(id, "complaint_event").await?,
            record,
        })
    }

    /// A complaint's file, named by id or number.
    ///
    /// # Errors
    /// Without the right, [`Code::ComplaintUnknown`], or when the database cannot be read.
    pub async fn complaint_get(&self, actor: &Actor, named: &str) -> Result<ComplaintFile, DeskError> {
        actor.need(Right::ComplaintRead)?;
        let loaded = self.load_complaint(named).await?;
        let record = &loaded.record;
        let mut clocks = self.clock_rows(RULES, &loaded.happenings());
        if !owed(loaded.status) {
            clocks.retain(|row| matches!(row.state, State::Met | State::MetLate));
        }
        let timeline = loaded.events.iter().map(|(id, event)| told(*id, event)).collect();
        let conflicts = self.conflicts_of(loaded.id).await?;
        Ok(ComplaintFile {
            id: loaded.id.to_string(),
            no: record.text("no").to_owned(),
            status: loaded.status,
            status_name: labels::status(loaded.status),
            received_at: record.text("received_at").to_owned(),
            clerk: record.text("clerk_name").to_owned(),
            major: record.flag("major"),
            priority: u32::try_from(record.number("priority")).ok().filter(|priority| *priority > 0),
            handler: record.optional("handler_name"),
            claim_id: record.optional("claim"),
            claim_no: record.optional("claim_no"),
            facts: SHOWN.iter().filter_map(|key| fact(key, record)).collect(),
            matter: record.text("matter").to_owned(),
            clocks,
            timeline,
            steps: self.complaint_steps(actor, &loaded).await?,
            conflicts: conflicts.iter().map(Uuid::to_string).collect(),
        })
    }

    /// The steps the status and the role allow.
    async fn complaint_steps(&self, actor: &Actor, loaded: &LoadedComplaint) -> Result<Vec<Step>, DeskError> {
        let facts = loaded.facts(actor);
        let idle = |command: &Command| {
            let nothing = [Code::ComplaintNothingOpen, Code::ComplaintAlreadyOpen, Code::ComplaintNotSimple];
            command.check(loaded.status, &facts).is_err_and(|refusal| nothing.contains(&refusal.code))
        };
        let mut steps = Vec::new();
        for command in Command::ALL {
            if !command.offered(loaded.status) || !actor.role.may(command.right()) || idle(command) {
                continue;
            }
            let Some(words) = labels::command(*command) else { continue };
            steps.push(Step {
                command: command.as_str().to_owned(),
                label: words.label.clone(),
                backward: command.backward(),
                primary: false,
                fields: self.complaint_fields(&words.fields).await?,
            });
        }
        let forward = |step: &Step| {
            Command::parse(&step.command).is_some_and(|command| {
                !command.backward() && command.check(loaded.status, &facts).is_ok_and(|to| to > loaded.status)
            })
        };
        // Accepting comes before asking for more, and neither before the other by name.
        let next = steps.iter().position(|step| step.command == "accept" && forward(step));
        let next = next.or_else(|| steps.iter().position(forward));
        if let Some(next) = next.and_then(|next| steps.get_mut(next)) {
            next.primary = true;
        }
        Ok(steps)
    }

    /// What a step asks for, its choices filled in: categories, causes, and who may handle a complaint.
    pub(super) async fn complaint_fields(&self, fields: &[StepField]) -> Result<Vec<StepField>, DeskError> {
        let data = Data::shipped();
        let mut filled = Vec::with_capacity(fields.len());
        for field in fields {
            let mut field = field.clone();
            match (field.kind, field.key.as_str()) {
                (StepFieldKind::Account, _) => {
                    let accounts = self.store.records("account").await?.into_iter();
                    let may = accounts.filter(|(_, account)| {
                        let role = Role::named(account.text("role"));
                        !account.flag("disabled") && role.is_some_and(|role| role.may(Right::ComplaintHandle))
                    });
                    field.options = Some(
                        may.map(|(id, account)| (id.to_string(), Text::same(account.text("display_name"))))
                            .collect(),
                    );
                    field.kind = StepFieldKind::Select;
                }
                (StepFieldKind::Select, "category") => field.options = Some(data.category_names()),
                (StepFieldKind::Select, "cause") => field.options = Some(data.causes.clone()),
                _ => {}
            }
            filled.push(field);
        }
        Ok(filled)
    }
}

/// A field of the record in words; none when it says nothing.
fn fact(key: &str, record: &Record) -> Option<ComplaintFact> {
    let data = Data::shipped();
    let value = record.get(key)?;
    let option = |command: &str, field: &str, chosen: &str| {
        let fields = &labels::named(command)?.fields;
        fields.iter().find(|known| known.key == field)?.options.as_ref()?.get(chosen).cloned()
    };
    let text = match (key, value) {
        ("people", Value::Number(people)) if people.as_u64().is_some_and(|people| people < 2) => return None,
        (_, Value::Number(number)) if key == "priority" => data
            .priorities
            .get(&number.to_string())
            .cloned()
            .unwrap_or_else(|| Text::same(number.to_string())),
        (_, Value::Number(number)) => Text::same(number.to_string()),
        (_, Value::Array(items)) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Text::same(Some(items.join(SEPARATOR)).filter(|text| !text.is_empty())?)
        }
        (_, Value::String(said)) if said.is_empty() => return None,
        ("severity" | "urgency", Value::String(said)) => {
            option("assess", key, said).unwrap_or_else(|| Text::same(said))
        }
        ("finding", Value::String(said)) => {
            option("record_finding", key, said).unwrap_or_else(|| Text::same(said))
        }
        (_, Value::String(said)) if MASKED.contains(&key) => Text::same(mask(said)),
        (_, Value::String(said)) => data.named(key, said).unwrap_or_else(|| Text::same(said)),
        _ => return None,
    };
    Some(ComplaintFact { key: key.to_owned(), name: data.field(key), value: text })
}

pub(crate) fn told(id: Uuid, event: &Record) -> ComplaintEvent {
    let command = event.text("command");
    let words = labels::named(command);
    let fields = words.map(|words| words.fields.as_slice()).unwrap_or_default();
    let said =
        event.get("data").and_then(Value::as_object).into_iter().flatten().filter_map(|(key, value)| {
            let field = fields.iter().find(|field| field.key == *key)?;
            let text = match value {
                Value::String(text) => {
                    let option = field.options.as_ref().and_then(|options| options.get(text)).cloned();
                    let listed = || Data::shipped().named(key, text);
                    option.or_else(listed).unwrap_or_else(|| Text::same(text))
                }
                Value::Array(items) => {
                    Text::same(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(SEPARATOR))
                }
                other => Text::same(other.to_string()),
            };
            Some((field.label.clone(), text))
        });
    ComplaintEvent {
        id: id.to_string(),
        at: event.text("at").to_owned(),
        actor: event.text("actor_name").to_owned(),
        role: Role::named(event.text("role")).unwrap_or(Role::CounterClerk),
        command: command.to_owned(),
        label: words.map(|words| words.label.clone()).unwrap_or_default(),
        to: Status::parse(event.text("to")).map(labels::status),
        reason: event.optional("reason"),
        said: said.collect(),
    }
}
