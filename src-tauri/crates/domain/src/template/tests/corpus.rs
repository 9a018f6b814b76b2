//! The shared corpus of answers: the same cases bind the validator of the window (tests/corpus/answers).

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::super::{Period, check_answers};
use super::template;

#[derive(Deserialize)]
struct Case {
    template: String,
    name: String,
    answers: Value,
    valid: bool,
    fields: BTreeSet<String>,
}

#[test]
fn every_case_gets_its_verdict() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/corpus/answers");
    let now: DateTime<Utc> = "2026-11-22T00:00:00Z".parse().unwrap();
    let mut count = 0;
    let mut covered = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for case in serde_json::from_str::<Vec<Case>>(&source).unwrap() {
            let findings =
                check_answers(template(&case.template), &case.answers, now, Period::default()).unwrap();
            let refused: BTreeSet<String> = findings
                .refusals
                .iter()
                .filter_map(|refusal| refusal.field.as_deref()?.strip_prefix("answers."))
                .map(str::to_owned)
                .collect();
            assert_eq!(refused, case.fields, "{}: {}: {:?}", case.template, case.name, findings.refusals);
            assert_eq!(findings.refusals.is_empty(), case.valid, "{}: {}", case.template, case.name);
            for refusal in &findings.refusals {
                let message = refusal.message();
                for sentence in [&message.zh_cn, &message.zh_tw, &message.en] {
                    assert!(!sentence.contains('{'), "a parameter is missing in {sentence:?}");
                }
            }
            covered.insert(case.template);
            count += 1;
        }
    }
    assert!(count >= 120, "only {count} cases");
    assert_eq!(covered.len(), 14, "templates in the corpus: {covered:?}");
}
