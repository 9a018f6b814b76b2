//! What managers print: complaints counted by what they are about, where they came from and how long they took
//! (001-25, 004-21).
//!
//! Durations run from receipt to the moment the complainant was told. A share is of those whose outcome is known: what
//! ended, and what did not end although its time is over.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::period::Period;

/// What complaints are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename = "SummaryDimension", rename_all = "snake_case")]
pub enum Dimension {
    /// The institution complained of.
    Branch,
    /// Category, second level.
    Category,
    /// Root cause.
    Cause,
    /// How it came in.
    Channel,
    /// Line of the product.
    ProductLine,
    /// Who handles it.
    Handler,
    /// Where the complainant lives.
    Area,
}

impl Dimension {
    /// Every dimension, in the order they are printed.
    pub const ALL: [Dimension; 7] = [
        Dimension::Category,
        Dimension::Cause,
        Dimension::Channel,
        Dimension::Branch,
        Dimension::ProductLine,
        Dimension::Area,
        Dimension::Handler,
    ];

    /// As command lines and filters write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Dimension::Branch => "branch",
            Dimension::Category => "category",
            Dimension::Cause => "cause",
            Dimension::Channel => "channel",
            Dimension::ProductLine => "product_line",
            Dimension::Handler => "handler",
            Dimension::Area => "area",
        }
    }

    /// Reads what [`Dimension::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.as_str() == text)
    }

    const fn place(self) -> usize {
        self as usize
    }
}

/// The last moments of a complaint received at some time, before any pause or extension; none where no calendar is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// To answer for the first time: K8, 48 hours of the house.
    pub first: Option<DateTime<Utc>>,
    /// To conclude: K9, 7 working days of the house.
    pub house: Option<DateTime<Utc>>,
    /// To tell the decision: K10, 15 days.
    pub plain: Option<DateTime<Utc>>,
    /// To tell it once extended: K10, 30 days.
    pub extended: Option<DateTime<Utc>>,
}

/// A complaint as it is counted.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// What it is by each dimension; [`Counted::set_key`] knows the places.
    pub keys: [String; 7],
    /// When it was received.
    pub received: DateTime<Utc>,
    /// When somebody answered for the first time.
    pub contact: Option<DateTime<Utc>>,
    /// When the complainant was told the decision.
    pub told: Option<DateTime<Utc>>,
    /// Whether an answer is still owed.
    pub open: bool,
    /// A major one.
    pub major: bool,
    /// Handed over by the regulator.
    pub regulator: bool,
    /// The same person complained about the same policy before.
    pub repeated: bool,
    /// Told, or not yet told, after the law's limit with its pauses and extensions.
    pub overdue: bool,
    /// Mean of the follow-up's scores times 100.
    pub satisfaction: Option<u32>,
    /// In cents.
    pub compensation: i64,
    /// Its limits.
    pub limits: Limits,
}

impl Counted {
    /// What it is by a dimension; empty when that is not known.
    pub fn key(&self, dimension: Dimension) -> &str {
        self.keys.get(dimension.place()).map(String::as_str).unwrap_or_default()
    }

    /// Says what it is by a dimension.
    pub fn set_key(&mut self, dimension: Dimension, key: String) {
        if let Some(place) = self.keys.get_mut(dimension.place()) {
            *place = key;
        }
    }
}

/// How many of those whose outcome is known were in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename = "SummaryShare")]
pub struct Share {
    /// In time.
    pub within: u32,
    /// Of so many.
    pub of: u32,
}

impl Share {
    fn add(&mut self, ended: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let Some(due) = due else { return };
        let within = ended.is_some_and(|ended| ended <= due);
        if ended.is_some() || now > due {
            self.of += 1;
            self.within += u32::from(within);
        }
    }

    /// As a part of one; none of none.
    pub fn part(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.within) / f64::from(self.of))
    }
}

