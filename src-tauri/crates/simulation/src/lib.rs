//! Desks, network and hub driven by one seed, with the faults they must survive (sync.md, Simulation must cover).
//!
//! Desks are real stores in real folders, moved by the real engine; the hub decides by the real hub's function. Time,
//! network and faults come from the seed, and so does what people do. What a run must show is in `check.rs`.

mod check;
mod desk;
mod hub;
mod people;
mod world;

use tempfile::TempDir;

/// Desks at the beginning; copies come later.
pub const DESKS: usize = 8;

/// The first moment, milliseconds since 1970.
pub(crate) const BEGINNING: i64 = 1_780_000_000_000;

/// What a run is made of. Equal plans run alike: the same people, network and faults at the same moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Everything that is left to chance.
    pub seed: u64,
    /// Desks, at most [`DESKS`].
    pub desks: usize,
    /// Commands of each desk.
    pub commands: usize,
}

/// What a run met, so that a test can tell whether it looked at anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Met {
    /// Operations in the hub's stream at the end.
    pub operations: usize,
    /// Requests or answers that were lost.
    pub lost: usize,
    /// Requests that came twice or late.
    pub again: usize,
    /// Processes killed.
    pub crashes: usize,
    /// Desks that went on under a new name.
    pub renamed: usize,
    /// Copies made of a desk.
    pub copies: usize,
    /// Desks put back from a backup.
    pub restored: usize,
    /// Operations taken to another desk by hand.
    pub carried: usize,
    /// Hubs put back from a backup.
    pub rolled_back: usize,
    /// Streams followed anew.
    pub restarts: usize,
    /// Snapshots that desks began with, to the end.
    pub snapshots: usize,
    /// Snapshots that did not hold.
    pub spoiled: usize,
    /// Conflicts there are at the end.
    pub conflicts: usize,
}

/// Runs a plan on this thread.
///
/// # Errors
/// With the first promise that was not kept, and where.
pub fn run(plan: Plan) -> anyhow::Result<Met> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(world::run(plan))
}

/// A folder in memory where there is one: thousands of transactions each wait for the disk.
pub(crate) fn folder() -> anyhow::Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    Ok(if memory.is_dir() { TempDir::new_in(memory)? } else { TempDir::new()? })
}
