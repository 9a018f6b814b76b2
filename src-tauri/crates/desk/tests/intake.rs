//! Taking a claim in: every shipped template, duplicates, drafts, and what is refused.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the functions around the tests may fail like tests"
)]

mod common;

use std::collections::BTreeMap;

use common::{branch, shipped};
use desk::claim::input::from_value;
use desk::{DeskError, RegisterInput};
use domain::claim::Status;
use domain::template::Library;
use domain::{Code, Language};
use serde_json::{Value, json};

fn codes(error: &DeskError) -> Vec<Code> {
    let mut codes: Vec<Code> = error.details.iter().map(|detail| detail.code).collect();
    codes.push(error.code);
    codes
}

#[tokio::test]
async fn every_shipped_example_registers_with_a_number_of_its_own() {
    let branch = branch().await;
    let mut numbers = std::collections::BTreeSet::new();
    for template in &Library::shipped().templates {
        let registered = branch.register_example(&template.id).await;
        assert!(registered.missing.is_empty(), "{}: {:?}", template.id, registered.missing);
        let file = branch.desk.claim_get(branch.actor("clerk"), &registered.no).await.unwrap();
        assert_eq!(file.status, Status::Registered);
        assert_eq!(file.template.id, template.id);
        assert_eq!(file.timeline.len(), 1, "{}", template.id);
        assert!(numbers.insert(registered.no));
    }
    assert!(branch.desk.verify().await.unwrap().faults.is_empty());
}

async fn refuse(change: impl FnOnce(&mut Value), expect: Code, field: &str) {
    let branch = branch().await;
    let template = shipped("motor-damage");
    let mut input = serde_json::to_value(&template.example).unwrap();
    change(&mut input);
    let input = from_value(input).expect("the shape is right");
    let error = branch.desk.register(branch.actor("clerk"), template, input).await.unwrap_err();
    assert!(codes(&error).contains(&expect), "{expect} is not in {:?}", codes(&error));
    let at =
        error.details.iter().find(|detail| detail.code == expect).and_then(|detail| detail.field.clone());
    assert_eq!(at.as_deref(), Some(field), "{expect}");
    let page = branch.desk.claim_list(branch.actor("clerk"), &Default::default(), 0, 10).await.unwrap();
    assert_eq!(page.total, 0, "a refused claim leaves nothing behind");
}

#[tokio::test]
async fn an_incident_tomorrow_is_refused() {
    let change = |input: &mut Value| input["answers"]["incident_at"] = json!("2026-11-23T09:00:00+08:00");
    refuse(change, Code::ClaimIncidentInFuture, "answers.incident_at").await;
}

#[tokio::test]
async fn an_incident_before_inception_is_refused() {
    let change = |input: &mut Value| input["answers"]["incident_at"] = json!("2024-01-01T09:00:00+08:00");
    refuse(change, Code::ClaimIncidentBeforeInception, "answers.incident_at").await;
}

#[tokio::test]
async fn a_claim_without_its_reporter_is_refused() {
    let change = |input: &mut Value| input["parties"] = json!([]);
    refuse(change, Code::ClaimRoleMissing, "parties").await;
}

#[tokio::test]
async fn an_unknown_channel_is_refused() {
    refuse(|input| input["channel"] = json!("telepathy"), Code::ClaimChannelUnknown, "channel").await;
}

#[tokio::test]
async fn an_unknown_paper_is_refused() {
    let change = |input: &mut Value| input["documents"] = json!([{ "id": "moon-rock", "received": "copy" }]);
    refuse(change, Code::ClaimDocumentUnknown, "documents.moon-rock").await;
}

#[tokio::test]
async fn waiving_needs_a_reason() {
    let change = |input: &mut Value| {
        let id = input["documents"][0]["id"].clone();
        input["documents"] = json!([{ "id": id, "received": "waived" }]);
    };
    let field = format!("documents.{}", shipped("motor-damage").example.documents[0].id);
    refuse(change, Code::ClaimReasonMissing, &field).await;
}

