//! Conflicts as people decide them: what two desks wanted of one record, side by side (sync.md, Conflict).

use domain::record::{Record, kind_named};
use domain::role::Right;
use domain::settle::{CONFLICT, DECIDE, wanted};
use domain::{Code, Refusal};
use serde::Serialize;
use serde_json::{Value, json};
use specta::Type;
use uuid::Uuid;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// A conflict in the list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ConflictRow {
    /// The conflict.
    pub id: String,
    /// What kind of record it is about.
    pub kind: String,
    /// The record.
    pub record: String,
    /// The claim's number, if it is about a claim.
    pub claim_no: Option<String>,
    /// Whether it waits for a decision.
    pub open: bool,
}

/// One value that waits.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ConflictSide {
    /// The operation that wanted it.
    pub operation: String,
    /// Its command.
    pub command: String,
    /// Who gave it.
    pub by: String,
    /// The desk's code.
    pub device_code: String,
    /// When, by that desk's clock.
    pub at: String,
    /// The field.
    pub field: String,
    /// The value it wanted.
    pub wanted: Value,
    /// The value that stands.
    pub standing: Value,
}

/// A conflict whole.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Conflict {
    /// As in the list.
    pub row: ConflictRow,
    /// What waits.
    pub sides: Vec<ConflictSide>,
    /// Whether the person asking may decide.
    pub may_decide: bool,
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

    pub(super) async fn open_conflicts(&self) -> Result<usize, DeskError> {
        let records = self.store.records(CONFLICT).await?;
        Ok(records.iter().filter(|(_, record)| record.text("status") == "open").count())
    }

    /// Refuses while a conflict about a claim, or about what belongs to it, waits for a decision.
    pub(crate) async fn need_no_conflict(&self, claim: Uuid) -> Result<(), DeskError> {
        let conflicts = self.store.owned(claim, CONFLICT).await?;
        match conflicts.iter().find(|(_, record)| record.text("status") == "open") {
            Some((id, _)) => Err(Refusal::new(Code::SyncConflictOpen).with("conflict", id).into()),
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
        let mut sides = Vec::new();
        for (operation, wanted) in wanted(&record) {
            let by = self.store.record("account", wanted.actor).await?.unwrap_or_default();
            let device = self.store.record("device", wanted.device).await?.unwrap_or_default();
            sides.extend(wanted.changes.into_iter().map(|change| ConflictSide {
                operation: operation.to_string(),
                command: wanted.command.clone(),
                by: by.text("display_name").to_owned(),
                device_code: device.text("code").to_owned(),
                at: wanted.at.clone(),
                field: change.field,
                wanted: change.value,
                standing: change.kept,
            }));
        }
        sides.sort_by(|one, two| (&one.at, &one.field).cmp(&(&two.at, &two.field)));
        Ok(Conflict {
            row: self.conflict_row(id, &record).await?,
            sides,
            may_decide: actor.role.may(Right::ClaimDecide),
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
        if record.text("status") != "open" {
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
        self.store.commit(command).await?;
        drop(step);
        self.conflict_get(actor, &conflict.to_string()).await
    }

    async fn conflict_record(&self, id: &str) -> Result<(Uuid, Record), DeskError> {
        let unknown = || Refusal::new(Code::SyncConflictUnknown).with("id", id);
        let id = Uuid::parse_str(id).map_err(|_| unknown())?;
        Ok((id, self.store.record(CONFLICT, id).await?.ok_or_else(unknown)?))
    }

    async fn conflict_row(&self, id: Uuid, record: &Record) -> Result<ConflictRow, DeskError> {
        let claim = match record.id("owner") {
            Some(owner) => self.store.record("claim", owner).await?,
            None => None,
        };
        Ok(ConflictRow {
            id: id.to_string(),
            kind: record.text("kind").to_owned(),
            record: record.text("record").to_owned(),
            claim_no: claim.and_then(|claim| claim.optional("no")),
            open: record.text("status") == "open",
        })
    }
}
