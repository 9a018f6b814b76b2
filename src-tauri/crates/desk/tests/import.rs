//! Imports as the window and deskctl run them: what is written, what is left alone, what is refused.

#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

mod common;

use std::fmt::Write as _;
use std::sync::Mutex;

use desk::import::ImportKind;
use desk::{Actor, Desk, ImportProgress, ImportReport, RowOutcome, SAMPLE_PRODUCTS};
use domain::Code;

const HEADER: &str = "保单号,产品代码,投保人,证件类型,投保人证件号,被保险人,手机号码,车牌号,起保日期,终保日期,保额,保费,保单状态";

/// The line of a policy with an invented holder.
fn policy(number: u32, holder: &str) -> String {
    format!(
        "PDAA{number:08},MOTOR01,{holder},,,{holder},1380000{:04},,2026-03-01,2027-02-28,150000.00,3200.50,有效",
        number % 10_000
    )
}

fn csv(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

async fn run(desk: &Desk, actor: &Actor, kind: ImportKind, bytes: Vec<u8>, dry_run: bool) -> ImportReport {
    let opened = desk.import_open(actor, kind, "导出.csv", bytes).await.expect("a readable file");
    desk.import_run(actor, &opened.token, opened.mapping, dry_run).await.expect("an import")
}

fn counts(report: &ImportReport) -> (u32, u32, u32, u32, u32) {
    (report.total, report.new, report.changed, report.same, report.refused)
}

fn codes(report: &ImportReport, outcome: RowOutcome) -> Vec<(u32, Vec<Code>)> {
    let rows = report.rows.iter().filter(|row| row.result == outcome);
    rows.map(|row| (row.row, row.problems.iter().map(|problem| problem.code).collect())).collect()
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_the_run_does_what_it_said() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let before = desk.verify().await.unwrap().operations;
    let bytes = csv(&[policy(1, "王小芳"), policy(2, "𠮷田䶮"), policy(3, "阿依古丽·买买提")]);
    let dry = run(desk, admin, ImportKind::Policies, bytes.clone(), true).await;
    assert_eq!((dry.dry_run, counts(&dry)), (true, (3, 3, 0, 0, 0)));
    assert_eq!(desk.verify().await.unwrap().operations, before, "a dry run must leave no operation");
    assert_eq!(desk.policy_get(admin, "PDAA00000001").await.unwrap_err().code, Code::PolicyUnknown);

    let report = run(desk, admin, ImportKind::Policies, bytes, false).await;
    assert_eq!((report.dry_run, counts(&report)), (false, (3, 3, 0, 0, 0)));
    let policy = desk.policy_get(admin, "PDAA00000002").await.unwrap();
    assert_eq!(
        (policy.holder.as_str(), policy.status.as_str(), policy.verified),
        ("𠮷田䶮", "in_force", true)
    );
    assert_eq!(policy.sum_insured.as_deref(), Some("150000.00"));
    assert_eq!(desk.search(admin, "阿依古丽", Some("policy"), 10).await.unwrap().len(), 1);
    assert!(desk.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn importing_again_updates_what_differs() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    run(desk, admin, ImportKind::Policies, csv(&[policy(1, "王小芳"), policy(2, "李大明")]), false).await;
    let changed = policy(2, "李大明").replace("2027-02-28", "2027-08-31").replace("13800000002", "");
    let again = run(
        desk,
        admin,
        ImportKind::Policies,
        csv(&[policy(1, "王小芳"), changed, policy(3, "赵慕青")]),
        false,
    )
    .await;
    assert_eq!(counts(&again), (3, 1, 1, 1, 0));
    let policy = desk.policy_get(admin, "PDAA00000002").await.unwrap();
    assert_eq!(policy.expiry, "2027-08-31");
    assert!(
        desk.search(admin, "13800000002", Some("policy"), 5).await.unwrap().is_empty(),
        "an emptied cell empties the field"
    );
}

#[tokio::test]
async fn refused_rows_say_why_and_leave_the_others_alone() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let rows = [
        policy(1, "王小芳"),
        policy(1, "王小芳"),
        policy(2, "李大明").replace("2026-03-01", "2026-02-30"),
        policy(3, "😀"),
        policy(4, "周明澈").replace("150000.00", "-5"),
        policy(5, "周明澈").replace("150000.00", "1.234"),
        policy(6, "<script>alert(1)</script>'; drop table policy; --"),
    ];
    let report = run(desk, admin, ImportKind::Policies, csv(&rows), false).await;
    assert_eq!(counts(&report), (7, 2, 0, 0, 5));
    assert_eq!(
        codes(&report, RowOutcome::Refused),
        [
            (3, vec![Code::ImportDuplicateRow]),
            (4, vec![Code::ImportDate]),
            (5, vec![Code::IdentityNameEmoji, Code::IdentityNameEmoji]),
            (6, vec![Code::AmountNegative]),
            (7, vec![Code::AmountDecimals]),
        ]
    );
    assert_eq!(report.rows[0].result, RowOutcome::Refused, "refused rows stand first");
    let keys: Vec<&str> = report.rows.iter().take(5).map(|row| row.key.as_str()).collect();
    let named = ["PDAA00000001", "PDAA00000002", "PDAA00000003", "PDAA00000004", "PDAA00000005"];
    assert_eq!(keys, named, "a refused row says which policy it is about");
    let kept = desk.policy_get(admin, "PDAA00000006").await.unwrap();
    assert_eq!(kept.holder, "<script>alert(1)</script>'; drop table policy; --", "markup is text");
}

#[tokio::test]
async fn a_gb18030_file_and_its_mapping_are_remembered() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let text = "合同编码,险种代码,客户,甲,起,止\nPDAA00000009,MOTOR01,㛃女士,,2026-01-01,2026-12-31\n";
    let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
    let opened = desk.import_open(admin, ImportKind::Policies, "旧系统.csv", bytes.clone()).await.unwrap();
    assert_eq!((opened.rows, opened.mapping_remembered, opened.sample[0][2].as_str()), (1, false, "㛃女士"));
    let refused = desk.import_run(admin, &opened.token, [].into(), false).await.unwrap_err();
    assert_eq!(refused.code, Code::ImportFieldUnmapped);
    let mapping: desk::import::Mapping = [
        ("no", "合同编码"),
        ("product_code", "险种代码"),
        ("holder_name", "客户"),
        ("inception", "起"),
        ("expiry", "止"),
    ]
    .map(|(field, column)| (field.to_owned(), column.to_owned()))
    .into();
    desk.import_run(admin, &opened.token, mapping.clone(), false).await.unwrap();
    let again = desk.import_open(admin, ImportKind::Policies, "旧系统.csv", bytes).await.unwrap();
    assert_eq!((again.mapping_remembered, again.mapping), (true, mapping));
    assert_eq!(desk.policy_get(admin, "PDAA00000009").await.unwrap().holder, "㛃女士");
}

