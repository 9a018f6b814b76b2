//! Which day, for every clock (domain page C1 to C3), around the long holidays.

use chrono::NaiveTime;

use super::super::{Branch, Calendar, Clock, Closing, Opening, Packs, Rule, Unit, compute, day};
use super::{at, due, rule, run};
use crate::text::Text;

#[test]
fn days_of_the_law() {
    // The day alone means 23:59:59 in Shanghai.
    let check = |id: &str, start: &str, expect: &str| {
        assert_eq!(due(id, start, ""), format!("{expect}T23:59:59+08:00"), "{id} from {start}");
    };
    // One day; National Day 2026 is 1 to 7 October, Saturday 10 October is worked.
    check("K1", "2026-09-29", "2026-09-30");
    check("K1", "2026-09-30", "2026-10-08");
    check("K1", "2026-10-09", "2026-10-10");
    check("K1", "2026-10-10", "2026-10-12");
    check("K2", "2026-09-25", "2026-09-30");
    check("K2", "2026-09-28", "2026-10-08");
    // Five workdays around the Spring Festival 2026: off 15 to 23 February, worked Saturdays 14 and 28.
    check("K3", "2026-02-12", "2026-02-26");
    check("K3", "2026-02-24", "2026-03-02");
    check("K3", "2026-03-02", "2026-03-09");
    // Thirty days that end on a worked Saturday stay there; on the Sunday after it they pass the whole festival.
    check("K4", "2026-01-15", "2026-02-14");
    check("K4", "2026-01-16", "2026-02-24");
    check("K4", "2026-03-02", "2026-04-01");
    check("K5", "2026-02-05", "2026-02-24");
    check("K5", "2026-03-02", "2026-03-12");
    // Labour Day 2026: off 1 to 5 May, worked Saturday 9 May.
    check("K6", "2026-04-29", "2026-05-06");
    check("K6", "2026-05-06", "2026-05-09");
    check("K7", "2026-08-05", "2026-10-08");
    check("K7", "2026-03-02", "2026-05-06");
    // Seven workdays over the National Day and its worked Saturday.
    check("K9", "2026-09-28", "2026-10-13");
    check("K9", "2026-03-02", "2026-03-11");
    check("K10", "2026-09-28", "2026-10-13");
    check("K10", "2026-09-20", "2026-10-08");
    check("K10", "2026-09-25", "2026-10-10");
    check("K10", "2026-09-26", "2026-10-12");
    check("K11", "2026-03-05", "2026-04-07");
    check("K11-request", "2026-03-02", "2026-04-01");
}

#[test]
fn years_end_on_the_same_date_or_the_last_of_the_month() {
    let check = |id: &str, start: &str, expect: &str| {
        assert_eq!(due(id, start, ""), format!("{expect}T23:59:59+08:00"), "{id} from {start}");
    };
    check("K12", "2016-06-30", "2026-06-30");
    check("K12-short", "2020-02-29", "2025-02-28");
    check("K12-short", "2021-10-02", "2026-10-08");
    check("K12-aml", "2016-10-03", "2026-10-08");
}

#[test]
fn years_whose_arrangement_was_changed() {
    let check = |id: &str, start: &str, expect: &str| {
        assert_eq!(due(id, start, ""), format!("{expect}T23:59:59+08:00"), "{id} from {start}");
    };
    // The Spring Festival of 2020 was lengthened to Sunday 2 February.
    check("K10", "2020-01-16", "2020-02-03");
    check("K9", "2020-01-22", "2020-02-10");
    // Victory Day 2015: off 3 to 5 September, worked Sunday 6 September.
    check("K6", "2015-08-31", "2015-09-06");
    // Labour Day 2019 became 1 to 4 May, worked Sundays 28 April and 5 May.
    check("K6", "2019-04-28", "2019-05-05");
    // The notice for 2012 worked Saturday 31 December 2011.
    check("K9", "2011-12-29", "2012-01-10");
    // The notice for 2023 gave Saturday 31 December 2022 off and worked no Saturday for it.
    check("K1", "2022-12-30", "2023-01-03");
}

#[test]
fn hours_run_from_the_moment_through_rest_days() {
    let check = |start: &str, expect: &str| assert_eq!(due("K8", start, ""), expect, "K8 from {start}");
    check("2026-09-28T10:00:00+08:00", "2026-09-30T10:00:00+08:00");
    check("2026-09-30T16:20:05+08:00", "2026-10-02T16:20:05+08:00");
    check("2026-12-31T23:59:59+08:00", "2027-01-02T23:59:59+08:00");
}

#[test]
fn the_day_is_shanghai_s_whatever_the_offset() {
    let check = |start: &str, expect: &str| assert_eq!(due("K9", start, ""), expect, "from {start}");
    check("2026-03-02T15:59:59Z", "2026-03-11T23:59:59+08:00");
    check("2026-03-02T16:00:00Z", "2026-03-12T23:59:59+08:00");
    check("2026-03-01T20:00:00-08:00", "2026-03-11T23:59:59+08:00");
}

