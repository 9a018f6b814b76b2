//! Due times of files: worked out of what happened each time they are asked for, never stored.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Days, FixedOffset, Utc};
use domain::Text;
use domain::claim::Status;
use domain::claim::clocks::{Told, happenings};
use domain::clock::{Clock, Happening, Mark, Rule, Sense, State, compute, course_of, explain, moment};
use domain::record::Record;
use domain::role::Right;
use serde::Serialize;
use specta::Type;
use store::{ClaimQuery, ComplaintQuery};
use uuid::Uuid;

use crate::clock::local;
use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice};

/// A clock of a file.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClockRow {
    /// `K1` to `K12`.
    pub rule: String,
    /// What it is called.
    pub name: Text,
    /// Set by the law, not by the house.
    pub statutory: bool,
    /// The law, and its article.
    pub source: Text,
    /// The rule or its number of days was not verified: to be checked before it is relied on.
    pub unverified: bool,
    /// Something is kept until then, nothing has to be done before.
    pub keep: bool,
    /// How it stands.
    pub state: State,
    /// When it began.
    pub started: String,
    /// The last moment; none behind an open pause.
    pub due: Option<String>,
    /// While paused: when it would be due if it went on now.
    pub earliest: Option<String>,
    /// Years it depends on and no calendar is there for.
    pub no_calendar: Vec<i32>,
    /// How it came out, step by step.
    pub explain: Vec<Text>,
    /// What was recorded cannot have happened so; the clock is then not worked out.
    pub problem: Option<Notice>,
}

/// A clock that runs, or has run out, of some open file.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DueRow {
    /// `claim` or `complaint`.
    pub kind: String,
    /// The file.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Whose it is.
    pub title: String,
    /// Which clock.
    pub rule: String,
    /// What it is called.
    pub name: Text,
    /// Set by the law, not by the house.
    pub statutory: bool,
    /// `near`, `breached` or `running`.
    pub state: State,
    /// The last moment.
    pub due: String,
}

/// What is due.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DueList {
    /// Clocks that ran out.
    pub breached: u32,
    /// Clocks that are near their end.
    pub near: u32,
    /// The soonest first, those that ran out before them.
    pub rows: Vec<DueRow>,
}

/// An open file and what happened to it: what is read once for as long as nothing new happens.
#[derive(Debug)]
struct OpenFile {
    kind: &'static str,
    id: Uuid,
    no: String,
    title: String,
    rules: Vec<String>,
    happenings: Vec<Happening>,
}

/// The open files as of a state of the log.
#[derive(Debug, Default)]
pub(crate) struct OpenFiles {
    known: Mutex<Option<(String, Arc<Vec<OpenFile>>)>>,
}

/// Files read at once.
const RUN: u32 = 500;
/// Rows of a list.
const ROWS: usize = 500;

impl Desk {
    /// The clocks of rules as a file's happenings make them; those that have not begun are left out.
    pub(crate) fn clock_rows(&self, rules: &[&str], happenings: &[Happening]) -> Vec<ClockRow> {
        let reference = self.reference();
        let found = rules.iter().filter_map(|id| reference.rules.get(id).ok());
        found
            .filter_map(|rule| {
                let (start, events) = course_of(rule, happenings)?;
                let clock = Clock { start, limit: None, events: &events };
                let mut row = row(rule, start);
                match compute(rule, &clock, &reference.calendar, self.clock.now()) {
                    Ok(state) => {
                        row.state = state.state;
                        row.due = state.due.map(|due| due.to_rfc3339());
                        row.earliest = state.earliest.map(|due| due.to_rfc3339());
                        row.no_calendar = state.no_calendar;
                        let steps = explain(rule, &clock, &reference.calendar).unwrap_or_default();
                        row.explain = steps.into_iter().map(|step| step.text).collect();
                    }
                    Err(refusal) => row.problem = Some(refusal.into()),
                }
                Some(row)
            })
            .collect()
    }

