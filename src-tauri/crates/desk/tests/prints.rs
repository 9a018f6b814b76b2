//! Every print of a claim at every status, through the flow and with the people who take its steps.

#![expect(clippy::expect_used, clippy::panic, reason = "the functions around the tests may fail like tests")]

mod common;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Branch, NOW, branch, words_of};
use desk::{Actor, Desk, PrintCopy, PrintKind, recovery_sheet};
use domain::claim::Status;
use domain::role::Role;
use domain::{Code, Language, money};
use serde_json::{Value, json};

const SECRET: &str = "内部备注勿外传";

/// A shipped example with what its prints must show and hide.
struct Case {
    template: &'static str,
    /// The paper that comes later.
    late: &'static str,
    late_name: &'static str,
    worksheet: Value,
    amount: &'static str,
    outcome: &'static str,
    formula: &'static str,
    answer: &'static str,
    id_no: &'static str,
    account: &'static str,
}

const fn cases() -> [fn() -> Case; 2] {
    [
        || Case {
            template: "motor-damage",
            late: "repair-invoice",
            late_name: "维修发票",
            worksheet: json!({ "repair_cost": "8650.00", "salvage": "150", "deductible": "500", "sum_insured": "120000" }),
            amount: "8000.00",
            outcome: "部分赔付",
            formula: "净损失（核定修复费用－残值－已从第三方获得的赔偿）",
            answer: "双方或多方事故",
            id_no: "110105198804160210",
            account: "6222021104015678328",
        },
        || Case {
            template: "inpatient",
            late: "surgery-record",
            late_name: "手术",
            worksheet: json!({ "total_expense": "23856.40", "social_paid": "14320.75", "remaining_limit": "2000000" }),
            amount: "9535.65",
            outcome: "全部赔付",
            formula: "按赔付比例（扣除免赔额后×赔付比例）",
            answer: "腹腔镜下阑尾切除术",
            id_no: "440104199103050443",
            account: "6217002233445566770",
        },
    ]
}

/// A claim on its way through the flow.
struct Visit<'a> {
    branch: &'a Branch,
    case: &'a Case,
    id: String,
    no: String,
}

