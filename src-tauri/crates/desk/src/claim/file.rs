//! A claim's file: everything about it on one screen.

use std::sync::Arc;

use std::collections::BTreeMap;

use domain::claim::clocks::keeping;
use domain::claim::labels;
use domain::claim::{Command, Status};
use domain::clock::State;
use domain::identity::mask;
use domain::record::Record;
use domain::role::{Right, Role};
use domain::step::StepField;
use domain::template::{Template, Worksheet, worksheet};
use domain::{Code, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};
use specta::Type;
use uuid::Uuid;

use super::list::DuplicateRow;
use super::papers::{self, ChecklistRow};
use crate::attachments::{self, AttachmentRow};
use crate::clocks::{ClockRow, claim_happenings, clock_ids};
use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice};
use crate::people::PolicyView;
use crate::sync::{Overridden, overridden};
use domain::Refusal;

/// A person or organisation in a claim, personal numbers masked.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClaimParty {
    /// The person.
    pub party_id: String,
    /// Role in this claim.
    pub role: String,
    /// `person` or `organisation`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Kind of identity paper.
    pub id_type: Option<String>,
    /// Its number, masked.
    pub id_no_masked: Option<String>,
    /// Mobile, masked.
    pub mobile_masked: Option<String>,
    /// Relation to the insured.
    pub relation: Option<String>,
    /// Bank.
    pub bank_name: Option<String>,
    /// Account, masked.
    pub bank_account_masked: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Under fourteen (PIPL 31).
    pub minor: bool,
}

/// An entry of the timeline.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TimelineEvent {
    /// The entry.
    pub id: String,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: Role,
    /// What, as `claim-flow.json` names it.
    pub command: String,
    /// What that is called.
    pub label: Text,
    /// Status before.
    pub from: Option<Status>,
    /// Status after.
    pub to: Option<Status>,
    /// Why.
    pub reason: Option<String>,
    /// The step's own facts.
    pub data: Value,
}

/// A step that may be taken now by whoever looks.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Step {
    /// The command.
    pub command: String,
    /// What the button says.
    pub label: Text,
    /// Leads back; needs a reason.
    pub backward: bool,
    /// The one next action.
    pub primary: bool,
    /// What it asks for.
    pub fields: Vec<StepField>,
}

/// A link to another claim.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LinkRow {
    /// The link.
    pub id: String,
    /// The other claim.
    pub claim_id: String,
    /// Its number.
    pub no: String,
    /// `duplicate_of`, `duplicated_by`, `related`, `not_duplicate`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Whether it holds; an undone link stays in the file.
    pub active: bool,
}

/// A print that was made.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PrintRow {
    /// Which document.
    pub kind: String,
    /// `customer` or `internal`.
    pub copy: String,
    /// The start of its content's hash.
    pub hash: String,
    /// When.
    pub printed_at: String,
    /// By whom.
    pub by: String,
    /// `saved` or `printer`.
    pub how: String,
}

/// A claim, whole.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClaimFile {
    /// The claim.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Where it stands.
    pub status: Status,
    /// The template in the version it began with.
    pub template: Template,
    /// The policy.
    pub policy: PolicyView,
    /// How it came in.
    pub channel: String,
    /// When.
    pub registered_at: String,
    /// Who took it in.
    pub clerk: String,
    /// The people in it.
    pub parties: Vec<ClaimParty>,
    /// The answers.
    pub answers: BTreeMap<String, Value>,
    /// The papers.
    pub checklist: Vec<ChecklistRow>,
    /// The files.
    pub attachments: Vec<AttachmentRow>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<TimelineEvent>,
    /// How the amount was worked out.
    pub worksheet: Option<Worksheet>,
    /// What may be done now.
    pub steps: Vec<Step>,
    /// Linked claims.
    pub links: Vec<LinkRow>,
    /// Conflicts with another desk's work that wait for a decision; no step may be taken until then.
    pub conflicts: Vec<String>,
    /// Values that another desk's later ones replaced: each is shown beside its field.
    pub overridden: Vec<Overridden>,
    /// Claims of the same loss that nobody has linked or told apart yet, such as one another desk took offline.
    pub suspects: Vec<DuplicateRow>,
    /// SHA-256 of files that are not here, or not whole at the hub.
    pub files_waiting: Vec<String>,
    /// The time limits that run over it, or ran.
    pub clocks: Vec<ClockRow>,
    /// Prints made.
    pub prints: Vec<PrintRow>,
    /// The amount claimed.
    pub claimed_amount: Option<String>,
    /// The amount approved.
    pub decided_amount: Option<String>,
    /// What someone should know.
    pub warnings: Vec<Notice>,
}

