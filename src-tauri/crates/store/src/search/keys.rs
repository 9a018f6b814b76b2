//! The keys of the index: written where they cost nothing, moved to where millions of them lie when nobody waits.

use serde_json::Value;
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::table::rows;

/// So many may lie among the recent ones for good: a few pages, which the keys of the next registration share.
const KEPT: i64 = 1_000;
/// Keys of one step in a pause: each may change a page of its own, and a registration may be waiting.
const STEP: i64 = 127;
/// Keys of one write that make it a bulk (an import, a first sync, a synthetic branch).
const BULK: usize = 10_000;
/// Recent keys at which a bulk moves all of them: nearly every page of the large table then takes several.
const BULK_LIMIT: i64 = 2_000_000;

/// Adds `[key, -entry]` pairs.
pub(crate) async fn insert(db: &mut SqliteConnection, keys: Vec<Value>) -> Result<(), StoreError> {
    let bulk = keys.len() > BULK;
    let keys = rows(keys);
    sqlx::query!(
        "insert into search_recent (key, newest)
         select value ->> 0, value ->> 1 from json_each(?1) where true order by 1 on conflict do nothing",
        keys
    )
    .execute(&mut *db)
    .await?;
    if bulk && more_than(db, BULK_LIMIT).await? {
        move_all(db).await?;
    }
    Ok(())
}

/// Takes an entry's keys out. One statement per entry: with (key, newest) as a row value SQLite looks at every entry of
/// a key, and thousands of people share their initials.
pub(crate) async fn delete(db: &mut SqliteConnection, entry: i64, keys: &str) -> Result<(), StoreError> {
    let newest = -entry;
    sqlx::query!(
        "delete from search_recent where newest = ?1 and key in (select value from json_each(?2))",
        newest,
        keys
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "delete from search_key where newest = ?1 and key in (select value from json_each(?2))",
        newest,
        keys
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Entries with a key that begins with `prefix`, recent ones first.
pub(crate) async fn by_prefix(
    db: &mut SqliteConnection,
    prefix: &str,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let end = format!("{prefix}\u{10ffff}");
    let mut entries = sqlx::query_scalar!(
        "select -newest as \"entry!: i64\" from search_recent where key >= ?1 and key < ?2 limit ?3",
        prefix,
        end,
        limit
    )
    .fetch_all(&mut *db)
    .await?;
    let rest = limit - i64::try_from(entries.len()).unwrap_or(limit);
    if rest > 0 {
        entries.extend(
            sqlx::query_scalar!(
                "select -newest as \"entry!: i64\" from search_key where key >= ?1 and key < ?2 limit ?3",
                prefix,
                end,
                rest
            )
            .fetch_all(db)
            .await?,
        );
    }
    Ok(entries)
}

async fn more_than(db: &mut SqliteConnection, count: i64) -> Result<bool, StoreError> {
    let beyond = sqlx::query_scalar!("select 1 as \"one!: i64\" from search_recent limit 1 offset ?1", count)
        .fetch_optional(db)
        .await?;
    Ok(beyond.is_some())
}

/// Moves all at the end of a bulk, so that no pause has to.
pub(crate) async fn finish_bulk(db: &mut SqliteConnection) -> Result<(), StoreError> {
    if more_than(db, KEPT).await? {
        move_all(db).await?;
    }
    Ok(())
}

async fn move_all(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into search_key (key, newest)
         select key, newest from search_recent where true order by key, newest on conflict do nothing"
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from search_recent").execute(db).await?;
    Ok(())
}

/// Moves a few in a transaction of its own; says whether there are more to move.
pub(crate) async fn move_some(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    if !more_than(db, KEPT).await? {
        return Ok(false);
    }
    let last =
        sqlx::query!("select key, newest from search_recent order by key, newest limit 1 offset ?1", STEP)
            .fetch_optional(&mut *db)
            .await?;
    let Some(last) = last else { return Ok(false) };
    let mut transaction = sqlx::Connection::begin_with(db, "begin immediate").await?;
    sqlx::query!(
        "insert into search_key (key, newest)
         select key, newest from search_recent where (key, newest) <= (?1, ?2) order by key, newest
         on conflict do nothing",
        last.key,
        last.newest
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!("delete from search_recent where (key, newest) <= (?1, ?2)", last.key, last.newest)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sqlx::Connection as _;

    use super::*;

    async fn count(db: &mut SqliteConnection, table: &'static str) -> i64 {
        sqlx::query_scalar(table).fetch_one(db).await.unwrap()
    }

    #[tokio::test]
    async fn keys_are_found_and_taken_out_wherever_they_lie() {
        const RECENT: &str = "select count(*) from search_recent";
        const MOVED: &str = "select count(*) from search_key";
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for migration in crate::db::MIGRATIONS.iter() {
            sqlx::raw_sql(migration.sql.clone()).execute(&mut db).await.unwrap();
        }
        let all = KEPT + 500;
        for from in (1..=all).step_by(1_000) {
            let until = all.min(from + 999);
            insert(&mut db, (from..=until).map(|entry| json!([format!("k{entry:05}"), -entry])).collect())
                .await
                .unwrap();
        }
        assert_eq!(count(&mut db, RECENT).await, all, "nothing is moved while someone waits");
        let mut steps = 0;
        while move_some(&mut db).await.unwrap() {
            steps += 1;
            assert!(steps < 100, "moving does not end");
        }
        let (recent, moved) = (count(&mut db, RECENT).await, count(&mut db, MOVED).await);
        assert!(moved >= 500 && recent <= KEPT && recent + moved == all, "{recent} stay, {moved} moved");
        for entry in [1, 499, all] {
            let key = format!("k{entry:05}");
            assert_eq!(by_prefix(&mut db, &key, 5).await.unwrap(), [entry], "{key}");
        }
        assert_eq!(by_prefix(&mut db, "k", 7).await.unwrap().len(), 7);
        for entry in [1, all] {
            let key = format!("k{entry:05}");
            delete(&mut db, entry, &json!([key]).to_string()).await.unwrap();
            assert!(by_prefix(&mut db, &key, 5).await.unwrap().is_empty(), "{key}");
        }
        finish_bulk(&mut db).await.unwrap();
        assert_eq!(count(&mut db, MOVED).await, moved - 1, "so few are no bulk");
    }
}
