//! The manager's summary: complaints of a period counted (001-25, 004-21).

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::{Clock, Rule, State, compute, course_of, moment};
use domain::complaint::clocks::owed;
use domain::complaint::summary::{Compared, Counted, Figures, Group, Limits};
use domain::complaint::{Data, Dimension, Period, Status, Summary, labels};
use domain::role::Right;
use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::ComplaintCounted;
use uuid::Uuid;

use crate::claim::list::midnight;
use crate::clock::day;
use crate::clocks::complaint_happenings;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::reference::Reference;

/// What is counted, and by what.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SummaryQuery {
    /// The first day, YYYY-MM-DD.
    pub from: String,
    /// The last day.
    pub to: String,
    /// By these; none means by all.
    #[serde(default)]
    pub by: Vec<Dimension>,
}

/// Days from one to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SummaryDays {
    /// The first, YYYY-MM-DD.
    pub from: String,
    /// The last.
    pub to: String,
}

/// Some complaints with what they are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SummaryRow {
    /// The dimension's value as filters write it; empty when it is not known.
    pub key: String,
    /// What people call it.
    pub name: Text,
    /// The figures.
    pub figures: Figures,
    /// How many in the period before.
    pub before: u32,
    /// How many in the same period of the year before.
    pub year_earlier: u32,
}

/// Complaints by one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SummaryTable {
    /// By what.
    pub dimension: Dimension,
    /// What that is called.
    pub name: Text,
    /// The most frequent first.
    pub rows: Vec<SummaryRow>,
}

/// A point of the line over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SummaryPoint {
    /// Its first day.
    pub from: String,
    /// How many were received.
    pub count: u32,
}

/// A cause at an institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SummaryHotspot {
    /// The cause.
    pub cause: Text,
    /// The institution.
    pub branch: String,
    /// How many.
    pub count: u32,
}

/// A complaint over the law's limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OverdueRow {
    /// The complaint.
    pub id: String,
    /// Its number.
    pub no: String,
    /// When it was received.
    pub received_at: String,
    /// When it was due, pauses and extensions counted.
    pub due: String,
    /// When the complainant was told.
    pub told_at: Option<String>,
    /// Where it stands.
    pub status: Text,
    /// Its root cause.
    pub cause: Option<Text>,
    /// Who handles it.
    pub handler: Option<String>,
}

/// A period counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ComplaintSummary {
    /// Its days.
    pub period: SummaryDays,
    /// The days before.
    pub before: Option<SummaryDays>,
    /// The same days of the year before.
    pub year_earlier: Option<SummaryDays>,
    /// When it was counted.
    pub counted_at: String,
    /// Who counted.
    pub counted_by: String,
    /// Merged ones and ones that were no complaints; not counted.
    pub left_out: u32,
    /// All of them.
    pub total: SummaryRow,
    /// By dimension.
    pub tables: Vec<SummaryTable>,
    /// Over time.
    pub line: Vec<SummaryPoint>,
    /// Causes at institutions, the most frequent first.
    pub hotspots: Vec<SummaryHotspot>,
    /// Those over the law's limit, the oldest first.
    pub overdue: Vec<OverdueRow>,
}

/// Files whose events are read at once.
const RUN: usize = 500;
const HOTSPOTS: usize = 20;

