//! What a clock is: its unit and limit, what starts, pauses, extends and ends it, where it comes from, who is told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::events::{Event, EventKind, Evidence};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Text;

/// One clock of `assets/clocks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    format: Format,
    /// `K1` to `K12`, some with a suffix.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// Whether the law or the house sets it.
    pub kind: Kind,
    /// What runs under it.
    pub subject: Subject,
    /// What it means that it runs out.
    pub sense: Sense,
    /// What is counted.
    pub unit: Unit,
    /// How many of them.
    pub limit: u32,
    /// Whether the contract may set another limit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub contract_limit: bool,
    /// The happening that starts it.
    pub start: String,
    /// What stops it for a while. The first is meant by a plain `pause`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// What makes it longer, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// The happening that lets it begin anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<String>,
    /// The happenings that end it; one is enough.
    pub end: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// When it is near.
    pub warn: Vec<Warn>,
    /// Who is told.
    pub tell: Tell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "clock")]
    Clock,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Who sets a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The law.
    Statutory,
    /// The house; a branch's closing days count as rest days.
    Internal,
}

/// What runs under a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A claim.
    Claim,
    /// A complaint.
    Complaint,
    /// Kept files.
    Record,
}

/// What it means that a clock runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// Something has to be done before: running out is a breach.
    Deadline,
    /// Somebody else may do something until then: running out ends that.
    Window,
    /// Something has to be kept until then: ending it earlier is the breach.
    Keep,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours from the moment.
    Hours,
    /// Hours of business.
    BusinessHours,
    /// All days; the last moves off a rest day.
    CalendarDays,
    /// Workdays.
    WorkingDays,
    /// Years; the last day moves off a rest day.
    Years,
}

/// Something that stops a clock for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Lower-case words joined by hyphens.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// The happening that begins it.
    pub begins: String,
    /// The happening that ends it.
    pub ends: String,
    /// What its record must name.
    pub needs: Vec<Need>,
    /// Why it may pause.
    pub source: Text,
    /// How sure that is; none for what the house decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// Something that makes a clock longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Lower-case words joined by hyphens; also the event's name.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// How many units more.
    pub add: u32,
    /// The extension that has to come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What its record must name.
    pub needs: Vec<Need>,
    /// Who has to approve it.
    pub approver: Text,
    /// How sure it is.
    pub mark: Mark,
}

/// What the record of a pause or an extension must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Who approved it.
    Approver,
    /// The notice to the customer.
    Notice,
}

/// Where a clock comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The law, or the internal target.
    pub law: Text,
    /// Its article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// How sure that is; a statutory clock has these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
}

/// How sure each part of a statutory clock is (domain page, part C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// That there is such a rule.
    pub rule: Mark,
    /// Its number of days.
    pub limit: Mark,
    /// The article's number.
    pub article: Mark,
}

/// How a fact was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mark {
    /// The article was read word for word.
    V1,
    /// A second-hand text says so.
    V2,
    /// From memory: to be checked before it is relied on.
    M,
}

/// A point at which a clock counts as near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warn {
    /// When this share of the limit is left, in percent.
    Share(u32),
    /// When this many units are left; days for a clock in years.
    Left(u32),
}

/// Who is told; `handler` is whoever has the case, others are roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tell {
    /// When it is near.
    pub near: Vec<String>,
    /// When it has run out.
    pub past: Vec<String>,
}

