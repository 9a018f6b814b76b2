//! Types, rules and state machines of the claims desk. No IO, no SQL, no window.

pub mod case_number;
pub mod chain;
pub mod claim;
pub mod clock;
pub mod code;
pub mod complaint;
pub mod digest;
pub mod identity;
pub mod money;
pub mod name;
pub mod operation;
pub mod overlay;
pub mod party;
pub mod person;
pub mod record;
pub mod reference;
pub mod refusal;
pub mod role;
pub mod settle;
pub mod step;
pub mod template;
pub mod text;
pub mod text_rules;
pub mod width;

pub use code::Code;
pub use refusal::Refusal;
pub use text::{Language, Text};
