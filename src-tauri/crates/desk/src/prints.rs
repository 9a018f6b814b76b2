//! Prints of a claim.

/// A rendered print, waiting to be saved or sent to a printer.
#[derive(Debug)]
pub(crate) struct HeldPrint {}
