//! Search: what is written for each record, and how a query is answered.
//!
//! Chinese is found by single characters and pairs of characters, numbers from the front and by their tail,
//! names by full pinyin and initials. Measured facts: architecture.md, Storage facts.

pub(crate) mod entry;
pub(crate) mod index;
pub(crate) mod keys;
pub(crate) mod query;
pub(crate) mod texts;
pub(crate) mod tokens;

pub use query::{SearchHit, SearchKind};
pub use texts::SearchText;
