//! A synthetic branch of any size: the same claims and complaints for the same number and seed, whatever the day.
//!
//! Everything is invented. Each case is one operation with the records its registration and course write, committed as if it had
//! come from a hub, so that no outbox fills with it.

mod branch;
mod complaint;
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
use crate::error::DeskError;
use branch::Branchful;
use complaint::Complaining;

/// What was written.
#[derive(Debug, Clone, Serialize)]
pub struct SeedReport {
    /// Claims written.
    pub claims: u32,
    /// Complaints written.
    pub complaints: u32,
    /// Records those cases consist of: claims, people, policies, papers, timeline entries.
    pub records: u64,
    /// Operations that changed something; a second run of the same seed changes nothing.
    pub operations: u64,
    /// How long it took.
    pub seconds: f64,
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
        let branch = Branchful::new(&own.code, device.text("code"), claims, seed, Library::shipped())?;
        let mut report = SeedReport { claims, complaints: 0, records: 0, operations: 0, seconds: 0.0 };
        let mut taken = branch.devices().to_vec();
        taken.push(device.text("code").to_owned());
        let complaining = Complaining::new((&own.code, &own.name), &taken, complaints, seed)?;
        let products = vec![branch.products()];
        self.write_all(products, branch, claims, Branchful::claim, &mut report).await?;
        self.write_all(Vec::new(), complaining, complaints, Complaining::complaint, &mut report).await?;
        self.store.finish_bulk().await?;
        report.complaints = complaints;
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Writes so many cases, one operation each, after a first batch.
    async fn write_all<I: Send + 'static>(
        &self,
        mut batch: Vec<NewOperation>,
        mut inventor: I,
        cases: u32,
        invent: fn(&mut I, u32) -> Result<NewOperation, DeskError>,
        report: &mut SeedReport,
    ) -> Result<(), DeskError> {
        let mut next = 0;
        while !batch.is_empty() || next < cases {
            let until = cases.min(next + BATCH);
            // Inventing one batch keeps one core busy while the database writes the batch before on another.
            let invented = tokio::task::spawn_blocking(move || {
                let made =
                    (next..until).map(|index| invent(&mut inventor, index)).collect::<Result<Vec<_>, _>>();
                (inventor, made)
            });
            self.write_seed(batch, report).await?;
            let (back, made) = invented
                .await
                .map_err(|error| Refusal::new(Code::StorageFailed).with("reason", error.to_string()))?;
            (inventor, batch, next) = (back, made?, until);
        }
        Ok(())
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
