//! The desk's side of sync. [`Engine`] decides what comes next and does no IO; [`Client`] speaks to the hub; `desk` puts
//! the two together over the store.

mod client;
mod engine;

pub use client::{Client, ClientError, Prepared, Signed};
pub use engine::{Effect, Engine, Event, Phase, Pulled, Pushed, Trouble};
