//! The words and keys of a seeded branch, for a benchmark beside another search engine.

use domain::role::Right;
use store::SearchText;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

impl Desk {
    /// The next entries of the search index after `after`, lowest first, unmasked: only for who may import.
    ///
    /// # Errors
    /// An actor without the right, or a disk that refuses.
    pub async fn search_texts(
        &self,
        actor: &Actor,
        after: i64,
        limit: u32,
    ) -> Result<Vec<SearchText>, DeskError> {
        actor.need(Right::Import)?;
        Ok(self.store.search_texts(after, limit).await?)
    }
}