    /// What is due, and what ran out, of every open file.
    ///
    /// # Errors
    /// Without the right, or when the database cannot be read.
    pub async fn due_list(&self, actor: &Actor) -> Result<DueList, DeskError> {
        actor.need(Right::ClaimRead)?;
        let files = self.open_files().await?;
        let reference = self.reference();
        let now = self.clock.now();
        let mut list = DueList { breached: 0, near: 0, rows: Vec::new() };
        for file in files.iter() {
            for rule in file.rules.iter().filter_map(|id| reference.rules.get(id).ok()) {
                let Some((start, events)) = course_of(rule, &file.happenings) else { continue };
                let clock = Clock { start, limit: None, events: &events };
                let Ok(state) = compute(rule, &clock, &reference.calendar, now) else { continue };
                if rule.sense != Sense::Deadline {
                    continue;
                }
                let (State::Running | State::Near | State::Breached, Some(due)) = (state.state, state.due)
                else {
                    continue;
                };
                list.breached += u32::from(state.state == State::Breached);
                list.near += u32::from(state.state == State::Near);
                list.rows.push(DueRow {
                    kind: file.kind.to_owned(),
                    id: file.id.to_string(),
                    no: file.no.clone(),
                    title: file.title.clone(),
                    rule: rule.id.clone(),
                    name: rule.name.clone(),
                    statutory: statutory(rule),
                    state: state.state,
                    due: due.to_rfc3339(),
                });
            }
        }
        // All in Shanghai's offset, so text sorts as time does.
        list.rows.sort_by(|one, two| one.due.cmp(&two.due).then_with(|| one.no.cmp(&two.no)));
        list.rows.truncate(ROWS);
        Ok(list)
    }

    /// The open files, read again when something was done here or came from the hub.
    async fn open_files(&self) -> Result<Arc<Vec<OpenFile>>, DeskError> {
        let (_, head) = self.store.log_head().await?;
        let facts = self.store.sync_facts().await?;
        let stamp = format!("{} {}", head.hex(), facts.cursor);
        let known = |files: &OpenFiles| {
            let known = files.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.as_ref().filter(|(of, _)| *of == stamp).map(|(_, files)| Arc::clone(files))
        };
        if let Some(files) = known(&self.open_files) {
            return Ok(files);
        }
        let files = Arc::new(self.read_open_files().await?);
        let mut kept = self.open_files.known.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((stamp, Arc::clone(&files)));
        Ok(files)
    }

    async fn read_open_files(&self) -> Result<Vec<OpenFile>, DeskError> {
        let open = Status::ALL.into_iter().filter(|status| !status.closed() || *status == Status::Refused);
        let query = ClaimQuery {
            statuses: open.map(|status| status.as_str().to_owned()).collect(),
            ..ClaimQuery::default()
        };
        let mut files = Vec::new();
        let mut offset = 0;
        loop {
            let (_, listed) = self.store.claims(&query, offset, RUN).await?;
            let Some(count) = u32::try_from(listed.len()).ok().filter(|count| *count > 0) else { break };
            offset += count;
            let ids: Vec<Uuid> = listed.iter().map(|claim| claim.id).collect();
            let mut events = by_owner(self.store.owned_by_any(&ids, "event").await?);
            let mut prints = by_owner(self.store.owned_by_any(&ids, "print").await?);
            for claim in listed {
                let Ok(registered) = moment(&claim.registered_at) else { continue };
                let events = events.remove(&claim.id).unwrap_or_default();
                let prints = prints.remove(&claim.id).unwrap_or_default();
                // Refused and told: nothing is due any more.
                let told = events.iter().any(|event| event.text("command") == "notify_refusal");
                if told && claim.status == Status::Refused.as_str() {
                    continue;
                }
                files.push(OpenFile {
                    kind: "claim",
                    id: claim.id,
                    no: claim.no,
                    title: claim.insured,
                    rules: self.template_clocks(&claim.template),
                    happenings: claim_happenings(registered, &events, &prints),
                });
            }
        }
        self.read_open_complaints(&mut files).await?;
        Ok(files)
    }

    async fn read_open_complaints(&self, files: &mut Vec<OpenFile>) -> Result<(), DeskError> {
        use domain::complaint::Status;
        // A review may be asked for after closing; what is archived is over.
        let open = Status::ALL.into_iter().filter(|status| !status.closed() || *status == Status::Closed);
        let statuses = open.map(|status| status.as_str().to_owned()).collect();
        let query = ComplaintQuery {
            statuses,
            not_closed_before: self.reviews_over().map(|moment| moment.to_rfc3339()),
            ..ComplaintQuery::default()
        };
        let mut offset = 0;
        loop {
            let (_, listed) = self.store.complaints(&query, offset, RUN).await?;
            let Some(count) = u32::try_from(listed.len()).ok().filter(|count| *count > 0) else {
                return Ok(());
            };
            offset += count;
            let ids: Vec<Uuid> = listed.iter().map(|complaint| complaint.id).collect();
            let mut events = self.complaint_events(&ids).await?;
            for complaint in listed {
                let Ok(received) = moment(&complaint.received_at) else { continue };
                let events = events.remove(&complaint.id).unwrap_or_default();
                files.push(OpenFile {
                    kind: "complaint",
                    id: complaint.id,
                    no: complaint.no,
                    title: complaint.complainant,
                    rules: domain::complaint::clocks::RULES.iter().map(|rule| (*rule).to_owned()).collect(),
                    happenings: complaint_happenings(received, &events),
                });
            }
        }
    }

