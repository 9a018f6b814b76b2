//! `search`.

use desk::Desk;
use domain::{Code, Refusal};
use serde_json::{Value, json};

use crate::arguments::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::profile;

const KINDS: [&str; 4] = ["claim", "complaint", "party", "policy"];

pub(super) async fn run(
    global: &Global,
    desk: &Desk,
    query: &str,
    kind: Option<&str>,
    limit: u32,
    output: &Output,
) -> Result<(), Failure> {
    if kind.is_some_and(|kind| !KINDS.contains(&kind)) {
        let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "--kind");
        return Err(refusal.with("expected", KINDS.join(" / ")).into());
    }
    let actor = profile::login(global, desk).await?;
    let hits = desk.search(&actor, query, kind, limit).await?;
    let rows: Vec<Value> = hits
        .iter()
        .map(|hit| json!({ "kind": hit.kind, "no": hit.no, "title": hit.title, "subtitle": hit.subtitle, "id": hit.id }))
        .collect();
    output.answer(&json!({ "hits": rows }), || {
        let line = |hit: &desk::Hit| format!("{}\t{}\t{}\t{}", hit.kind, hit.no, hit.title, hit.subtitle);
        hits.iter().map(line).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}
