//! `clock`: when something is due and why, and which days are worked.

use std::borrow::Cow;
use std::path::Path;

use desk::{Clock as _, Notice, Reference, SystemClock};
use domain::clock::{
    Branch, Calendar, Clock as Running, ClockState, Event, FileProblem, Packs, Rule, Rules, compute, day,
    explain, moment, parse_branch, parse_calendar,
};
use domain::{Code, Refusal};
use serde_json::{Value, json};

use crate::arguments::Global;
use crate::clock_arguments::{CalendarFile, Clock, Days, Due};
use crate::failure::{Failure, notices, sentence};
use crate::input;
use crate::output::Output;
use crate::profile;

/// More workdays than the table holds are nobody's question.
const MOST_WORKDAYS: u32 = 50_000;

pub(super) async fn run(global: &Global, command: Clock, output: &Output) -> Result<(), Failure> {
    let received = if command.wants_profile() {
        let (desk, _) = profile::open(global).await?;
        let reference = desk.reference();
        desk.close().await;
        Some(reference)
    } else {
        None
    };
    let received = received.as_deref();
    match command {
        Clock::Due(question) => due(&question, received, output),
        Clock::Workdays { from, add, days } => {
            workdays(&from, &add, calendar(&days, received)?.as_ref(), output)
        }
        Clock::Isworkday { day, days } => is_workday(&day, calendar(&days, received)?.as_ref(), output),
        Clock::Rules { .. } => {
            rules(received, output);
            Ok(())
        }
        Clock::Calendar(CalendarFile::Check { file }) => check(&file, output),
    }
}

/// The calendar to count by: the shipped one or a profile's, or one with what the command line adds.
fn calendar<'a>(days: &Days, received: Option<&'a Reference>) -> Result<Cow<'a, Calendar>, Failure> {
    if days.calendar.is_empty() && days.branch.is_none() {
        return Ok(Cow::Borrowed(match received {
            Some(received) => &received.calendar,
            None => Calendar::shipped(),
        }));
    }
    let known = match received {
        Some(received) => &received.packs,
        None => Packs::shipped(),
    };
    // A problem of theirs was told when they came.
    let mut packs = Packs { packs: known.packs.clone(), problems: Vec::new() };
    for file in &days.calendar {
        packs.add(&name(file), &input::text(file)?);
    }
    if let Some(problem) = packs.problems.into_iter().next() {
        return Err(broken(problem));
    }
    let branch = match &days.branch {
        Some(file) => parse_branch(&name(file), &input::text(file)?).map_err(broken)?,
        None => Branch::default(),
    };
    Ok(Cow::Owned(Calendar::new(&Packs { packs: packs.packs, problems: Vec::new() }, branch)))
}

fn name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn broken(problem: FileProblem) -> Failure {
    Failure::from(problem.refusal).with("file", problem.file).with("line", problem.line)
}

fn due(question: &Due, received: Option<&Reference>, output: &Output) -> Result<(), Failure> {
    let rule = rules_of(received).get(&question.rule)?;
    let calendar = calendar(&question.days, received)?;
    let events = question.event.iter().map(|event| read_event(rule, event)).collect::<Result<Vec<_>, _>>()?;
    let now = match &question.now {
        Some(now) => moment(now)?,
        None => SystemClock.now(),
    };
    let clock = Running { start: moment(&question.start)?, limit: question.limit, events: &events };
    let state = compute(rule, &clock, &calendar, now)?;
    let steps = explain(rule, &clock, &calendar)?;
    let warnings = warnings(rule, &state);
    let explained: Vec<Value> = steps
        .iter()
        .map(|step| {
            let mut value = json!(step);
            if let Value::Object(fields) = &mut value {
                fields.insert("text".to_owned(), sentence(&step.text).into());
            }
            value
        })
        .collect();
    let answer = json!({
        "rule": rule.id,
        "kind": rule.kind,
        "due": state.due,
        "state": state.state,
        "near": state.near,
        "earliest": state.earliest,
        "limit": state.limit,
        "unit": rule.unit,
        "no_calendar": state.no_calendar,
        "explain": explained,
        "warnings": notices(&warnings),
    });
    output.answer(&answer, || {
        let mut lines: Vec<&str> = steps.iter().map(|step| step.text.zh_cn.as_str()).collect();
        let state = answer.get("state").and_then(Value::as_str).unwrap_or_default();
        lines.push(state);
        lines.join("\n")
    });
    output.warn(&warnings);
    Ok(())
}