impl<'a> Visit<'a> {
    async fn begin(branch: &'a Branch, case: &'a Case, other_day: bool) -> Visit<'a> {
        let registered = branch
            .register_changed(case.template, |input| {
                let papers = input["documents"].as_array_mut().expect("a list of papers");
                papers.retain(|paper| paper["id"] != case.late);
                if other_day {
                    input["not_duplicate_reason"] = json!("另一次事故");
                }
            })
            .await;
        assert_eq!(registered.missing.len(), 1, "only the late paper is missing");
        Visit { branch, case, id: registered.id, no: registered.no }
    }

    async fn step(&self, user: &str, command: &str, input: Value) {
        let done = self.branch.desk.claim_do(self.branch.actor(user), &self.no, command, &input).await;
        done.unwrap_or_else(|error| panic!("{command}: {error:?}"));
    }

    /// Up to the assessment.
    async fn assessed(&self) {
        self.step(
            "clerk",
            "receive_document",
            json!({ "document_id": self.case.late, "received": "original", "count": 1 }),
        )
        .await;
        self.step("clerk", "papers_complete", json!({})).await;
        self.step("assessor", "start_assessment", json!({})).await;
        self.step(
            "assessor",
            "assess",
            json!({ "worksheet": self.case.worksheet, "opinion": "属于保险责任" }),
        )
        .await;
    }

    /// Asks for every kind; exactly those of `there` may be printed.
    async fn check(&self, status: Status, there: &[PrintKind]) {
        // Both copies where all prints but the refusal are there, and where that one is: setting them takes long.
        let copies: &[PrintCopy] = match status {
            Status::Decided | Status::Refused => &[PrintCopy::Customer, PrintCopy::Internal],
            _ => &[PrintCopy::Customer],
        };
        let (desk, clerk) = (&self.branch.desk, self.branch.actor("clerk"));
        assert_eq!(desk.claim_get(clerk, &self.id).await.expect("the claim").status, status);
        let always = [PrintKind::Application, PrintKind::Receipt, PrintKind::Progress, PrintKind::Standard];
        for kind in PrintKind::ALL.iter().copied().filter(|kind| !kind.of_complaint()) {
            let expected = always.contains(&kind) || there.contains(&kind);
            for copy in copies.iter().copied() {
                let made = desk.print_preview(clerk, kind, &self.no, copy, Language::ZhCn).await;
                match made {
                    Ok(preview) => {
                        assert!(expected, "{kind:?} has nothing to say at {status:?}");
                        assert_eq!(preview.warnings, [], "{kind:?}: every character has a face");
                        let pdf = STANDARD.decode(&preview.pdf_base64).expect("base64");
                        self.check_words(kind, copy, &pdf, &preview.hash);
                        keep(
                            &format!(
                                "{}-{}-{}-{}",
                                self.case.template,
                                status.as_str(),
                                kind.as_str(),
                                copy.as_str()
                            ),
                            &pdf,
                        );
                    }
                    Err(error) => {
                        assert!(!expected, "{kind:?} at {status:?}: {error:?}");
                        assert_eq!(error.code, Code::PrintNotYet, "{kind:?} at {status:?}");
                        assert!(!error.message.zh_cn.contains('{'), "{}", error.message.zh_cn);
                    }
                }
            }
        }
    }

    fn check_words(&self, kind: PrintKind, copy: PrintCopy, pdf: &[u8], hash: &str) {
        let words = words_of(pdf);
        let has = |text: &str| words.contains(text);
        let what = format!("{} {kind:?} {copy:?}", self.case.template);
        assert!(has(&self.no), "{what} carries the claim's number");
        assert!(has("第1页"), "{what} counts its pages");
        assert!(has(hash), "{what} carries the hash of its content");
        let customer = copy == PrintCopy::Customer;
        assert!(has(if customer { "客户联" } else { "内部联" }), "{what} says whom it is for");
        if customer {
            assert!(!has(SECRET), "{what} hides the office's notes");
        }
        let capitals = money::capitals(self.case.amount.parse().expect("an amount"));
        match kind {
            PrintKind::Application => {
                assert!(has(self.case.id_no), "{what}: the customer signs for the whole number");
                assert!(has(self.case.answer), "{what}: answers are words, not codes");
                assert!(!has("resident-id") && !has("reporter"), "{what} prints no code");
            }
            PrintKind::Receipt => assert!(pdf.len() < 150 * 1024, "{what} has {} bytes", pdf.len()),
            PrintKind::Supplement => assert!(has(self.case.late_name), "{what} names the paper"),
            PrintKind::Progress => {
                assert!(has("受理"), "{what} begins at the registration");
                assert_eq!(
                    has(self.case.id_no),
                    !customer,
                    "{what}: the number is masked for the customer only"
                );
            }
            PrintKind::Standard => assert!(has("保险法第二十三条"), "{what} names the law"),
            PrintKind::Worksheet => {
                assert!(has(&capitals), "{what} has the amount in capitals {capitals}");
                assert!(has(self.case.formula), "{what} shows how a line was worked out");
            }
            PrintKind::Decision => {
                assert!(has(&capitals), "{what} has the amount in capitals {capitals}");
                assert!(has(self.case.outcome), "{what} says {}", self.case.outcome);
                assert_eq!(
                    has(self.case.account),
                    !customer,
                    "{what}: the account is masked for the customer only"
                );
            }
            PrintKind::Refusal => {
                assert!(has("驾驶证已被暂扣") && has("保险法第二十四条"), "{what} gives reasons and basis");
            }
            of_complaint => panic!("{of_complaint:?} is no print of a claim"),
        }
    }
}

/// Leaves the files of a run where `PRINTS_OUT` says, to be looked at.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("PRINTS_OUT") {
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), bytes).expect("a file");
    }
}

