//! The words of the complaint flow, from `assets/complaint-flow.json`.

use std::sync::LazyLock;

use super::flow::{Command, Status};
use crate::step::{CommandLabel, FlowWords};
use crate::text::Text;

static WORDS: LazyLock<FlowWords<Status>> =
    LazyLock::new(|| FlowWords::read(include_str!("../../../../../assets/complaint-flow.json")));

/// What a status is called.
pub fn status(status: Status) -> Text {
    WORDS.status(&status)
}

/// The words of any timeline entry, flow command or not.
pub fn named(command: &str) -> Option<&'static CommandLabel> {
    WORDS.named(command)
}

/// What a command is called and asks for.
pub fn command(command: Command) -> Option<&'static CommandLabel> {
    named(command.as_str())
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
            let words = command(*known).unwrap_or_else(|| panic!("{known:?} has no words"));
            let asks = words.fields.iter().any(|field| field.key == "reason" && field.required);
            assert!(asks || !known.backward(), "{known:?} leads back and asks for no reason (001-19)");
        }
    }
}