/// The records of one claim.
pub(crate) struct Loaded {
    pub(crate) id: Uuid,
    pub(crate) claim: Record,
    pub(crate) template: Arc<Template>,
    pub(crate) status: Status,
    pub(crate) parties: Vec<(Uuid, Record)>,
    pub(crate) documents: Vec<(Uuid, Record)>,
    pub(crate) attachments: Vec<(Uuid, Record)>,
    pub(crate) events: Vec<(Uuid, Record)>,
}

impl Loaded {
    pub(crate) fn answers(&self) -> Map<String, Value> {
        self.claim.under("answers.")
    }

    pub(crate) fn checklist(&self) -> Result<Vec<ChecklistRow>, DeskError> {
        let roles: Vec<&str> = self.parties.iter().map(|(_, party)| party.text("role")).collect();
        let files: Vec<AttachmentRow> =
            self.attachments.iter().map(|(id, file)| attachments::row(*id, file)).collect();
        papers::rows(&self.template, &self.answers(), &roles, &papers::from_records(&self.documents), &files)
    }

    /// The last entry of a command in the timeline.
    pub(crate) fn last_event(&self, command: &str) -> Option<&Record> {
        self.events.iter().rev().find(|(_, event)| event.text("command") == command).map(|(_, event)| event)
    }

    /// The worksheet, worked out again from its inputs.
    pub(crate) fn worksheet(&self) -> Option<Worksheet> {
        let inputs = self.claim.get("worksheet_inputs")?;
        let inputs: BTreeMap<String, String> = serde_json::from_value(inputs.clone()).ok()?;
        worksheet(&self.template, &inputs).ok()
    }
}

impl Desk {
    pub(crate) async fn load_claim(&self, id: Uuid) -> Result<Loaded, DeskError> {
        let unknown = || Refusal::new(Code::ClaimUnknown).with("no", id);
        let claim = self.store.record("claim", id).await?.ok_or_else(unknown)?;
        let version = u32::try_from(claim.number("template_version")).unwrap_or_default();
        Ok(Loaded {
            id,
            template: self.template(claim.text("template"), Some(version))?,
            status: Status::parse(claim.text("status")).ok_or_else(unknown)?,
            parties: self.store.owned(id, "claim_party").await?,
            documents: self.store.owned(id, "document").await?,
            attachments: self.store.owned(id, "attachment").await?,
            events: self.store.owned(id, "event").await?,
            claim,
        })
    }

