//! From registered to paid, refused and reopened; who may do what.

#![expect(clippy::unwrap_used, reason = "the functions around the tests may fail like tests")]

mod common;

use common::{Branch, branch};
use desk::{AccountChange, DeskError};
use domain::Code;
use domain::claim::Status;
use domain::role::Role;
use serde_json::{Value, json};
use zeroize::Zeroizing;

const AT: &str = "2026-11-22T09:30:00+08:00";

async fn step(
    branch: &Branch,
    user: &str,
    no: &str,
    command: &str,
    input: Value,
) -> Result<Status, DeskError> {
    branch.desk.claim_do(branch.actor(user), no, command, &input).await.map(|file| file.status)
}

async fn refused(branch: &Branch, user: &str, no: &str, command: &str, input: Value, expect: Code) {
    let before = branch.desk.claim_get(branch.actor("clerk"), no).await.unwrap();
    let error = step(branch, user, no, command, input).await.unwrap_err();
    assert_eq!(error.code, expect, "{command} by {user}");
    let after = branch.desk.claim_get(branch.actor("clerk"), no).await.unwrap();
    assert_eq!(after.status, before.status);
    assert_eq!(after.timeline.len(), before.timeline.len(), "a refused step leaves no trace");
}

async fn assessed(branch: &Branch) -> String {
    let no = branch.register_example("motor-damage").await.no;
    step(branch, "clerk", &no, "papers_complete", json!({})).await.unwrap();
    step(branch, "assessor", &no, "start_assessment", json!({})).await.unwrap();
    let worksheet =
        json!({ "repair_cost": "8650.00", "salvage": "150", "deductible": "500", "sum_insured": "120000" });
    let input = json!({ "worksheet": worksheet, "opinion": "定损合理" });
    assert_eq!(step(branch, "assessor", &no, "assess", input).await.unwrap(), Status::Assessed);
    no
}

