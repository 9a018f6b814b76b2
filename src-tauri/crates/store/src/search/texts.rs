//! What search knows, entry by entry: the benchmark gives the same words and keys to another search engine.

use domain::record::Record;
use sqlx::Row as _;

use super::entry;
use crate::error::StoreError;
use crate::store::Store;
use crate::table::{record, uuid};

/// One entry of the index with everything it is found by.
#[derive(Debug, Clone)]
pub struct SearchText {
    /// Its place: newer entries have higher ones.
    pub entry: i64,
    /// What it is.
    pub kind: String,
    /// Its number, if it has one.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// Characters, pairs of characters and Latin words.
    pub words: Vec<String>,
    /// Numbers, numbers from their end (marked `<`), pinyin and initials.
    pub keys: Vec<String>,
}

impl Store {
    /// The next entries after `after`, lowest first.
    ///
    /// # Errors
    /// When disk or database refuse.
    pub async fn search_texts(&self, after: i64, limit: u32) -> Result<Vec<SearchText>, StoreError> {
        let db = &mut *self.reader().await?;
        // run-time query: nothing of the window depends on it
        let found = sqlx::query(
            "select entry, kind, id, no, title from search_entry where entry > ?1 order by entry limit ?2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *db)
        .await?;
        let mut keys = Vec::with_capacity(found.len());
        for row in &found {
            keys.push((row.try_get::<String, _>("kind")?, uuid(row.try_get("id")?)?));
        }
        let records = record::load(db, &keys).await?;
        let claims: Vec<_> = keys.iter().filter(|(kind, _)| kind == "claim").map(|(_, id)| *id).collect();
        let links = record::owned_by_any(db, &claims, "claim_party").await?;
        let mut texts = Vec::with_capacity(found.len());
        for (row, key) in found.iter().zip(keys) {
            let Some(record) = records.get(&key) else { continue };
            let known = match key.0.as_str() {
                "claim" => {
                    let of_it = |party: &&Record| party.id("claim") == Some(key.1);
                    let parties: Vec<&Record> = links.iter().map(|(_, party)| party).filter(of_it).collect();
                    entry::claim(record, &parties)
                }
                "party" => entry::party(record),
                _ => entry::policy(record),
            };
            texts.push(SearchText {
                entry: row.try_get("entry")?,
                kind: key.0,
                no: known.no,
                title: known.title,
                words: known.tokens.into_iter().collect(),
                keys: known.keys.into_iter().collect(),
            });
        }
        Ok(texts)
    }
}
