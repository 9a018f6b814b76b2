//! What the claims of one template have in common: its example, and how many papers are missing.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate};
use domain::party::PartyKind;
use domain::template::{Library, Template};
use serde_json::{Map, Value, json};

use crate::claim::papers::{self, PaperState, Received};
use crate::error::DeskError;

/// A template with what is worked out once for all its claims.
pub(super) struct Plan {
    pub(super) template: &'static Template,
    pub(super) product: String,
    pub(super) insured: PartyKind,
    /// The role that a third person has, if the template asks for one.
    pub(super) other: Option<String>,
    answers: Map<String, Value>,
    incident: DateTime<chrono::FixedOffset>,
    /// Days from the loss to the last date the answers speak of.
    pub(super) days: i64,
    /// The papers of the example, and what is missing with all of them, and with only the first.
    pub(super) papers: Vec<(String, Received)>,
    pub(super) missing: (usize, usize),
}

/// Answers that hold the name of the insured person or of the third person.
const INSURED_NAMES: [&str; 1] = ["driver_name"];
const OTHER_NAMES: [&str; 3] = ["third_party_name", "injured_name", "victim_name"];

impl Plan {
    pub(super) fn all(library: &'static Library) -> Result<Vec<Plan>, DeskError> {
        let day = NaiveDate::MAX;
        let mut plans = Vec::new();
        for template in &library.templates {
            if library
                .current(&template.id, day)
                .or(Some(template))
                .is_some_and(|newest| newest.version == template.version)
            {
                plans.extend(Plan::of(template)?);
            }
        }
        Ok(plans)
    }

    fn of(template: &'static Template) -> Result<Option<Plan>, DeskError> {
        let Value::Object(answers) = template.example.answers.clone() else { return Ok(None) };
        let at = answers.get("incident_at").and_then(Value::as_str).unwrap_or_default();
        let Ok(incident) = DateTime::parse_from_rfc3339(at) else { return Ok(None) };
        let dates = answers.values().filter_map(|answer| date(answer.as_str()?));
        let days = dates.map(|date| (date - incident.date_naive()).num_days()).max().unwrap_or_default();
        let insured = template.example.parties.iter().find(|party| party.role == "insured");
        let insured = match insured.map(|party| party.kind.as_str()) {
            Some("organisation") => PartyKind::Organisation,
            _ => PartyKind::Person,
        };
        let known = ["reporter", "insured"];
        let other = template.roles.iter().find(|rule| rule.required && !known.contains(&rule.role.as_str()));
        let mut roles = known.to_vec();
        roles.extend(other.map(|rule| rule.role.as_str()));
        let papers: Vec<(String, Received)> = template
            .example
            .documents
            .iter()
            .filter_map(|document| {
                let state = json!(document.received).as_str().and_then(PaperState::parse)?;
                Some((document.id.clone(), Received { state, count: document.count, note: None }))
            })
            .collect();
        let missing = |papers: &[(String, Received)]| -> Result<usize, DeskError> {
            let here: BTreeMap<String, Received> = papers.iter().cloned().collect();
            let rows = papers::rows(template, &answers, &roles, &here, &[])?;
            Ok(rows.iter().filter(|row| row.lacking()).count())
        };
        let missing = (missing(&papers)?, missing(papers.get(..1).unwrap_or_default())?);
        Ok(Some(Plan {
            template,
            product: format!("SAMPLE-SEED-{}", template.id.to_uppercase()),
            insured,
            other: other.map(|rule| rule.role.clone()),
            incident,
            days,
            papers,
            missing,
            answers,
        }))
    }

    /// The example's answers about another loss: every date moves with it.
    pub(super) fn answers(
        &self,
        incident: DateTime<chrono::FixedOffset>,
        insured: &str,
        other: &str,
        plate: Option<&str>,
    ) -> Map<String, Value> {
        let shift = Duration::days((incident.date_naive() - self.incident.date_naive()).num_days());
        let mut answers = self.answers.clone();
        for (key, answer) in &mut answers {
            let Some(text) = answer.as_str() else { continue };
            let replaced = if INSURED_NAMES.contains(&key.as_str()) {
                Some(insured.to_owned())
            } else if OTHER_NAMES.contains(&key.as_str()) {
                Some(other.to_owned())
            } else if key == "plate" {
                plate.map(str::to_owned)
            } else if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
                moment.checked_add_signed(shift).map(|moment| moment.to_rfc3339())
            } else {
                date(text).and_then(|day| day.checked_add_signed(shift)).map(|day| day.to_string())
            };
            if let Some(replaced) = replaced {
                *answer = Value::String(replaced);
            }
        }
        answers.insert("incident_at".to_owned(), json!(incident.to_rfc3339()));
        // Another vehicle than the example's.
        answers.remove("vin");
        answers
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.date_naive()))
}
