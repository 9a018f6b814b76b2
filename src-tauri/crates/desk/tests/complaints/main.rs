//! Complaints from the counter to the archive; who may do what; both kinds of clock.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions around the tests may fail like tests")]

#[path = "../common/mod.rs"]
mod common;
mod summary;

use common::{Branch, branch};
use desk::complaint::file::ComplaintFile;
use desk::complaint::intake::{Complainant, ComplaintInput, ComplaintRegistered};
use desk::complaint::list::ComplaintFilter;
use desk::{AccountInput, Actor, DeskError, PrintCopy, PrintKind};
use domain::clock::State;
use domain::complaint::Status;
use domain::role::Role;
use domain::{Code, Language};
use serde_json::{Value, json};
use zeroize::Zeroizing;

const PASSWORD: &str = "counter-2026";

/// A branch with somebody who handles complaints, and somebody else who could.
struct Office {
    branch: Branch,
    handler: Actor,
    other: Actor,
}

async fn office() -> Office {
    let branch = branch().await;
    let mut people = Vec::new();
    for (user, name, role) in
        [("handler", "郑投诉", Role::ComplaintHandler), ("other", "冯调查", Role::Investigator)]
    {
        let input =
            AccountInput { user: user.into(), display_name: name.into(), role, password: PASSWORD.into() };
        branch.desk.account_create(branch.actor("admin"), input).await.unwrap();
        people.push(branch.desk.login(user, Zeroizing::new(PASSWORD.into())).await.unwrap());
    }
    let other = people.pop().unwrap();
    Office { handler: people.pop().unwrap(), other, branch }
}

fn walk_in() -> ComplaintInput {
    ComplaintInput {
        channel: "walk_in".into(),
        place: Some("一号接待室".into()),
        complainant: Complainant {
            name: "欧阳明月".into(),
            mobile: Some("13800138000".into()),
            ..Complainant::default()
        },
        staff: Some("李业务".into()),
        matter: "购买时称可随时退保全额返还，现被告知有损失。".into(),
        request: Some("退还全部保费".into()),
        ..ComplaintInput::default()
    }
}

impl Office {
    async fn register(&self, input: ComplaintInput) -> Result<ComplaintRegistered, DeskError> {
        self.branch.desk.complaint_register(self.branch.actor("clerk"), input).await
    }

    async fn step(
        &self,
        actor: &Actor,
        no: &str,
        command: &str,
        input: Value,
    ) -> Result<ComplaintFile, DeskError> {
        self.branch.desk.complaint_do(actor, no, command, &input).await
    }

