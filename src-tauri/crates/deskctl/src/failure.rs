//! What goes wrong, as `{"code","message"}` on standard error.

use std::process::ExitCode;

use desk::{DeskError, Notice};
use domain::{Code, Refusal, Text};
use serde_json::{Value, json};

use crate::output;

/// Why a command did not do what it was asked.
pub(crate) struct Failure {
    body: Value,
    exit: u8,
}

impl Failure {
    /// A command line that cannot be understood.
    pub(crate) fn usage(text: &str) -> Self {
        let first = text.trim().trim_start_matches("error: ");
        let refusal =
            Refusal::new(Code::CommandUsage).with("reason", first.lines().next().unwrap_or_default());
        let message = sentence(&refusal.message());
        Failure { body: json!({ "code": refusal.code, "message": message }), exit: 2 }
    }

    /// A failure with more to say than its sentence.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(body) = &mut self.body {
            body.insert(name.to_owned(), value.into());
        }
        self
    }

    pub(crate) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    pub(crate) fn report(&self) -> ExitCode {
        output::complain(&self.body.to_string());
        ExitCode::from(self.exit)
    }
}

/// Both languages in one sentence.
pub(crate) fn sentence(text: &Text) -> String {
    format!("{} / {}", text.zh_cn, text.en)
}

/// A refusal or warning as output lists it.
pub(crate) fn notice(notice: &Notice) -> Value {
    json!({ "code": notice.code, "message": sentence(&notice.message), "field": notice.field })
}

pub(crate) fn notices(list: &[Notice]) -> Vec<Value> {
    list.iter().map(notice).collect()
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let failure = Failure {
            body: json!({ "code": error.code, "message": sentence(&error.message), "field": error.field }),
            exit: 1,
        };
        if error.details.is_empty() { failure } else { failure.with("details", notices(&error.details)) }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        DeskError::from(refusal).into()
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Refusal::new(code).into()
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        DeskError::from(error).into()
    }
}
