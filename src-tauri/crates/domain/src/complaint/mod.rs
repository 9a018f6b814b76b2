//! The complaint: its states, the commands between them, the guards that refuse, its clocks and its data (domain page,
//! A3 002-01 to 002-10, C2: CBIRC Order 2020 No. 3).

pub mod clocks;
pub mod data;
pub mod flow;
pub mod labels;
pub mod period;
pub mod summary;

pub use data::{Data, Group};
pub use flow::{Command, Facts, Status};
pub use period::Period;
pub use summary::{Dimension, Summary};