#[tokio::test]
async fn a_paid_claim_prints_what_each_status_has_to_say() {
    let branch = branch().await;
    for case in cases().map(|case| case()) {
        use PrintKind::{Decision, Supplement, Worksheet};
        let visit = Visit::begin(&branch, &case, false).await;
        visit
            .step(
                "clerk",
                "record_contact",
                json!({ "channel": "phone", "with": "报案人", "summary": SECRET }),
            )
            .await;
        visit.check(Status::Registered, &[Supplement]).await;
        visit.step("clerk", "ask_supplement", json!({ "how": "by_hand", "reached_at": NOW })).await;
        visit.check(Status::PapersAsked, &[Supplement]).await;
        let late = json!({ "document_id": case.late, "received": "original", "count": 1 });
        visit.step("clerk", "receive_document", late).await;
        visit.step("clerk", "papers_complete", json!({})).await;
        visit.check(Status::PapersComplete, &[Supplement]).await;
        visit.step("assessor", "start_assessment", json!({})).await;
        visit.check(Status::Assessing, &[Supplement]).await;
        let opinion = json!({ "worksheet": case.worksheet, "opinion": "属于保险责任" });
        visit.step("assessor", "assess", opinion).await;
        visit.check(Status::Assessed, &[Supplement, Worksheet]).await;
        visit.step("manager", "decide", json!({ "basis": "条款第六条" })).await;
        visit.check(Status::Decided, &[Supplement, Worksheet, Decision]).await;
        visit.step("clerk", "notify_result", json!({ "how": "phone", "notified_at": NOW })).await;
        visit.check(Status::Notified, &[Supplement, Worksheet, Decision]).await;
        visit.step("clerk", "agree", json!({ "agreed_at": NOW })).await;
        visit.check(Status::Agreed, &[Supplement, Worksheet, Decision]).await;
        visit.step("manager", "pay", json!({ "paid_at": NOW, "reference": "PZ-1" })).await;
        visit.check(Status::Paid, &[Supplement, Worksheet, Decision]).await;
    }
}

#[tokio::test]
async fn a_refused_claim_prints_its_refusal_and_no_decision() {
    let branch = branch().await;
    let case = cases()[0]();
    let visit = Visit::begin(&branch, &case, false).await;
    visit.assessed().await;
    let reasons = json!(["出险时驾驶人的驾驶证已被暂扣"]);
    visit.step("manager", "refuse", json!({ "reasons": reasons, "basis": "保险法第二十四条" })).await;
    visit.check(Status::Refused, &[PrintKind::Worksheet, PrintKind::Refusal]).await;
    visit.step("manager", "reopen", json!({ "reason": "客户补充了证据" })).await;
    visit.check(Status::Assessing, &[]).await;

    let withdrawn = Visit::begin(&branch, &case, true).await;
    withdrawn.step("clerk", "withdraw", json!({ "reason": SECRET })).await;
    withdrawn.check(Status::Withdrawn, &[PrintKind::Supplement]).await;
}

/// The customer's copy of a print.
async fn printed(desk: &Desk, actor: &Actor, kind: PrintKind, no: &str, language: Language) -> Arc<[u8]> {
    let made = desk.print_preview(actor, kind, no, PrintCopy::Customer, language).await.expect("a print");
    desk.print_bytes(&made.token).expect("the bytes").1
}

#[tokio::test]
async fn the_notice_stays_as_it_was_when_the_papers_have_come() {
    let branch = branch().await;
    let case = cases()[0]();
    let visit = Visit::begin(&branch, &case, false).await;
    visit.step("clerk", "ask_supplement", json!({ "how": "post" })).await;
    visit.step("clerk", "supplement_reached", json!({ "how": "by_hand", "reached_at": NOW })).await;
    visit.assessed().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let print = |kind| printed(desk, clerk, kind, &visit.no, Language::ZhCn);
    let notice = words_of(&print(PrintKind::Supplement).await);
    assert!(notice.contains("维修发票"), "the notice names what it named");
    assert!(notice.contains("当面交付"), "and how it arrived");
    assert!(notice.contains("2026年11月22日09:30"), "and when");
    let receipt = words_of(&print(PrintKind::Receipt).await);
    assert!(receipt.contains("材料齐全，无需补充"), "the receipt says what holds today");
}

#[tokio::test]
async fn every_language_prints_its_own_words() {
    let branch = branch().await;
    let case = cases()[1]();
    let visit = Visit::begin(&branch, &case, false).await;
    visit.assessed().await;
    visit.step("manager", "decide", json!({ "basis": "条款第六条" })).await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let expected = [
        (Language::ZhCn, PrintKind::Application, "报案人、投保人、被保险人、领款人"),
        (Language::ZhTw, PrintKind::Application, "報案人、投保人、被保險人、領款人"),
        (Language::En, PrintKind::Application, "Reporter,Policyholder,Insured,Payee"),
        (Language::ZhTw, PrintKind::Decision, "玖仟伍佰參拾伍元陸角伍分"),
        (Language::En, PrintKind::Progress, "Theclaimhasbeendecided;wewilltellyoutheresult."),
        (Language::En, PrintKind::Worksheet, "Byratio(Afterdeductible×Ratio)"),
        (Language::ZhTw, PrintKind::Standard, "第1版，自2026年1月1日起適用"),
    ];
    for (language, kind, phrase) in expected {
        let words = words_of(&printed(desk, clerk, kind, &visit.no, language).await);
        assert!(words.contains(phrase), "{kind:?} {language:?} says {phrase}: {words}");
    }
}

