//! The shipped calendars: single days, whole years, and what is no calendar.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::super::pack::{SHIPPED_FILES, is_weekend};
use super::super::{Branch, Calendar, DayKind, Packs, day, parse_branch, parse_calendar};
use crate::code::Code;

#[test]
fn every_shipped_calendar_is_sound() {
    let packs = Packs::shipped();
    assert!(packs.problems.is_empty(), "{:?}", packs.problems);
    assert_eq!(packs.packs.len(), 17);
    for pack in &packs.packs {
        assert!(pack.notices.iter().all(|notice| notice.verified), "{}", pack.year);
        // A notice of one year comes late in the year before, or changes the year while it runs.
        for notice in &pack.notices {
            let opens = format!("〔{}〕", notice.date.format("%Y"));
            assert!(notice.number.contains(&opens), "{} is of {}", notice.number, notice.date);
        }
        assert!(pack.checked_against.len() >= 2, "{} was compared with two other sources", pack.year);
    }
    assert_eq!(
        Calendar::shipped().years_without_pack(day("2009-01-01").unwrap(), day("2028-01-01").unwrap()),
        [2009, 2027, 2028]
    );
}

#[test]
fn each_year_gives_the_days_of_the_law() {
    // Each make-up workday pays for one weekday off, and a festival on a weekend is made up: so a year's workdays are
    // its weekdays less the days of the law, 11 until 2024 and 13 since, and what was given besides.
    let extra: BTreeMap<i32, i64> = BTreeMap::from([
        // Victory Day.
        (2015, 1),
        // Friday 31 January, and Saturday 1 February that was to be worked.
        (2020, 2),
    ]);
    let mut differences = BTreeMap::new();
    for year in 2010..=2026 {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = || first.iter_days().take_while(move |day| day.year() == year);
        let weekdays = days().filter(|day| !is_weekend(*day)).count();
        let worked = days().filter(|day| Calendar::shipped().is_workday(*day)).count();
        let law = if year < 2025 { 11 } else { 13 } + extra.get(&year).copied().unwrap_or_default();
        let difference = i64::try_from(weekdays).unwrap() - i64::try_from(worked).unwrap() - law;
        if difference != 0 {
            differences.insert(year, difference);
        }
    }
    // One swap crosses a year: Saturday 31 December 2011 was worked for Tuesday 3 January 2012.
    assert_eq!(differences, BTreeMap::from([(2011, -1), (2012, 1)]));
}

#[test]
fn single_days() {
    let check = |date: &str, worked: bool, reason: &str| {
        let kind = Calendar::shipped().kind(day(date).unwrap());
        assert_eq!(kind.is_worked(), worked, "{date}: {kind:?}");
        assert!(kind.text().zh_cn.contains(reason), "{date}: {}", kind.text().zh_cn);
    };
    check("2026-09-28", true, "工作日");
    check("2026-10-01", false, "国庆节放假（国办发明电〔2025〕7号）");
    check("2026-10-07", false, "国庆节");
    check("2026-10-08", true, "工作日");
    check("2026-10-10", true, "国庆节调休上班（国办发明电〔2025〕7号）");
    check("2026-10-11", false, "周末");
    check("2026-02-14", true, "春节调休上班");
    check("2026-02-15", false, "春节放假");
    check("2026-02-28", true, "春节调休上班");
    check("2025-01-01", false, "元旦放假（国办发明电〔2024〕12号）");
    // Employers were asked to give the eve of the Spring Festival 2024; the notice did not order it.
    check("2024-02-09", true, "工作日");
    check("2020-02-01", false, "国办发明电〔2020〕1号");
    check("2020-02-03", true, "工作日");
    check("2019-05-01", false, "国办发明电〔2019〕3号");
    check("2019-05-05", true, "国办发明电〔2019〕3号");
    check("2018-12-31", false, "国办发明电〔2018〕15号");
    check("2015-09-03", false, "抗战胜利70周年纪念日放假（国发明电〔2015〕1号）");
    check("2015-09-06", true, "调休上班");
    check("2011-12-31", true, "国办发明电〔2011〕45号");
    check("2014-01-30", true, "工作日");
}

#[test]
fn counting_workdays() {
    let check = |from: &str, count: u32, expect: &str| {
        let found = Calendar::shipped().workday_after(day(from).unwrap(), count).unwrap();
        assert_eq!(found.to_string(), expect, "{count} workdays after {from}");
    };
    check("2026-09-28", 0, "2026-09-28");
    check("2026-09-30", 1, "2026-10-08");
    check("2026-10-03", 1, "2026-10-08");
    check("2026-10-09", 1, "2026-10-10");
    check("2026-10-10", 1, "2026-10-12");
    check("2026-02-13", 2, "2026-02-24");
    check("2026-02-27", 2, "2026-03-02");
    // 248 workdays a year in 2025 and 2026.
    check("2024-12-31", 248, "2025-12-31");
    check("2025-12-31", 248, "2026-12-31");
    let past = Calendar::shipped().workday_after(day("2199-12-30").unwrap(), 5).unwrap_err();
    assert_eq!(past.code, Code::ClockDateRange);
}

