//! Standard output and standard error. Nothing else writes to them.

use std::io::Write as _;

use desk::Notice;
use serde_json::Value;

use crate::failure::sentence;

/// How answers are given.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Output { json }
    }

    /// One answer: whole as JSON, or short for a person.
    pub(crate) fn answer(&self, value: &Value, short: impl FnOnce() -> String) {
        if self.json {
            plain(&value.to_string());
        } else {
            plain(&short());
        }
    }

    /// What someone should know although it worked.
    pub(crate) fn warn(&self, warnings: &[Notice]) {
        if !self.json {
            for warning in warnings {
                complain(&format!("warning [{}] {}", warning.code, sentence(&warning.message)));
            }
        }
    }
}

/// A line on standard output, given out at once. A reader that has gone away is no error of ours.
pub(crate) fn plain(text: &str) {
    let mut out = std::io::stdout().lock();
    let gone = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()).is_err();
    if gone {
        complain("standard output is closed");
    }
}

/// A line on standard error.
pub(crate) fn complain(text: &str) {
    // When standard error is closed too there is nobody left to tell.
    writeln!(std::io::stderr().lock(), "{text}").unwrap_or_default();
}