#[tokio::test]
async fn the_same_loss_twice_needs_an_answer() {
    let branch = branch().await;
    let clerk = branch.actor("clerk");
    let first = branch.register_example("motor-damage").await;
    let template = shipped("motor-damage");
    let input = || from_value(serde_json::to_value(&template.example).unwrap()).unwrap();
    let error = branch.desk.register(clerk, template, input()).await.unwrap_err();
    assert_eq!(error.code, Code::ClaimDuplicateSuspected);
    assert!(error.message.get(Language::ZhCn).contains(&first.no));

    let mut told = input();
    told.not_duplicate_reason = Some("同日两次追尾，地点不同".into());
    let second = branch.desk.register(clerk, template, told).await.unwrap();
    let mut linked = input();
    linked.linked_claim = Some(first.no.clone());
    let third = branch.desk.register(clerk, template, linked).await.unwrap();

    let file = branch.desk.claim_get(clerk, &third.no).await.unwrap();
    assert_eq!((file.links[0].kind.as_str(), &file.links[0].no), ("duplicate_of", &first.no));
    let other = branch.desk.claim_get(clerk, &first.no).await.unwrap();
    let kinds: Vec<&str> = other.links.iter().map(|link| link.kind.as_str()).collect();
    assert_eq!(kinds, ["not_duplicate", "duplicated_by"]);

    let undo = json!({ "link_id": file.links[0].id, "reason": "看错了案件" });
    let file = branch.desk.claim_do(clerk, &third.no, "unlink", &undo).await.unwrap();
    assert!(!file.links[0].active);
    let other = branch.desk.claim_get(clerk, &first.no).await.unwrap();
    assert!(!other.links[1].active, "a link is undone on both sides");
    assert!(branch.desk.claim_get(clerk, &second.no).await.unwrap().links[0].active);
}

#[tokio::test]
async fn a_draft_survives_and_registers_once() {
    let branch = branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let draft = desk.draft_open(clerk, "motor-damage", None).await.unwrap();
    let example = &shipped("motor-damage").example;
    let example = serde_json::to_value(example).unwrap();
    for (path, value) in paths(&example) {
        desk.draft_save(clerk, &draft.id, &path, value).await.unwrap();
    }
    desk.draft_save(clerk, &draft.id, "answers.of_another_template", json!("x")).await.unwrap();
    let error = desk.draft_get(branch.actor("assessor"), &draft.id).await.unwrap_err();
    assert_eq!(error.code, Code::ClaimDraftUnknown, "a draft is its account's own");
    let check = desk.draft_check(clerk, &draft.id).await.unwrap();
    assert!(check.refusals.is_empty(), "{:?}", check.refusals);

    let png = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(2400, 1600).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let row = desk.attachment_add(clerk, &draft.id, None, "现场.png", png.clone()).await.unwrap();
    assert_eq!(row.mime, "image/png");
    let register =
        || RegisterInput { draft_id: draft.id.clone(), not_duplicate_reason: None, linked_claim_id: None };
    let registered = desk.draft_register(clerk, register()).await.unwrap();
    let error = desk.draft_register(clerk, register()).await.unwrap_err();
    assert_eq!(error.code, Code::ClaimDraftUnknown, "a finished draft is gone");
    let file = desk.claim_get(clerk, &registered.no).await.unwrap();
    assert_eq!(file.attachments.len(), 1);
    desk.attachment_add(clerk, &registered.no, None, "same.png", png).await.unwrap();
    let verification = desk.verify().await.unwrap();
    assert!(verification.faults.is_empty());
    assert_eq!(verification.files, 2, "one content and its print-size copy, stored once");
}

#[tokio::test]
async fn what_the_policy_knows_goes_where_the_form_waits_for_it() {
    let branch = branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let known = branch.register_example("motor-damage").await;
    let policy = desk.claim_get(clerk, &known.no).await.unwrap().policy;
    let hit = desk.search(clerk, &policy.no, Some("policy"), 1).await.unwrap().remove(0);

    // The form has its cards before the number is typed; the insured's is filled, not put beside it.
    let draft = desk.draft_open(clerk, "motor-damage", None).await.unwrap();
    for (path, value) in
        [("parties.0.role", "reporter"), ("parties.1.role", "insured"), ("parties.1.kind", "person")]
    {
        desk.draft_save(clerk, &draft.id, path, json!(value)).await.unwrap();
    }
    let filled = desk.draft_prefill(clerk, &draft.id, &hit, None).await.unwrap();
    assert_eq!(filled.fields["parties.1.name"], json!(policy.insured));
    let insured =
        |fields: &BTreeMap<String, Value>| fields.values().filter(|role| **role == "insured").count();
    assert_eq!(insured(&filled.fields), 1, "the insured stands in the form twice");

    // Asked again, what was typed meanwhile stays.
    desk.draft_save(clerk, &draft.id, "parties.1.mobile", json!("13800009999")).await.unwrap();
    let again = desk.draft_prefill(clerk, &draft.id, &hit, None).await.unwrap();
    assert_eq!(again.fields["parties.1.mobile"], json!("13800009999"));
    assert_eq!(insured(&again.fields), 1);

    // Another insured is another person.
    desk.draft_save(clerk, &draft.id, "parties.1.name", json!("周明澈")).await.unwrap();
    let other = desk.draft_prefill(clerk, &draft.id, &hit, None).await.unwrap();
    assert_eq!((other.fields["parties.1.name"].clone(), insured(&other.fields)), (json!("周明澈"), 2));
}

