//! The fourteen shipped templates: whole, with good examples, and with papers that follow the facts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::library::SHIPPED_FILES;
use super::super::{ClockRule, Library, ReceivedForm, checklist};
use super::template;
use crate::identity::{self, IdentityKind};
use crate::party::{PartyInput, check_party};

fn papers(id: &str, change: Value, roles: &[&str]) -> BTreeSet<String> {
    let template = template(id);
    let mut answers = template.example.answers.clone();
    for (key, value) in change.as_object().unwrap() {
        answers[key] = value.clone();
    }
    checklist(template, &answers, roles)
        .unwrap()
        .into_iter()
        .filter(|item| item.required)
        .map(|item| item.document.id.clone())
        .collect()
}

#[test]
fn every_file_is_good_and_named_after_its_template() {
    let library = Library::shipped();
    let problems: Vec<String> = library
        .problems
        .iter()
        .map(|problem| format!("{problem} {}", problem.refusal.message().en))
        .collect();
    assert_eq!(problems, Vec::<String>::new());
    let names: Vec<String> =
        library.templates.iter().map(|template| format!("{}.json", template.id)).collect();
    let files: Vec<&str> = SHIPPED_FILES.iter().map(|(file, _)| *file).collect();
    assert_eq!(names, files);
    assert_eq!(names.len(), 14);
}

#[test]
fn every_file_in_the_folder_is_shipped() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../assets/templates");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut shipped: Vec<&str> = SHIPPED_FILES.iter().map(|(file, _)| *file).collect();
    shipped.sort_unstable();
    assert_eq!(files, shipped);
}

#[test]
fn every_example_hands_in_all_required_papers() {
    for template in &Library::shipped().templates {
        let roles: Vec<&str> = template.example.parties.iter().map(|party| party.role.as_str()).collect();
        let received = &template.example.documents;
        for item in checklist(template, &template.example.answers, &roles).unwrap() {
            let came = received.iter().find(|paper| paper.id == item.document.id);
            let enough = came.is_some_and(|paper| {
                paper.count >= item.document.count && item.document.form.accepts(paper.received)
            });
            assert!(enough || !item.required, "{} lacks {}", template.id, item.document.id);
        }
        assert!(received.iter().any(|paper| paper.received == ReceivedForm::Original), "{}", template.id);
    }
}

#[test]
fn every_example_lies_in_its_days() {
    let (first, last): (NaiveDate, NaiveDate) =
        ("2026-03-05".parse().unwrap(), "2026-10-30".parse().unwrap());
    for template in &Library::shipped().templates {
        let at = template.example.answers["incident_at"].as_str().unwrap();
        let day = chrono::DateTime::parse_from_rfc3339(at).unwrap().date_naive();
        assert!(first <= day && day <= last, "{} on {day}", template.id);
    }
}

#[test]
fn every_party_of_an_example_is_taken_without_complaint() {
    for template in &Library::shipped().templates {
        for (index, party) in template.example.parties.iter().enumerate() {
            let input: PartyInput = serde_json::from_value(serde_json::to_value(party).unwrap()).unwrap();
            let (_, warnings) = check_party(input, index, "2026-11-22".parse().unwrap())
                .unwrap_or_else(|refusals| panic!("{} {}: {refusals:?}", template.id, party.name));
            assert_eq!(warnings, [], "{} {}", template.id, party.name);
        }
    }
}

#[test]
fn every_number_on_an_example_form_has_its_check_character() {
    let mut checked = 0;
    for template in &Library::shipped().templates {
        for field in template.fields() {
            let Ok(kind) = field.widget.as_str().parse::<IdentityKind>() else { continue };
            let Some(value) = template.example.answers.get(&field.key).and_then(Value::as_str) else {
                continue;
            };
            let found = identity::check(kind, value, "2026-11-22".parse().unwrap());
            assert!(
                found.as_ref().is_ok_and(|found| found.warnings.is_empty()),
                "{}: {value}: {found:?}",
                template.id
            );
            checked += 1;
        }
    }
    assert!(checked >= 5, "plates and VINs of the motor examples were checked: {checked}");
}

#[test]
fn clocks_follow_the_line() {
    for (id, has, lacks) in [
        ("motor-compulsory-injury", ClockRule::K2, ClockRule::K3),
        ("motor-damage", ClockRule::K4, ClockRule::K1),
        ("inpatient", ClockRule::K3, ClockRule::K2),
        ("death-benefit", ClockRule::K3, ClockRule::K1),
    ] {
        let rules: Vec<ClockRule> = template(id).clocks.iter().map(|clock| clock.rule).collect();
        assert!(rules.contains(&has) && !rules.contains(&lacks), "{id}: {rules:?}");
        assert!(rules.contains(&ClockRule::K5) && rules.contains(&ClockRule::K6), "{id}: {rules:?}");
    }
}

