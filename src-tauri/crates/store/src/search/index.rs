//! Writing the search index beside the records it is about, in the same transaction.

use std::collections::BTreeMap;

use domain::record::Records;
use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::entry::{self, Entry};
use super::keys;
use crate::error::StoreError;
use crate::table::{id, ids, record, rows, uuid};

/// Indexes what `touched` holds of claims, people and policies.
pub(crate) async fn project(
    db: &mut SqliteConnection,
    touched: &Records,
    at: &str,
) -> Result<(), StoreError> {
    let mut entries: Vec<(&'static str, Uuid, Entry)> = Vec::new();
    for ((kind, record_id), record) in touched {
        match kind.as_str() {
            "party" => entries.push(("party", *record_id, entry::party(record))),
            "policy" => entries.push(("policy", *record_id, entry::policy(record))),
            "complaint" => entries.push(("complaint", *record_id, entry::complaint(record))),
            _ => {}
        }
    }
    entries.extend(claims(db, touched).await?);
    if entries.is_empty() {
        return Ok(());
    }
    write(db, entries, at).await
}

/// Claims touched themselves or through the people in them, each with all its people.
async fn claims(
    db: &mut SqliteConnection,
    touched: &Records,
) -> Result<Vec<(&'static str, Uuid, Entry)>, StoreError> {
    let mut wanted: BTreeMap<Uuid, ()> = BTreeMap::new();
    for ((kind, record_id), record) in touched {
        match kind.as_str() {
            "claim" => drop(wanted.insert(*record_id, ())),
            "claim_party" => drop(record.id("claim").and_then(|claim| wanted.insert(claim, ()))),
            _ => {}
        }
    }
    let claim_ids: Vec<Uuid> = wanted.into_keys().collect();
    if claim_ids.is_empty() {
        return Ok(Vec::new());
    }
    // The records are written before the index, so the database has every one of them.
    let keys: Vec<(String, Uuid)> = claim_ids
        .iter()
        .map(|claim| ("claim".to_owned(), *claim))
        .filter(|key| !touched.contains_key(key))
        .collect();
    let stored = record::load(db, &keys).await?;
    let parties = record::owned_by_any(db, &claim_ids, "claim_party").await?;
    let mut of_claim: BTreeMap<Uuid, Vec<&domain::record::Record>> = BTreeMap::new();
    for (_, party) in &parties {
        if let Some(claim) = party.id("claim") {
            of_claim.entry(claim).or_default().push(party);
        }
    }
    let mut entries = Vec::with_capacity(claim_ids.len());
    for claim in claim_ids {
        let key = ("claim".to_owned(), claim);
        if let Some(record) = touched.get(&key).or_else(|| stored.get(&key)) {
            let parties = of_claim.get(&claim).map(Vec::as_slice).unwrap_or_default();
            entries.push(("claim", claim, entry::claim(record, parties)));
        }
    }
    Ok(entries)
}

/// Takes records out of the index.
pub(crate) async fn forget(db: &mut SqliteConnection, all_ids: &str) -> Result<(), StoreError> {
    take_out(db, all_ids).await?;
    sqlx::query!(
        "delete from search_entry
         where kind in ('claim', 'complaint', 'party', 'policy')
           and id in (select unhex(value) from json_each(?1))",
        all_ids
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes out what the index holds of some records; their entries stay.
async fn take_out(db: &mut SqliteConnection, all_ids: &str) -> Result<(), StoreError> {
    let before = sqlx::query!(
        "select entry, keys from search_entry
         where kind in ('claim', 'complaint', 'party', 'policy')
           and id in (select unhex(value) from json_each(?1))",
        all_ids
    )
    .fetch_all(&mut *db)
    .await?;
    if !before.is_empty() {
        let entries = json!(before.iter().map(|row| row.entry).collect::<Vec<_>>()).to_string();
        sqlx::query!("delete from search_text where rowid in (select value from json_each(?1))", entries)
            .execute(&mut *db)
            .await?;
    }
    for row in before {
        keys::delete(db, row.entry, &row.keys).await?;
    }
    Ok(())
}

/// Leaves those that search has as they are: most steps of a claim change nothing that it is found by.
async fn changed(
    db: &mut SqliteConnection,
    mut entries: Vec<(&'static str, Uuid, Entry)>,
) -> Result<Vec<(&'static str, Uuid, Entry)>, StoreError> {
    let all_ids = ids(entries.iter().map(|(_, record_id, _)| *record_id));
    let found = sqlx::query!(
        "select kind, id, content from search_entry
         where kind in ('claim', 'complaint', 'party', 'policy')
           and id in (select unhex(value) from json_each(?1))",
        all_ids
    )
    .fetch_all(db)
    .await?;
    let mut known: BTreeMap<(String, Uuid), Option<i64>> = BTreeMap::new();
    for row in found {
        known.insert((row.kind, uuid(&row.id)?), row.content);
    }
    entries.retain(|(kind, record_id, entry)| {
        known.get(&((*kind).to_owned(), *record_id)) != Some(&Some(entry.content()))
    });
    Ok(entries)
}

async fn write(
    db: &mut SqliteConnection,
    entries: Vec<(&'static str, Uuid, Entry)>,
    at: &str,
) -> Result<(), StoreError> {
    let entries = changed(db, entries).await?;
    if entries.is_empty() {
        return Ok(());
    }
    let all_ids = ids(entries.iter().map(|(_, record_id, _)| *record_id));
    take_out(db, &all_ids).await?;

    let batch = rows(
        entries
            .iter()
            .map(|(kind, record_id, entry)| {
                let keys = json!(entry.keys).to_string();
                json!([
                    kind,
                    id(*record_id),
                    entry.no,
                    entry.title,
                    entry.subtitle,
                    keys,
                    at,
                    entry.content()
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into search_entry (kind, id, no, title, subtitle, keys, created_at, updated_at, content)
         select value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 6, value ->> 7
         from json_each(?1) where true
         on conflict (kind, id) do update
         set no = excluded.no, title = excluded.title, subtitle = excluded.subtitle, keys = excluded.keys,
             updated_at = excluded.updated_at, content = excluded.content",
        batch
    )
    .execute(&mut *db)
    .await?;
    let numbered = sqlx::query!(
        "select kind, id, entry from search_entry
         where kind in ('claim', 'complaint', 'party', 'policy')
           and id in (select unhex(value) from json_each(?1))",
        all_ids
    )
    .fetch_all(&mut *db)
    .await?;
    let mut numbers: BTreeMap<(String, Uuid), i64> = BTreeMap::new();
    for row in numbered {
        numbers.insert((row.kind, uuid(&row.id)?), row.entry);
    }

    let mut texts = Vec::with_capacity(entries.len());
    let mut found_by = Vec::new();
    for (kind, record_id, entry) in &entries {
        let Some(number) = numbers.get(&((*kind).to_owned(), *record_id)) else { continue };
        let mut text = format!("kind{kind}");
        for token in &entry.tokens {
            text.push(' ');
            text.push_str(token);
        }
        texts.push(json!([number, text]));
        found_by.extend(entry.keys.iter().map(|key| json!([key, -number])));
    }
    let texts = rows(texts);
    sqlx::query!(
        "insert into search_text (rowid, tokens) select value ->> 0, value ->> 1 from json_each(?1)",
        texts
    )
    .execute(&mut *db)
    .await?;
    keys::insert(db, found_by).await
}