/// An example as the paths a screen saves.
fn paths(example: &Value) -> BTreeMap<String, Value> {
    let mut paths = BTreeMap::from([("channel".to_owned(), example["channel"].clone())]);
    for section in ["policy", "answers"] {
        for (key, value) in example[section].as_object().unwrap() {
            paths.insert(format!("{section}.{key}"), value.clone());
        }
    }
    for (index, party) in example["parties"].as_array().unwrap().iter().enumerate() {
        for (key, value) in party.as_object().unwrap() {
            paths.insert(format!("parties.{index}.{key}"), value.clone());
        }
    }
    for document in example["documents"].as_array().unwrap() {
        let mut fields = document.as_object().unwrap().clone();
        let id = fields.remove("id").unwrap();
        paths.insert(format!("documents.{}", id.as_str().unwrap()), Value::Object(fields));
    }
    paths
}

#[tokio::test]
async fn text_of_any_kind_is_kept_as_text() {
    let branch = branch().await;
    let stories = [
        "'; drop table claim; --",
        "<script>alert(1)</script>",
        "𠮷野家门口，䶮先生与㛃女士",
        "第一行\n第二行",
        &"长".repeat(10_000),
    ];
    for (index, story) in stories.iter().enumerate() {
        let registered = branch
            .register_changed("motor-damage", |input| {
                input["answers"]["story"] = json!(story);
                input["answers"]["incident_at"] = json!(format!("2026-09-1{index}T10:00:00+08:00"));
            })
            .await;
        let file = branch.desk.claim_get(branch.actor("clerk"), &registered.no).await.unwrap();
        assert_eq!(file.answers["story"], json!(story));
    }
}

#[tokio::test]
async fn files_are_taken_by_their_content() {
    let branch = branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let claim = branch.register_example("inpatient").await.no;
    let check = async |name: &str, bytes: &[u8], expect: Code| {
        let error = desk.attachment_add(clerk, &claim, None, name, bytes.to_vec()).await.unwrap_err();
        assert_eq!(error.code, expect, "{name}");
    };
    check("空.pdf", b"", Code::AttachmentEmpty).await;
    check("发票.pdf", b"MZ\x90\x00program", Code::AttachmentExecutable).await;
    check("照片.jpg", b"\x7fELF\x02\x01\x01", Code::AttachmentExecutable).await;
    check("脚本.txt", b"#!/bin/sh\nrm -rf /", Code::AttachmentExecutable).await;
    check("数据.bin", &[0, 159, 146, 150, 1, 2, 3], Code::AttachmentTypeUnknown).await;
    check("大.pdf", &vec![b'%'; 20 * 1024 * 1024 + 1], Code::AttachmentTooLarge).await;
    let row =
        desk.attachment_add(clerk, &claim, None, "../../病历.pdf", b"%PDF-1.7 x".to_vec()).await.unwrap();
    assert_eq!((row.name.as_str(), row.mime.as_str()), ("病历.pdf", "application/pdf"));
    desk.attachment_void(clerk, &row.id, "传错了").await.unwrap();
    let file = desk.claim_get(clerk, &claim).await.unwrap();
    assert_eq!(
        file.attachments[0].void_reason.as_deref(),
        Some("传错了"),
        "a struck-out file stays in the file"
    );
}

#[tokio::test]
async fn a_form_that_is_no_visit_is_kept_for_whoever_typed_it_until_it_is_sent() {
    let branch = branch().await;
    let (clerk, manager) = (branch.actor("clerk"), branch.actor("manager"));
    let place = "claim/0199a000-0000-7000-8000-000000000001/record_contact";
    let words = json!({ "note": "客户来电，愿意等；𠮷先生" });
    branch.desk.typed_save(clerk, place, words.clone()).await.unwrap();
    assert_eq!(branch.desk.typed_get(clerk, place).await.unwrap(), Some(words));
    assert_eq!(branch.desk.typed_get(manager, place).await.unwrap(), None, "nobody reads over a shoulder");
    branch.desk.typed_save(clerk, place, Value::Null).await.unwrap();
    assert_eq!(branch.desk.typed_get(clerk, place).await.unwrap(), None);
    for wrong in ["", "claim", "claim/x/assess", "claim/../etc", "conflict/1/2", &format!("{place}/more")] {
        let error = branch.desk.typed_save(clerk, wrong, json!("x")).await.unwrap_err();
        assert_eq!(error.code, Code::ClaimInputUnknownField, "{wrong}");
    }
    let long = json!("字".repeat(400_000));
    let error = branch.desk.typed_save(clerk, place, long).await.unwrap_err();
    assert_eq!(error.code, Code::ClaimInputTooLarge);
}
