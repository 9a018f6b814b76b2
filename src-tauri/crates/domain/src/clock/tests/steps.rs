//! Explanations: each day left out and why.

use super::super::{Calendar, Clock, StepKind, explain};
use super::{at, events, rule};

/// The steps, each as its kind and what its day or moment is.
fn steps(id: &str, start: &str, list: &str) -> Vec<String> {
    let events = events(rule(id), list).unwrap();
    let clock = Clock { start: at(start), limit: None, events: &events };
    let steps = explain(rule(id), &clock, Calendar::shipped()).unwrap();
    for step in &steps {
        for sentence in [&step.text.zh_cn, &step.text.zh_tw, &step.text.en] {
            assert!(!sentence.is_empty() && !sentence.contains('{'), "{sentence}");
        }
    }
    let when = |step: &super::super::Step| match (step.date, step.at) {
        (Some(date), _) => date.to_string(),
        (None, Some(at)) => at.to_rfc3339(),
        (None, None) => String::new(),
    };
    steps.iter().map(|step| format!("{:?} {}", step.kind, when(step)).trim().to_owned()).collect()
}

#[test]
fn seven_workdays_over_the_national_day() {
    let expect = [
        "Start 2026-09-28T10:00:00+08:00",
        "Limit",
        "Skipped 2026-10-01",
        "Skipped 2026-10-02",
        "Skipped 2026-10-03",
        "Skipped 2026-10-04",
        "Skipped 2026-10-05",
        "Skipped 2026-10-06",
        "Skipped 2026-10-07",
        "Counted 2026-10-10",
        "Skipped 2026-10-11",
        "Last 2026-10-13",
        "Close 2026-10-13",
        "Result 2026-10-13T23:59:59+08:00",
    ];
    assert_eq!(steps("K9", "2026-09-28", ""), expect);
}

#[test]
fn a_last_day_that_moves() {
    let expect = [
        "Start 2026-09-20T10:00:00+08:00",
        "Limit",
        "Last 2026-10-05",
        "Moved 2026-10-05",
        "Moved 2026-10-06",
        "Moved 2026-10-07",
        "Close 2026-10-08",
        "Result 2026-10-08T23:59:59+08:00",
    ];
    assert_eq!(steps("K10", "2026-09-20", ""), expect);
}

#[test]
fn everything_that_happened_is_told() {
    let list = "pause@2026-03-05 resume@2026-03-10 extend-complex@2026-03-20 end@2026-04-01";
    let expect = [
        "Start 2026-03-02T10:00:00+08:00",
        "Limit",
        "Extension 2026-03-20T10:00:00+08:00",
        "Pause 2026-03-05T10:00:00+08:00",
        "Skipped 2026-03-06",
        "Skipped 2026-03-07",
        "Skipped 2026-03-08",
        "Skipped 2026-03-09",
        "Skipped 2026-03-10",
        "Last 2026-04-06",
        "Moved 2026-04-06",
        "Close 2026-04-07",
        "Result 2026-04-07T23:59:59+08:00",
        "End 2026-04-01T10:00:00+08:00",
    ];
    assert_eq!(steps("K10", "2026-03-02", list), expect);
    let expect = ["Start 2026-03-02T10:00:00+08:00", "Limit", "Pause 2026-03-05T10:00:00+08:00", "Result"];
    assert_eq!(steps("K10", "2026-03-02", "pause@2026-03-05"), expect);
    let list = "restart@2026-03-20";
    assert!(steps("K10", "2026-03-02", list).contains(&"Restart 2026-03-20T10:00:00+08:00".to_owned()));
    assert!(steps("K9", "2026-12-30", "").contains(&"NoCalendar".to_owned()));
    // A day that a pause takes out is told once, as paused, whatever else it is.
    let steps = steps("K9", "2026-09-28", "pause@2026-09-30 resume@2026-10-09");
    assert_eq!(steps.iter().filter(|step| step.starts_with("Skipped")).count(), 10, "{steps:?}");
    assert_eq!(steps.last().unwrap(), "Result 2026-10-15T23:59:59+08:00");
}

#[test]
fn the_words_are_sentences() {
    let list = events(rule("K9"), "pause@2026-10-08 resume@2026-10-09").unwrap();
    let clock = Clock { start: at("2026-09-28"), limit: None, events: &list };
    let steps = explain(rule("K9"), &clock, Calendar::shipped()).unwrap();
    let of = |kind: StepKind| steps.iter().find(|step| step.kind == kind).unwrap().text.clone();
    assert_eq!(of(StepKind::Skipped).zh_cn, "2026-10-01 不计入：国庆节放假（国办发明电〔2025〕7号）");
    assert_eq!(
        of(StepKind::Skipped).en,
        "2026-10-01 is not counted: National Day holiday (国办发明电〔2025〕7号)"
    );
    assert!(of(StepKind::Pause).zh_cn.ends_with("扣除 1 个工作日"), "{}", of(StepKind::Pause).zh_cn);
    let list =
        events(rule("K8"), "pause@2026-09-28T12:30:00+08:00 resume@2026-09-28T15:45:00+08:00").unwrap();
    let clock = Clock { start: at("2026-09-28"), limit: None, events: &list };
    let steps = explain(rule("K8"), &clock, Calendar::shipped()).unwrap();
    assert!(steps[2].text.en.ends_with("3 h 15 min taken out"), "{}", steps[2].text.en);
}