impl Rule {
    /// The event of this clock that a name stands for: `pause`, `resume`, `end`, `restart`, an extension's id, or a
    /// happening that the rule names, such as `supplements-received`. `None` for a happening that is not its own.
    pub fn event_kind(&self, name: &str) -> Option<EventKind> {
        let first = || self.pauses.first().map(|_| 0);
        match name {
            "end" => return Some(EventKind::End),
            "pause" => return first().map(EventKind::Pause),
            "resume" => return first().map(EventKind::Resume),
            "restart" => return self.restart.as_ref().map(|_| EventKind::Restart),
            _ => {}
        }
        let place = |named: fn(&Pause) -> &str| self.pauses.iter().position(|pause| named(pause) == name);
        if let Some(place) = place(|pause| &pause.begins) {
            return Some(EventKind::Pause(place));
        }
        if let Some(place) = place(|pause| &pause.ends) {
            return Some(EventKind::Resume(place));
        }
        if let Some(place) = self.extensions.iter().position(|extension| extension.id == name) {
            return Some(EventKind::Extend(place));
        }
        if self.restart.as_deref() == Some(name) {
            return Some(EventKind::Restart);
        }
        self.end.iter().any(|end| end == name).then_some(EventKind::End)
    }

    /// The same as [`Rule::event_kind`] for somebody who means this clock.
    ///
    /// # Errors
    /// A name that is no event, or one of another clock.
    pub fn event(&self, name: &str, at: DateTime<Utc>) -> Result<Event, Refusal> {
        if let Some(kind) = self.event_kind(name) {
            return Ok(Event { kind, at });
        }
        let refusal = match name {
            "pause" | "resume" => Refusal::new(Code::ClockPauseNotAllowed),
            "restart" => Refusal::new(Code::ClockRestartNotAllowed),
            _ if name.starts_with("extend-") => {
                Refusal::new(Code::ClockExtensionNotAllowed).with("extension", super::time::shortened(name))
            }
            _ => Refusal::new(Code::ClockEventUnknown)
                .with("event", super::time::shortened(name))
                .with("known", self.event_names().join(", ")),
        };
        Err(refusal.with("rule", &self.id))
    }

    /// What can happen to this clock, in short names.
    pub fn event_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if !self.pauses.is_empty() {
            names.extend(["pause", "resume"]);
        }
        names.extend(self.extensions.iter().map(|extension| extension.id.as_str()));
        names.extend(self.restart.as_ref().map(|_| "restart"));
        names.push("end");
        names
    }

    /// What an event of this clock is called in messages.
    pub(super) fn event_name(&self, kind: EventKind) -> &str {
        match kind {
            EventKind::Pause(_) => "pause",
            EventKind::Resume(_) => "resume",
            EventKind::Restart => "restart",
            EventKind::End => "end",
            EventKind::Extend(place) => {
                self.extensions.get(place).map_or("extend", |found| found.id.as_str())
            }
        }
    }

    /// Asks whether the record of an event names what the rule wants. [`super::compute`] does not ask: it says what
    /// would be due. Whoever records an event asks first.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn check_evidence(&self, kind: EventKind, evidence: &Evidence) -> Result<(), Refusal> {
        let (needs, approver): (&[Need], _) = match kind {
            EventKind::Pause(place) => {
                (self.pauses.get(place).map_or(&[], |pause| pause.needs.as_slice()), None)
            }
            EventKind::Extend(place) => {
                let extension = self.extensions.get(place);
                (
                    extension.map_or(&[], |found| found.needs.as_slice()),
                    extension.map(|found| &found.approver),
                )
            }
            EventKind::Resume(_) | EventKind::Restart | EventKind::End => (&[], None),
        };
        let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        for need in needs {
            let refusal = match need {
                Need::Approver if blank(&evidence.approver) => Refusal::new(Code::ClockApproverMissing),
                Need::Notice if blank(&evidence.notice) => Refusal::new(Code::ClockNoticeMissing),
                _ => continue,
            };
            let refusal = refusal.with("event", self.event_name(kind));
            return Err(match approver {
                Some(approver) => refusal.with_text("approver", approver),
                None => refusal.with("approver", "—"),
            });
        }
        Ok(())
    }

    /// The least sure mark of the rule; none for an internal target.
    pub fn mark(&self) -> Option<Mark> {
        self.source.marks.map(|marks| marks.rule.max(marks.limit).max(marks.article))
    }
}
