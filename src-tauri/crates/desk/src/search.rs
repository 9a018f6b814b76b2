//! The one search field: claims, people and policies by Chinese, pinyin, initials, numbers and their tails.

use domain::role::Right;
use serde::{Deserialize, Serialize};
use specta::Type;
use store::SearchKind;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// One thing found; personal numbers are masked.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct Hit {
    /// `claim`, `complaint`, `party` or `policy`.
    pub kind: String,
    /// Its record.
    pub id: String,
    /// Its number; a person's id.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// More about it.
    pub subtitle: String,
}

/// Nobody reads further down.
const LIMIT: u32 = 200;

impl Desk {
    /// Searches. An empty query finds nothing.
    ///
    /// # Errors
    /// Without the right, or when the database cannot be read.
    pub async fn search(
        &self,
        actor: &Actor,
        query: &str,
        kind: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Hit>, DeskError> {
        actor.need(Right::ClaimRead)?;
        let kind = kind.and_then(SearchKind::parse);
        let hits = self.store.search(query, kind, limit.clamp(1, LIMIT)).await?;
        Ok(hits
            .into_iter()
            .map(|hit| Hit {
                kind: hit.kind,
                id: hit.id.to_string(),
                no: hit.no,
                title: hit.title,
                subtitle: hit.subtitle,
            })
            .collect())
    }
}
