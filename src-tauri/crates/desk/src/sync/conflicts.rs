//! Conflicts as people decide them: what two desks wanted of one record, side by side (sync.md, Conflict).

use std::sync::Arc;

use domain::claim::labels;
use domain::record::{Record, kind_named};
use domain::role::Right;
use domain::settle::{CONFLICT, DECIDE, Wanted, is_open, wanted};
use domain::template::Template;
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use specta::Type;
use uuid::Uuid;

use super::words;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::unsent::what;

/// A conflict in the list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ConflictRow {
    /// The conflict.
    pub id: String,
    /// What kind of record it is about.
    pub kind: String,
    /// What that is called.
    pub kind_name: Text,
    /// The record.
    pub record: String,
    /// The claim, if it is about one or what belongs to it.
    pub claim_id: Option<String>,
    /// The number of the claim, or of the complaint it is about.
    pub claim_no: Option<String>,
    /// When the earliest operation that waits was given, by its desk's clock.
    pub since: Option<String>,
    /// How many operations wait.
    pub waiting: u32,
    /// Whether it waits for a decision.
    pub open: bool,
}

/// Who wrote the value that stands.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Standing {
    /// What was done.
    pub what: Text,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
}

/// One value that waits.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ConflictSide {
    /// The operation that wanted it.
    pub operation: String,
    /// Its command.
    pub command: String,
    /// What that is called.
    pub what: Text,
    /// Who gave it.
    pub by: String,
    /// The desk's code.
    pub device_code: String,
    /// When, by that desk's clock.
    pub at: String,
    /// The field.
    pub field: String,
    /// What it is called.
    pub field_name: Text,
    /// The value it wanted; personal numbers masked, no password.
    pub wanted: Value,
    /// The same as people read it.
    pub wanted_text: Text,
    /// The value that stands.
    pub standing: Value,
    /// The same as people read it.
    pub standing_text: Text,
}

/// A conflict whole.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Conflict {
    /// As in the list.
    pub row: ConflictRow,
    /// What waits.
    pub sides: Vec<ConflictSide>,
    /// Who wrote what stands, as far as the claim's file tells.
    pub standing: Option<Standing>,
    /// Whether the person asking may decide.
    pub may_decide: bool,
    /// The operations whose values a decision took; none when what stood was kept.
    pub taken: Vec<String>,
    /// Why it was decided as it was.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
}

impl Desk {
    /// Conflicts, open ones first.
    ///
    /// # Errors
    /// Without the right.
    pub async fn conflict_list(&self, actor: &Actor, open_only: bool) -> Result<Vec<ConflictRow>, DeskError> {
        actor.need(Right::ClaimRead)?;
        let mut rows = Vec::new();
        for (id, record) in self.store.records(CONFLICT).await? {
            let row = self.conflict_row(id, &record).await?;
            if row.open || !open_only {
                rows.push(row);
            }
        }
        rows.sort_by_key(|row| !row.open);
        Ok(rows)
    }

    pub(crate) async fn open_conflicts(&self) -> Result<usize, DeskError> {
        let records = self.store.records(CONFLICT).await?;
        Ok(records.iter().filter(|(_, record)| is_open(record)).count())
    }

    /// The conflicts about a claim, or about what belongs to it, that wait for a decision.
    pub(crate) async fn conflicts_of(&self, claim: Uuid) -> Result<Vec<Uuid>, DeskError> {
        let conflicts = self.store.owned(claim, CONFLICT).await?;
        let open = conflicts.into_iter().filter(|(_, record)| is_open(record));
        Ok(open.map(|(id, _)| id).collect())
    }

    /// Refuses while there is one.
    pub(crate) async fn need_no_conflict(&self, claim: Uuid) -> Result<(), DeskError> {
        match self.conflicts_of(claim).await?.first() {
            Some(id) => Err(Refusal::new(Code::SyncConflictOpen).with("conflict", id).into()),
            None => Ok(()),
        }
    }