impl Desk {
    /// Counts the complaints of a period.
    ///
    /// # Errors
    /// Without the right, [`Code::ComplaintPeriod`], or when the database cannot be read.
    pub async fn complaint_summary(
        &self,
        actor: &Actor,
        query: &SummaryQuery,
    ) -> Result<ComplaintSummary, DeskError> {
        actor.need(Right::ComplaintSummary)?;
        let period = Period::parse(&query.from, &query.to)?;
        let now = self.clock.now();
        let (mut counted, left_out) = self.counted(Some(period), Some(now)).await?;
        let overdue = self.overdue(&mut counted, now).await?;
        let plain = |found: Vec<(ComplaintCounted, Counted)>| -> Vec<Counted> {
            found.into_iter().map(|(_, counted)| counted).collect()
        };
        let (before, _) = self.counted(period.before(), None).await?;
        let (year_earlier, _) = self.counted(period.year_earlier(), None).await?;
        let (counted, before, year_earlier) = (plain(counted), plain(before), plain(year_earlier));
        let by = if query.by.is_empty() { Dimension::ALL.to_vec() } else { unique(&query.by) };
        let compared = Compared { now: &counted, before: &before, year_earlier: &year_earlier };
        let made = Summary::of(period, compared, &by, now, day);
        let named = |dimension: Dimension, groups: Vec<Group>| SummaryTable {
            dimension,
            name: Data::shipped().field(field(dimension)),
            rows: groups.into_iter().map(|group| row(dimension, group)).collect(),
        };
        Ok(ComplaintSummary {
            period: days(period),
            before: period.before().map(days),
            year_earlier: period.year_earlier().map(days),
            counted_at: self.now().to_rfc3339(),
            counted_by: actor.name.clone(),
            left_out,
            total: SummaryRow { name: Text::default(), ..row(Dimension::Branch, made.total) },
            tables: made.tables.into_iter().map(|(dimension, groups)| named(dimension, groups)).collect(),
            line: made
                .line
                .into_iter()
                .map(|point| SummaryPoint { from: point.from.to_string(), count: point.count })
                .collect(),
            hotspots: made
                .hotspots
                .into_iter()
                .take(HOTSPOTS)
                .map(|hotspot| SummaryHotspot {
                    cause: name(Dimension::Cause, &hotspot.cause),
                    branch: hotspot.branch,
                    count: hotspot.count,
                })
                .collect(),
            overdue,
        })
    }

    /// The complaints of a period, and how many were left out. Without a moment they are only numbered, not judged.
    async fn counted(
        &self,
        period: Option<Period>,
        now: Option<DateTime<Utc>>,
    ) -> Result<(Vec<(ComplaintCounted, Counted)>, u32), DeskError> {
        let Some(period) = period else { return Ok((Vec::new(), 0)) };
        let from = midnight(&period.from.to_string(), 0)?;
        let to = midnight(&period.to.to_string(), 1)?;
        let found = self.store.complaints_counted(&from, &to, now.is_some()).await?;
        let reference = self.reference();
        let mut limits = LimitsOf { reference: &reference, known: HashMap::new() };
        let (mut counted, mut left_out) = (Vec::with_capacity(found.len()), 0);
        for complaint in found {
            let status = Status::parse(&complaint.status).unwrap_or(Status::Received);
            let Some(received) = moment(&complaint.received_at).ok() else { continue };
            if matches!(status, Status::Merged | Status::NotAComplaint) {
                left_out += 1;
                continue;
            }
            let made = one(
                &complaint,
                status,
                received,
                now.map(|now| limits.of(received, now)).unwrap_or_default(),
            );
            counted.push((complaint, made));
        }
        Ok((counted, left_out))
    }

    /// Finds those over the law's limit: only what took longer than the plain limit can be, and only its events are read.
    async fn overdue(
        &self,
        counted: &mut [(ComplaintCounted, Counted)],
        now: DateTime<Utc>,
    ) -> Result<Vec<OverdueRow>, DeskError> {
        let late = |counted: &Counted| {
            let ended = counted.told.unwrap_or(now);
            (counted.open || counted.told.is_some()) && counted.limits.plain.is_some_and(|due| ended > due)
        };
        let candidates: Vec<usize> =
            counted.iter().enumerate().filter(|(_, (_, made))| late(made)).map(|(place, _)| place).collect();
        let reference = self.reference();
        let rule = reference.rules.get("K10")?;
        let mut rows = Vec::new();
        for run in candidates.chunks(RUN) {
            let ids: Vec<Uuid> =
                run.iter().filter_map(|place| counted.get(*place)).map(|(listed, _)| listed.id).collect();
            let mut events = self.complaint_events(&ids).await?;
            for place in run {
                let Some((listed, made)) = counted.get_mut(*place) else { continue };
                let happenings =
                    complaint_happenings(made.received, &events.remove(&listed.id).unwrap_or_default());
                let Some((start, happened)) = course_of(rule, &happenings) else { continue };
                let clock = Clock { start, limit: None, events: &happened };
                let Ok(state) = compute(rule, &clock, &reference.calendar, now) else { continue };
                let (State::MetLate | State::Breached, Some(due)) = (state.state, state.due) else {
                    continue;
                };
                made.overdue = true;
                rows.push(OverdueRow {
                    id: listed.id.to_string(),
                    no: listed.no.clone(),
                    received_at: listed.received_at.clone(),
                    due: due.to_rfc3339(),
                    told_at: listed.told_at.clone(),
                    status: labels::status(Status::parse(&listed.status).unwrap_or(Status::Received)),
                    cause: listed.cause.as_deref().map(|cause| name(Dimension::Cause, cause)),
                    handler: listed.handler_name.clone(),
                });
            }
        }
        Ok(rows)
    }
}

