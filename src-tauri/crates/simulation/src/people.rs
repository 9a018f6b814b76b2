//! What people do at a desk: new claims, edits of what others edit too, notes, decisions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use domain::role::Role;
use domain::settle::{CONFLICT, DECIDE, is_open, wanted};
use fastrand::Rng;
use serde_json::json;
use store::NewOperation;
use uuid::Uuid;

use crate::desk::Desk;

/// Records that everybody knows.
const SHARED: u128 = 6;

/// Fields that are edited: kind, field. Legal ones, convenience ones and one that only grows.
const FIELDS: [(&str, &str); 7] = [
    ("claim", "amount"),
    ("claim", "answers.story"),
    ("claim", "assignee"),
    ("party", "name"),
    ("party", "mobile"),
    ("document", "state"),
    ("attachment", "title"),
];

/// One command at a desk. What was made is added to `made`, a number that was given to `numbers`.
pub(crate) async fn act(
    desk: &Desk,
    rng: &mut Rng,
    at: DateTime<FixedOffset>,
    made: &mut BTreeSet<Uuid>,
    numbers: &mut BTreeMap<String, Uuid>,
) -> anyhow::Result<()> {
    match rng.u8(0..10) {
        0..2 => {
            let claim = drawn(rng);
            let mut command = command(rng, "claim.register", at);
            command.set("claim", claim, "amount", rng.u32(..));
            command.set("event", drawn(rng), "text", "registered");
            let no = desk.register(claim, command).await?;
            anyhow::ensure!(numbers.insert(no.clone(), claim).is_none(), "{no} was given twice by one desk");
        }
        2 => {
            let open = desk.shown_of(CONFLICT).await?;
            let open: Vec<_> = open.into_iter().filter(|(_, record)| is_open(record)).collect();
            if let Some(((_, id), record)) = rng.choice(open) {
                let mut command = command(rng, DECIDE, at);
                if let Some((_, wanted)) = rng.choice(wanted(&record)) {
                    for change in wanted.changes {
                        if let Some(kind) = domain::record::kind_named(&change.kind) {
                            command.set(kind, change.record, change.field, change.value);
                        }
                    }
                }
                command.set(CONFLICT, id, "status", "decided");
                command.set(CONFLICT, id, "reason", format!("reason {}", rng.u8(..)));
                made.extend(desk.commit(vec![command]).await?);
            }
        }
        3 => {
            let mut command = command(rng, "attachment.void", at);
            command.set(
                "attachment",
                Uuid::from_u128(rng.u128(0..SHARED)),
                "void_reason",
                format!("{}", rng.u8(..)),
            );
            made.extend(desk.commit(vec![command]).await?);
        }
        _ => {
            let mut commands = Vec::new();
            for _ in 0..rng.usize(1..4) {
                let mut command = command(rng, "claim.edit", at);
                for _ in 0..rng.usize(1..4) {
                    let Some((kind, field)) = rng.choice(FIELDS) else { continue };
                    // Few values, so that two people sometimes write the same.
                    command.set(kind, Uuid::from_u128(rng.u128(0..SHARED)), field, json!(rng.u8(0..6)));
                }
                command.set("event", drawn(rng), "text", "changed");
                commands.push(command);
            }
            made.extend(desk.commit(commands).await?);
        }
    }
    Ok(())
}

fn command(rng: &mut Rng, name: &str, at: DateTime<FixedOffset>) -> NewOperation {
    let role = if name == DECIDE { Role::Manager } else { Role::CounterClerk };
    NewOperation::new(Uuid::from_u128(rng.u128(100..104)), role, name, at)
}

fn drawn(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}