/// The figures of some complaints.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename = "SummaryFigures")]
pub struct Figures {
    /// How many.
    pub count: u32,
    /// Of these the complainant was told.
    pub told: u32,
    /// Of these an answer is still owed.
    pub open: u32,
    /// Half took no longer, in minutes.
    pub median: Option<u32>,
    /// Nine of ten took no longer, in minutes.
    pub ninth: Option<u32>,
    /// Answered within 48 hours (K8).
    pub first: Share,
    /// Told within 7 working days (K9).
    pub house: Share,
    /// Told within 15 days (K10).
    pub plain: Share,
    /// Told within 30 days (K10 extended).
    pub extended: Share,
    /// After the law's limit.
    pub overdue: u32,
    /// Major ones.
    pub major: u32,
    /// Repeated.
    pub repeated: u32,
    /// Handed over by the regulator.
    pub regulator: u32,
    /// Mean satisfaction times 100, of those who were asked.
    pub satisfaction: Option<u32>,
    /// How many were asked.
    pub asked: u32,
    /// Compensation in yuan with two decimals.
    pub compensation: String,
}

/// Adds complaints up.
#[derive(Debug, Default)]
struct Tally {
    figures: Figures,
    minutes: Vec<u32>,
    scores: u64,
    cents: i64,
}

impl Tally {
    fn add(&mut self, complaint: &Counted, now: DateTime<Utc>) {
        let figures = &mut self.figures;
        figures.count += 1;
        figures.open += u32::from(complaint.open);
        figures.overdue += u32::from(complaint.overdue);
        figures.major += u32::from(complaint.major);
        figures.repeated += u32::from(complaint.repeated);
        figures.regulator += u32::from(complaint.regulator);
        if let Some(told) = complaint.told {
            figures.told += 1;
            self.minutes
                .push(u32::try_from((told - complaint.received).num_minutes().max(0)).unwrap_or(u32::MAX));
        }
        // What was withdrawn or merged owes nothing, so that its silence is not lateness.
        if complaint.open || complaint.told.is_some() {
            let limits = complaint.limits;
            figures.first.add(complaint.contact, limits.first, now);
            figures.house.add(complaint.told, limits.house, now);
            figures.plain.add(complaint.told, limits.plain, now);
            figures.extended.add(complaint.told, limits.extended, now);
        }
        if let Some(score) = complaint.satisfaction {
            figures.asked += 1;
            self.scores += u64::from(score);
        }
        self.cents = self.cents.saturating_add(complaint.compensation);
    }

    fn done(mut self) -> Figures {
        self.minutes.sort_unstable();
        self.figures.median = rank(&self.minutes, 50);
        self.figures.ninth = rank(&self.minutes, 90);
        let asked = u64::from(self.figures.asked);
        self.figures.satisfaction =
            (self.scores + asked / 2).checked_div(asked).and_then(|mean| u32::try_from(mean).ok());
        self.figures.compensation = rust_decimal::Decimal::new(self.cents, 2).to_string();
        self.figures
    }
}

/// The smallest of sorted values that so many of a hundred do not exceed (nearest rank).
fn rank(sorted: &[u32], percent: usize) -> Option<u32> {
    sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied()
}

/// Some complaints with what they are compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The dimension's value; empty when it is not known.
    pub key: String,
    /// The figures.
    pub figures: Figures,
    /// How many there were in the period before.
    pub before: u32,
    /// How many there were in the same period of the year before.
    pub year_earlier: u32,
}

/// A cause at an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hotspot {
    /// The cause.
    pub cause: String,
    /// The institution.
    pub branch: String,
    /// How many.
    pub count: u32,
}

/// A point of the line over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Its first day.
    pub from: NaiveDate,
    /// How many were received.
    pub count: u32,
}

/// A period counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// All of them.
    pub total: Group,
    /// By each dimension that was asked for, the most first.
    pub tables: Vec<(Dimension, Vec<Group>)>,
    /// Over time.
    pub line: Vec<Point>,
    /// Causes at institutions, the most first.
    pub hotspots: Vec<Hotspot>,
}

