//! The words of the claim flow, from `assets/claim-flow.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::flow::{Command, Status};
use crate::text::Text;

/// How a step's input is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepFieldKind {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// An amount.
    Money,
    /// A date.
    Date,
    /// A moment.
    Datetime,
    /// One of `options`.
    Select,
    /// The template's amount inputs.
    Worksheet,
    /// Papers of the checklist.
    Documents,
    /// Lines, each an item.
    List,
}

/// One input of a step.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct StepField {
    /// Its key in the command's input.
    pub key: String,
    /// How it is asked for.
    pub kind: StepFieldKind,
    /// Whether the step is refused without it.
    pub required: bool,
    /// The choices of a select.
    pub options: Option<BTreeMap<String, Text>>,
    /// What it is called.
    pub label: Text,
}

/// The words of one command.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommandLabel {
    /// What the button says.
    pub label: Text,
    /// What the step asks for.
    pub fields: Vec<StepField>,
}

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
