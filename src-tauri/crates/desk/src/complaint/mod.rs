//! Complaints: taken in, moved through their flow, listed.

pub mod file;
pub mod intake;
pub mod list;
mod steps;
pub mod summary;
mod summary_sheet;
