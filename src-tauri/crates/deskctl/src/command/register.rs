//! `claim register`: one claim from a file, or one after the other from standard input.

use std::path::Path;

use desk::claim::input::{ClaimInput, from_value, parse};
use desk::{Actor, Desk};
use domain::template::Template;
use domain::{Code, Refusal};
use serde_json::json;

use crate::failure::Failure;
use crate::input::{self, Values};
use crate::output::{Output, complain, plain};

pub(super) async fn run(
    desk: &Desk,
    actor: &Actor,
    template: &str,
    source: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let template = desk.template(template, None)?;
    if source != Path::new("-") {
        let input = parse(&input::text(source)?)?;
        return register(desk, actor, &template, input, output).await;
    }
    // Each refused input is told where it happens; the others are taken all the same.
    let mut refused = 0;
    for value in Values::of_standard_input() {
        let taken = match value {
            // After a broken value nobody knows where the next one begins.
            Err(refusal) => return Err(refusal.into()),
            Ok(value) => match from_value(value) {
                Ok(input) => register(desk, actor, &template, input, output).await,
                Err(refusal) => Err(refusal.into()),
            },
        };
        if let Err(failure) = taken {
            // A disk that refuses one operation will refuse the next.
            if failure.code().starts_with("storage.") {
                return Err(failure);
            }
            complain(&failure.body().to_string());
            refused += 1;
        }
    }
    if refused > 0 {
        let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "--input -");
        return Err(Failure::from(refusal.with("expected", format!("0 / {refused}"))));
    }
    Ok(())
}

async fn register(
    desk: &Desk,
    actor: &Actor,
    template: &Template,
    input: ClaimInput,
    output: &Output,
) -> Result<(), Failure> {
    let registered = desk.register(actor, template, input).await?;
    let missing: Vec<_> =
        registered.missing.iter().map(|paper| json!({ "id": paper.id, "name": paper.name.zh_cn })).collect();
    output.answer(&json!({ "no": registered.no, "missing": missing }), || {
        let papers: Vec<&str> = registered.missing.iter().map(|paper| paper.name.zh_cn.as_str()).collect();
        if papers.is_empty() {
            registered.no.clone()
        } else {
            format!("{}\t缺 {}", registered.no, papers.join("、"))
        }
    });
    Ok(())
}

/// Walks the log and says what was found, before anything is registered.
pub(super) async fn verify_first(desk: &Desk) -> Result<(), Failure> {
    let verification = desk.verify().await?;
    plain(&json!({ "verified": verification }).to_string());
    Ok(())
}
