//! `check` and `amount`.

use desk::{SystemClock, check_value, today};
use domain::identity::IdentityKind;
use domain::money;
use serde_json::json;

use crate::failure::{Failure, notices, sentence};
use crate::output::Output;

pub(super) fn check(kind: &str, value: &str, output: &Output) -> Result<(), Failure> {
    let kind: IdentityKind = kind.parse()?;
    let result = check_value(kind, value, today(&SystemClock));
    let message = result.message.as_ref().map(sentence);
    let answer = json!({
        "ok": result.ok,
        "code": result.code,
        "message": message,
        "normalized": result.normalized,
        "warnings": notices(&result.warnings),
    });
    output.answer(&answer, || match message.as_deref() {
        Some(message) => message.to_owned(),
        None => format!("✓ {}", result.normalized.unwrap_or_default()),
    });
    output.warn(&result.warnings);
    Ok(())
}

pub(super) fn amount(value: &str, output: &Output) -> Result<(), Failure> {
    let text = money::capitals(money::parse_amount(value)?);
    output.answer(&json!({ "text": text }), || text.clone());
    Ok(())
}
