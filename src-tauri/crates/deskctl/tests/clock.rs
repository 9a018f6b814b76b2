//! `deskctl clock`, without a profile.

#![expect(clippy::unwrap_used, reason = "the functions around the tests may fail like tests")]

#[cfg(test)]
mod common;

use std::process::Output;

use common::{answer, code, plain, refusal};
use serde_json::{Value, json};

fn clock(arguments: &str) -> Output {
    let words: Vec<&str> = ["clock"].into_iter().chain(arguments.split_whitespace()).collect();
    plain(&words)
}

/// A file with some text, named on the command line.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn due() {
    let check = |arguments: &str, due: &str, state: &str| {
        let answer = answer(&clock(&format!("due {arguments}")));
        assert_eq!(
            (answer["due"].as_str().unwrap_or("none"), &answer["state"]),
            (due, &json!(state)),
            "{arguments}"
        );
        assert!(answer["explain"].as_array().is_some_and(|steps| steps.len() > 2), "{arguments}: {answer}");
    };
    let k9 = "--rule K9 --start 2026-09-28T10:00:00+08:00";
    let k10 = "--rule K10 --start 2026-03-02T10:00:00+08:00";
    check(&format!("{k9} --now 2026-09-29T10:00:00+08:00"), "2026-10-13T23:59:59+08:00", "running");
    check(&format!("{k9} --now 2026-10-12T10:00:00+08:00"), "2026-10-13T23:59:59+08:00", "near");
    check(k9, "2026-10-13T23:59:59+08:00", "breached");
    check(&format!("{k9} --event end@2026-10-13T18:00:00+08:00"), "2026-10-13T23:59:59+08:00", "met");
    check(&format!("{k9} --event end@2026-10-14T00:00:00+08:00"), "2026-10-13T23:59:59+08:00", "met_late");
    check(
        &format!("{k9} --event pause@2026-10-08T10:00:00+08:00 --event resume@2026-10-09T10:00:00+08:00"),
        "2026-10-14T23:59:59+08:00",
        "breached",
    );
    check(&format!("{k10} --event pause@2026-03-05T10:00:00+08:00"), "none", "paused");
    check(
        &format!(
            "{k10} --event extend-complex@2026-03-16T10:00:00+08:00 \
             --event extend-special@2026-03-30T10:00:00+08:00 --event end@2026-04-30T10:00:00+08:00"
        ),
        "2026-05-06T23:59:59+08:00",
        "met",
    );
    check("--rule K8 --start 2026-09-28T02:00:00Z", "2026-09-30T10:00:00+08:00", "breached");
    check("--rule K5 --start 2026-03-02T10:00:00+08:00 --limit 3", "2026-03-05T23:59:59+08:00", "breached");
}

#[test]
fn explanations_name_each_day_and_why() {
    let answer = answer(&clock("due --rule K9 --start 2026-09-28T10:00:00+08:00"));
    let steps = answer["explain"].as_array().unwrap();
    let of = |date: &str| steps.iter().find(|step| step["date"] == date).unwrap();
    assert_eq!(of("2026-10-03")["kind"], "skipped");
    assert!(of("2026-10-03")["text"].as_str().unwrap().contains("国庆节放假"), "{}", of("2026-10-03"));
    assert_eq!(of("2026-10-10")["kind"], "counted");
    assert_eq!(steps.last().unwrap()["at"], "2026-10-13T23:59:59+08:00");
    assert_eq!(answer["warnings"], json!([]));
}

#[test]
fn due_is_refused() {
    let check = |arguments: &str, expect: &str| {
        assert_eq!(code(&clock(&format!("due {arguments}"))), expect, "{arguments}");
    };
    let k10 = "--rule K10 --start 2026-03-02T10:00:00+08:00";
    check("--rule K99 --start 2026-03-02T10:00:00+08:00", "clock.rule-unknown");
    check("--rule K10 --start 2026-03-02", "clock.timestamp");
    check("--rule K10 --start 0000-03-02T10:00:00+08:00", "clock.date-range");
    check(&format!("{k10} --event pause"), "clock.event-form");
    check(&format!("{k10} --event pause@soon"), "clock.timestamp");
    check(&format!("{k10} --event dance@2026-03-03T10:00:00+08:00"), "clock.event-unknown");
    check(&format!("{k10} --event end@2026-03-01T10:00:00+08:00"), "clock.end-before-start");
    check(&format!("{k10} --event resume@2026-03-05T10:00:00+08:00"), "clock.resume-without-pause");
    check(&format!("{k10} --event extend-special@2026-03-05T10:00:00+08:00"), "clock.extension-order");
    check(&format!("{k10} --event extend-complex@2026-03-18T10:00:00+08:00"), "clock.extension-late");
    check(&format!("{k10} --limit 3"), "clock.limit-fixed");
    check(
        "--rule K9 --start 2026-03-02T10:00:00+08:00 --event extend-complex@2026-03-03T10:00:00+08:00",
        "clock.extension-not-allowed",
    );
    check(
        "--rule K5 --start 2026-03-02T10:00:00+08:00 --event pause@2026-03-03T10:00:00+08:00",
        "clock.pause-not-allowed",
    );
}

