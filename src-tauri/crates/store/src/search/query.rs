//! Answering a query: every word must be found; the newest come first.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::keys::by_prefix;
use super::tokens::{is_han, plain, query_tokens, tail};
use crate::error::StoreError;
use crate::table::uuid;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchKind {
    /// A claim.
    Claim,
    /// A complaint.
    Complaint,
    /// A person or organisation.
    Party,
    /// A policy.
    Policy,
}

impl SearchKind {
    /// As the index writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            SearchKind::Claim => "claim",
            SearchKind::Complaint => "complaint",
            SearchKind::Party => "party",
            SearchKind::Policy => "policy",
        }
    }

    /// Reads what [`SearchKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [SearchKind::Claim, SearchKind::Complaint, SearchKind::Party, SearchKind::Policy]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// One thing found.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// What it is.
    pub kind: String,
    /// Its record.
    pub id: Uuid,
    /// Its number, if it has one.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// More about it, personal numbers masked.
    pub subtitle: String,
}

/// How many candidates of one word are looked at when several words or a kind must fit together.
const CANDIDATES: i64 = 4_000;

/// A word longer than this is nobody's name or number.
const WORD_LIMIT: usize = 64;

pub(crate) async fn search(
    db: &mut SqliteConnection,
    query: &str,
    kind: Option<SearchKind>,
    limit: u32,
) -> Result<Vec<SearchHit>, StoreError> {
    let mut texts: Vec<String> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    for word in query.split_whitespace().take(8) {
        let word: String = word.chars().take(WORD_LIMIT).collect();
        if word.chars().any(is_han) {
            texts.extend(query_tokens(&word));
        } else {
            let key = plain(&word);
            if !key.is_empty() {
                keys.push(key);
            }
        }
    }
    if texts.is_empty() && keys.is_empty() {
        return Ok(Vec::new());
    }
    let alone = keys.is_empty() || (texts.is_empty() && keys.len() == 1 && kind.is_none());
    let depth = if alone { i64::from(limit) } else { CANDIDATES };

    let mut found: Option<BTreeSet<i64>> = None;
    if !texts.is_empty() {
        let entries = by_text(db, &texts, kind, depth).await?;
        found = Some(entries.into_iter().collect());
    }
    for key in &keys {
        let entries: BTreeSet<i64> = by_key(db, key, depth).await?.into_iter().collect();
        found = Some(match found {
            Some(before) => before.intersection(&entries).copied().collect(),
            None => entries,
        });
    }
    let entries: Vec<i64> = found.unwrap_or_default().into_iter().rev().collect();
    hits(db, &entries, kind, limit).await
}

async fn by_text(
    db: &mut SqliteConnection,
    tokens: &[String],
    kind: Option<SearchKind>,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut wanted: Vec<String> =
        tokens.iter().map(|token| format!("\"{}\"", token.replace('"', ""))).collect();
    if let Some(kind) = kind {
        wanted.push(format!("\"kind{}\"", kind.as_str()));
    }
    let expression = wanted.join(" AND ");
    Ok(sqlx::query_scalar!(
        "select rowid as \"entry!: i64\" from search_text where search_text match ?1 order by rowid desc limit ?2",
        expression,
        limit
    )
    .fetch_all(db)
    .await?)
}

/// Entries whose number begins or ends with the key, whose pinyin or initials begin with it, or that hold it as
/// a word.
async fn by_key(db: &mut SqliteConnection, key: &str, limit: i64) -> Result<Vec<i64>, StoreError> {
    let mut entries = by_prefix(db, key, limit).await?;
    if key.chars().count() >= 3 && key.chars().any(|letter| letter.is_ascii_digit()) {
        entries.extend(by_prefix(db, &tail(key), limit).await?);
    }
    entries.extend(by_text(db, &[key.to_owned()], None, limit).await?);
    Ok(entries)
}

async fn hits(
    db: &mut SqliteConnection,
    entries: &[i64],
    kind: Option<SearchKind>,
    limit: u32,
) -> Result<Vec<SearchHit>, StoreError> {
    let wanted = json!(entries).to_string();
    let kind = kind.map(SearchKind::as_str);
    let found = sqlx::query!(
        "select search_entry.kind, search_entry.id, search_entry.no, search_entry.title, search_entry.subtitle
         from json_each(?1) as wanted join search_entry on search_entry.entry = wanted.value
         where ?2 is null or search_entry.kind = ?2
         order by wanted.key limit ?3",
        wanted,
        kind,
        limit
    )
    .fetch_all(db)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let id = uuid(&row.id)?;
            // People have no number of their own: their id stands in, so that a caller can always name a hit.
            let no = if row.no.is_empty() { id.to_string() } else { row.no };
            Ok(SearchHit { kind: row.kind, id, no, title: row.title, subtitle: row.subtitle })
        })
        .collect()
}
