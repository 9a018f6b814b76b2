//! A complaint by the command line alone, and the summary a manager prints of it.

#[cfg(test)]
mod common;

use common::{Profile, answer, code};
use serde_json::json;

fn complaint() -> String {
    json!({
        "channel": "phone",
        "complainant": { "name": "欧阳明月", "mobile": "13800138000" },
        "matter": "购买时称可随时退保全额返还，现被告知有损失。",
        "recording": "LY-20261120-07",
    })
    .to_string()
}

#[test]
fn a_complaint_is_taken_in_moved_printed_and_counted() {
    let profile = Profile::new();
    profile.account("handler", "郑投诉", "complaint_handler");
    profile.account("manager", "周经理", "manager");
    let input = profile.write("complaint.json", complaint());
    let no = answer(&profile.run(&["complaint", "register", "--input", &input]))["no"]
        .as_str()
        .unwrap()
        .to_owned();
    let step = |user: &str, command: &str, data: serde_json::Value| {
        let file = profile.write("step.json", data.to_string());
        profile.run_as(user, &["complaint", "do", &no, command, "--input", &file])
    };
    let accepted = json!({ "complete": "yes", "clear": "yes", "lawful": "yes" });
    assert_eq!(answer(&step("handler", "accept", accepted))["status"], "accepted");
    assert_eq!(code(&step("handler", "decide", json!({}))), "access.denied");
    assert_eq!(code(&step("manager", "archive", json!({}))), "complaint.step-not-now");
    let letter = profile.file("accepted.pdf");
    let letter = letter.to_str().unwrap();
    let printed = profile.run_as("handler", &["print", "complaint-accepted", &no, "-o", letter]);
    assert_eq!(answer(&printed)["pages"], 1);

    let summary = |user: &str, period: [&str; 2], name: &str| {
        let file = profile.file(name);
        let file = file.to_str().unwrap().to_owned();
        let by = ["--by", "branch,category", "-o", &file];
        let arguments = ["print", "complaint-summary", "--from", period[0], "--to", period[1]];
        profile.run_as(user, &[&arguments[..], &by[..]].concat())
    };
    // As long as a summary may be: the test does not know its day.
    let now = ["2022-01-01", "2031-12-31"];
    assert!(answer(&summary("manager", now, "s.pdf"))["pages"].as_u64().unwrap() >= 1);
    assert!(std::fs::read(profile.file("s.pdf")).unwrap().starts_with(b"%PDF"));
    assert_eq!(answer(&summary("manager", now, "s.xlsx"))["rows"], 3, "the total, one branch, one category");
    assert_eq!(answer(&summary("manager", now, "s.csv"))["rows"], 3);
    let csv = std::fs::read_to_string(profile.file("s.csv")).unwrap();
    assert!(csv.lines().nth(1).unwrap().starts_with("全部,,1,100.0%"), "{csv}");
    assert_eq!(code(&summary("manager", ["2026-12-31", "2026-01-01"], "x.pdf")), "complaint.period");
    assert_eq!(code(&summary("manager", now, "x.doc")), "claim.input-invalid");
    assert_eq!(code(&summary("handler", now, "x.csv")), "access.denied");
    assert!(
        !profile.file("x.pdf").exists() && !profile.file("x.csv").exists(),
        "what is refused leaves no file"
    );
    profile.verify();
}
