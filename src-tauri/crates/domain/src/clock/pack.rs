//! A calendar pack: the rest days and make-up workdays (调休) of one year as the State Council's notices give them.
//!
//! A pack says which notice each day comes from and which other source it was compared with. Saturdays and Sundays
//! need no entry; a make-up workday is always one of them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::read::{Fault, FileProblem, read};
use super::time::in_range;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Text;

/// One year of rest days and make-up workdays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarPack {
    format: Format,
    /// The year.
    pub year: i32,
    /// A later notice may change a year: the highest version counts.
    pub version: u32,
    /// The notices the days come from.
    pub notices: Vec<Notice>,
    /// What the days were compared with, other than the notices.
    pub checked_against: Vec<Witness>,
    /// Days off.
    pub rest: Vec<RestDays>,
    /// Saturdays and Sundays that are worked.
    pub work: Vec<WorkDay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "calendar")]
    Calendar,
}

/// A notice of the State Council or its General Office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its number.
    pub number: String,
    /// The day it was signed.
    pub date: NaiveDate,
    /// Whether number and day were seen in two places (docs/calendars.md).
    pub verified: bool,
}

/// A second source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// What it is.
    pub source: String,
    /// Which version of it.
    pub version: String,
}

/// Days off in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestDays {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// The number of the notice that gives them.
    pub notice: String,
    /// The festival.
    pub name: Text,
}

/// A Saturday or Sunday that is worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkDay {
    /// The day.
    pub date: NaiveDate,
    /// The number of the notice that orders it.
    pub notice: String,
    /// The festival it makes up for.
    pub name: Text,
}

impl CalendarPack {
    /// How many days the notices give off, weekends among them included.
    pub fn rest_days(&self) -> i64 {
        self.rest.iter().map(|rest| (rest.to - rest.from).num_days() + 1).sum()
    }
}

/// Whether the day is a Saturday or a Sunday.
pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Reads one calendar pack and checks it as a whole.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse_calendar(file: &str, source: &str) -> Result<CalendarPack, FileProblem> {
    read(file, source, check)
}

fn check(pack: &CalendarPack) -> Result<(), Fault> {
    if NaiveDate::from_yo_opt(pack.year, 1).is_none_or(|day| in_range(day).is_err()) {
        return Err(Fault::new("/year", Refusal::new(Code::ClockPackYear).with("year", pack.year)));
    }
    if pack.version == 0 {
        return Err(Fault::new("/version", Code::ClockPackVersion));
    }
    if pack.notices.is_empty() || pack.rest.is_empty() {
        let pointer = if pack.notices.is_empty() { "/notices" } else { "/rest" };
        return Err(Fault::new(pointer, Code::ClockPackEmpty));
    }
    if pack.checked_against.iter().all(|witness| witness.source.trim().is_empty()) {
        return Err(Fault::new("/checked_against", Code::ClockPackUnchecked));
    }
    let named = |number: &str, pointer: String| {
        let known = pack.notices.iter().any(|notice| notice.number == number);
        let refusal = || Refusal::new(Code::ClockPackNotice).with("notice", number);
        if known && !number.trim().is_empty() { Ok(()) } else { Err(Fault::new(pointer, refusal())) }
    };
    let mut seen = BTreeSet::new();
    let mut own = |day: NaiveDate, pointer: &str| {
        if day.year() != pack.year {
            let refusal = Refusal::new(Code::ClockPackOtherYear).with("date", day).with("year", pack.year);
            return Err(Fault::new(pointer, refusal));
        }
        if !seen.insert(day) {
            return Err(Fault::new(pointer, Refusal::new(Code::ClockPackDayTwice).with("date", day)));
        }
        Ok(())
    };
    for (index, rest) in pack.rest.iter().enumerate() {
        let pointer = format!("/rest/{index}");
        if rest.to < rest.from {
            let refusal = Refusal::new(Code::ClockPackSpan).with("from", rest.from).with("to", rest.to);
            return Err(Fault::new(pointer, refusal));
        }
        for day in rest.from.iter_days().take_while(|day| *day <= rest.to) {
            own(day, &pointer)?;
        }
        named(&rest.notice, format!("{pointer}/notice"))?;
    }
    for (index, work) in pack.work.iter().enumerate() {
        let pointer = format!("/work/{index}");
        own(work.date, &pointer)?;
        if !is_weekend(work.date) {
            let refusal = Refusal::new(Code::ClockPackWorkday).with("date", work.date);
            return Err(Fault::new(pointer, refusal));
        }
        named(&work.notice, format!("{pointer}/notice"))?;
    }
    Ok(())
}

/// The packs that could be read, and why the others could not.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    /// In the order of the files.
    pub packs: Vec<CalendarPack>,
    /// Refused files. They do not hinder the others.
    pub problems: Vec<FileProblem>,
}

impl Packs {
    /// Reads files given as name and text.
    pub fn load<F: AsRef<str>, S: AsRef<str>>(files: impl IntoIterator<Item = (F, S)>) -> Packs {
        let mut packs = Packs::default();
        for (file, source) in files {
            packs.add(file.as_ref(), source.as_ref());
        }
        packs
    }

    /// Adds one more file: a pack, or a reason why it is none. A year and version that is there already stays.
    pub fn add(&mut self, file: &str, source: &str) {
        let taken = |pack: &CalendarPack| {
            if self.packs.iter().any(|known| known.year == pack.year && known.version == pack.version) {
                let refusal = Refusal::new(Code::ClockPackDuplicate)
                    .with("year", pack.year)
                    .with("version", pack.version);
                return Err(Fault::new("/version", refusal));
            }
            Ok(())
        };
        match read(file, source, |pack| check(pack).and_then(|()| taken(pack))) {
            Ok(pack) => self.packs.push(pack),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// The packs that come with the program.
    pub fn shipped() -> &'static Packs {
        static SHIPPED: LazyLock<Packs> = LazyLock::new(|| Packs::load(SHIPPED_FILES.iter().copied()));
        &SHIPPED
    }

    /// The pack that counts for a year: its highest version.
    pub fn year(&self, year: i32) -> Option<&CalendarPack> {
        self.packs.iter().filter(|pack| pack.year == year).max_by_key(|pack| pack.version)
    }
}

macro_rules! shipped {
    ($($year:literal),* $(,)?) => {
        /// The files of `assets/calendars`, name and text.
        pub(super) const SHIPPED_FILES: &[(&str, &str)] = &[
            $((
                concat!("CN-", $year, ".json"),
                include_str!(concat!("../../../../../assets/calendars/CN-", $year, ".json")),
            ),)*
        ];
    };
}

shipped![
    2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026,
];
