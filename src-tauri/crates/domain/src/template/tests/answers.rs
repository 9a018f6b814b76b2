//! Codes, sentences and order of what is wrong with answers.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::super::{Findings, Period, check_answers};
use super::template;
use crate::code::Code;

fn check(id: &str, change: Value) -> Findings {
    let template = template(id);
    let mut answers = template.example.answers.clone();
    for (key, value) in change.as_object().unwrap() {
        answers[key] = value.clone();
    }
    let now: DateTime<Utc> = "2026-11-22T04:00:00Z".parse().unwrap();
    let period = Period { inception: day("2026-03-01"), expiry: day("2027-02-28") };
    check_answers(template, &answers, now, period).unwrap()
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

#[test]
fn each_kind_of_mistake_has_its_code() {
    for (id, change, code, field) in [
        ("motor-damage", json!({"story": "  "}), Code::TemplateAnswerMissing, "answers.story"),
        ("motor-damage", json!({"injured": "yes"}), Code::TemplateAnswerType, "answers.injured"),
        ("motor-damage", json!({"cause": "ufo"}), Code::TemplateAnswerChoice, "answers.cause"),
        (
            "inpatient",
            json!({"discharged_on": "2026-02-30"}),
            Code::TemplateAnswerDate,
            "answers.discharged_on",
        ),
        (
            "inpatient",
            json!({"incident_at": "yesterday"}),
            Code::TemplateAnswerDatetime,
            "answers.incident_at",
        ),
        ("inpatient", json!({"total_expense": "1.234"}), Code::TemplateAnswerMoney, "answers.total_expense"),
        ("outpatient", json!({"visits": 0}), Code::TemplateAnswerTooSmall, "answers.visits"),
        ("outpatient", json!({"visits": 366}), Code::TemplateAnswerTooLarge, "answers.visits"),
        (
            "liability",
            json!({"job_title": "木".repeat(101)}),
            Code::TemplateAnswerTooLong,
            "answers.job_title",
        ),
        ("liability", json!({"pay": "1"}), Code::TemplateAnswerUnknown, "answers.pay"),
        (
            "hospital-cash",
            json!({"discharged_on": "2026-10-08"}),
            Code::TemplateAnswerDatesReversed,
            "answers.discharged_on",
        ),
        (
            "motor-damage",
            json!({"incident_at": "2026-11-22T12:00:01+08:00"}),
            Code::ClaimIncidentInFuture,
            "answers.incident_at",
        ),
        (
            "motor-damage",
            json!({"incident_at": "2026-02-28T23:59:59+08:00"}),
            Code::ClaimIncidentBeforeInception,
            "answers.incident_at",
        ),
    ] {
        let findings = check(id, change.clone());
        let found: Vec<_> =
            findings.refusals.iter().map(|refusal| (refusal.code, refusal.field.as_deref())).collect();
        assert_eq!(found, [(code, Some(field))], "{id} {change}");
    }
}

#[test]
fn the_first_second_of_cover_and_the_present_moment_are_fine() {
    for at in ["2026-03-01T00:00:00+08:00", "2026-02-28T16:00:00Z", "2026-11-22T12:00:00+08:00"] {
        assert_eq!(check("motor-damage", json!({"incident_at": at})), Findings::default(), "{at}");
    }
}

#[test]
fn an_incident_after_expiry_only_warns() {
    let template = template("motor-damage");
    let period = Period { inception: day("2025-03-01"), expiry: day("2026-05-17") };
    let now: DateTime<Utc> = "2026-11-22T04:00:00Z".parse().unwrap();
    let findings = check_answers(template, &template.example.answers, now, period).unwrap();
    assert_eq!(findings.refusals, []);
    assert_eq!(findings.warnings.len(), 1);
    assert_eq!(findings.warnings[0].code, Code::ClaimIncidentAfterExpiry);
}

#[test]
fn labels_are_in_the_language_of_the_sentence() {
    let findings = check("motor-damage", json!({"claimed_amount": "-1"}));
    let message = findings.refusals[0].message();
    assert!(message.zh_cn.contains("估损或申请金额"), "{}", message.zh_cn);
    assert!(message.zh_tw.contains("估損或申請金額"), "{}", message.zh_tw);
    assert!(message.en.contains("Estimated or claimed amount"), "{}", message.en);
}

#[test]
fn refusals_follow_the_form() {
    let findings = check("motor-damage", json!({"plate": "", "cause": "x", "incident_at": "x", "zzz": 1}));
    let fields: Vec<_> = findings.refusals.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
    assert_eq!(fields, ["answers.incident_at", "answers.cause", "answers.plate", "answers.zzz"]);
}

#[test]
fn what_is_no_object_is_refused_once() {
    let now: DateTime<Utc> = "2026-11-22T04:00:00Z".parse().unwrap();
    for answers in [json!([]), json!("x"), json!(null), json!(5)] {
        let findings = check_answers(template("liability"), &answers, now, Period::default()).unwrap();
        assert_eq!(findings.refusals.len(), 1, "{answers}");
        assert_eq!(findings.refusals[0].code, Code::TemplateAnswersNotObject);
    }
}