/// Limits by the day of receipt: those of days are worked out once for each.
struct LimitsOf<'a> {
    reference: &'a Reference,
    known: HashMap<NaiveDate, Limits>,
}

impl LimitsOf<'_> {
    fn of(&mut self, received: DateTime<Utc>, now: DateTime<Utc>) -> Limits {
        let due = |id: &str, extended: bool| {
            let rule = self.reference.rules.get(id).ok()?;
            let mut longer = None;
            if let Some(extension) = rule.extensions.first().filter(|_| extended) {
                let mut rule = Rule::clone(rule);
                rule.limit += extension.add;
                longer = Some(rule);
            }
            let rule = longer.as_ref().unwrap_or(rule);
            let clock = Clock { start: received, limit: None, events: &[] };
            let due = compute(rule, &clock, &self.reference.calendar, now).ok()?.due?;
            Some(due.to_utc())
        };
        let first = due("K8", false);
        let of_day = self.known.get(&day(received)).copied().unwrap_or_else(|| Limits {
            first: None,
            house: due("K9", false),
            plain: due("K10", false),
            extended: due("K10", true),
        });
        self.known.insert(day(received), of_day);
        Limits { first, ..of_day }
    }
}

fn one(complaint: &ComplaintCounted, status: Status, received: DateTime<Utc>, limits: Limits) -> Counted {
    let at = |text: &Option<String>| text.as_deref().and_then(|text| moment(text).ok());
    let told = at(&complaint.told_at);
    let mut made = Counted {
        received,
        contact: at(&complaint.first_contact_at).or(told),
        told,
        open: told.is_none() && owed(status) && !status.closed(),
        major: complaint.major,
        regulator: complaint.channel == "regulator",
        repeated: complaint.repeated,
        satisfaction: complaint.satisfaction.and_then(|score| u32::try_from(score).ok()),
        compensation: complaint.compensation.unwrap_or_default(),
        limits,
        ..Counted::default()
    };
    let known = |text: &Option<String>| text.clone().unwrap_or_default();
    for (dimension, key) in [
        (Dimension::Branch, complaint.institution.clone()),
        (Dimension::Category, known(&complaint.category)),
        (Dimension::Cause, known(&complaint.cause)),
        (Dimension::Channel, complaint.channel.clone()),
        (Dimension::ProductLine, complaint.product_line.clone()),
        (Dimension::Handler, known(&complaint.handler_name)),
        (Dimension::Area, complaint.area.clone()),
    ] {
        made.set_key(dimension, key);
    }
    made
}

/// The record's field behind a dimension.
const fn field(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Branch => "institution",
        Dimension::Handler => "handler",
        other => other.as_str(),
    }
}

fn row(dimension: Dimension, group: Group) -> SummaryRow {
    SummaryRow {
        name: name(dimension, &group.key),
        key: group.key,
        figures: group.figures,
        before: group.before,
        year_earlier: group.year_earlier,
    }
}

/// What people call a value.
fn name(dimension: Dimension, key: &str) -> Text {
    let data = Data::shipped();
    if key.is_empty() {
        return data.field("unknown");
    }
    data.named(field(dimension), key).unwrap_or_else(|| Text::same(key))
}

fn days(period: Period) -> SummaryDays {
    SummaryDays { from: period.from.to_string(), to: period.to.to_string() }
}

/// Each once, as first named.
fn unique(dimensions: &[Dimension]) -> Vec<Dimension> {
    let mut once = Vec::new();
    for dimension in dimensions {
        if !once.contains(dimension) {
            once.push(*dimension);
        }
    }
    once
}

/// Reads dimensions as a command line writes them: `branch,category`.
///
/// # Errors
/// [`Code::ComplaintDimension`] with those there are.
pub fn parse_dimensions(text: &str) -> Result<Vec<Dimension>, Refusal> {
    let known = Dimension::ALL.map(Dimension::as_str).join(", ");
    let parse = |part: &str| {
        Dimension::parse(&part.trim().replace('-', "_")).ok_or_else(|| {
            Refusal::new(Code::ComplaintDimension).with("dimension", part.trim()).with("known", &known)
        })
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(parse).collect()
}
