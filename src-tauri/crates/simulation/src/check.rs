//! What a run must show at its end.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use domain::operation::Operation;
use domain::record::{MergeClass, Records, merge_class};
use domain::settle::CONFLICT;
use serde_json::Value;
use uuid::Uuid;

use crate::world::World;

/// Everything, on desks at rest.
pub(crate) async fn all(world: &World) -> anyhow::Result<()> {
    let feed: Vec<Operation> = world
        .hub
        .feed
        .iter()
        .map(|(entry, _)| {
            let bytes = entry.operation.as_ref().context("bytes")?;
            Operation::from_cbor(&bytes.0).map_err(|_| anyhow::anyhow!("an operation"))
        })
        .collect::<Result<_, _>>()?;
    once(world, &feed)?;
    nothing_overwritten(world, &feed)?;
    for (number, seat) in world.seats.iter().enumerate() {
        let desk = seat.desk.as_ref().context("a desk")?;
        same(&desk.shown().await?, &world.hub.records).with_context(|| format!("desk {number} shows"))?;
        ensure!(desk.digest().await? == world.hub.head().digest, "desk {number}: another sum");
        desk.verify().await.with_context(|| format!("desk {number}"))?;
    }
    Ok(())
}

/// What was made is in the stream, once; a number was given once.
fn once(world: &World, feed: &[Operation]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for operation in feed {
        ensure!(seen.insert(operation.id), "{} is in the stream twice", operation.id);
    }
    let mut numbers: BTreeMap<&String, Uuid> = BTreeMap::new();
    for (number, seat) in world.seats.iter().enumerate() {
        for made in &seat.made {
            ensure!(
                seen.contains(made),
                "desk {number}: {made} is lost; kept for review: {:?}",
                world.hub.parked
            );
        }
        for (no, claim) in seat.numbers.iter().filter(|_| !seat.unnoticed) {
            let other = numbers.insert(no, *claim);
            ensure!(other.is_none_or(|other| other == *claim), "{no} was given twice");
        }
    }
    Ok(())
}

/// A legal field changes only under the eyes of who changes it; what it would have been otherwise is kept for a person.
fn nothing_overwritten(world: &World, feed: &[Operation]) -> anyhow::Result<()> {
    let mut fields: BTreeMap<(&str, Uuid, &str), (&Value, Uuid)> = BTreeMap::new();
    for (operation, (entry, _)) in feed.iter().zip(&world.hub.feed) {
        for (index, change) in operation.changes.iter().enumerate() {
            let Some(value) = &change.value else { continue };
            let field = (change.kind.as_str(), change.id, change.field.as_str());
            let contested = entry.verdict.contested.contains(&u32::try_from(index)?);
            let legal =
                merge_class(&change.kind, &change.field) == MergeClass::Legal && change.kind != CONFLICT;
            if contested {
                ensure!(
                    merge_class(&change.kind, &change.field) == MergeClass::Legal,
                    "only legal fields wait"
                );
                continue;
            }
            let before = fields.insert(field, (value, operation.id));
            if let Some((known, revision)) = before.filter(|_| legal) {
                ensure!(
                    revision == operation.id || change.base == Some(revision) || known == value,
                    "{field:?} was overwritten by {} at {}",
                    operation.id,
                    entry.at
                );
            }
        }
    }
    for ((kind, id, field), (value, _)) in fields.iter().filter(|((kind, ..), _)| *kind != CONFLICT) {
        let record = world.hub.records.get(&((*kind).to_owned(), *id)).context("a record")?;
        ensure!(record.get(field) == Some(*value), "{kind} {id} {field} is not what the stream says");
    }
    Ok(())
}

fn same(shown: &Records, hub: &Records) -> anyhow::Result<()> {
    for (key, record) in hub {
        let here = shown.get(key);
        ensure!(here == Some(record), "{key:?}: {here:?} and not {record:?}");
    }
    for key in shown.keys() {
        ensure!(hub.contains_key(key), "{key:?}, which the hub does not have");
    }
    Ok(())
}
