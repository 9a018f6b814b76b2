//! The words of the claim flow, from `assets/claim-flow.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::flow::{Command, Status};
use crate::step::CommandLabel;
use crate::text::Text;

#[derive(Deserialize)]
struct File {
    statuses: BTreeMap<Status, Text>,
    commands: BTreeMap<String, CommandLabel>,
}

static FILE: LazyLock<Option<File>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../../assets/claim-flow.json")).ok());

/// What a status is called.
pub fn status(status: Status) -> Text {
    FILE.as_ref().and_then(|file| file.statuses.get(&status).cloned()).unwrap_or_default()
}

/// What a command is called and asks for.
pub fn command(command: Command) -> Option<&'static CommandLabel> {
    named(command.as_str())
}

/// The words of any timeline entry, flow command or not.
pub fn named(command: &str) -> Option<&'static CommandLabel> {
    FILE.as_ref().and_then(|file| file.commands.get(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_and_command_has_words() {
        for known in Status::ALL {
            assert!(!status(known).zh_cn.is_empty(), "{known:?} has no words");
        }
        for known in Command::ALL {
            assert!(command(*known).is_some(), "{known:?} has no words");
        }
    }
}