#[tokio::test]
async fn customers_meet_the_people_whom_the_counter_knows() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let template = desk.template("motor-damage", None).unwrap();
    let input = desk::claim::input::from_value(serde_json::to_value(&template.example).unwrap()).unwrap();
    desk.register(admin, &template, input).await.unwrap();
    let text = "客户号,姓名,证件类型,证件号码,手机号码,地址\n\
                C001,李卓然,身份证,110105198804160210,13800001021,北京市朝阳区\n\
                C002,李卓然,身份证,110105198804160210,13800001021,同名同证的另一客户号\n\
                C003,示例商贸有限公司,统一社会信用代码,91310101MA1FPX1234,,\n";
    let report = run(desk, admin, ImportKind::Customers, text.as_bytes().to_vec(), false).await;
    assert_eq!(report.changed, 1, "C001 is the person of the claim: {report:?}");
    let people = desk.search(admin, "110105198804160210", Some("party"), 10).await.unwrap();
    assert_eq!(people.len(), 2, "another customer number is another record");
    let claims = desk.party_get(admin, &people[1].id).await.unwrap();
    assert_eq!((claims.claims.len(), claims.address.as_deref()), (1, Some("北京市朝阳区")));
    let again = run(desk, admin, ImportKind::Customers, text.as_bytes().to_vec(), false).await;
    assert_eq!((again.new, again.changed), (0, 0), "the same file again changes nothing: {again:?}");
}

#[tokio::test]
async fn products_need_a_template_that_there_is() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let text =
        "产品代码,产品名称,险类,理赔模板\nA1,车损险甲,车险,motor-damage\nA2,不存在的,车险,motor-unicorn\n";
    let report = run(desk, admin, ImportKind::Products, text.as_bytes().to_vec(), false).await;
    assert_eq!(counts(&report), (2, 1, 0, 0, 1));
    assert_eq!(codes(&report, RowOutcome::Refused), [(3, vec![Code::TemplateUnknown])]);

    let sample = desk.import_sample_products(admin).await.unwrap();
    assert_eq!((sample.new, sample.refused), (SAMPLE_PRODUCTS as u32, 0), "1,200 and more, none refused");
    assert_eq!(desk.import_sample_products(admin).await.unwrap().same, SAMPLE_PRODUCTS as u32);
}

#[tokio::test]
async fn who_may_not_import_is_refused() {
    let branch = common::branch().await;
    let refused = branch
        .desk
        .import_open(branch.actor("clerk"), ImportKind::Policies, "x.csv", csv(&[]))
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::AccessDenied);
    let refused =
        branch.desk.import_run(branch.actor("admin"), "no token", [].into(), true).await.unwrap_err();
    assert_eq!(refused.code, Code::ImportTokenUnknown);
}

