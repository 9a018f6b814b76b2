//! A synthetic branch of any size: the same claims for the same number and seed, whatever the day.
//!
//! Everything is invented. Each claim is one operation with the records a registration writes, committed as if it had
//! come from a hub, so that no outbox fills with it.

mod branch;
mod invent;
mod plan;
mod texts;

use std::time::Instant;

use domain::role::Right;
use domain::template::Library;
use domain::{Code, Refusal};
use serde::Serialize;
use store::NewOperation;

use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice};
use branch::Branchful;

/// What was written.
#[derive(Debug, Clone, Serialize)]
pub struct SeedReport {
    /// Claims asked for.
    pub claims: u32,
    /// Complaints written.
    pub complaints: u32,
    /// Records those claims consist of: claims, people, policies, papers, timeline entries.
    pub records: u64,
    /// Operations that changed something; a second run of the same seed changes nothing.
    pub operations: u64,
    /// How long it took.
    pub seconds: f64,
    /// What was not done.
    pub warnings: Vec<Notice>,
}

/// Claims of one transaction: enough that keys next to each other in an index meet in one page.
const BATCH: u32 = 2_000;

impl Desk {
    /// Writes a synthetic branch. Without an actor it is the work of whoever can open the profile.
    ///
    /// # Errors
    /// An actor without the right, or a disk that refuses.
    pub async fn seed(
        &self,
        actor: Option<&Actor>,
        claims: u32,
        complaints: u32,
        seed: u64,
    ) -> Result<SeedReport, DeskError> {
        if let Some(actor) = actor {
            actor.need(Right::Import)?;
        }
        let begun = Instant::now();
        let own = self.branch().await?;
        let device = self.store.record("device", self.store.device_id()).await?.unwrap_or_default();
        let mut branch = Branchful::new(&own.code, device.text("code"), claims, seed, Library::shipped())?;
        let mut report = SeedReport {
            claims,
            complaints: 0,
            records: 0,
            operations: 0,
            seconds: 0.0,
            warnings: Vec::new(),
        };
        let mut batch: Vec<NewOperation> = vec![branch.products()];
        let mut next = 0;
        while !batch.is_empty() {
            let until = claims.min(next + BATCH);
            // Inventing one batch keeps one core busy while the database writes the batch before on another.
            let invented = tokio::task::spawn_blocking(move || {
                let claims = (next..until).map(|index| branch.claim(index)).collect::<Result<Vec<_>, _>>();
                (branch, claims)
            });
            self.write_seed(batch, &mut report).await?;
            let (back, claims) = invented
                .await
                .map_err(|error| Refusal::new(Code::StorageFailed).with("reason", error.to_string()))?;
            (branch, batch, next) = (back, claims?, until);
        }
        self.store.finish_bulk().await?;
        if complaints > 0 {
            report.warnings.push(Refusal::new(Code::SeedComplaintsLater).with("count", complaints).into());
        }
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(report)
    }

    async fn write_seed(&self, batch: Vec<NewOperation>, report: &mut SeedReport) -> Result<(), DeskError> {
        let mut records: Vec<_> = batch
            .iter()
            .flat_map(|operation| operation.edits.iter().map(|edit| (edit.kind, edit.id)))
            .collect();
        records.sort_unstable();
        records.dedup();
        report.records += records.len() as u64;
        report.operations += self.store.commit_synthetic(batch).await?.len() as u64;
        Ok(())
    }
}
