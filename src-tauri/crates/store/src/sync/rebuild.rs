//! A stream followed anew from its first number, beside the records in use, which change over when it is whole.

use domain::overlay::Overlaid;
use domain::record::Records;
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use wire::ORGANISATION;

use super::page::merge;
use crate::error::StoreError;
use crate::search;
use crate::store::Store;
use crate::table::{id, operation, rebuilt, record, rows, shadow, snapshot, stream};
use crate::write::project;

const PAGE: u32 = 1000;

impl Store {
    /// Follows all streams anew from their beginning. The records in use stay until the new ones are whole.
    ///
    /// # Errors
    /// What the disk or the database refuse.
    pub async fn restart_stream(&self, at: &str) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let (device, name) = (writer.device.id, writer.device.stream.clone());
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        restart(&mut transaction, device, &name, at).await?;
        Ok(transaction.commit().await?)
    }
}

/// As [`Store::restart_stream`].
pub(super) async fn restart(
    db: &mut SqliteConnection,
    device: Uuid,
    branch: &str,
    at: &str,
) -> Result<(), StoreError> {
    operation::unplace(db, device).await?;
    rebuilt::clear(db).await?;
    rebuilt::clear_reference(db).await?;
    snapshot::clear(db).await?;
    for name in [branch, ORGANISATION] {
        let anew = stream::Followed { rebuilding: name != ORGANISATION, ..stream::Followed::default() };
        stream::set(db, name, &anew, at).await?;
        stream::clear_waiting(db, name).await?;
    }
    Ok(())
}

/// The rebuilt records take the place of those in use, own unconfirmed fields over them.
pub(super) async fn swap(db: &mut SqliteConnection, at: &str) -> Result<(), StoreError> {
    let mut after = (String::new(), Uuid::nil());
    loop {
        let keys = rebuilt::keys(db, &after, PAGE).await?;
        let Some(last) = keys.last() else { break };
        after = last.clone();
        let local = record::load(db, &keys).await?;
        let mut confirmed = rebuilt::load(db, &keys).await?;
        for key in keys {
            confirmed.entry(key).or_default();
        }
        let Overlaid { shown, shadows, clean } = merge(db, confirmed, &local).await?;
        let (gone, kept): (Records, Records) =
            shown.into_iter().partition(|(_, record)| record.fields.is_empty());
        shadow::delete(db, &clean).await?;
        shadow::write(db, &shadows, at).await?;
        record::write(db, &kept, at).await?;
        project(db, &kept, at).await?;
        let gone: Records =
            gone.into_keys().filter_map(|key| local.get(&key).map(|record| (key, record.clone()))).collect();
        forget(db, &gone).await?;
    }
    rebuilt::clear(db).await
}

/// Takes away records that the stream does not have, with what lists and search know of them.
async fn forget(db: &mut SqliteConnection, gone: &Records) -> Result<(), StoreError> {
    if gone.is_empty() {
        return Ok(());
    }
    let keys = rows(gone.keys().map(|(kind, record)| json!([kind, id(*record)])).collect());
    let ids = crate::table::ids(gone.keys().map(|(_, record)| *record));
    let links = rows(
        gone.iter()
            .filter(|((kind, _), _)| kind == "claim_party")
            .filter_map(|(_, record)| {
                Some(json!([id(record.id("claim")?), id(record.id("party")?), record.text("role")]))
            })
            .collect(),
    );
    sqlx::query!(
        "delete from record where (kind, id) in (select value ->> 0, unhex(value ->> 1) from json_each(?1))",
        keys
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from claim where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from complaint where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from party where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from policy where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from product where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from account where id in (select unhex(value) from json_each(?1))", ids)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "delete from claim_party where (claim, party, role) in
         (select unhex(value ->> 0), unhex(value ->> 1), value ->> 2 from json_each(?1))",
        links
    )
    .execute(&mut *db)
    .await?;
    search::index::forget(db, &ids).await
}