/// A file of many policies.
fn file(count: u32) -> Vec<u8> {
    let mut text = format!("{HEADER}\n");
    for number in 1..=count {
        writeln!(text, "{}", policy(number, "王小芳")).expect("text takes text");
    }
    text.into_bytes()
}

/// Two hundred thousand rows are read and tried; enough of them are taken in, twice, to cross batches.
#[tokio::test]
async fn many_rows() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let opened = desk.import_open(admin, ImportKind::Policies, "大文件.csv", file(200_000)).await.unwrap();
    assert_eq!(opened.rows, 200_000);
    let dry = desk.import_run(admin, &opened.token, opened.mapping, true).await.unwrap();
    assert_eq!(counts(&dry), (200_000, 200_000, 0, 0, 0));
    assert_eq!(dry.rows.len(), desk::LISTED);
    let rows = 10_000;
    let first = run(desk, admin, ImportKind::Policies, file(rows), false).await;
    assert_eq!(counts(&first), (rows, rows, 0, 0, 0));
    let again = run(desk, admin, ImportKind::Policies, file(rows), false).await;
    assert_eq!(counts(&again), (rows, 0, 0, rows, 0));
}

#[tokio::test]
async fn an_import_tells_how_far_it_is() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let opened = desk.import_open(admin, ImportKind::Policies, "导出.csv", file(2_500)).await.unwrap();
    let told = Mutex::new(Vec::new());
    let tell = |progress: ImportProgress| told.lock().unwrap().push((progress.done, progress.total));
    desk.import_run_told(admin, &opened.token, opened.mapping, false, tell).await.unwrap();
    let steps = [(0, 2_500), (1_000, 2_500), (2_000, 2_500), (2_500, 2_500)];
    assert_eq!(told.into_inner().unwrap(), steps);
}

#[tokio::test]
async fn a_cancelled_import_keeps_whole_batches_and_says_what_is_left() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let bytes = {
        let mut bytes = file(2_999);
        bytes.extend(format!("{}\n", policy(1, "王小芳")).bytes());
        bytes
    };
    let before = desk.verify().await.unwrap().operations;
    for (dry_run, kept) in [(true, 0), (false, 1_000)] {
        let opened = desk.import_open(admin, ImportKind::Policies, "导出.csv", bytes.clone()).await.unwrap();
        let token = opened.token.clone();
        let tell = |progress: ImportProgress| {
            if progress.done == 1_000 {
                desk.import_cancel(admin, &token).unwrap();
            }
        };
        let report = desk.import_run_told(admin, &token, opened.mapping, dry_run, tell).await.unwrap();
        assert_eq!(counts(&report), (3_000, 1_000, 0, 0, 0));
        assert_eq!((report.cancelled, report.not_done), (true, 2_000));
        assert_eq!(report.rows.len(), 1_000, "a row without an outcome is not in the report");
        // The mapping that was chosen is an operation of its own.
        let made = desk.verify().await.unwrap().operations - before;
        assert_eq!(made, if dry_run { 0 } else { kept + 1 });
    }
    assert!(desk.policy_get(admin, "PDAA00001000").await.is_ok(), "the batch is whole");
    assert_eq!(desk.policy_get(admin, "PDAA00001001").await.unwrap_err().code, Code::PolicyUnknown);

    let whole = run(desk, admin, ImportKind::Policies, bytes, false).await;
    assert_eq!(counts(&whole), (3_000, 1_999, 0, 1_000, 1), "importing again completes it");
    assert!(!whole.cancelled && whole.not_done == 0);
    assert!(desk.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_cancel_that_comes_too_late_changes_nothing() {
    let branch = common::branch().await;
    let (desk, admin) = (&branch.desk, branch.actor("admin"));
    let opened = desk.import_open(admin, ImportKind::Policies, "导出.csv", file(20)).await.unwrap();
    let tell = |progress: ImportProgress| {
        if progress.done == progress.total {
            desk.import_cancel(admin, &opened.token).unwrap();
        }
    };
    let mapping = opened.mapping.clone();
    let report = desk.import_run_told(admin, &opened.token, mapping.clone(), true, tell).await.unwrap();
    assert_eq!((report.cancelled, counts(&report)), (false, (20, 20, 0, 0, 0)));
    let report = desk.import_run(admin, &opened.token, mapping, false).await.unwrap();
    assert_eq!((report.cancelled, report.new), (false, 20), "an old cancel does not stop a new run");
    let clerk = branch.actor("clerk");
    assert_eq!(desk.import_cancel(clerk, &opened.token).unwrap_err().code, Code::AccessDenied);
    assert_eq!(desk.import_cancel(admin, "no token").unwrap_err().code, Code::ImportTokenUnknown);
}
