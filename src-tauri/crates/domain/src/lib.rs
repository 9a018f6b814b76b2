//! Types, rules and state machines of the claims desk. No IO, no SQL, no window.

pub mod claim;
pub mod code;
pub mod digest;
pub mod operation;
pub mod record;
pub mod role;
pub mod refusal;
pub mod template;
pub mod text;
pub mod width;
pub mod text_rules;
pub mod person;
pub mod party;
pub mod name;
pub mod money;
pub mod identity;
pub mod case_number;

pub use code::Code;
pub use refusal::Refusal;
pub use text::{Language, Text};