#[test]
fn papers_follow_the_facts() {
    for (id, change, roles, asked, not_asked) in [
        ("motor-damage", json!({}), &["insured"][..], "accident-certificate", "scene-photos"),
        (
            "motor-damage",
            json!({"accident_kind": "single"}),
            &["insured"],
            "scene-photos",
            "accident-certificate",
        ),
        ("motor-damage", json!({"injured": true}), &["insured"], "diagnosis", "fire-proof"),
        ("motor-damage", json!({"cause": "fire"}), &["insured"], "fire-proof", "tow-invoice"),
        ("motor-damage", json!({}), &["insured", "agent"], "authority-letter", "diagnosis"),
        ("motor-compulsory-injury", json!({}), &["injured", "guardian"], "guardian-proof", "minor-consent"),
        (
            "motor-compulsory-injury",
            json!({"under_14": true}),
            &["injured"],
            "minor-consent",
            "death-certificate",
        ),
        ("motor-theft", json!({"keys_missing": true}), &["insured"], "key-statement", "mortgagee-consent"),
        ("home-property", json!({"cause": "theft"}), &["insured"], "police-proof", "property-manager-proof"),
        ("commercial-property", json!({}), &["insured"], "fire-proof", "machinery-report"),
        (
            "liability",
            json!({"loss_kind": "property"}),
            &["insured"],
            "property-loss-proof",
            "medical-invoice",
        ),
        ("inpatient", json!({}), &["insured"], "medical-invoice", "settlement-split"),
        (
            "inpatient",
            json!({"reimbursed_elsewhere": true}),
            &["insured"],
            "settlement-split",
            "medical-invoice",
        ),
        ("critical-illness", json!({}), &["insured"], "pathology", "heart-tests"),
        (
            "accident-disability",
            json!({"appraised": "no"}),
            &["insured"],
            "appraisal-request",
            "disability-report",
        ),
        ("death-benefit", json!({}), &["insured"], "cremation-certificate", "declaration-judgment"),
        (
            "death-benefit",
            json!({"cause": "declared"}),
            &["insured"],
            "declaration-judgment",
            "death-certificate",
        ),
        ("death-benefit", json!({}), &["insured", "heir"], "kinship-proof", "inheritance-notarisation"),
        ("outpatient", json!({"drug_purchase": true}), &["insured"], "prescription", "chronic-certificate"),
        ("hospital-cash", json!({"icu": true}), &["insured"], "icu-proof", "earlier-summary"),
    ] {
        let papers = papers(id, change.clone(), roles);
        assert!(papers.contains(asked), "{id} {change} {roles:?} asks for {asked}: {papers:?}");
        assert!(!papers.contains(not_asked), "{id} {change} {roles:?} does not ask for {not_asked}");
    }
}

/// The condition is read before anything is typed: no form asks for conditional papers out of the blue.
#[test]
fn an_empty_form_asks_only_for_the_plain_papers() {
    let none: [&str; 0] = [];
    for template in &Library::shipped().templates {
        let asked = checklist(template, &json!({}), &none).unwrap().len();
        assert!(asked >= 4 && asked < template.documents.len(), "{}: {asked}", template.id);
    }
}

/// What rests on memory or on a secondary page must say so (domain page, note at its top).
#[test]
fn unverified_rules_are_marked() {
    for (file, source) in SHIPPED_FILES {
        let value: Value = serde_json::from_str(source).unwrap();
        let mut texts = Vec::new();
        collect(&value, &mut texts);
        for text in texts {
            for (sign, mark) in [
                ("基本服务规定", "待核"),
                ("JR/T 0083", "待核"),
                ("48 小时", "内部目标"),
                ("2000 元", "待核"),
                ("18000", "待核"),
                ("180 天", "待核"),
                ("60 日，", "待核"),
            ] {
                assert!(!text.contains(sign) || text.contains(mark), "{file}: {text}");
            }
        }
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(text) = map.get("zh-CN").and_then(Value::as_str) {
                texts.push(text.to_owned());
            }
            map.values().for_each(|child| collect(child, texts));
        }
        Value::Array(items) => items.iter().for_each(|child| collect(child, texts)),
        _ => {}
    }
}

#[test]
fn a_template_survives_writing_and_reading() {
    for (file, source) in SHIPPED_FILES {
        let template = super::super::parse(file, source).unwrap();
        let written = serde_json::to_value(&template).unwrap();
        let read: super::super::Template = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), written, "{file}");
        let roles: [&str; 1] = ["insured"];
        assert_eq!(
            checklist(&read, &read.example.answers, &roles).unwrap().len(),
            checklist(&template, &template.example.answers, &roles).unwrap().len(),
            "{file}: validators are compiled anew"
        );
    }
}

#[test]
fn templates_and_parties_know_the_same_roles() {
    let parties: Vec<&str> = crate::party::PartyRole::ALL.iter().map(|role| role.as_str()).collect();
    assert_eq!(super::super::ROLES, parties);
}
