//! Lists that leave the screen: the claim list as a file, and the list of what no hub has yet.

mod common;

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use desk::claim::export::{ClaimColumn, ExportColumn};
use desk::claim::list::ClaimFilter;
use desk::{DeskError, ExportFormat};
use domain::claim::Status;
use domain::{Code, Language};

fn columns(keys: &[(ClaimColumn, &str)]) -> Vec<ExportColumn> {
    keys.iter().map(|(key, title)| ExportColumn { key: *key, title: (*title).to_owned() }).collect()
}

#[tokio::test]
async fn the_list_as_seen_is_the_file_and_the_export_is_logged() {
    let branch = common::branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let motor = branch.register_example("motor-damage").await;
    branch
        .register_changed("inpatient", |input| {
            let insured = input["parties"].as_array_mut().expect("parties").iter_mut();
            for party in insured.filter(|party| party["role"] == "reporter") {
                party["name"] = "=SUM(A1:A9)".into();
            }
        })
        .await;
    let seen = desk.claim_list(clerk, &ClaimFilter::default(), 0, 100).await.unwrap();
    assert_eq!(seen.rows.len(), 2);
    let asked = columns(&[
        (ClaimColumn::No, "案件号"),
        (ClaimColumn::Reporter, "报案人"),
        (ClaimColumn::Status, "状态"),
        (ClaimColumn::Incident, "出险日期"),
        (ClaimColumn::Missing, "缺材料"),
    ]);
    let before = desk.verify().await.unwrap().operations;
    let all = ClaimFilter::default();
    let xlsx =
        desk.claim_export(clerk, &all, asked.clone(), ExportFormat::Xlsx, Language::ZhCn).await.unwrap();
    assert_eq!(desk.verify().await.unwrap().operations, before + 1, "an export is an entry of the log");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(xlsx.bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let titles: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(titles, ["案件号", "报案人", "状态", "出险日期", "缺材料"]);
    let numbers: Vec<String> = rows[1..].iter().map(|row| row[0].to_string()).collect();
    let listed: Vec<String> = seen.rows.iter().map(|row| row.no.clone()).collect();
    assert_eq!(numbers, listed, "in the order of the list");
    assert!(matches!(rows[1][3], Data::DateTime(_)) && matches!(rows[1][4], Data::Float(_)), "{rows:?}");

    let only = ClaimFilter { template: vec!["motor-damage".to_owned()], ..ClaimFilter::default() };
    let csv = desk.claim_export(clerk, &only, asked.clone(), ExportFormat::Csv, Language::En).await.unwrap();
    let text = String::from_utf8(csv.bytes).unwrap();
    assert_eq!((csv.rows, text.lines().count()), (1, 2), "{text}");
    assert!(text.starts_with("\u{feff}案件号,报案人,状态") && text.contains(&motor.no), "{text}");
    assert!(text.contains(",Registered,"), "in the language of the screen: {text}");
    let csv = desk.claim_export(clerk, &all, asked, ExportFormat::Csv, Language::ZhCn).await.unwrap();
    let text = String::from_utf8(csv.bytes).unwrap();
    assert!(text.contains(",'=SUM(A1:A9),"), "a name is never a formula: {text}");
}

#[tokio::test]
async fn an_export_that_makes_no_sense_is_refused_and_not_logged() {
    let branch = common::branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let before = desk.verify().await.unwrap().operations;
    let number = columns(&[(ClaimColumn::No, "No")]);
    let wrong_day = ClaimFilter { from: Some("2026-02-30".to_owned()), ..ClaimFilter::default() };
    let code = |result: Result<desk::ExportedList, DeskError>| result.unwrap_err().code;
    let export = async |filter: &ClaimFilter, columns| {
        desk.claim_export(clerk, filter, columns, ExportFormat::Xlsx, Language::En).await
    };
    let all = ClaimFilter::default();
    assert_eq!(code(export(&all, Vec::new()).await), Code::ClaimInputInvalid);
    assert_eq!(code(export(&wrong_day, number.clone()).await), Code::ClaimInputInvalid);
    let title = columns(&[(ClaimColumn::No, "\u{0}")]);
    assert_eq!(code(export(&all, title).await), Code::IdentityTextControl);
    assert_eq!(desk.verify().await.unwrap().operations, before);
    assert_eq!(export(&all, number).await.unwrap().rows, 0, "an empty list is a file with a header");
}

#[tokio::test]
async fn what_is_unsent_is_listed_without_what_it_says() {
    let branch = common::branch().await;
    let (desk, clerk) = (&branch.desk, branch.actor("clerk"));
    let claim = branch.register_example("motor-damage").await;
    let filter = ClaimFilter { status: vec![Status::Registered], ..ClaimFilter::default() };
    let number = columns(&[(ClaimColumn::No, "No")]);
    desk.claim_export(clerk, &filter, number, ExportFormat::Csv, Language::En).await.unwrap();
    let page = desk.unsent_list(clerk, 0, 100).await.unwrap();
    assert_eq!(page.total, desk.status_line().await.unwrap().unsent, "the list is what the line counts");
    assert_eq!(page.rows.len(), page.total as usize);
    let [first, .., registered, exported] = page.rows.as_slice() else { panic!("{page:?}") };
    assert_eq!(first.what.en, "Desk set up");
    assert_eq!(registered.claim_no.as_deref(), Some(claim.no.as_str()));
    assert_eq!((registered.by.as_str(), exported.what.en.as_str()), ("王柜员", "List exported"));
    assert_eq!(exported.claim_no, None);
    assert!(page.rows.iter().all(|row| row.bytes > 100 && !row.what.zh_cn.is_empty()), "{page:?}");
    let said = serde_json::to_string(&page).unwrap();
    let story = desk.claim_get(clerk, &claim.no).await.unwrap().answers["story"].as_str().unwrap().to_owned();
    assert!(!said.contains(&story), "nothing of what was entered");

    let second = desk.unsent_list(clerk, page.total - 1, 100).await.unwrap();
    assert_eq!(
        second.rows.iter().map(|row| &row.id).collect::<Vec<_>>(),
        [&exported.id],
        "the newest is last"
    );
}
