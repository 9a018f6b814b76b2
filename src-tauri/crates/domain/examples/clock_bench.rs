//! How long it takes to work out all clocks of 200,000 open files on one core: six for each claim, four for each
//! complaint, one file in four with a pause and one complaint in eight extended.
//!
//! `cargo run --release -p domain --example clock_bench`

#![expect(clippy::print_stdout, reason = "its figure is all it is for")]

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Refusal;
use domain::clock::{Calendar, Clock, Event, Rule, Rules, compute, moment};

const FILES: i64 = 200_000;

struct Open {
    rule: &'static Rule,
    start: DateTime<Utc>,
    events: Vec<Event>,
}

/// The clocks of all files, half of them claims and half complaints, begun over three years.
fn clocks() -> Result<Vec<Open>, Refusal> {
    let rules = |ids: &[&str]| ids.iter().map(|id| Rules::shipped().get(id)).collect::<Result<Vec<_>, _>>();
    let of_claims = rules(&["K3", "K4", "K5", "K6", "K7", "K12"])?;
    let of_complaints = rules(&["K8", "K9", "K10", "K11"])?;
    let first = moment("2024-01-02T08:30:00+08:00")?;
    let mut open = Vec::new();
    for file in 0..FILES {
        let start = first + TimeDelta::minutes(file * 7 % (3 * 365 * 1440));
        for rule in if file % 2 == 0 { &of_claims } else { &of_complaints } {
            let mut events = Vec::new();
            let mut add = |name: &str, days: i64| -> Result<(), Refusal> {
                events.push(rule.event(name, start + TimeDelta::days(days))?);
                Ok(())
            };
            if file % 8 < 2 && !rule.pauses.is_empty() {
                add("pause", 1)?;
                add("resume", 6)?;
            }
            if file % 16 == 1 && rule.id == "K10" {
                add("extend-complex", 12)?;
            }
            open.push(Open { rule, start, events });
        }
    }
    Ok(open)
}

fn main() -> Result<(), Refusal> {
    let clocks = clocks()?;
    let calendar = Calendar::shipped();
    let now = moment("2026-11-24T10:00:00+08:00")?;
    let begun = Instant::now();
    let mut due = 0_usize;
    for open in &clocks {
        let clock = Clock { start: open.start, limit: None, events: &open.events };
        due += usize::from(compute(open.rule, &clock, calendar, now)?.due.is_some());
    }
    let taken = begun.elapsed();
    let with_events = clocks.iter().filter(|open| !open.events.is_empty()).count();
    println!(
        "{FILES} files, {} clocks ({with_events} with events), {due} due: {} ms on one core",
        clocks.len(),
        taken.as_millis()
    );
    Ok(())
}