    /// A conflict with what each side wanted.
    ///
    /// # Errors
    /// Without the right, or [`Code::SyncConflictUnknown`].
    pub async fn conflict_get(&self, actor: &Actor, id: &str) -> Result<Conflict, DeskError> {
        actor.need(Right::ClaimRead)?;
        let (id, record) = self.conflict_record(id).await?;
        let template = self.conflict_template(&record).await?;
        let template = template.as_deref();
        let mut sides = Vec::new();
        let mut standing = None;
        for (operation, wanted) in wanted(&record) {
            if standing.is_none() {
                standing = self.standing(&record, &wanted).await?;
            }
            let by = self.store.record("account", wanted.actor).await?.unwrap_or_default();
            let device = self.store.record("device", wanted.device).await?.unwrap_or_default();
            sides.extend(wanted.changes.into_iter().map(|change| {
                let (kind, field) = (change.kind, change.field);
                ConflictSide {
                    operation: operation.to_string(),
                    command: wanted.command.clone(),
                    what: what(&wanted.command),
                    by: by.text("display_name").to_owned(),
                    device_code: store::newest_code(&device).0,
                    at: wanted.at.clone(),
                    field_name: words::field(&kind, &field, template),
                    wanted_text: words::value(&kind, &field, &change.value, template),
                    standing_text: words::value(&kind, &field, &change.kept, template),
                    wanted: words::masked(&kind, &field, change.value, template),
                    standing: words::masked(&kind, &field, change.kept, template),
                    field,
                }
            }));
        }
        sides.sort_by(|one, two| (&one.at, &one.field).cmp(&(&two.at, &two.field)));
        Ok(Conflict {
            row: self.conflict_row(id, &record).await?,
            sides,
            standing,
            may_decide: actor.role.may(Right::ClaimDecide),
            taken: taken(&record),
            reason: record.optional("reason"),
            decided_at: record.optional("decided_at"),
            decided_by: record.optional("decided_by"),
        })
    }

