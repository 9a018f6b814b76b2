//! The time limits of claims: on the file, and of all open files at once.

#![expect(clippy::unwrap_used, reason = "the functions around the tests may fail like tests")]

mod common;

use common::{Branch, branch};
use desk::ClockRow;
use domain::clock::State;
use serde_json::{Value, json};

async fn step(branch: &Branch, user: &str, no: &str, command: &str, input: Value) {
    branch.desk.claim_do(branch.actor(user), no, command, &input).await.unwrap();
}

async fn clock(branch: &Branch, no: &str, rule: &str) -> Option<ClockRow> {
    let file = branch.desk.claim_get(branch.actor("clerk"), no).await.unwrap();
    file.clocks.into_iter().find(|row| row.rule == rule)
}

#[tokio::test]
async fn the_thirty_days_run_from_registration_and_stand_while_papers_are_out() {
    let branch = branch().await;
    let no = branch.register_changed("motor-damage", |input| input["documents"] = json!([])).await.no;
    let row = clock(&branch, &no, "K4").await.unwrap();
    assert_eq!((row.state, row.due.as_deref()), (State::Running, Some("2026-12-22T23:59:59+08:00")));
    assert!(row.statutory && !row.unverified && row.problem.is_none());
    assert!(row.explain.len() >= 3, "it says how that came out: {:?}", row.explain);
    assert!(clock(&branch, &no, "K5").await.is_none(), "nothing was agreed yet");
    let kept = clock(&branch, &no, "K12-short").await.unwrap();
    assert_eq!(
        (kept.keep, kept.due.as_deref()),
        (true, Some("2032-03-01T23:59:59+08:00")),
        "a Saturday moves it"
    );

    branch.at("2026-11-24T10:00:00+08:00");
    step(
        &branch,
        "clerk",
        &no,
        "ask_supplement",
        json!({ "how": "by_hand", "reached_at": "2026-11-24T09:00:00+08:00" }),
    )
    .await;
    branch.at("2026-11-26T10:00:00+08:00");
    let row = clock(&branch, &no, "K4").await.unwrap();
    assert_eq!((row.state, row.due), (State::Paused, None));
    assert_eq!(row.earliest.as_deref(), Some("2026-12-24T23:59:59+08:00"));
    assert!(
        branch.desk.due_list(branch.actor("clerk")).await.unwrap().rows.iter().all(|row| row.rule != "K4")
    );
}

#[tokio::test]
async fn the_list_has_what_is_near_and_what_ran_out_until_it_is_done() {
    let branch = branch().await;
    let no = branch.register_example("motor-damage").await.no;
    let due = async || branch.desk.due_list(branch.actor("manager")).await.unwrap();
    let list = due().await;
    assert_eq!((list.breached, list.near, list.rows[0].no.as_str()), (0, 0, no.as_str()));
    branch.at("2026-12-20T10:00:00+08:00");
    let list = due().await;
    let states = |list: &desk::DueList, rule: &str| -> Vec<State> {
        list.rows.iter().filter(|row| row.rule == rule).map(|row| row.state).collect()
    };
    assert_eq!((states(&list, "K4"), list.near), (vec![State::Near], 1));
    branch.at("2026-12-23T10:00:00+08:00");
    let list = due().await;
    assert_eq!((states(&list, "K4"), list.breached), (vec![State::Breached], 1));
    // Done late is done: it leaves the list and stays in the file.
    step(&branch, "clerk", &no, "papers_complete", json!({})).await;
    step(&branch, "assessor", &no, "start_assessment", json!({})).await;
    let worksheet =
        json!({ "repair_cost": "8650.00", "salvage": "0", "deductible": "0", "sum_insured": "120000" });
    step(&branch, "assessor", &no, "assess", json!({ "worksheet": worksheet, "opinion": "定损合理" })).await;
    step(&branch, "manager", &no, "decide", json!({ "basis": "第六条" })).await;
    let told = json!({ "how": "phone", "notified_at": "2026-12-23T09:59:00+08:00" });
    branch.at("2026-12-23T11:00:00+08:00");
    let at = json!("2026-12-23T10:30:00+08:00");
    step(&branch, "clerk", &no, "notify_result", json!({ "how": told["how"], "notified_at": at })).await;
    assert!(states(&due().await, "K4").is_empty());
    assert_eq!(clock(&branch, &no, "K4").await.unwrap().state, State::MetLate);
    // The ten days for the payment begin with the agreement.
    step(&branch, "clerk", &no, "agree", json!({ "agreed_at": "2026-12-23T10:40:00+08:00" })).await;
    let payment = clock(&branch, &no, "K5").await.unwrap();
    assert_eq!(payment.due.as_deref(), Some("2027-01-04T23:59:59+08:00"), "2 and 3 January are a weekend");
    assert_eq!(payment.no_calendar, [2027], "and nobody knows yet how the New Year is swapped");
    assert_eq!(states(&due().await, "K5"), [State::Running]);
}

#[tokio::test]
async fn a_withdrawn_claim_owes_nothing() {
    let branch = branch().await;
    let no = branch.register_example("motor-damage").await.no;
    step(&branch, "clerk", &no, "withdraw", json!({ "reason": "客户自行承担" })).await;
    branch.at("2027-06-01T10:00:00+08:00");
    assert!(branch.desk.due_list(branch.actor("clerk")).await.unwrap().rows.is_empty());
    assert!(clock(&branch, &no, "K4").await.is_none());
}