#[test]
fn days() {
    let check = |arguments: &str, field: &str, expect: Value| {
        assert_eq!(answer(&clock(arguments))[field], expect, "{arguments}");
    };
    check("workdays --from 2026-09-30 --add 1", "date", json!("2026-10-08"));
    check("workdays --from 2026-10-09 --add 1", "date", json!("2026-10-10"));
    check("workdays --from 2026-09-28 --add 0", "date", json!("2026-09-28"));
    check("isworkday 2026-10-10", "workday", json!(true));
    check("isworkday 2026-10-11", "workday", json!(false));
    check("isworkday 2026-10-01", "date", json!("2026-10-01"));
    let reason = answer(&clock("isworkday 2026-10-01"))["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("国庆节") && reason.contains("National Day"), "{reason}");
    let refused = |arguments: &str, expect: &str| assert_eq!(code(&clock(arguments)), expect, "{arguments}");
    refused("isworkday 2026-02-30", "clock.date");
    refused("isworkday -1", "clock.date");
    refused("isworkday 1066-10-14", "clock.date-range");
    refused("workdays --from 2026-09-28 --add -1", "clock.add-range");
    refused("workdays --from 2026-09-28 --add 1e3", "clock.add-range");
    refused("workdays --from 2026-09-28 --add 99999999999999999999", "clock.add-range");
    refused("workdays --from 2199-12-01 --add 50000", "clock.date-range");
}

#[test]
fn a_year_without_calendar_is_marked() {
    let marked = |arguments: &str| {
        let answer = answer(&clock(arguments));
        assert_eq!(answer["no_calendar"], json!([2027]), "{arguments}");
        assert_eq!(answer["warnings"][0]["code"], "clock.no-calendar", "{arguments}");
    };
    marked("isworkday 2027-05-03");
    marked("workdays --from 2026-12-30 --add 3");
    marked("due --rule K9 --start 2026-12-28T10:00:00+08:00");
}

#[test]
fn calendars_can_be_checked_and_added() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../../../../assets/calendars/CN-2026.json");
    let good = file(&folder, "CN-2026.json", shipped);
    let checked = answer(&clock(&format!("calendar check {good}")));
    assert_eq!((&checked["year"], &checked["rest_days"]), (&json!(2026), &json!(33)));
    assert_eq!(checked["notices"][0]["number"], "国办发明电〔2025〕7号");

    let broken = file(&folder, "broken.json", &shipped.replace("2026-10-10", "2026-10-09"));
    let error = refusal(&clock(&format!("calendar check {broken}")));
    assert_eq!((&error["code"], &error["file"]), (&json!("clock.pack-workday"), &json!("broken.json")));
    let line = usize::try_from(error["line"].as_u64().unwrap()).unwrap();
    assert!(shipped.lines().nth(line - 1).unwrap().contains("2026-10-10"), "line {line}");
    assert_eq!(code(&clock("calendar check /nowhere.json")), "claim.input-unreadable");

    // An invented notice for 2027: the year is known then.
    let later = shipped.replace("\"year\": 2026", "\"year\": 2027").replace("2026-", "2027-");
    let kept: Vec<&str> = later.lines().filter(|line| !line.contains("\"date\": \"2027")).collect();
    let later = file(&folder, "CN-2027.json", &kept.join("\n"));
    let day = answer(&clock(&format!("isworkday 2027-10-01 --calendar {later}")));
    assert_eq!((&day["workday"], &day["no_calendar"]), (&json!(false), &json!([])));
    assert_eq!(code(&clock(&format!("isworkday 2026-10-01 --calendar {good}"))), "clock.pack-duplicate");

    let branch = r#"{"format": "branch-calendar", "hours": [{"open": "09:00", "close": "17:00"}]}"#;
    let branch = file(&folder, "branch.json", branch);
    let due = answer(&clock(&format!("due --rule K1 --start 2026-03-02T10:00:00+08:00 --branch {branch}")));
    assert_eq!(due["due"], "2026-03-03T17:00:00+08:00");
}

#[test]
fn rules_are_listed_with_their_source() {
    let rules = answer(&clock("rules"))["rules"].as_array().unwrap().clone();
    let of = |id: &str| rules.iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(of("K10")["source"]["marks"], json!({ "rule": "V2", "limit": "V2", "article": "M" }));
    assert_eq!(of("K9")["kind"], "internal");
    assert_eq!(rules.len(), 15);
    let due = answer(&clock("due --rule K10 --start 2026-03-02T10:00:00+08:00"));
    assert_eq!(due["warnings"][0]["code"], "clock.unverified");
}
