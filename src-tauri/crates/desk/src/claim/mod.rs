//! Claims: taking one in, reading its file, and the steps from registered to paid.

pub mod export;
pub mod file;
pub mod input;
pub mod intake;
pub mod list;
pub mod papers;
pub mod steps;
