//! The shell: builds the window and its commands.

/// Opens the window.
pub fn run() {}
