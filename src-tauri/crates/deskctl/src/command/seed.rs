//! `seed` and `verify`.

use desk::Desk;
use domain::{Code, Refusal};
use serde_json::json;

use crate::arguments::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(
    global: &Global,
    desk: &Desk,
    (claims, complaints, seed): (u32, u32, u64),
    output: &Output,
) -> Result<(), Failure> {
    let actor = profile::login_if_named(global, desk).await?;
    let report = desk.seed(actor.as_ref(), claims, complaints, seed).await?;
    let rate = report.records as f64 / report.seconds.max(f64::EPSILON);
    let answer = json!({
        "claims": report.claims,
        "complaints": report.complaints,
        "records": report.records,
        "operations": report.operations,
        "seconds": report.seconds,
        "records_per_second": rate,
    });
    output.answer(&answer, || {
        let (records, seconds) = (report.records, report.seconds);
        let (claims, complaints) = (report.claims, report.complaints);
        format!(
            "{claims} claims, {complaints} complaints, {records} records, {seconds:.1} s, {rate:.0} records/s"
        )
    });
    Ok(())
}

pub(super) async fn verify(desk: &Desk, output: &Output) -> Result<(), Failure> {
    let verification = desk.verify().await?;
    if let Some(fault) = verification.faults.first() {
        let refusal = Refusal::new(Code::StorageChainBroken).with("seq", fault.seq);
        return Err(Failure::from(refusal).with("verification", json!(verification)));
    }
    output.answer(&json!(verification), || {
        format!(
            "ok: {} operations, {} files, head {}",
            verification.operations, verification.files, verification.head
        )
    });
    Ok(())
}