    /// What was closed before this can have no review under way: twice what asking for one and deciding it may take.
    fn reviews_over(&self) -> Option<DateTime<FixedOffset>> {
        let reference = self.reference();
        let days = |id: &&str| {
            let rule = reference.rules.get(id).ok()?;
            Some(rule.limit + rule.extensions.iter().map(|extension| extension.add).sum::<u32>())
        };
        let days = ["K11-request", "K11"].iter().filter_map(days).sum::<u32>();
        self.now().checked_sub_days(Days::new(u64::from(2 * days)))
    }

    /// The timelines of some complaints.
    pub(crate) async fn complaint_events(
        &self,
        ids: &[Uuid],
    ) -> Result<BTreeMap<Uuid, Vec<(Uuid, Record)>>, DeskError> {
        let mut events: BTreeMap<Uuid, Vec<(Uuid, Record)>> = BTreeMap::new();
        for (id, event) in self.store.owned_by_any(ids, "complaint_event").await? {
            if let Some(owner) = event.id("complaint") {
                events.entry(owner).or_default().push((id, event));
            }
        }
        Ok(events)
    }

    /// The clocks that run over claims of a template, in its newest version.
    fn template_clocks(&self, id: &str) -> Vec<String> {
        let reference = self.reference();
        let versions = reference.library.templates.iter().filter(|template| template.id == id);
        let newest = versions.max_by_key(|template| template.version);
        newest.map(|template| clock_ids(template)).unwrap_or_default()
    }
}

/// The clocks of a template that something has to be done before.
pub(crate) fn clock_ids(template: &domain::template::Template) -> Vec<String> {
    let rules = template.clocks.iter().map(|clock| clock.rule);
    rules.filter(|rule| rule.runs()).map(|rule| rule.as_str().to_owned()).collect()
}

/// What happened to a claim, out of its timeline and its prints.
pub(crate) fn claim_happenings(
    registered: DateTime<Utc>,
    events: &[Record],
    prints: &[Record],
) -> Vec<Happening> {
    let nothing = serde_json::Value::Null;
    let steps = events.iter().filter_map(|event| {
        let at = moment(event.text("at")).ok()?;
        Some(Told { command: event.text("command"), at, data: event.get("data").unwrap_or(&nothing) })
    });
    // The receipt lists what was handed in and what is still wanted (000-07).
    let receipts = prints.iter().filter(|print| print.text("kind") == "receipt");
    let listed = receipts.filter_map(|print| moment(print.text("at")).ok()).min();
    happenings(registered, steps, listed)
}

/// What happened to a complaint, out of its timeline.
pub(crate) fn complaint_happenings(received: DateTime<Utc>, events: &[(Uuid, Record)]) -> Vec<Happening> {
    let nothing = serde_json::Value::Null;
    let steps = events.iter().filter_map(|(_, event)| {
        let at = moment(event.text("at")).ok()?;
        Some(Told { command: event.text("command"), at, data: event.get("data").unwrap_or(&nothing) })
    });
    domain::complaint::clocks::happenings(received, steps)
}

fn by_owner(records: Vec<(Uuid, Record)>) -> BTreeMap<Uuid, Vec<Record>> {
    let mut owned: BTreeMap<Uuid, Vec<Record>> = BTreeMap::new();
    for (_, record) in records {
        if let Some(owner) = record.id("claim") {
            owned.entry(owner).or_default().push(record);
        }
    }
    owned
}

fn statutory(rule: &Rule) -> bool {
    rule.kind == domain::clock::Kind::Statutory
}

fn row(rule: &Rule, start: DateTime<Utc>) -> ClockRow {
    let article = rule.source.article.as_deref().unwrap_or_default();
    let source = |law: &str| format!("{law} {article}").trim_end().to_owned();
    let law = &rule.source.law;
    ClockRow {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        statutory: statutory(rule),
        source: Text { zh_cn: source(&law.zh_cn), zh_tw: source(&law.zh_tw), en: source(&law.en) },
        unverified: rule.mark().is_some_and(|mark| mark == Mark::M),
        keep: rule.sense == Sense::Keep,
        state: State::Running,
        started: local(start).to_rfc3339(),
        due: None,
        earliest: None,
        no_calendar: Vec::new(),
        explain: Vec::new(),
        problem: None,
    }
}