    /// A claim's file, named by id or number.
    ///
    /// # Errors
    /// Without the right, [`Code::ClaimUnknown`], or when the database cannot be read.
    pub async fn claim_get(&self, actor: &Actor, named: &str) -> Result<ClaimFile, DeskError> {
        actor.need(Right::ClaimRead)?;
        let id = self.claim_id(named).await?;
        let loaded = self.load_claim(id).await?;
        let policy = match loaded.claim.id("policy") {
            Some(policy) => self.policy_view(policy).await?,
            None => {
                return Err(Refusal::new(Code::PolicyUnknown)
                    .with("no", loaded.claim.text("policy_no"))
                    .into());
            }
        };
        let mut links = Vec::new();
        for (link, record) in self.store.owned(id, "link").await? {
            let Some(other) = record.id("other") else { continue };
            let no = self.store.record("claim", other).await?.map(|claim| claim.text("no").to_owned());
            links.push(LinkRow {
                id: link.to_string(),
                claim_id: other.to_string(),
                no: no.unwrap_or_default(),
                kind: record.text("kind").to_owned(),
                reason: record.text("reason").to_owned(),
                active: record.flag("active"),
            });
        }
        let prints = self.store.owned(id, "print").await?;
        let suspects = self.suspects(&loaded, &links).await?;
        let conflicts = self.conflicts_of(id).await?;
        let mut files_waiting = Vec::new();
        for (_, file) in &loaded.attachments {
            let Some(digest) = attachments::digest(file.text("sha256")) else { continue };
            if self.store.file_waits(&digest).await? {
                files_waiting.push(digest.hex());
            }
        }
        let warnings = if policy.verified {
            Vec::new()
        } else {
            vec![Refusal::new(Code::ClaimPolicyUnverified).with("no", &policy.no).into()]
        };
        Ok(ClaimFile {
            id: id.to_string(),
            no: loaded.claim.text("no").to_owned(),
            status: loaded.status,
            template: Template::clone(&loaded.template),
            policy: policy.clone(),
            channel: loaded.claim.text("channel").to_owned(),
            registered_at: loaded.claim.text("registered_at").to_owned(),
            clerk: loaded.claim.text("clerk_name").to_owned(),
            parties: loaded.parties.iter().map(|(_, party)| self.claim_party(party)).collect(),
            answers: loaded.answers().into_iter().collect(),
            checklist: loaded.checklist()?,
            attachments: loaded.attachments.iter().map(|(id, file)| attachments::row(*id, file)).collect(),
            timeline: loaded.events.iter().map(|(id, event)| timeline(*id, event)).collect(),
            worksheet: loaded.worksheet(),
            steps: self.steps_of(actor, &loaded),
            links,
            conflicts: conflicts.iter().map(Uuid::to_string).collect(),
            overridden: self.overridden(&loaded).await?,
            suspects,
            files_waiting,
            clocks: self.claim_clocks(&loaded, &policy, &prints),
            prints: prints.iter().map(|(_, print)| print_row(print)).collect(),
            claimed_amount: loaded.claim.optional("answers.claimed_amount"),
            decided_amount: loaded.claim.optional("decided_amount"),
            warnings,
        })
    }

    /// A withdrawn claim has only the clocks that ended.
    fn claim_clocks(&self, loaded: &Loaded, policy: &PolicyView, prints: &[(Uuid, Record)]) -> Vec<ClockRow> {
        let Ok(registered) = domain::clock::moment(loaded.claim.text("registered_at")) else {
            return Vec::new();
        };
        let plain = |records: &[(Uuid, Record)]| -> Vec<Record> {
            records.iter().map(|(_, record)| record.clone()).collect()
        };
        let mut happenings = claim_happenings(registered, &plain(&loaded.events), &plain(prints));
        let mut rules = clock_ids(&loaded.template);
        let day = |text: &str| domain::clock::day(text).ok();
        if let Some((rule, ended)) = keeping(day(&policy.inception), day(&policy.expiry)) {
            rules.push(rule.to_owned());
            happenings.push(ended);
        }
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let mut rows = self.clock_rows(&rules, &happenings);
        if loaded.status == Status::Withdrawn {
            rows.retain(|row| row.keep || matches!(row.state, State::Met | State::MetLate));
        }
        rows
    }

    /// What lost against a later value, in the records this file shows.
    async fn overridden(&self, loaded: &Loaded) -> Result<Vec<Overridden>, DeskError> {
        let lost = |kind: &str, place: &str, record: &Record| {
            overridden(kind, place, record, &loaded.template, &loaded.events)
        };
        let mut found = lost("claim", "", &loaded.claim);
        if let Some(policy) = loaded.claim.id("policy")
            && let Some(record) = self.store.record("policy", policy).await?
        {
            found.extend(lost("policy", "", &record));
        }
        found.extend(
            loaded.documents.iter().flat_map(|(_, record)| lost("document", record.text("document"), record)),
        );
        found.extend(
            loaded.attachments.iter().flat_map(|(id, record)| lost("attachment", &id.to_string(), record)),
        );
        Ok(found)
    }

