//! The shipped clocks, and what is no clock.

use super::super::rules::SHIPPED_FILES;
use super::super::{Kind, Mark, Rules, Sense, Subject, Unit, parse_rule, words};
use super::rule;
use crate::code::Code;
use crate::template::Library;

#[test]
fn every_shipped_clock_is_sound() {
    let rules = Rules::shipped();
    assert!(rules.problems.is_empty(), "{:?}", rules.problems);
    for ((file, _), rule) in SHIPPED_FILES.iter().zip(&rules.rules) {
        assert_eq!(*file, format!("{}.json", rule.id));
        assert!(!rule.tell.near.is_empty() && !rule.tell.past.is_empty(), "{} tells nobody", rule.id);
    }
    for number in 1..=12 {
        assert!(rules.get(&format!("K{number}")).is_ok(), "K{number} is missing");
    }
    let read = words::read().map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(read, Ok(()));
}

/// The table of the domain page, part C3.
#[test]
fn clocks_are_those_of_the_domain_page() {
    let check = |id: &str, unit: Unit, limit: u32, kind: Kind, subject: Subject, pauses: usize| {
        let rule = rule(id);
        let found = (rule.unit, rule.limit, rule.kind, rule.subject, rule.pauses.len());
        assert_eq!(found, (unit, limit, kind, subject, pauses), "{id}");
    };
    check("K1", Unit::CalendarDays, 1, Kind::Statutory, Subject::Claim, 0);
    check("K2", Unit::CalendarDays, 5, Kind::Statutory, Subject::Claim, 0);
    check("K3", Unit::WorkingDays, 5, Kind::Statutory, Subject::Claim, 1);
    check("K4", Unit::CalendarDays, 30, Kind::Statutory, Subject::Claim, 1);
    check("K5", Unit::CalendarDays, 10, Kind::Statutory, Subject::Claim, 0);
    check("K6", Unit::CalendarDays, 3, Kind::Statutory, Subject::Claim, 0);
    check("K7", Unit::CalendarDays, 60, Kind::Statutory, Subject::Claim, 0);
    check("K8", Unit::Hours, 48, Kind::Internal, Subject::Complaint, 1);
    check("K9", Unit::WorkingDays, 7, Kind::Internal, Subject::Complaint, 2);
    check("K10", Unit::CalendarDays, 15, Kind::Statutory, Subject::Complaint, 1);
    check("K11", Unit::CalendarDays, 30, Kind::Statutory, Subject::Complaint, 0);
    check("K11-request", Unit::CalendarDays, 30, Kind::Statutory, Subject::Complaint, 0);
    check("K12", Unit::Years, 10, Kind::Statutory, Subject::Record, 1);
    check("K12-short", Unit::Years, 5, Kind::Statutory, Subject::Record, 1);
    check("K12-aml", Unit::Years, 10, Kind::Statutory, Subject::Record, 1);
}

#[test]
fn what_is_from_memory_says_so() {
    let check = |id: &str, expect: Option<Mark>| assert_eq!(rule(id).mark(), expect, "{id}");
    for id in ["K1", "K2", "K4", "K5", "K6", "K7", "K12", "K12-short", "K12-aml"] {
        check(id, Some(Mark::V1));
    }
    for id in ["K3", "K10", "K11", "K11-request"] {
        check(id, Some(Mark::M));
    }
    check("K8", None);
    check("K9", None);
    assert_eq!(rule("K10").source.marks.unwrap().limit, Mark::V2);
    assert_eq!(rule("K11").source.marks.unwrap().limit, Mark::M);
    assert_eq!(rule("K10").pauses[0].mark, Some(Mark::M));
}

#[test]
fn every_clock_a_template_names_is_there() {
    for template in &Library::shipped().templates {
        for clock in &template.clocks {
            let found = rule(&format!("{:?}", clock.rule));
            assert!(found.subject != Subject::Complaint, "{} of {}", found.id, template.id);
        }
    }
    assert!(Rules::shipped().rules.iter().filter(|rule| rule.sense == Sense::Keep).count() == 3);
}

#[test]
fn a_second_clock_of_one_id_is_refused() {
    let file = SHIPPED_FILES[0];
    let rules = Rules::load([file, ("other.json", file.1)]);
    assert_eq!(rules.rules.len(), 1);
    let problem = &rules.problems[0];
    assert_eq!((problem.file.as_str(), problem.line), ("other.json", 3));
    assert_eq!(problem.refusal.code, Code::ClockRuleDuplicate);
}

#[test]
fn broken_clocks_name_line_and_reason() {
    let source = SHIPPED_FILES.iter().find(|(file, _)| *file == "K10.json").unwrap().1;
    let check = |from: &str, to: &str, code: Code, line: &str| {
        assert!(source.contains(from), "{from}");
        let broken = source.replacen(from, to, 1);
        let problem = parse_rule("x.json", &broken).expect_err(to);
        assert_eq!(problem.refusal.code, code, "{to}: {}", problem.refusal.message().en);
        let found = broken.lines().nth(problem.line as usize - 1).unwrap();
        assert!(found.contains(line), "{to}: line {} is {found}", problem.line);
    };
    check("\"limit\": 15", "\"limit\": 0", Code::ClockLimitRange, "limit");
    check("\"limit\": 15", "\"limit\": 4000000000", Code::ClockLimitRange, "limit");
    check("\"limit\": 15", "\"limit\": -1", Code::ClockValueWrong, "limit");
    check("\"unit\": \"calendar_days\"", "\"unit\": \"moons\"", Code::ClockValueWrong, "moons");
    check("\"unit\": \"calendar_days\"", "\"unit\": \"years\"", Code::ClockExtensionBroken, "{");
    check("\"id\": \"K10\"", "\"id\": \"K 10\"", Code::ClockIdInvalid, "K 10");
    check("\"kind\": \"statutory\"", "\"kind\": \"internal\"", Code::ClockSource, "source");
    check("\"article\": \"18\",", "", Code::ClockSource, "source");
    check("\"ends\": \"appraisal-done\"", "\"ends\": \"appraisal-begun\"", Code::ClockHappeningTwice, "ends");
    check("\"start\": \"complaint-received\"", "\"start\": \"end\"", Code::ClockHappeningTwice, "start");
    check("\"add\": 15", "\"add\": 0", Code::ClockExtensionBroken, "{");
    check("\"after\": \"extend-complex\"", "\"after\": \"extend-special\"", Code::ClockExtensionBroken, "{");
    check("\"share\": 25", "\"share\": 0", Code::ClockWarn, "{");
    check("\"share\": 25", "\"left\": 16", Code::ClockWarn, "{");
    check("\"superior_approver\"", "\"emperor\"", Code::ClockRole, "emperor");
    check("\"rule\": \"V2\"", "\"rule\": \"V3\"", Code::ClockValueWrong, "V3");
    check("\"decision-told\"", "", Code::ClockIdInvalid, "end");
}