#[test]
fn a_year_without_calendar_is_named() {
    let check = |id: &str, start: &str, expect: &[i32]| {
        assert_eq!(run(id, start, "").unwrap().no_calendar, expect, "{id} from {start}");
    };
    check("K9", "2026-12-10", &[]);
    check("K9", "2026-12-28", &[2027]);
    check("K9", "2009-12-28", &[2009]);
    check("K10", "2026-12-10", &[]);
    check("K10", "2026-12-20", &[2027]);
    // Hours ask no calendar.
    check("K8", "2030-05-01", &[]);
    // Only the last day's year matters to a clock that counts all days.
    check("K12", "2009-06-01", &[]);
    check("K12", "2020-06-01", &[2030]);
}

fn text(text: &str) -> Text {
    Text { zh_cn: text.to_owned(), zh_tw: text.to_owned(), en: text.to_owned() }
}

fn hour(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// A branch open 9:00 to 12:00 and 13:30 to 17:30, closed on 9 and 10 March 2026.
fn branch() -> Calendar {
    let closing = Closing {
        from: day("2026-03-09").unwrap(),
        to: day("2026-03-10").unwrap(),
        reason: text("moving house"),
    };
    let hours = vec![
        Opening { open: hour(9, 0), close: hour(12, 0) },
        Opening { open: hour(13, 30), close: hour(17, 30) },
    ];
    Calendar::new(Packs::shipped(), Branch::new(vec![closing], hours).unwrap())
}

fn in_branch(rule: &Rule, start: &str) -> String {
    let clock = Clock { start: at(start), limit: None, events: &[] };
    compute(rule, &clock, &branch(), at("2098-01-01")).unwrap().due.unwrap().to_rfc3339()
}

#[test]
fn the_last_day_ends_when_the_branch_closes() {
    let check = |id: &str, start: &str, expect: &str| assert_eq!(in_branch(rule(id), start), expect, "{id}");
    check("K10", "2026-09-28", "2026-10-13T17:30:00+08:00");
    check("K1", "2026-10-09", "2026-10-10T17:30:00+08:00");
    // Hours of the clock on the wall do not care.
    check("K8", "2026-09-28", "2026-09-30T10:00:00+08:00");
    // Closing days move what the house promised, not what the law says.
    check("K9", "2026-03-02", "2026-03-13T17:30:00+08:00");
    check("K3", "2026-03-03", "2026-03-10T23:59:59+08:00");
}

#[test]
fn business_hours_count_while_the_branch_is_open() {
    let mut rule = rule("K8").clone();
    rule.unit = Unit::BusinessHours;
    let check = |limit, start: &str, expect: &str| {
        let mut rule = rule.clone();
        rule.limit = limit;
        assert_eq!(in_branch(&rule, start), expect, "{limit} from {start}");
    };
    // 2 h until noon, 4 h in the afternoon, 2 h on the next morning.
    check(8, "2026-03-02T10:00:00+08:00", "2026-03-03T11:00:00+08:00");
    check(8, "2026-03-02T08:00:00+08:00", "2026-03-03T10:00:00+08:00");
    check(8, "2026-03-02T12:30:00+08:00", "2026-03-03T14:30:00+08:00");
    // Friday 6 March after closing: Monday and Tuesday are closed, so 7 h on Wednesday and 1 h on Thursday.
    check(8, "2026-03-06T20:00:00+08:00", "2026-03-12T10:00:00+08:00");
    check(7, "2026-03-02T08:00:00+08:00", "2026-03-02T17:30:00+08:00");
    let clock = Clock { start: at("2026-03-02"), limit: None, events: &[] };
    let refusal = compute(&rule, &clock, Calendar::shipped(), at("2026-03-02")).unwrap_err();
    assert_eq!(refusal.code, crate::code::Code::ClockNoBusinessHours);
}

#[test]
fn a_contract_may_set_some_limits() {
    let with = |id: &str, limit| {
        let clock = Clock { start: at("2026-03-02"), limit: Some(limit), events: &[] };
        compute(rule(id), &clock, Calendar::shipped(), at("2026-03-02"))
    };
    assert_eq!(with("K5", 3).unwrap().due.unwrap().to_rfc3339(), "2026-03-05T23:59:59+08:00");
    assert_eq!(with("K4", 0).unwrap_err().code, crate::code::Code::ClockLimitRange);
    assert_eq!(with("K4", u32::MAX).unwrap_err().code, crate::code::Code::ClockLimitRange);
    assert_eq!(with("K6", 5).unwrap_err().code, crate::code::Code::ClockLimitFixed);
}