/// The complaints of a period and of those it is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Of the period.
    pub now: &'a [Counted],
    /// Of the period before.
    pub before: &'a [Counted],
    /// Of the same period of the year before.
    pub year_earlier: &'a [Counted],
}

impl Summary {
    /// Counts. `day` says on which day of the branch a moment is.
    pub fn of(
        period: Period,
        complaints: Compared<'_>,
        dimensions: &[Dimension],
        now: DateTime<Utc>,
        day: impl Fn(DateTime<Utc>) -> NaiveDate,
    ) -> Summary {
        let mut total = Tally::default();
        // What is to come is not without complaints.
        let parts = period.parts().into_iter().take_while(|part| *part <= day(now));
        let mut line: BTreeMap<NaiveDate, u32> = parts.map(|part| (part, 0)).collect();
        let mut hotspots: HashMap<(&str, &str), u32> = HashMap::new();
        for complaint in complaints.now {
            total.add(complaint, now);
            if let Some((_, count)) = line.range_mut(..=day(complaint.received)).next_back() {
                *count += 1;
            }
            let (cause, branch) = (complaint.key(Dimension::Cause), complaint.key(Dimension::Branch));
            if !cause.is_empty() {
                *hotspots.entry((cause, branch)).or_default() += 1;
            }
        }
        let mut hotspots: Vec<Hotspot> = hotspots
            .into_iter()
            .map(|((cause, branch), count)| Hotspot {
                cause: cause.to_owned(),
                branch: branch.to_owned(),
                count,
            })
            .collect();
        hotspots.sort_by(|one, two| {
            two.count.cmp(&one.count).then_with(|| (&one.cause, &one.branch).cmp(&(&two.cause, &two.branch)))
        });
        Summary {
            total: Group {
                key: String::new(),
                figures: total.done(),
                before: count(complaints.before),
                year_earlier: count(complaints.year_earlier),
            },
            tables: dimensions
                .iter()
                .map(|dimension| (*dimension, groups(complaints, *dimension, now)))
                .collect(),
            line: line.into_iter().map(|(from, count)| Point { from, count }).collect(),
            hotspots,
        }
    }
}

fn count(complaints: &[Counted]) -> u32 {
    u32::try_from(complaints.len()).unwrap_or(u32::MAX)
}