#[test]
fn a_later_version_of_a_year_counts() {
    let (name, source) = SHIPPED_FILES[16];
    let changed = source.replace("\"version\": 1,", "\"version\": 2,").replace("2026-10-07", "2026-10-06");
    let mut packs = Packs::load([(name, source)]);
    packs.add("later.json", &changed);
    packs.add("again.json", &changed);
    let calendar = Calendar::new(&packs, Branch::default());
    assert_eq!(calendar.kind(day("2026-10-07").unwrap()), DayKind::Workday);
    let problem = &packs.problems[0];
    assert_eq!((problem.file.as_str(), problem.line), ("again.json", 4));
    assert_eq!(problem.refusal.code, Code::ClockPackDuplicate);
}

#[test]
fn broken_calendars_name_line_and_reason() {
    let source = SHIPPED_FILES[16].1;
    let check = |from: &str, to: &str, code: Code, line: &str| {
        assert!(source.contains(from), "{from}");
        let broken = source.replacen(from, to, 1);
        let problem = parse_calendar("x.json", &broken).expect_err(to);
        assert_eq!(problem.refusal.code, code, "{to}: {}", problem.refusal.message().en);
        let found = broken.lines().nth(problem.line as usize - 1).unwrap();
        assert!(found.contains(line), "{to}: line {} is {found}", problem.line);
    };
    check("\"year\": 2026", "\"year\" 2026", Code::ClockJsonBroken, "year");
    check("\"year\": 2026", "\"year\": 2026, \"year\": 2026", Code::ClockKeyDuplicate, "year");
    check("\"year\": 2026", "\"years\": 2026", Code::ClockKeyUnknown, "years");
    check("\"year\": 2026,", "", Code::ClockKeyMissing, "}");
    check("\"year\": 2026", "\"year\": \"2026\"", Code::ClockValueWrong, "year");
    check("\"format\": \"calendar\"", "\"format\": \"clock\"", Code::ClockValueWrong, "format");
    check("\"year\": 2026", "\"year\": 99999", Code::ClockPackYear, "year");
    check("\"year\": 2026", "\"year\": 2025", Code::ClockPackOtherYear, "2026-01-01");
    check("\"version\": 1,", "\"version\": 0,", Code::ClockPackVersion, "version");
    check("\"en\": \"National Day\"", "\"en\": \" \"", Code::ClockLanguageMissing, "2026-10-01");
    check(", \"en\": \"National Day\"", "", Code::ClockLanguageMissing, "2026-10-01");
    check("\"to\": \"2026-10-07\"", "\"to\": \"2026-09-30\"", Code::ClockPackSpan, "2026-09-30");
    check("\"to\": \"2026-10-07\"", "\"to\": \"2027-10-07\"", Code::ClockPackOtherYear, "2027-10-07");
    check("\"to\": \"2026-10-07\"", "\"to\": \"2026-02-30\"", Code::ClockValueWrong, "2026-02-30");
    check("\"to\": \"2026-10-07\"", "\"to\": \"2026-10-10\"", Code::ClockPackDayTwice, "2026-10-10");
    check("\"from\": \"2026-10-01\"", "\"from\": \"2026-09-27\"", Code::ClockPackDayTwice, "2026-09-27");
    check("\"date\": \"2026-10-10\"", "\"date\": \"2026-10-09\"", Code::ClockPackWorkday, "2026-10-09");
    check(
        "\"2026-10-07\", \"notice\": \"国办发明电〔2025〕7号\"",
        "\"2026-10-07\", \"notice\": \"国办发明电〔2025〕8号\"",
        Code::ClockPackNotice,
        "8号",
    );
    check(
        "{\"source\": \"chinesecalendar (PyPI)\", \"version\": \"1.11.0\"},\n    \
         {\"source\": \"chinese-days (npm)\", \"version\": \"1.5.7\"}",
        "",
        Code::ClockPackUnchecked,
        "checked_against",
    );
}

#[test]
fn a_branch_s_file() {
    let good = "{\"format\": \"branch-calendar\",\n \"hours\": [{\"open\": \"09:00\", \"close\": \"17:30\"}],\n \
                \"closing\": [{\"from\": \"2026-03-09\", \"to\": \"2026-03-10\",\n \
                \"reason\": {\"zh-CN\": \"搬迁\", \"zh-TW\": \"搬遷\", \"en\": \"moving\"}}]}";
    let branch = parse_branch("b.json", good).unwrap();
    let calendar = Calendar::new(Packs::shipped(), branch);
    assert!(matches!(calendar.kind(day("2026-03-09").unwrap()), DayKind::Closed(_)));
    assert_eq!(calendar.kind(day("2026-03-08").unwrap()), DayKind::Weekend);
    let check = |from: &str, to: &str, code: Code, line: u32| {
        let problem = parse_branch("b.json", &good.replacen(from, to, 1)).expect_err(to);
        assert_eq!((problem.refusal.code, problem.line), (code, line), "{to}");
    };
    check("17:30", "08:00", Code::ClockHours, 2);
    check("17:30", "24:30", Code::ClockValueWrong, 2);
    check("17:30\"}", "12:00\"}, {\"open\": \"11:00\", \"close\": \"17:00\"}", Code::ClockHours, 2);
    check("\"to\": \"2026-03-10\"", "\"to\": \"2026-03-08\"", Code::ClockPackSpan, 3);
    check("\"to\": \"2026-03-10\"", "\"to\": \"9999-03-08\"", Code::ClockDateRange, 3);
}
