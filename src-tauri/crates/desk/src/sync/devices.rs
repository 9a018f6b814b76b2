//! The desks of the branch: what this one's records know, and what the hub says of them.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use domain::role::Right;
use serde::{Deserialize, Serialize};
use specta::Type;
use store::LocalFact;
use sync::{Client, Prepared};
use uuid::Uuid;
use wire::{HeadsAnswer, SeenDevice};

use crate::clock::local;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// Nobody waits longer for the hub to show a list.
const PATIENCE: Duration = Duration::from_secs(3);

/// A desk of the branch.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DeviceRow {
    /// The desk.
    pub id: String,
    /// Its code in case numbers.
    pub code: String,
    /// Whether it is this one.
    pub own: bool,
    /// Which beginning it is in: 1, and one more after each restore.
    pub incarnation: u32,
    /// When the hub last saw it; none when the hub never did, or said nothing yet.
    pub seen_at: Option<String>,
    /// Whether the hub shut it out.
    pub shut_out: bool,
}

/// What the hub said, kept for when it cannot be asked.
#[derive(Default, Serialize, Deserialize)]
struct Said {
    devices: Vec<SeenDevice>,
}

impl Desk {
    /// The desks of the branch, this one first. When each was last seen, and which were shut out, is as the hub says
    /// now, or last said.
    ///
    /// # Errors
    /// Without the right, or when the database cannot be read.
    pub async fn device_list(&self, actor: &Actor) -> Result<Vec<DeviceRow>, DeskError> {
        actor.need(Right::Settings)?;
        let own = self.store.device_id();
        let mut said: BTreeMap<Uuid, SeenDevice> =
            self.devices_said().await?.into_iter().map(|device| (device.device, device)).collect();
        let records = self.store.records("device").await?.into_iter();
        let mut rows: Vec<DeviceRow> = records
            .map(|(id, record)| {
                let (code, incarnation) = store::newest_code(&record);
                row(id, code, incarnation, own, said.remove(&id))
            })
            .collect();
        // Enrolled, but nothing of it came down the stream yet.
        rows.extend(
            said.into_values().map(|seen| row(seen.device, seen.device_code.clone(), 1, own, Some(seen))),
        );
        // A copy shares its original's record: its own code is known to itself alone.
        if let Some(row) = rows.iter_mut().find(|row| row.own) {
            row.code = self.store.device_code().await?;
        }
        rows.sort_by(|one, two| two.own.cmp(&one.own).then_with(|| one.code.cmp(&two.code)));
        Ok(rows)
    }

    /// As the hub says now; as it last said when it does not answer.
    async fn devices_said(&self) -> Result<Vec<SeenDevice>, DeskError> {
        if let Ok(Some(said)) = tokio::time::timeout(PATIENCE, self.ask_devices()).await {
            let said = Said { devices: said };
            let kept = serde_json::to_string(&said).unwrap_or_default();
            self.store.remember(LocalFact::DevicesSeen, &kept).await?;
            return Ok(said.devices);
        }
        let kept = self.store.recall(LocalFact::DevicesSeen).await?.unwrap_or_default();
        Ok(serde_json::from_str::<Said>(&kept).unwrap_or_default().devices)
    }

    async fn ask_devices(&self) -> Option<Vec<SeenDevice>> {
        let hub = self.store.hub().await.ok()??;
        let client = Client::new(&hub.url).ok()?;
        let hello = client.hello().await.ok().filter(|hello| hello.hub_key == hub.key)?;
        let prepared = Prepared::heads();
        let signed = self.signed(&hello, &prepared).await;
        let heads: HeadsAnswer = client.ask(prepared, &signed).await.ok()?;
        // An older hub says nothing of devices; this one is one of them.
        Some(heads.devices).filter(|devices| !devices.is_empty())
    }
}

fn row(id: Uuid, code: String, incarnation: u32, own: Uuid, seen: Option<SeenDevice>) -> DeviceRow {
    DeviceRow {
        id: id.to_string(),
        code,
        own: id == own,
        incarnation,
        seen_at: seen
            .as_ref()
            .and_then(|seen| DateTime::from_timestamp_millis(seen.seen_at?))
            .map(|at| local(at).to_rfc3339()),
        shut_out: seen.is_some_and(|seen| seen.revoked),
    }
}