fn groups(complaints: Compared<'_>, dimension: Dimension, now: DateTime<Utc>) -> Vec<Group> {
    let mut found: HashMap<&str, (Tally, u32, u32)> = HashMap::new();
    for complaint in complaints.now {
        found.entry(complaint.key(dimension)).or_default().0.add(complaint, now);
    }
    // What there was before and is no more is news too.
    for complaint in complaints.before {
        found.entry(complaint.key(dimension)).or_default().1 += 1;
    }
    for complaint in complaints.year_earlier {
        found.entry(complaint.key(dimension)).or_default().2 += 1;
    }
    let mut groups: Vec<Group> = found
        .into_iter()
        .map(|(key, (tally, before, year_earlier))| Group {
            key: key.to_owned(),
            figures: tally.done(),
            before,
            year_earlier,
        })
        .collect();
    groups.sort_by(|one, two| two.figures.count.cmp(&one.figures.count).then_with(|| one.key.cmp(&two.key)));
    groups
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn received(text: &str, category: &str, hours: Option<i64>) -> Counted {
        let received = at(text);
        let after = |hours| Some(received + TimeDelta::hours(hours));
        let mut counted = Counted {
            received,
            told: hours.and_then(after),
            contact: hours.and_then(|hours| after(hours.min(50))),
            open: hours.is_none(),
            limits: Limits {
                first: after(48),
                house: after(9 * 24),
                plain: after(360),
                extended: after(720),
            },
            ..Counted::default()
        };
        counted.set_key(Dimension::Category, category.into());
        counted.set_key(Dimension::Cause, "information".into());
        counted.set_key(Dimension::Branch, "历下".into());
        counted
    }

    fn summary(now: &[Counted], before: &[Counted], year_earlier: &[Counted]) -> Summary {
        let period = Period::parse("2026-11-01", "2026-11-30").unwrap();
        let compared = Compared { now, before, year_earlier };
        Summary::of(period, compared, &[Dimension::Category], at("2026-11-25T12:00:00+08:00"), |moment| {
            (moment + TimeDelta::hours(8)).date_naive()
        })
    }

    #[test]
    fn figures_say_how_long_how_many_and_against_what() {
        let mut now: Vec<Counted> =
            (1..=10).map(|hours| received("2026-11-02T09:00:00+08:00", "a", Some(hours * 24))).collect();
        now[0].satisfaction = Some(400);
        now[1].satisfaction = Some(433);
        now[2].compensation = 120_050;
        now.push(received("2026-11-03T23:30:00+08:00", "b", None));
        now.push(received("2026-11-24T09:00:00+08:00", "b", None));
        let before = [received("2026-10-02T09:00:00+08:00", "c", Some(5))];
        let made = summary(&now, &before, &[]);
        let total = &made.total.figures;
        assert_eq!((total.count, total.told, total.open), (12, 10, 2));
        assert_eq!((total.median, total.ninth), (Some(5 * 1440), Some(9 * 1440)), "nearest rank");
        assert_eq!(total.first, Share { within: 2, of: 11 }, "yesterday's may still be answered in time");
        assert_eq!(total.house, Share { within: 9, of: 11 }, "what is silent past its time counts as late");
        assert_eq!(total.plain, Share { within: 10, of: 11 });
        assert_eq!(total.extended, Share { within: 10, of: 10 });
        assert_eq!((total.satisfaction, total.asked), (Some(417), 2));
        assert_eq!(total.compensation, "1200.50");
        assert_eq!((made.total.before, made.total.year_earlier), (1, 0));
        let keys: Vec<(&str, u32, u32)> = made.tables[0]
            .1
            .iter()
            .map(|group| (group.key.as_str(), group.figures.count, group.before))
            .collect();
        assert_eq!(keys, [("a", 10, 0), ("b", 2, 0), ("c", 0, 1)], "what is no more is told too");
        assert_eq!(
            (made.line.len(), made.line[1].count, made.line[2].count),
            (25, 10, 1),
            "by the branch's day"
        );
        assert_eq!(
            made.hotspots,
            [Hotspot { cause: "information".into(), branch: "历下".into(), count: 12 }]
        );
    }

    #[test]
    fn nothing_is_counted_without_dividing_by_it() {
        let made = summary(&[], &[], &[]);
        let total = made.total.figures;
        assert_eq!((total.median, total.satisfaction, total.first.part()), (None, None, None));
        assert_eq!(total.compensation, "0.00");
    }

    #[test]
    fn what_was_taken_back_is_counted_and_not_late() {
        let mut taken_back = received("2026-09-01T09:00:00+08:00", "a", None);
        taken_back.open = false;
        let total = summary(&[taken_back], &[], &[]).total.figures;
        assert_eq!((total.count, total.open, total.plain.of), (1, 0, 0));
    }

    #[test]
    fn parts_of_a_table_add_up_to_its_total() {
        let now: Vec<Counted> = (0..97)
            .map(|one| {
                let key = ["a", "b", "c"][one % 3];
                received("2026-11-02T09:00:00+08:00", key, (one % 4 > 0).then_some(one as i64 * 7))
            })
            .collect();
        let made = summary(&now, &[], &[]);
        let sum = |figure: fn(&Figures) -> u32| {
            made.tables[0].1.iter().map(|group| figure(&group.figures)).sum::<u32>()
        };
        for figure in [
            |figures: &Figures| figures.count,
            |figures: &Figures| figures.told,
            |figures: &Figures| figures.plain.within,
            |figures: &Figures| figures.first.of,
        ] {
            assert_eq!(sum(figure), figure(&made.total.figures));
        }
        assert_eq!(made.line.iter().map(|point| point.count).sum::<u32>(), 97);
    }
}