    /// Claims of the same policy, day and cause without a link that holds, whichever way it was answered.
    async fn suspects(&self, loaded: &Loaded, links: &[LinkRow]) -> Result<Vec<DuplicateRow>, DeskError> {
        let (policy, day) = (loaded.claim.text("policy_no"), loaded.claim.text("incident_day"));
        if policy.is_empty() || day.is_empty() {
            return Ok(Vec::new());
        }
        let mut suspects = Vec::new();
        for other in self.store.same_loss(policy, day, loaded.claim.text("answers.cause")).await? {
            let answered = links.iter().any(|link| link.active && link.claim_id == other.to_string());
            if other != loaded.id && !answered {
                suspects.extend(self.duplicate_row(other).await?);
            }
        }
        Ok(suspects)
    }

    fn claim_party(&self, party: &Record) -> ClaimParty {
        let masked = |field: &str| party.optional(field).map(|value| mask(&value));
        let birth = domain::person::parse_date(party.text("birth")).ok();
        let age = birth.and_then(|birth| domain::person::age_at(birth, self.today()));
        ClaimParty {
            party_id: party.text("party").to_owned(),
            role: party.text("role").to_owned(),
            kind: party.text("kind").to_owned(),
            name: party.text("name").to_owned(),
            id_type: party.optional("id_type"),
            id_no_masked: masked("id_no"),
            mobile_masked: masked("mobile"),
            relation: party.optional("relation"),
            bank_name: party.optional("bank_name"),
            bank_account_masked: masked("bank_account"),
            address: party.optional("address"),
            minor: age.is_some_and(|age| age < domain::person::CONSENT_AGE),
        }
    }

    /// The steps the status and the role allow. One with nothing left to do is not offered; what else the guards
    /// refuse can be put right, and says how when it is tried.
    fn steps_of(&self, actor: &Actor, loaded: &Loaded) -> Vec<Step> {
        let facts = self.facts(actor, loaded);
        let idle = |command: &Command| {
            let nothing =
                [Code::ClaimRefusalNotified, Code::ClaimNothingMissing, Code::ClaimNoNoticeUnderWay];
            command.check(loaded.status, &facts).is_err_and(|refusal| nothing.contains(&refusal.code))
        };
        let allowed = |command: &&Command| {
            command.offered(loaded.status) && actor.role.may(command.right()) && !idle(command)
        };
        let mut steps: Vec<Step> = Command::ALL
            .iter()
            .filter(allowed)
            .filter_map(|command| {
                let words = labels::command(*command)?;
                Some(Step {
                    command: command.as_str().to_owned(),
                    label: words.label.clone(),
                    backward: command.backward(),
                    primary: false,
                    fields: words.fields.clone(),
                })
            })
            .collect();
        let possible = |step: &Step| {
            Command::parse(&step.command)
                .is_some_and(|command| !command.backward() && command.check(loaded.status, &facts).is_ok())
        };
        if let Some(next) = steps.iter_mut().find(|step| possible(step)) {
            next.primary = true;
        }
        if actor.role.may(Right::ClaimHandle) {
            for name in ["record_contact", "record_enquiry"] {
                let Some(words) = labels::named(name) else { continue };
                steps.push(Step {
                    command: name.to_owned(),
                    label: words.label.clone(),
                    backward: false,
                    primary: false,
                    fields: words.fields.clone(),
                });
            }
        }
        steps
    }
}

fn timeline(id: Uuid, event: &Record) -> TimelineEvent {
    let command = event.text("command");
    let role = event.text("role");
    TimelineEvent {
        id: id.to_string(),
        at: event.text("at").to_owned(),
        actor: event.text("actor_name").to_owned(),
        role: Role::ALL.into_iter().find(|known| known.as_str() == role).unwrap_or(Role::Auditor),
        command: command.to_owned(),
        label: labels::named(command).map(|words| words.label.clone()).unwrap_or_default(),
        from: Status::parse(event.text("from")),
        to: Status::parse(event.text("to")),
        reason: event.optional("reason"),
        data: event.get("data").cloned().unwrap_or(json!({})),
    }
}

fn print_row(print: &Record) -> PrintRow {
    PrintRow {
        kind: print.text("kind").to_owned(),
        copy: print.text("copy").to_owned(),
        hash: print.text("hash").to_owned(),
        printed_at: print.text("at").to_owned(),
        by: print.text("by").to_owned(),
        how: print.text("how").to_owned(),
    }
}