#[tokio::test]
async fn a_preview_writes_nothing_and_a_print_is_recorded() {
    let branch = branch().await;
    let registered = branch.register_example("motor-damage").await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let head = || async { desk.status_line().await.expect("the status").chain_head };
    let before = head().await;
    let preview = desk
        .print_preview(clerk, PrintKind::Receipt, &registered.no, PrintCopy::Customer, Language::ZhCn)
        .await
        .expect("a preview");
    assert_eq!(preview.title, "理赔材料清单与受理回执");
    let (name, bytes) = desk.print_bytes(&preview.token).expect("the bytes");
    assert_eq!(name, format!("{}-receipt.pdf", registered.no));
    assert_eq!(STANDARD.encode(&bytes), preview.pdf_base64);
    assert_eq!(head().await, before, "looking is no operation");

    desk.print_done(clerk, &preview.token, "saved", "/home/clerk/回执.pdf").await.expect("recorded");
    desk.print_done(clerk, &preview.token, "printer", "PDF").await.expect("recorded");
    let file = desk.claim_get(clerk, &registered.no).await.expect("the claim");
    let prints: Vec<_> = file.prints.iter().map(|print| (print.how.as_str(), print.kind.as_str())).collect();
    assert_eq!(prints, [("saved", "receipt"), ("printer", "receipt")]);
    assert!(file.prints.iter().all(|print| print.hash == preview.hash && print.by == "王柜员"));
    let events: Vec<_> = file.timeline.iter().filter(|event| event.command == "print").collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].data["to"], "回执.pdf", "a name and no path");

    let refused = desk.print_done(clerk, &preview.token, "thrown away", "").await.expect_err("no such way");
    assert_eq!(refused.code, Code::ClaimInputInvalid);
    let unknown = desk.print_bytes("0190a5c8-0000-7000-8000-000000000000").expect_err("no such token");
    assert_eq!(unknown.code, Code::PrintTokenUnknown);
}

#[tokio::test]
async fn only_who_may_print_prints() {
    let branch = branch().await;
    let registered = branch.register_example("motor-damage").await;
    let desk = &branch.desk;
    let auditor = branch.actor("auditor");
    assert_eq!(auditor.role(), Role::Auditor);
    let refused = desk
        .print_preview(auditor, PrintKind::Receipt, &registered.no, PrintCopy::Customer, Language::ZhCn)
        .await
        .expect_err("an auditor reads");
    assert_eq!(refused.code, Code::AccessDenied);
    let unknown = desk
        .print_preview(
            branch.actor("clerk"),
            PrintKind::Receipt,
            "3701-26-0000",
            PrintCopy::Customer,
            Language::ZhCn,
        )
        .await
        .expect_err("no such claim");
    assert_eq!(unknown.code, Code::ClaimUnknown);
}

#[tokio::test]
async fn a_name_no_font_has_is_printed_with_a_warning() {
    let branch = branch().await;
    let rare = '\u{31350}';
    let registered = branch
        .register_changed("motor-damage", |input| {
            input["answers"]["driver_name"] = json!(format!("李{rare}"))
        })
        .await;
    let preview = branch
        .desk
        .print_preview(
            branch.actor("clerk"),
            PrintKind::Application,
            &registered.no,
            PrintCopy::Customer,
            Language::ZhCn,
        )
        .await
        .expect("a preview");
    let codes: Vec<Code> = preview.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::PrintMissingGlyph]);
    assert!(preview.warnings[0].message.zh_cn.contains("U+31350"), "{}", preview.warnings[0].message.zh_cn);
}

#[tokio::test]
async fn the_recovery_sheet_holds_the_code() {
    let branch = branch().await;
    // As wide as a code can be: what fits on a line must not depend on which letters were drawn.
    let widest = ["WMWM"; 8].join("-");
    for code in [&**branch.recovery_code, &*widest] {
        let sheet = recovery_sheet(&branch.desk, code, Language::ZhCn).await.expect("the sheet");
        let words = words_of(&sheet);
        let (first, second) = code.split_at(19);
        assert!(
            words.contains(first) && words.contains(&second[1..]),
            "{code} can be read in two whole lines"
        );
    }
    let sheet = recovery_sheet(&branch.desk, &branch.recovery_code, Language::ZhCn).await.expect("the sheet");
    let words = words_of(&sheet);
    assert!(words.contains("周管理") && words.contains("3701"), "and whose it is");
}