#[tokio::test]
async fn a_claim_is_paid() {
    let branch = branch().await;
    let no = assessed(&branch).await;
    refused(&branch, "clerk", &no, "decide", json!({ "basis": "第六条" }), Code::AccessDenied).await;
    refused(&branch, "manager", &no, "decide", json!({}), Code::ClaimInputMissing).await;
    step(&branch, "manager", &no, "decide", json!({ "basis": "第六条" })).await.unwrap();
    let told = json!({ "how": "phone", "notified_at": AT });
    refused(&branch, "clerk", &no, "agree", json!({ "agreed_at": AT }), Code::ClaimStepNotNow).await;
    step(&branch, "clerk", &no, "notify_result", told).await.unwrap();
    let early = json!({ "agreed_at": "2026-11-21T09:30:00+08:00" });
    refused(&branch, "clerk", &no, "agree", early, Code::ClaimTimeOrder).await;
    let late = json!({ "agreed_at": "2026-11-23T09:30:00+08:00" });
    refused(&branch, "clerk", &no, "agree", late, Code::ClaimTimeInFuture).await;
    step(&branch, "clerk", &no, "agree", json!({ "agreed_at": AT })).await.unwrap();
    let paid = json!({ "paid_at": AT, "reference": "ZF20261122001" });
    refused(&branch, "clerk", &no, "pay", paid.clone(), Code::AccessDenied).await;
    assert_eq!(step(&branch, "manager", &no, "pay", paid).await.unwrap(), Status::Paid);
    let file = branch.desk.claim_get(branch.actor("clerk"), &no).await.unwrap();
    assert_eq!(file.decided_amount.as_deref(), Some("8000.00"));
    let input = json!({ "document_id": file.checklist[0].id, "received": "copy", "count": 1 });
    refused(&branch, "clerk", &no, "receive_document", input, Code::ClaimClosed).await;
    refused(&branch, "manager", &no, "reopen", json!({}), Code::ClaimInputMissing).await;
    let reopened = step(&branch, "manager", &no, "reopen", json!({ "reason": "发现漏项" })).await.unwrap();
    assert_eq!(reopened, Status::Assessing);
    assert!(branch.desk.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_claim_is_refused_with_reasons() {
    let branch = branch().await;
    let no = assessed(&branch).await;
    let without = json!({ "reasons": [], "basis": "第八条" });
    refused(&branch, "manager", &no, "refuse", without, Code::ClaimInputMissing).await;
    let with = json!({ "reasons": ["驾驶人无证", "不属于保险责任"], "basis": "第八条第（二）项" });
    assert_eq!(step(&branch, "manager", &no, "refuse", with).await.unwrap(), Status::Refused);
    let told = json!({ "how": "post", "notified_at": AT });
    step(&branch, "clerk", &no, "notify_refusal", told.clone()).await.unwrap();
    let file = branch.desk.claim_get(branch.actor("clerk"), &no).await.unwrap();
    let offered = file.steps.iter().any(|step| step.command == "notify_refusal");
    assert!(!offered, "what was done once for all is offered again");
    refused(&branch, "clerk", &no, "notify_refusal", told, Code::ClaimRefusalNotified).await;
}

#[tokio::test]
async fn all_missing_papers_are_asked_for_at_once() {
    let branch = branch().await;
    let registered = branch.register_changed("motor-damage", |input| input["documents"] = json!([])).await;
    let no = registered.no;
    assert!(registered.missing.len() > 2, "{:?}", registered.missing);
    refused(&branch, "clerk", &no, "papers_complete", json!({}), Code::ClaimPapersMissing).await;
    let ask = json!({ "how": "by_hand" });
    assert_eq!(step(&branch, "clerk", &no, "ask_supplement", ask).await.unwrap(), Status::PapersAsked);
    let file = branch.desk.claim_get(branch.actor("clerk"), &no).await.unwrap();
    let asked = file.timeline.last().unwrap().data["papers"].as_array().unwrap().len();
    assert_eq!(asked, registered.missing.len(), "Insurance Law 22: once, everything");
    let reached = json!({ "how": "by_hand", "reached_at": AT });
    step(&branch, "clerk", &no, "supplement_reached", reached.clone()).await.unwrap();
    refused(&branch, "clerk", &no, "supplement_reached", reached, Code::ClaimNoNoticeUnderWay).await;
    let file = branch.desk.claim_get(branch.actor("clerk"), &no).await.unwrap();
    for row in file.checklist.iter().filter(|row| row.required) {
        let input = json!({ "document_id": row.id, "received": "original", "count": row.count });
        step(&branch, "clerk", &no, "receive_document", input).await.unwrap();
    }
    assert_eq!(
        step(&branch, "clerk", &no, "papers_complete", json!({})).await.unwrap(),
        Status::PapersComplete
    );
}

#[tokio::test]
async fn steps_refuse_what_they_do_not_know() {
    let branch = branch().await;
    let no = branch.register_example("motor-damage").await.no;
    refused(&branch, "clerk", &no, "make_coffee", json!({}), Code::ClaimStepUnknown).await;
    refused(
        &branch,
        "clerk",
        &no,
        "withdraw",
        json!({ "reason": "家事", "x": 1 }),
        Code::ClaimInputUnknownField,
    )
    .await;
    refused(&branch, "clerk", &no, "withdraw", json!([]), Code::ClaimInputInvalid).await;
    refused(&branch, "auditor", &no, "withdraw", json!({ "reason": "家事" }), Code::AccessDenied).await;
    let error = step(&branch, "clerk", "3701-26-0000-000000-0", "withdraw", json!({})).await.unwrap_err();
    assert_eq!(error.code, Code::ClaimUnknown);
}

#[tokio::test]
async fn a_number_is_shown_only_to_who_says_why() {
    let branch = branch().await;
    let no = branch.register_example("motor-damage").await.no;
    let clerk = branch.actor("clerk");
    let party = branch.desk.claim_get(clerk, &no).await.unwrap().parties[0].party_id.clone();
    let reveal = async |user: &str, reason: &str| {
        branch.desk.party_reveal(branch.actor(user), Some(&no), &party, "id_no", reason).await
    };
    assert_eq!(reveal("auditor", "核对").await.unwrap_err().code, Code::AccessDenied);
    assert_eq!(reveal("clerk", "").await.unwrap_err().code, Code::ClaimReasonMissing);
    assert_eq!(reveal("clerk", "电话核对身份").await.unwrap().len(), 18);
    let file = branch.desk.claim_get(clerk, &no).await.unwrap();
    let last = file.timeline.last().unwrap();
    assert_eq!((last.command.as_str(), last.reason.as_deref()), ("reveal", Some("电话核对身份")));
}

#[tokio::test]
async fn log_in_waits_after_failures_and_the_last_administrator_stays() {
    let branch = branch().await;
    let login = async |password: &str| {
        branch
            .desk
            .login("clerk", Zeroizing::new(password.to_owned()))
            .await
            .map(|_| ())
            .map_err(|error| error.code)
    };
    for _ in 0..3 {
        assert_eq!(login("wrong").await, Err(Code::AccessWrongPassword));
    }
    assert_eq!(login("counter-2026").await, Err(Code::AccessBackOff), "even the right password waits");
    let nobody = branch.desk.login("nobody", Zeroizing::new("x".into())).await.unwrap_err();
    assert_eq!(nobody.code, Code::AccessWrongPassword, "an unknown user is not told apart");

    let admin = branch.actor("admin");
    let change = |role, disabled| AccountChange {
        id: admin.account().to_string(),
        display_name: None,
        role,
        password: None,
        disabled,
        reason: "调岗".into(),
    };
    for change in [change(Some(Role::Manager), None), change(None, Some(true))] {
        let error = branch.desk.account_change(admin, change).await.unwrap_err();
        assert_eq!(error.code, Code::AccessLastAdministrator);
    }
    let error = branch.desk.accounts(branch.actor("clerk")).await.unwrap_err();
    assert_eq!(error.code, Code::AccessDenied);
}

#[tokio::test]
async fn the_branch_says_how_to_reach_it() {
    let branch = branch().await;
    let facts = || desk::BranchFacts {
        name: "安和财产保险股份有限公司济南市历下支公司".into(),
        phone: "0531-00000000".into(),
        address: "济南市历下区示例路 1 号".into(),
    };
    let error = branch.desk.branch_change(branch.actor("clerk"), facts()).await.unwrap_err();
    assert_eq!(error.code, Code::AccessDenied);
    let empty = desk::BranchFacts { name: " ".into(), ..facts() };
    let error = branch.desk.branch_change(branch.actor("admin"), empty).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::IdentityEmpty, Some("name")));
    let kept = branch.desk.branch_change(branch.actor("admin"), facts()).await.unwrap();
    assert_eq!(kept.phone, "0531-00000000");
}