    /// By the handler, and it must work.
    async fn done(&self, no: &str, command: &str, input: Value) -> ComplaintFile {
        self.step(&self.handler, no, command, input)
            .await
            .unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    async fn refused(&self, actor: &Actor, no: &str, command: &str, input: Value) -> Code {
        let before = self.branch.desk.complaint_get(&self.handler, no).await.unwrap();
        let code = self.step(actor, no, command, input).await.unwrap_err().code;
        let after = self.branch.desk.complaint_get(&self.handler, no).await.unwrap();
        assert_eq!(
            (before.status, before.timeline.len()),
            (after.status, after.timeline.len()),
            "{command} leaves no trace"
        );
        code
    }

    fn manager(&self) -> &Actor {
        self.branch.actor("manager")
    }

    async fn id_of(&self, user: &str) -> String {
        let accounts = self.branch.desk.accounts(self.branch.actor("admin")).await.unwrap();
        accounts.into_iter().find(|account| account.user == user).unwrap().id
    }

    /// Accepted, assessed and with the handler.
    async fn assigned(&self, severity: &str, major: &str) -> String {
        let no = self.register(walk_in()).await.unwrap().no;
        self.done(&no, "accept", json!({ "complete": "yes", "clear": "yes", "lawful": "yes" })).await;
        let assessed = json!({
            "category": "product.mis_selling", "cause": "information", "severity": severity, "urgency": "medium",
            "major": major,
        });
        self.done(&no, "assess", assessed).await;
        let handler = self.id_of("handler").await;
        self.done(&no, "assign", json!({ "handler": handler, "no_interest": "yes" })).await;
        no
    }
}

fn found() -> Value {
    json!({ "finding": "partly", "facts": "录音中说明不充分", "evidence": ["销售录音 2026-03-02"], "liable": "销售人员" })
}

fn offer() -> Value {
    json!({ "kind": "compensatory", "basis": "条款第八条", "offer": "退还保费差额", "amount": "1200.50" })
}

fn state(file: &ComplaintFile, rule: &str) -> Option<State> {
    file.clocks.iter().find(|row| row.rule == rule).map(|row| row.state)
}

#[tokio::test]
async fn a_walk_in_goes_from_the_counter_to_the_archive() {
    let office = office().await;
    let no = office.assigned("medium", "no").await;
    let file = office.branch.desk.complaint_get(office.manager(), &no).await.unwrap();
    assert_eq!((file.priority, file.handler.as_deref()), (Some(2), Some("郑投诉")), "by the matrix");
    let assigned = file.timeline.iter().find(|entry| entry.command == "assign").unwrap();
    assert!(assigned.said.iter().any(|(_, said)| said.zh_cn == "郑投诉"), "a name, no key: {assigned:?}");
    assert_eq!(state(&file, "K8"), Some(State::Running), "48 hours of the house");
    assert_eq!(
        file.clocks.iter().find(|row| row.rule == "K10").unwrap().due.as_deref(),
        Some("2026-12-07T23:59:59+08:00")
    );
    office.branch.at("2026-11-22T11:00:00+08:00");
    let talked = json!({ "channel": "phone", "with": "complainant", "summary": "已告知受理" });
    assert_eq!(state(&office.done(&no, "record_contact", talked).await, "K8"), Some(State::Met));
    assert_eq!(office.refused(&office.handler, &no, "propose", offer()).await, Code::ComplaintNotSimple);
    office.done(&no, "start_investigation", json!({ "goal": "核实销售过程", "people": "郑投诉" })).await;
    assert_eq!(office.refused(&office.handler, &no, "propose", offer()).await, Code::ComplaintFindingMissing);
    office.done(&no, "record_finding", found()).await;
    office.done(&no, "propose", offer()).await;
    office.done(&no, "record_answer", json!({ "answer": "accepted" })).await;
    let decision = json!({ "decision": "退还差额", "basis": "条款第八条", "reasons": ["说明不充分"], "amount": "1200.50" });
    assert_eq!(office.refused(&office.handler, &no, "decide", decision.clone()).await, Code::AccessDenied);
    office.step(office.manager(), &no, "decide", decision).await.unwrap();
    office.branch.at("2026-11-30T10:00:00+08:00");
    let told = json!({ "how": "post", "told_at": "2026-11-29T10:00:00+08:00", "proof": "EMS 1029384756" });
    let file = office.done(&no, "tell", told).await;
    assert_eq!((state(&file, "K10"), state(&file, "K11-request")), (Some(State::Met), Some(State::Running)));
    let print = async |kind: PrintKind, copy: PrintCopy| {
        let preview =
            office.branch.desk.print_preview(&office.handler, kind, &no, copy, Language::ZhCn).await?;
        let (name, bytes) = office.branch.desk.print_bytes(&preview.token)?;
        office.branch.desk.print_done(&office.handler, &preview.token, "saved", &name).await?;
        Ok::<_, DeskError>(common::words_of(&bytes))
    };
    let letter = print(PrintKind::ComplaintDecision, PrintCopy::Customer).await.unwrap();
    for words in
        ["欧阳明月", "退还差额", "壹仟贰佰元零伍角整", "说明不充分", "部分属实", "申请核查", "客户联"]
    {
        assert!(letter.contains(words), "{words} is not in the letter: {letter}");
    }
    assert!(!letter.contains("已告知受理"), "what is talked about inside stays inside");
    let inside = print(PrintKind::ComplaintDecision, PrintCopy::Internal).await.unwrap();
    assert!(inside.contains("已告知受理"), "{inside}");
    let record = print(PrintKind::ComplaintRecord, PrintCopy::Customer).await.unwrap();
    assert!(record.contains("138****8000") && record.contains("一号接待室"), "{record}");
    let none = print(PrintKind::ComplaintExtension, PrintCopy::Customer).await.unwrap_err();
    assert_eq!(none.code, Code::PrintNotYet, "nothing was extended");
    let scores = json!({ "service": "5", "speed": "4", "result": "3" });
    assert_eq!(
        office.refused(&office.handler, &no, "follow_up", scores.clone()).await,
        Code::ComplaintFollowUpByHandler
    );
    office.step(&office.other, &no, "follow_up", scores).await.unwrap();
    let review = |done: &str| json!({ "review": "程序合规", "implemented": done });
    assert_eq!(
        office.refused(office.manager(), &no, "close", review("no")).await,
        Code::ComplaintNotImplemented
    );
    office.step(office.manager(), &no, "close", review("yes")).await.unwrap();
    let file = office.done(&no, "archive", json!({})).await;
    assert_eq!(file.status, Status::Archived);
    assert!(file.steps.iter().all(|step| step.command == "reopen"), "{:?}", file.steps);
    let fact =
        |key: &str| file.facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.zh_cn.clone());
    assert_eq!(fact("compensation").as_deref(), Some("1200.50"));
    assert_eq!(fact("complainant_mobile").as_deref(), Some("138****8000"), "personal numbers are masked");
    assert_eq!(file.timeline.len(), 17, "three prints among them");
    assert!(office.branch.desk.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn each_channel_wants_what_it_must_have_and_names_everything_at_once() {
    let office = office().await;
    let empty =
        office.register(ComplaintInput { channel: "phone".into(), ..ComplaintInput::default() }).await;
    let error = empty.unwrap_err();
    let mut fields: Vec<String> = std::iter::once(error.field.clone())
        .chain(error.details.iter().map(|notice| notice.field.clone()))
        .flatten()
        .collect();
    fields.sort();
    fields.dedup();
    assert_eq!(fields, ["complainant.mobile", "complainant.name", "matter"], "002-02: name, contact, matter");
    let code = async |input: ComplaintInput| office.register(input).await.unwrap_err().code;
    assert_eq!(
        code(ComplaintInput { channel: "pigeon".into(), ..walk_in() }).await,
        Code::ComplaintChannelUnknown
    );
    assert_eq!(code(ComplaintInput { place: None, ..walk_in() }).await, Code::ComplaintFieldMissing);
    assert_eq!(
        code(ComplaintInput { channel: "letter".into(), ..walk_in() }).await,
        Code::ComplaintFieldMissing
    );
    assert_eq!(
        code(ComplaintInput { channel: "regulator".into(), ..walk_in() }).await,
        Code::ComplaintFieldMissing
    );
    let later = Some("2026-11-23T09:30:00+08:00".into());
    assert_eq!(code(ComplaintInput { received_at: later, ..walk_in() }).await, Code::ClaimTimeInFuture);
    let unknown = Some("3701-26-7K3Q-000042-5".into());
    assert_eq!(code(ComplaintInput { claim_no: unknown, ..walk_in() }).await, Code::ClaimUnknown);
    let crowd = vec!["王一".into(); 6];
    let error =
        office.register(ComplaintInput { people: Some(30), representatives: crowd, ..walk_in() }).await;
    assert_eq!(error.unwrap_err().code, Code::ComplaintRepresentatives, "Order 2020-3, art. 12");
    let long = ComplaintInput { matter: "长".repeat(10_000), ..walk_in() };
    office.register(long).await.unwrap();
    assert!(
        code(ComplaintInput { matter: "长".repeat(10_001), ..walk_in() }).await == Code::IdentityTextTooLong
    );
    let page = office
        .branch
        .desk
        .complaint_list(office.manager(), &ComplaintFilter::default(), 0, 50)
        .await
        .unwrap();
    assert_eq!(page.total, 1, "nothing of what was refused is there");
}

#[tokio::test]
async fn a_double_click_records_one_complaint() {
    let office = office().await;
    let input = ComplaintInput { id: Some(uuid::Uuid::now_v7().to_string()), ..walk_in() };
    let (first, second) =
        (office.register(input.clone()).await.unwrap(), office.register(input).await.unwrap());
    assert_eq!((first.id, first.no), (second.id, second.no));
    let filter = ComplaintFilter::default();
    assert_eq!(office.branch.desk.complaint_list(office.manager(), &filter, 0, 9).await.unwrap().total, 1);
}

#[tokio::test]
async fn what_the_company_holds_is_not_asked_for_and_it_is_found_again() {
    let office = office().await;
    let claim = office.branch.register_example("motor-damage").await;
    let input = ComplaintInput { claim_no: Some(claim.no.clone()), ..walk_in() };
    let no = office.register(input).await.unwrap().no;
    let file = office.branch.desk.complaint_get(office.manager(), &no).await.unwrap();
    assert_eq!(file.claim_no.as_deref(), Some(claim.no.as_str()));
    assert!(file.facts.iter().any(|fact| fact.key == "policy_no"), "the policy comes with the claim");
    for query in ["欧阳明月", "ouyang", "oymy", "8000", no.as_str(), "退保全额"] {
        let hits = office.branch.desk.search(office.manager(), query, Some("complaint"), 5).await.unwrap();
        assert_eq!(hits.first().map(|hit| hit.no.as_str()), Some(no.as_str()), "{query}");
    }
}

#[tokio::test]
async fn a_group_of_twenty_is_major_and_a_major_one_needs_visit_and_report() {
    let office = office().await;
    let no = office.register(ComplaintInput { people: Some(23), ..walk_in() }).await.unwrap().no;
    office.done(&no, "accept", json!({ "complete": "yes", "clear": "yes", "lawful": "yes" })).await;
    let assess = |major: &str| json!({ "category": "business.claims", "cause": "delay", "severity": "high", "urgency": "high", "major": major });
    assert_eq!(office.refused(&office.handler, &no, "assess", assess("no")).await, Code::ComplaintGroupMajor);
    let file = office.done(&no, "assess", assess("yes")).await;
    assert_eq!((file.major, file.priority), (true, Some(1)));
    let handler = office.id_of("handler").await;
    office.done(&no, "assign", json!({ "handler": handler, "no_interest": "yes" })).await;
    office.done(&no, "start_investigation", json!({ "goal": "核实", "people": "郑投诉" })).await;
    office.done(&no, "record_finding", found()).await;
    assert_eq!(office.refused(&office.handler, &no, "propose", offer()).await, Code::ComplaintVisitMissing);
    let visit = json!({ "place": "营业部", "people": "郑投诉、投诉人代表", "visited_at": "2026-11-22T09:00:00+08:00", "notes": "已核实" });
    office.done(&no, "record_visit", visit).await;
    office.done(&no, "propose", offer()).await;
}

#[tokio::test]
async fn nobody_handles_a_complaint_about_himself() {
    let office = office().await;
    let no = office.register(ComplaintInput { staff: Some("郑投诉".into()), ..walk_in() }).await.unwrap().no;
    office.done(&no, "accept", json!({ "complete": "yes", "clear": "yes", "lawful": "yes" })).await;
    let assess = json!({ "category": "staff.attitude", "cause": "conduct", "severity": "low", "urgency": "low", "major": "no" });
    office.done(&no, "assess", assess).await;
    let to = async |user: &str, interest: &str| json!({ "handler": office.id_of(user).await, "no_interest": interest });
    assert_eq!(
        office.refused(&office.handler, &no, "assign", to("handler", "yes").await).await,
        Code::ComplaintOfHandler
    );
    assert_eq!(
        office.refused(&office.handler, &no, "assign", to("other", "no").await).await,
        Code::ComplaintRecusal
    );
    assert_eq!(
        office.refused(&office.handler, &no, "assign", to("auditor", "yes").await).await,
        Code::ClaimInputInvalid
    );
    office.done(&no, "assign", to("other", "yes").await).await;
    // An ordinary one is solved without an inquiry, though not without facts.
    office.done(&no, "record_finding", found()).await;
    assert_eq!(office.done(&no, "propose", offer()).await.status, Status::Proposed);
}

#[tokio::test]
async fn the_limit_is_extended_in_order_with_approver_and_notice_and_not_after_it_ran_out() {
    let office = office().await;
    let no = office.assigned("high", "no").await;
    let extend =
        json!({ "approver": "分公司副总经理", "notice": "2026-11-22 电话告知", "reason": "需外部核查" });
    assert_eq!(
        office.refused(&office.handler, &no, "extend_complex", extend.clone()).await,
        Code::AccessDenied
    );
    assert_eq!(
        office.refused(office.manager(), &no, "extend_special", extend.clone()).await,
        Code::ClockExtensionOrder
    );
    let without = json!({ "notice": "电话", "reason": "需外部核查" });
    assert_eq!(
        office.refused(office.manager(), &no, "extend_complex", without).await,
        Code::ClaimInputMissing
    );
    let due = |file: &ComplaintFile| file.clocks.iter().find(|row| row.rule == "K10").unwrap().due.clone();
    let file = office.step(office.manager(), &no, "extend_complex", extend.clone()).await.unwrap();
    assert_eq!(due(&file).as_deref(), Some("2026-12-22T23:59:59+08:00"));
    assert_eq!(
        office.refused(office.manager(), &no, "extend_complex", extend.clone()).await,
        Code::ClockExtensionTwice
    );
    let file = office.step(office.manager(), &no, "extend_special", extend.clone()).await.unwrap();
    assert_eq!(due(&file).as_deref(), Some("2027-01-21T23:59:59+08:00"));
    let late = office.assigned("high", "no").await;
    office.branch.at("2026-12-08T10:00:00+08:00");
    assert_eq!(
        office.refused(office.manager(), &late, "extend_complex", extend).await,
        Code::ClockExtensionLate
    );
    let list = office.branch.desk.due_list(office.manager()).await.unwrap();
    let of = |no: &str| list.rows.iter().filter(|row| row.no == no && row.state == State::Breached).count();
    assert_eq!(
        (of(&late), of(&no)),
        (3, 2),
        "48 hours and seven workdays were missed for both, the law for one"
    );
}

#[tokio::test]
async fn an_appraisal_stands_new_facts_begin_anew_and_a_merge_is_undone() {
    let office = office().await;
    let no = office.assigned("high", "no").await;
    let begin = json!({ "body": "某鉴定所", "notice": "当面告知" });
    assert_eq!(state(&office.done(&no, "begin_appraisal", begin.clone()).await, "K10"), Some(State::Paused));
    assert_eq!(
        office.refused(&office.handler, &no, "begin_appraisal", begin).await,
        Code::ComplaintAlreadyOpen
    );
    office.branch.at("2026-11-25T10:00:00+08:00");
    let file = office.done(&no, "end_appraisal", json!({ "result": "签名属实" })).await;
    let due = |file: &ComplaintFile| file.clocks.iter().find(|row| row.rule == "K10").unwrap().due.clone();
    assert_eq!(due(&file).as_deref(), Some("2026-12-10T23:59:59+08:00"), "three days were taken out");
    let facts = json!({ "facts": "提交新录音", "received_at": "2026-11-25T09:00:00+08:00" });
    assert_eq!(
        due(&office.done(&no, "new_facts", facts).await).as_deref(),
        Some("2026-12-10T23:59:59+08:00")
    );
    let again = office.register(walk_in()).await.unwrap().no;
    let merge = |other: &str| json!({ "other": other, "reason": "同一事项" });
    assert_eq!(
        office.refused(&office.handler, &again, "merge", merge(&again)).await,
        Code::ComplaintMergeSelf
    );
    let merged = office.done(&again, "merge", merge(&no)).await;
    assert_eq!((merged.status, merged.clocks.len()), (Status::Merged, 0), "nothing is owed twice");
    let other = office.branch.desk.complaint_get(office.manager(), &no).await.unwrap();
    assert_eq!(other.timeline.last().unwrap().command, "merge", "the other file tells of it");
    let apart = office.done(&again, "unmerge", json!({ "reason": "事项不同" })).await;
    assert_eq!(apart.status, Status::Received);
    let withdrawn = office.done(&again, "withdraw", json!({ "reason": "投诉人书面撤回" })).await;
    assert_eq!((withdrawn.status, withdrawn.clocks.len()), (Status::Withdrawn, 0));
}
