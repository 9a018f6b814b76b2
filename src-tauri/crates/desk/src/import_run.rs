//! Imports from the core system into the store.

/// An opened import file.
#[derive(Debug)]
pub(crate) struct HeldImport {}