fn read_event(rule: &Rule, text: &str) -> Result<Event, Refusal> {
    let (name, time) = text.split_once('@').ok_or_else(|| {
        let start: String = text.chars().take(60).collect();
        Refusal::new(Code::ClockEventForm).with("value", start)
    })?;
    rule.event(name, moment(time)?)
}

/// What somebody should know although there is an answer.
fn warnings(rule: &Rule, state: &ClockState) -> Vec<Notice> {
    let mut warnings = without_calendar(&state.no_calendar);
    if let Some(mark) = rule.mark().filter(|mark| *mark != domain::clock::Mark::V1) {
        let mark = format!("{mark:?}");
        warnings.push(Refusal::new(Code::ClockUnverified).with("rule", &rule.id).with("mark", mark).into());
    }
    warnings
}

fn without_calendar(years: &[i32]) -> Vec<Notice> {
    years.iter().map(|year| Refusal::new(Code::ClockNoCalendar).with("year", year).into()).collect()
}

fn workdays(from: &str, add: &str, calendar: &Calendar, output: &Output) -> Result<(), Failure> {
    let from = day(from)?;
    let count = add.parse().ok().filter(|count| *count <= MOST_WORKDAYS).ok_or_else(|| {
        let start: String = add.chars().take(20).collect();
        Refusal::new(Code::ClockAddRange).with("value", start).with("most", MOST_WORKDAYS)
    })?;
    let found = calendar.workday_after(from, count)?;
    let years = if count == 0 { Vec::new() } else { calendar.years_without_pack(from, found) };
    let warnings = without_calendar(&years);
    let answer = json!({ "date": found, "no_calendar": years, "warnings": notices(&warnings) });
    output.answer(&answer, || found.to_string());
    output.warn(&warnings);
    Ok(())
}

fn is_workday(text: &str, calendar: &Calendar, output: &Output) -> Result<(), Failure> {
    let day = day(text)?;
    let kind = calendar.kind(day);
    let years = calendar.years_without_pack(day, day);
    let warnings = without_calendar(&years);
    let answer = json!({
        "date": day,
        "workday": kind.is_worked(),
        "reason": sentence(&kind.text()),
        "no_calendar": years,
        "warnings": notices(&warnings),
    });
    output.answer(&answer, || {
        format!("{} {day} {}", if kind.is_worked() { "✓" } else { "✗" }, kind.text().zh_cn)
    });
    output.warn(&warnings);
    Ok(())
}

fn rules_of(received: Option<&Reference>) -> &Rules {
    match received {
        Some(received) => &received.rules,
        None => Rules::shipped(),
    }
}

fn rules(received: Option<&Reference>, output: &Output) {
    let rules = &rules_of(received).rules;
    output.answer(&json!({ "rules": rules }), || {
        let line = |rule: &Rule| {
            let unit = json!(rule.unit);
            let mark = rule.mark().map(|mark| format!("{mark:?}")).unwrap_or_default();
            let unit = unit.as_str().unwrap_or_default();
            format!("{}\t{} {unit}\t{mark}\t{}", rule.id, rule.limit, rule.name.zh_cn)
        };
        rules.iter().map(line).collect::<Vec<_>>().join("\n")
    });
}

fn check(file: &Path, output: &Output) -> Result<(), Failure> {
    let pack = parse_calendar(&name(file), &input::text(file)?).map_err(broken)?;
    let answer = json!({
        "ok": true,
        "year": pack.year,
        "version": pack.version,
        "rest_days": pack.rest_days(),
        "make_up_workdays": pack.work.len(),
        "notices": pack.notices,
        "checked_against": pack.checked_against,
    });
    output.answer(&answer, || {
        format!("✓ {} v{}: {} / {}", pack.year, pack.version, pack.rest_days(), pack.work.len())
    });
    Ok(())
}
