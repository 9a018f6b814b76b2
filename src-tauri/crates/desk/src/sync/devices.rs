//! The desks of the branch, as this one knows them from its own records.

use domain::role::Right;
use serde::Serialize;
use specta::Type;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

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
}

impl Desk {
    /// The desks of the branch, this one first. Which of them were shut out is known at the hub.
    ///
    /// # Errors
    /// Without the right, or when the database cannot be read.
    pub async fn device_list(&self, actor: &Actor) -> Result<Vec<DeviceRow>, DeskError> {
        actor.need(Right::Settings)?;
        let own = self.store.device_id();
        let records = self.store.records("device").await?.into_iter();
        let mut rows: Vec<DeviceRow> = records
            .map(|(id, record)| {
                let (code, incarnation) = store::newest_code(&record);
                DeviceRow { id: id.to_string(), code, own: id == own, incarnation }
            })
            .collect();
        // A copy shares its original's record: its own code is known to itself alone.
        if let Some(row) = rows.iter_mut().find(|row| row.own) {
            row.code = self.store.device_code().await?;
        }
        rows.sort_by(|one, two| two.own.cmp(&one.own).then_with(|| one.code.cmp(&two.code)));
        Ok(rows)
    }
}
