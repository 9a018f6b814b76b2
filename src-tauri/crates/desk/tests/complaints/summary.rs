//! What managers print: counted from real files, on screen, on paper and in spreadsheets alike.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use desk::ExportFormat;
use desk::complaint::list::SummaryKey;
use desk::complaint::summary::{ComplaintSummary, SummaryQuery, parse_dimensions};
use domain::complaint::Dimension;

use super::*;

fn quarter() -> SummaryQuery {
    SummaryQuery { from: "2026-10-01".into(), to: "2026-12-31".into(), by: Vec::new() }
}

async fn counted(office: &Office, query: &SummaryQuery) -> ComplaintSummary {
    office.branch.desk.complaint_summary(office.manager(), query).await.unwrap()
}

/// One told in time, one silent for too long that was extended, one merged, one of the quarter before.
async fn autumn(office: &Office) {
    let at = |moment: &str, policy: &str| ComplaintInput {
        received_at: Some(moment.into()),
        policy_no: Some(policy.into()),
        ..walk_in()
    };
    office.register(at("2026-08-03T09:00:00+08:00", "P1")).await.unwrap();
    let silent = office.register(at("2026-10-08T09:00:00+08:00", "P1")).await.unwrap().no;
    let twin = office.register(at("2026-10-09T09:00:00+08:00", "P2")).await.unwrap().no;
    office.done(&twin, "merge", json!({ "other": silent, "reason": "同一件事" })).await;
    let no = office.assigned("low", "no").await;
    office.branch.at("2026-11-22T11:00:00+08:00");
    let talked = json!({ "channel": "phone", "with": "complainant", "summary": "已告知受理" });
    office.done(&no, "record_contact", talked).await;
    office.done(&no, "start_investigation", json!({ "goal": "核实销售过程", "people": "郑投诉" })).await;
    office.done(&no, "record_finding", found()).await;
    office.done(&no, "propose", offer()).await;
    office.done(&no, "record_answer", json!({ "answer": "accepted" })).await;
    let decision = json!({ "decision": "退还差额", "basis": "条款第八条", "reasons": ["说明不充分"], "amount": "1200.50" });
    office.step(office.manager(), &no, "decide", decision).await.unwrap();
    office.branch.at("2026-11-30T10:00:00+08:00");
    let told = json!({ "how": "post", "told_at": "2026-11-25T10:00:00+08:00", "proof": "EMS 1029384756" });
    office.done(&no, "tell", told).await;
}

#[tokio::test]
async fn a_quarter_is_counted_from_its_files() {
    let office = office().await;
    autumn(&office).await;
    let made = counted(&office, &quarter()).await;
    let total = &made.total.figures;
    assert_eq!((total.count, made.left_out), (2, 1), "merged ones go on in another file");
    assert_eq!((total.told, total.open, total.overdue), (1, 1, 1));
    assert_eq!((made.total.before, made.total.year_earlier), (1, 0));
    assert_eq!(total.repeated, 1, "P1 was complained about in August");
    assert_eq!((total.plain.within, total.plain.of), (1, 2));
    assert_eq!(total.compensation, "1200.50");
    let late: Vec<&str> = made.overdue.iter().map(|row| row.due.as_str()).collect();
    assert_eq!(late, ["2026-10-23T23:59:59+08:00"], "15 days after the eighth of October");
    assert_eq!(made.tables.len(), Dimension::ALL.len());
    let categories = made.tables.iter().find(|table| table.dimension == Dimension::Category).unwrap();
    let rows: Vec<(&str, u32, u32)> =
        categories.rows.iter().map(|row| (row.key.as_str(), row.figures.count, row.before)).collect();
    assert_eq!(rows, [("", 1, 1), ("product.mis_selling", 1, 0)]);
    assert_eq!(categories.rows[0].name.zh_cn, "（未填写）");
    for table in &made.tables {
        for row in &table.rows {
            let of = Some(SummaryKey { dimension: Some(table.dimension), key: row.key.clone() });
            let days = (Some(quarter().from), Some(quarter().to));
            let filter = ComplaintFilter { of, from: days.0, to: days.1, ..ComplaintFilter::default() };
            let list = office.branch.desk.complaint_list(office.manager(), &filter, 0, 50).await.unwrap();
            assert_eq!(
                list.total, row.figures.count,
                "{:?} {}: the list behind the number",
                table.dimension, row.key
            );
        }
    }
    assert_eq!(made.line.iter().map(|point| point.count).sum::<u32>(), 2);
    assert_eq!(
        made.line.last().unwrap().from,
        "2026-11-26",
        "weeks to come are not weeks without complaints"
    );
    let only = SummaryQuery { by: parse_dimensions("handler, branch,handler").unwrap(), ..quarter() };
    let tables: Vec<Dimension> =
        counted(&office, &only).await.tables.iter().map(|table| table.dimension).collect();
    assert_eq!(tables, [Dimension::Handler, Dimension::Branch]);
}

#[tokio::test]
async fn paper_and_spreadsheet_say_what_the_screen_says() {
    let office = office().await;
    autumn(&office).await;
    let desk = &office.branch.desk;
    let preview = desk.complaint_summary_preview(office.manager(), &quarter(), Language::ZhCn).await.unwrap();
    let (name, bytes) = desk.print_bytes(&preview.token).unwrap();
    assert_eq!(name, "complaints-20261001-20261231.pdf");
    desk.print_done(office.manager(), &preview.token, "saved", &name).await.unwrap();
    let words = common::words_of(&bytes);
    for said in
        ["TJ-20261001-20261231", "1,200.50", "产品及服务/销售误导", "2026-10-23", "统计人：", &preview.hash]
    {
        assert!(words.contains(said), "{said} is not on the sheet: {words}");
    }
    assert_eq!(preview.warnings, [], "every character has a face");
    let export = async |format| {
        desk.complaint_summary_export(office.manager(), &quarter(), format, Language::ZhCn).await.unwrap()
    };
    let book = export(ExportFormat::Xlsx).await;
    let mut read: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book.bytes)).unwrap();
    let range = read.worksheet_range_at(0).unwrap().unwrap();
    let first: Vec<Data> = range.rows().nth(1).unwrap().to_vec();
    assert_eq!(
        (&first[0], &first[2]),
        (&Data::String("全部".into()), &Data::Float(2.0)),
        "numbers are numbers"
    );
    let csv = String::from_utf8(export(ExportFormat::Csv).await.bytes).unwrap();
    assert!(csv.starts_with('\u{feff}') && csv.contains("销售误导,1,50.0%"), "{csv}");
    assert!(desk.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_summary_wants_the_right_and_a_period() {
    let office = office().await;
    let desk = &office.branch.desk;
    let refused = desk.complaint_summary(&office.handler, &quarter()).await.unwrap_err().code;
    assert_eq!(refused, Code::AccessDenied, "who handles how many is for managers");
    let backwards = SummaryQuery { from: "2026-12-31".into(), to: "2026-10-01".into(), by: Vec::new() };
    let error = desk.complaint_summary(office.manager(), &backwards).await.unwrap_err();
    assert_eq!(error.code, Code::ComplaintPeriod);
    assert_eq!(parse_dimensions("category,colour").unwrap_err().code, Code::ComplaintDimension);
    let empty = SummaryQuery { from: "2025-01-01".into(), to: "2025-01-01".into(), by: Vec::new() };
    let sheet = desk.complaint_summary_preview(office.manager(), &empty, Language::En).await.unwrap();
    assert!(sheet.pages >= 1, "a day without complaints is a day that was counted");
}
