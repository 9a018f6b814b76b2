//! The claim: its states, the commands between them, and the guards that refuse.

pub mod clocks;
pub mod flow;
pub mod labels;

pub use flow::{Command, Facts, Status};
