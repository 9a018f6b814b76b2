//! Several versions of one template, and broken files beside good ones.

use chrono::NaiveDate;

use super::super::Library;
use super::super::library::SHIPPED_FILES;
use crate::code::Code;

fn outpatient() -> &'static str {
    SHIPPED_FILES.iter().find(|(file, _)| *file == "outpatient.json").unwrap().1
}

fn version(number: u32, from: &str, to: Option<&str>) -> (String, String) {
    let to = to.map_or("null".to_owned(), |to| format!("\"{to}\""));
    let source = outpatient()
        .replacen("\"version\": 1", &format!("\"version\": {number}"), 1)
        .replacen("\"effective_from\": \"2026-01-01\"", &format!("\"effective_from\": \"{from}\""), 1)
        .replacen("\"effective_to\": null", &format!("\"effective_to\": {to}"), 1);
    (format!("outpatient.v{number}.json"), source)
}

#[test]
fn a_day_has_the_newest_version_in_effect() {
    let library = Library::load([
        version(2, "2026-07-01", None),
        version(1, "2026-01-01", Some("2026-07-31")),
        version(3, "2027-01-01", Some("2027-06-30")),
    ]);
    assert_eq!(library.problems, []);
    for (day, expected) in [
        ("2025-12-31", None),
        ("2026-01-01", Some(1)),
        ("2026-06-30", Some(1)),
        ("2026-07-01", Some(2)),
        ("2026-07-31", Some(2)),
        ("2027-01-01", Some(3)),
        ("2027-06-30", Some(3)),
        ("2027-07-01", Some(2)),
    ] {
        let day: NaiveDate = day.parse().unwrap();
        let current = library.current("outpatient", day).map(|template| template.version);
        assert_eq!(current, expected, "{day}");
        let all: Vec<u32> = library.all_current(day).iter().map(|template| template.version).collect();
        assert_eq!(all, expected.into_iter().collect::<Vec<_>>(), "{day}");
    }
    assert_eq!(library.get("outpatient", 1).map(|template| template.version), Some(1));
    assert!(
        library.get("outpatient", 4).is_none()
            && library.current("none", "2026-08-01".parse().unwrap()).is_none()
    );
}

#[test]
fn a_broken_file_does_not_hinder_the_others() {
    let mut files: Vec<(String, String)> =
        SHIPPED_FILES.iter().map(|(file, source)| ((*file).to_owned(), (*source).to_owned())).collect();
    files[3].1 = files[3].1.replacen("\"roles\"", "\"rolls\"", 1);
    files.push(("empty.json".to_owned(), String::new()));
    let library = Library::load(files);
    assert_eq!(library.templates.len(), 13);
    let problems: Vec<(&str, Code)> =
        library.problems.iter().map(|problem| (problem.file.as_str(), problem.refusal.code)).collect();
    assert_eq!(
        problems,
        [("motor-third-party.json", Code::TemplateKeyUnknown), ("empty.json", Code::TemplateJsonBroken)]
    );
}

#[test]
fn the_same_version_twice_is_refused_the_second_time() {
    let library =
        Library::load([version(1, "2026-01-01", None), ("again.json".to_owned(), outpatient().to_owned())]);
    assert_eq!(library.templates.len(), 1);
    assert_eq!(library.problems.len(), 1);
    assert_eq!(library.problems[0].refusal.code, Code::TemplateVersionDuplicate);
    assert_eq!((library.problems[0].file.as_str(), library.problems[0].line), ("again.json", 3));
}
