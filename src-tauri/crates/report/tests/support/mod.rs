//! Sample data and the tools that read PDFs back.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::process::Command;

use domain::Language;
use report::data::{
    BranchData, ClaimPrintData, ComplaintPrintData, RecoveryPrintData, SummaryOverdueData, SummaryPrintData,
    SummaryRowData, SummaryTableData,
};
use report::{CopyFor, Document, Fonts, Kind, Pdf, build, render};
use serde_json::Value;

pub(crate) const COPIES: [CopyFor; 2] = [CopyFor::Customer, CopyFor::Internal];

/// The full sample, checked against the documented shape.
pub(crate) fn sample() -> ClaimPrintData {
    serde_json::from_str(include_str!("../sample.json")).expect("the sample has the documented shape")
}

/// A complaint with everything in it.
pub(crate) fn complaint(branch: BranchData) -> ComplaintPrintData {
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    ComplaintPrintData {
        branch,
        no: Some("3701-2026-7K3Q-000043-3".into()),
        received_at: Some("2026-11-20T09:30:00+08:00".into()),
        channel: Some("来访".into()),
        place: Some("一号接待室".into()),
        recording: Some("LY-20261120-07".into()),
        regulator_no: Some("监转〔2026〕88号".into()),
        complainant: Some("欧阳明月".into()),
        id_no: Some("370102199003071234".into()),
        mobile: Some("13800001234".into()),
        address: Some("济南市历下区泉城路1号".into()),
        proxy: Some("赵四（授权委托书）".into()),
        people: Some("23".into()),
        institution: Some("安和财产保险济南市历下支公司".into()),
        staff: Some("李业务".into()),
        policy_no: Some("PDAA202637010000123456".into()),
        claim_no: Some("3701-2026-7K3Q-000042-5".into()),
        matter: Some("购买时称可随时退保全额返还，现被告知有损失。".into()),
        request: Some("退还全部保费".into()),
        basis: Some("销售录音可以证明。".into()),
        expected: Some("书面道歉".into()),
        first_response_due: Some("2026-11-22T09:30:00+08:00".into()),
        statutory_due: Some("2026-12-07T23:59:59+08:00".into()),
        extension_reason: Some("需向外部鉴定机构核实签名。".into()),
        extension_approver: Some("分公司副总经理".into()),
        finding: Some("部分属实".into()),
        facts: Some("录音显示业务员未说明退保损失。".into()),
        liable: Some("销售人员".into()),
        decision: Some("退还保费差额，并对业务员进行教育。".into()),
        decision_basis: Some("保险合同条款第八条".into()),
        amount: Some("1200.50".into()),
        amount_capitals: Some("人民币壹仟贰佰元伍角整".into()),
        clerk: Some("王柜员".into()),
        printed_at: Some("2026-11-22T10:08:00+08:00".into()),
        representatives: list(&["王一", "李二"]),
        papers: list(&["保险单复印件", "录音光盘"]),
        missing: list(&["销售时间和地点", "身份证明"]),
        reasons: list(&["说明义务未充分履行", "投诉人确有损失"]),
        internal_notes: list(&["SECRET-NOTE 投诉人曾多次来电"]),
    }
}

