//! What a step of a claim or a complaint asks for, as its flow's file says.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use specta::Type;

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
    /// An account of the branch; the desk fills `options` with those that may.
    Account,
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

/// The words of a flow: what its statuses and commands are called, from its file in `assets`.
#[derive(Debug, Clone, Deserialize)]
pub struct FlowWords<S: Ord> {
    statuses: BTreeMap<S, Text>,
    commands: BTreeMap<String, CommandLabel>,
}

impl<S: Ord + DeserializeOwned> FlowWords<S> {
    /// Reads a flow's file; one that is broken has no words, which its tests tell.
    pub fn read(source: &str) -> Self {
        serde_json::from_str(source).unwrap_or(Self { statuses: BTreeMap::new(), commands: BTreeMap::new() })
    }

    /// What a status is called.
    pub fn status(&self, status: &S) -> Text {
        self.statuses.get(status).cloned().unwrap_or_default()
    }

    /// The words of any timeline entry, flow command or not.
    pub fn named(&self, command: &str) -> Option<&CommandLabel> {
        self.commands.get(command)
    }
}
