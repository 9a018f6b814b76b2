//! A complaint's file as the clocks read it: K8 and K9 of the house (004-08), K10 and K11 of Order 2020-3.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::flow::Status;
use crate::claim::clocks::Told;
use crate::clock::{Happening, moment};

/// The clocks of a complaint; the house's and the law's run side by side.
pub const RULES: &[&str] = &["K8", "K9", "K10", "K11-request", "K11"];

/// What happened to a complaint, by the names of `assets/clocks`.
pub fn happenings<'a>(received: DateTime<Utc>, steps: impl IntoIterator<Item = Told<'a>>) -> Vec<Happening> {
    let mut found = vec![Happening { name: "complaint-received", at: received }];
    let mut add = |name, at| found.push(Happening { name, at });
    for step in steps {
        let said = |field: &str| {
            let moment = step.data.get(field).and_then(Value::as_str).and_then(|text| moment(text).ok());
            moment.unwrap_or(step.at)
        };
        match step.command {
            "record_contact" if step.data.get("with").and_then(Value::as_str) == Some("complainant") => {
                add("first-contact", step.at);
            }
            "ask_more" => {
                add("first-contact", said("reached_at"));
                add("supplement-notice-reached", said("reached_at"));
            }
            "more_received" => add("supplements-received", said("received_at")),
            "begin_appraisal" => add("appraisal-begun", step.at),
            "end_appraisal" => add("appraisal-done", step.at),
            "extend_complex" => add("extend-complex", step.at),
            "extend_special" => add("extend-special", step.at),
            "new_facts" => add("new-facts-received", said("received_at")),
            "tell" => {
                add("first-contact", said("told_at"));
                add("decision-told", said("told_at"));
            }
            "request_review" => add("review-requested", said("requested_at")),
            "tell_review" => add("review-decision-told", said("told_at")),
            _ => {}
        }
    }
    found
}

/// Whether anything is still owed: of what was not accepted, was taken back or goes on in another file nothing is (Order
/// 2020-3, art. 15).
pub fn owed(status: Status) -> bool {
    !matches!(status, Status::NotAComplaint | Status::Withdrawn | Status::Merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::{Calendar, Clock, Rules, State, compute, course_of};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn due(rule: &str, happenings: &[Happening], now: &str) -> Option<(Option<String>, State)> {
        let rule = Rules::shipped().get(rule).unwrap();
        let (start, events) = course_of(rule, happenings)?;
        let clock = Clock { start, limit: None, events: &events };
        let state = compute(rule, &clock, Calendar::shipped(), at(now)).unwrap();
        Some((state.due.map(|due| due.to_rfc3339()), state.state))
    }

    #[test]
    fn both_kinds_of_clock_run_side_by_side_from_receipt_to_telling() {
        let nothing = json!({});
        let talked = json!({ "with": "complainant" });
        let inside = json!({ "with": "claims" });
        let told_at = json!({ "told_at": "2026-06-17T15:00:00+08:00" });
        let told = |command, moment: &str, data| Told { command, at: at(moment), data };
        let received = at("2026-06-01T10:00:00+08:00");
        let steps = vec![
            told("record_contact", "2026-06-01T12:00:00+08:00", &inside),
            told("record_contact", "2026-06-02T12:00:00+08:00", &talked),
            told("extend_complex", "2026-06-12T12:00:00+08:00", &nothing),
            told("tell", "2026-06-18T12:00:00+08:00", &told_at),
        ];
        let early = happenings(received, steps[..2].to_vec());
        assert_eq!(
            due("K8", &early, "2026-06-03T09:00:00+08:00").unwrap().1,
            State::Met,
            "talk inside is no answer"
        );
        let ten = due("K10", &early, "2026-06-03T09:00:00+08:00").unwrap();
        assert_eq!(ten, (Some("2026-06-16T23:59:59+08:00".into()), State::Running));
        assert!(due("K9", &early, "2026-06-03T09:00:00+08:00").unwrap().0.is_some());
        assert_eq!(due("K11", &early, "2026-06-03T09:00:00+08:00"), None);
        let whole = happenings(received, steps);
        let extended = due("K10", &whole, "2026-07-30T09:00:00+08:00").unwrap();
        assert_eq!(extended, (Some("2026-07-01T23:59:59+08:00".into()), State::Met));
        assert_eq!(
            due("K9", &whole, "2026-07-30T09:00:00+08:00").unwrap().1,
            State::MetLate,
            "the house was late"
        );
        let request = due("K11-request", &whole, "2026-06-20T09:00:00+08:00").unwrap();
        assert_eq!(request.0.as_deref(), Some("2026-07-17T23:59:59+08:00"));
    }
}