/// A quarter counted.
pub(crate) fn summary(branch: BranchData) -> SummaryPrintData {
    let text = |text: &str| Some(text.to_owned());
    let row = |name: &str, count: u32| SummaryRowData {
        name: text(name),
        place: text("济南市历下支公司"),
        value: Some(count),
        count: Some(count.to_string()),
        share: text("12.5%"),
        before: text("+8.1%"),
        year_earlier: text("−23.1%"),
        told: text("180"),
        open: text("7"),
        median: text("6.5"),
        ninth: text("13.0"),
        first: text("96.2%"),
        house: text("71.0%"),
        plain: text("92.4%"),
        extended: text("99.1%"),
        overdue: text("3"),
        major: text("1"),
        repeated: text("4"),
        regulator: text("9"),
        satisfaction: text("4.17"),
        compensation: text("120,350.50"),
    };
    let groups =
        ["业务类 / 理赔", "产品类 / 销售误导", "服务人员类 / 服务态度", "技术类 / 系统故障", "未填写"];
    let rows: Vec<SummaryRowData> =
        groups.iter().zip([86, 54, 31, 9, 3]).map(|(name, count)| row(name, count)).collect();
    let table = |title: &str| SummaryTableData { title: text(title), bars: rows.clone(), rows: rows.clone() };
    SummaryPrintData {
        branch,
        number: text("TJ-20260701-20260930"),
        period: text("2026-07-01 – 2026-09-30"),
        before: text("2026-04-01 – 2026-06-30"),
        year_earlier: text("2025-07-01 – 2025-09-30"),
        counted_by: text("周经理"),
        left_out: text("4"),
        printed_at: text("2026-11-22T10:08:00+08:00"),
        total: row("全部", 183),
        line: (0_u32..14)
            .map(|week| row(&format!("{:02}-{:02}", 7 + week / 5, 1 + week % 5 * 7), week * 37 % 23))
            .collect(),
        tables: vec![table("投诉类别"), table("根本原因")],
        hotspots: vec![row("信息披露", 31), row("理赔时效", 22)],
        overdue: vec![SummaryOverdueData {
            no: text("3701-2026-7K3Q-000043-3"),
            received_at: text("2026-07-02"),
            due: text("2026-07-17"),
            told_at: text("2026-07-21"),
            status: text("已告知"),
            cause: text("信息披露"),
            handler: text("郑投诉"),
        }],
    }
}

pub(crate) fn full(kind: Kind) -> Value {
    let claim = sample();
    match kind {
        Kind::Recovery => serde_json::to_value(RecoveryPrintData {
            branch: BranchData { ..claim.branch },
            code: Some("7QKX-2M9D-HV4T-PZ3C-8RWN-5YBA-J6GE-1UFS".into()),
            code_lines: Some("7QKX-2M9D-HV4T-PZ3C\n8RWN-5YBA-J6GE-1UFS".into()),
            profile: Some("/home/desk/.local/share/claims-desk".into()),
            administrator: Some("管理员（李四光）".into()),
            printed_at: claim.printed_at,
        }),
        Kind::ComplaintRecord
        | Kind::ComplaintAccepted
        | Kind::ComplaintMore
        | Kind::ComplaintExtension
        | Kind::ComplaintDecision => serde_json::to_value(complaint(claim.branch)),
        Kind::ComplaintSummary => serde_json::to_value(summary(claim.branch)),
        _ => serde_json::to_value(claim),
    }
    .expect("print data is JSON")
}

pub(crate) fn document(kind: Kind, data: &Value, copy: CopyFor, language: Language) -> Document {
    build(kind, data, copy, language).expect("the layout is valid")
}

pub(crate) fn pdf(document: &Document) -> Pdf {
    render(document, Fonts::shared().expect("fonts")).expect("the document can be set")
}

pub(crate) fn customer_pdf(kind: Kind) -> Pdf {
    pdf(&document(kind, &full(kind), CopyFor::Customer, Language::ZhCn))
}

/// Runs a tool over the bytes as a file; returns what it printed.
pub(crate) fn run(tool: &str, before: &[&str], bytes: &[u8], after: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let path: PathBuf = folder.path().join("it.pdf");
    std::fs::write(&path, bytes).expect("write");
    let output =
        Command::new(tool).args(before).arg(&path).args(after).output().expect("the tool is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} refused the file: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text of a PDF without any white space.
pub(crate) fn text(bytes: &[u8]) -> String {
    run("pdftotext", &["-enc", "UTF-8"], bytes, &["-"]).split_whitespace().collect()
}

/// The text between head and foot of all pages, without any white space.
pub(crate) fn body(bytes: &[u8]) -> String {
    let area = ["-enc", "UTF-8", "-nopgbrk", "-x", "0", "-y", "60", "-W", "596", "-H", "720"];
    run("pdftotext", &area, bytes, &["-"]).split_whitespace().collect()
}