    /// Decides: the named operations' values are taken, everything else stays as it stands. The operation cites all.
    ///
    /// # Errors
    /// Without the right or a reason; [`Code::SyncConflictUnknown`], [`Code::SyncConflictDecided`];
    /// [`Code::SyncConflictChoice`] for an operation that is not of it, or two values for one field.
    pub async fn conflict_decide(
        &self,
        actor: &Actor,
        id: &str,
        take: &[String],
        reason: &str,
    ) -> Result<Conflict, DeskError> {
        actor.need(Right::ClaimDecide)?;
        let reason = reason.trim();
        if reason.chars().count() < 2 {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        let step = self.steps.lock().await;
        let (conflict, record) = self.conflict_record(id).await?;
        if !is_open(&record) {
            return Err(Code::SyncConflictDecided.into());
        }
        let known = wanted(&record);
        let choice = |operation: &str| Refusal::new(Code::SyncConflictChoice).with("operation", operation);
        let mut command = self.operation(actor, DECIDE);
        let mut set = std::collections::BTreeSet::new();
        for named in take {
            let (_, wanted) = known
                .iter()
                .find(|(operation, _)| operation.to_string() == *named)
                .ok_or_else(|| choice(named))?;
            for change in &wanted.changes {
                let kind = kind_named(&change.kind).ok_or_else(|| choice(named))?;
                if !set.insert((kind, change.record, change.field.clone())) {
                    return Err(choice(named).into());
                }
                command.set(kind, change.record, change.field.clone(), change.value.clone());
            }
        }
        let cites: Vec<Value> = known
            .iter()
            .map(|(operation, _)| json!({ "operation": operation, "taken": take.contains(&operation.to_string()) }))
            .collect();
        command.set(CONFLICT, conflict, "status", "decided");
        command.set(CONFLICT, conflict, "cites", cites);
        command.set(CONFLICT, conflict, "reason", reason);
        command.set(CONFLICT, conflict, "decided_at", self.now().to_rfc3339());
        command.set(CONFLICT, conflict, "decided_by", actor.name.clone());
        if let Some(claim) = self.conflict_claim(&record).await? {
            let data = json!({ "conflict": conflict, "taken": take });
            self.write_event(&mut command, actor, claim, "decide_conflict", (None, None), Some(reason), data);
        }
        self.store.commit(command).await?;
        drop(step);
        self.conflict_get(actor, &conflict.to_string()).await
    }

    async fn conflict_record(&self, id: &str) -> Result<(Uuid, Record), DeskError> {
        let unknown = || Refusal::new(Code::SyncConflictUnknown).with("id", id);
        let id = Uuid::parse_str(id).map_err(|_| unknown())?;
        Ok((id, self.store.record(CONFLICT, id).await?.ok_or_else(unknown)?))
    }

    /// The claim a conflict is about, itself or through what belongs to it.
    async fn conflict_claim(&self, record: &Record) -> Result<Option<Uuid>, DeskError> {
        let Some(owner) = record.id("owner") else { return Ok(None) };
        Ok(self.store.record("claim", owner).await?.map(|_| owner))
    }

    /// That claim's template, which names its answers.
    async fn conflict_template(&self, record: &Record) -> Result<Option<Arc<Template>>, DeskError> {
        let Some(owner) = record.id("owner") else { return Ok(None) };
        let Some(claim) = self.store.record("claim", owner).await? else { return Ok(None) };
        let version = u32::try_from(claim.number("template_version")).ok();
        Ok(self.template(claim.text("template"), version).ok())
    }

    /// The claim's own entry about the operation that wrote what stands.
    async fn standing(&self, record: &Record, wanted: &Wanted) -> Result<Option<Standing>, DeskError> {
        let Some(owner) = record.id("owner") else { return Ok(None) };
        let revisions: Vec<Uuid> = wanted.changes.iter().filter_map(|change| change.kept_by).collect();
        let events = self.store.owned(owner, "event").await?;
        let entry = events.iter().map(|(_, event)| event).find(|event| {
            event.fields.get("command").is_some_and(|field| revisions.contains(&field.revision))
        });
        Ok(entry.map(|event| Standing {
            what: labels::named(event.text("command"))
                .map_or_else(|| what(event.text("command")), |words| words.label.clone()),
            by: event.text("actor_name").to_owned(),
            at: event.text("at").to_owned(),
        }))
    }

    async fn conflict_row(&self, id: Uuid, record: &Record) -> Result<ConflictRow, DeskError> {
        let claim = match record.id("owner") {
            Some(owner) => self.store.record("claim", owner).await?.map(|claim| (owner, claim)),
            None => None,
        };
        let waiting = wanted(record);
        let complaint = match Uuid::parse_str(record.text("record")) {
            Ok(id) if record.text("kind") == "complaint" => self.store.record("complaint", id).await?,
            _ => None,
        };
        let no = claim.as_ref().map(|(_, claim)| claim).or(complaint.as_ref());
        Ok(ConflictRow {
            id: id.to_string(),
            kind: record.text("kind").to_owned(),
            kind_name: words::kind(record.text("kind")),
            record: record.text("record").to_owned(),
            claim_id: claim.as_ref().map(|(id, _)| id.to_string()),
            claim_no: no.and_then(|record| record.optional("no")),
            since: waiting.iter().map(|(_, wanted)| wanted.at.clone()).min(),
            waiting: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
            open: is_open(record),
        })
    }
}

/// The operations a decision took, as it cites them.
fn taken(record: &Record) -> Vec<String> {
    let cites = record.get("cites").and_then(Value::as_array).into_iter().flatten();
    let taken = cites.filter(|cite| cite.get("taken").and_then(Value::as_bool) == Some(true));
    taken.filter_map(|cite| cite.get("operation")?.as_str().map(str::to_owned)).collect()
}
