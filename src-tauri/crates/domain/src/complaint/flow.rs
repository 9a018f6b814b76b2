//! The state machine of a complaint (001-19, 002-05 to 002-10; Order 2020-3, arts. 12 to 22).
//!
//! Every path to a complaint's status goes through [`Command::check`]. None reaches `closed` without a decision, evidence
//! that it was told, a follow-up by someone else and a review.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

use super::data::Data;
use super::labels;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::role::Right;

/// Where a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename = "ComplaintStatus", rename_all = "snake_case")]
pub enum Status {
    /// Recorded with a number; to be checked.
    Received,
    /// Something was asked for.
    AwaitingMore,
    /// Complete, clear and lawful.
    Accepted,
    /// With category and priority.
    Assessed,
    /// With a handler.
    Assigned,
    /// Under inquiry.
    Investigating,
    /// A solution is on the table.
    Proposed,
    /// The complainant has answered.
    Negotiating,
    /// Decided with reasons.
    Decided,
    /// The complainant knows the decision.
    Told,
    /// Someone else asked how it was.
    FollowedUp,
    /// Reviewed and closed.
    Closed,
    /// In the archive.
    Archived,
    /// Not accepted.
    NotAComplaint,
    /// Taken back.
    Withdrawn,
    /// Goes on in another file.
    Merged,
}

use Status::{
    Accepted, Archived, Assessed, Assigned, AwaitingMore, Closed, Decided, FollowedUp, Investigating, Merged,
    Negotiating, NotAComplaint, Proposed, Received, Told, Withdrawn,
};

impl Status {
    /// Every status, in order of the flow.
    pub const ALL: [Status; 16] = [
        Received,
        AwaitingMore,
        Accepted,
        Assessed,
        Assigned,
        Investigating,
        Proposed,
        Negotiating,
        Decided,
        Told,
        FollowedUp,
        Closed,
        Archived,
        NotAComplaint,
        Withdrawn,
        Merged,
    ];

    /// The status as records and messages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Received => "received",
            AwaitingMore => "awaiting_more",
            Accepted => "accepted",
            Assessed => "assessed",
            Assigned => "assigned",
            Investigating => "investigating",
            Proposed => "proposed",
            Negotiating => "negotiating",
            Decided => "decided",
            Told => "told",
            FollowedUp => "followed_up",
            Closed => "closed",
            Archived => "archived",
            NotAComplaint => "not_a_complaint",
            Withdrawn => "withdrawn",
            Merged => "merged",
        }
    }

    /// Reads what [`Status::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether nothing more is expected to happen.
    pub fn closed(self) -> bool {
        matches!(self, Closed | Archived | NotAComplaint | Withdrawn | Merged)
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident => $text:literal,)*) => {
        /// A step of the complaint flow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Command {
            $($(#[$doc])* $variant,)*
        }

        impl Command {
            /// Every command, in the order the screen offers them.
            pub const ALL: &'static [Command] = &[$(Command::$variant,)*];

            /// The command as operations write it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Command::$variant => $text,)*
                }
            }
        }
    };
}

commands! {
    /// Something was said with somebody; with the complainant it stops the 48 hours (004-08).
    RecordContact => "record_contact",
    /// Tell the complainant, once, what is missing (002-05).
    AskMore => "ask_more",
    /// What was asked for came.
    MoreReceived => "more_received",
    /// Complete, clear and lawful (002-05).
    Accept => "accept",
    /// Not a complaint, with reason and letter.
    NotAComplaint => "not_a_complaint",
    /// Category, cause, severity and urgency (002-06, 002-07).
    Assess => "assess",
    /// To a handler without a direct interest (Order 2020-3, art. 17).
    Assign => "assign",
    /// With goal, people and time (002-11).
    StartInvestigation => "start_investigation",
    /// A visit on site (002-13).
    RecordVisit => "record_visit",
    /// What was found, and who is liable (002-18).
    RecordFinding => "record_finding",
    /// To the superior office (002-22).
    ReportUp => "report_up",
    /// A solution with its basis.
    Propose => "propose",
    /// What the complainant says to it.
    RecordAnswer => "record_answer",
    /// A settlement was signed.
    Settle => "settle",
    /// With basis and reasons (Order 2020-3, art. 19).
    Decide => "decide",
    /// The complainant is told, with evidence (Order 2020-3, art. 21).
    Tell => "tell",
    /// By someone other than the handler.
    FollowUp => "follow_up",
    /// After review.
    Close => "close",
    /// Into the archive.
    Archive => "archive",
    /// New facts and reasons: the limit begins anew (Order 2020-3, art. 18).
    NewFacts => "new_facts",
    /// 15 to 30 days (Order 2020-3, art. 18).
    ExtendComplex => "extend_complex",
    /// 30 days more (Order 2020-3, art. 18).
    ExtendSpecial => "extend_special",
    /// An outside appraisal begins: the limit stands.
    BeginAppraisal => "begin_appraisal",
    /// It is done.
    EndAppraisal => "end_appraisal",
    /// The complainant asks for a review (Order 2020-3, art. 20).
    RequestReview => "request_review",
    /// Its decision is told.
    TellReview => "tell_review",
    /// To another handler, with a reason.
    Reassign => "reassign",
    /// Back to the inquiry, with a reason.
    ReturnToInvestigation => "return_to_investigation",
    /// Into the same complaint, with a reason (Order 2020-3, art. 18).
    Merge => "merge",
    /// Apart again, with a reason.
    Unmerge => "unmerge",
    /// The complainant takes it back (Order 2020-3, art. 15).
    Withdraw => "withdraw",
    /// Taken up again, with a reason.
    Reopen => "reopen",
}

/// What the guards look at besides the status.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Assessed as major (Order 2020-3, art. 22).
    pub major: bool,
    /// Assessed as least severe: may be solved without an inquiry (001-22).
    pub simple: bool,
    /// Someone was on site since the inquiry began.
    pub visited: bool,
    /// The superior office was told.
    pub reported_up: bool,
    /// The facts were found.
    pub found: bool,
    /// There is evidence that the decision was told.
    pub told: bool,
    /// The one acting is the handler.
    pub actor_handles: bool,
    /// An outside appraisal is under way.
    pub appraisal_open: bool,
    /// A review was asked for and not answered.
    pub review_open: bool,
    /// How many people complain together; 0 or 1 for one.
    pub people: u32,
    /// Where it stood before it was merged.
    pub before_merge: Option<Status>,
}

struct Rule {
    from: &'static [Status],
    to: Option<Status>,
    right: Right,
    backward: bool,
}

/// From the recording to the decision.
const OPEN: &[Status] =
    &[Received, AwaitingMore, Accepted, Assessed, Assigned, Investigating, Proposed, Negotiating, Decided];
/// Somebody works on it.
const AT_WORK: &[Status] = &[Accepted, Assessed, Assigned, Investigating, Proposed, Negotiating, Decided];
/// The complainant knows the decision.
const AFTER: &[Status] = &[Told, FollowedUp, Closed];
/// As long as people talk about it.
const TALK: &[Status] = &[
    Received,
    AwaitingMore,
    Accepted,
    Assessed,
    Assigned,
    Investigating,
    Proposed,
    Negotiating,
    Decided,
    Told,
    FollowedUp,
];

impl Command {
    /// Reads what [`Command::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Command> {
        Command::ALL.iter().copied().find(|command| command.as_str() == text)
    }

    fn rule(self) -> Rule {
        let rule = |from, to, right, backward| Rule { from, to, right, backward };
        use Right::{ComplaintDecide, ComplaintHandle};
        match self {
            Command::RecordContact => rule(TALK, None, ComplaintHandle, false),
            Command::AskMore => rule(&[Received, AwaitingMore], Some(AwaitingMore), ComplaintHandle, false),
            Command::MoreReceived => rule(&[AwaitingMore], Some(Received), ComplaintHandle, false),
            Command::Accept => rule(&[Received], Some(Accepted), ComplaintHandle, false),
            Command::NotAComplaint => {
                rule(&[Received, AwaitingMore], Some(NotAComplaint), ComplaintHandle, true)
            }
            Command::Assess => rule(&[Accepted, Assessed], Some(Assessed), ComplaintHandle, false),
            Command::Assign => rule(&[Assessed], Some(Assigned), ComplaintHandle, false),
            Command::StartInvestigation => rule(&[Assigned], Some(Investigating), ComplaintHandle, false),
            Command::RecordVisit => rule(&[Investigating], None, ComplaintHandle, false),
            Command::RecordFinding => rule(&[Assigned, Investigating], None, ComplaintHandle, false),
            Command::ReportUp => rule(AT_WORK, None, ComplaintHandle, false),
            Command::Propose => rule(&[Assigned, Investigating], Some(Proposed), ComplaintHandle, false),
            Command::RecordAnswer => {
                rule(&[Proposed, Negotiating], Some(Negotiating), ComplaintHandle, false)
            }
            Command::Settle => rule(&[Negotiating], None, ComplaintHandle, false),
            Command::Decide => rule(&[Proposed, Negotiating], Some(Decided), ComplaintDecide, false),
            Command::Tell => rule(&[Decided], Some(Told), ComplaintHandle, false),
            Command::FollowUp => rule(&[Told], Some(FollowedUp), ComplaintHandle, false),
            Command::Close => rule(&[FollowedUp], Some(Closed), ComplaintDecide, false),
            Command::Archive => rule(&[Closed], Some(Archived), ComplaintHandle, false),
            Command::NewFacts => rule(
                &[
                    Accepted,
                    Assessed,
                    Assigned,
                    Investigating,
                    Proposed,
                    Negotiating,
                    Decided,
                    Told,
                    FollowedUp,
                    Closed,
                ],
                None,
                ComplaintHandle,
                false,
            ),
            Command::ExtendComplex | Command::ExtendSpecial => rule(AT_WORK, None, ComplaintDecide, true),
            Command::BeginAppraisal | Command::EndAppraisal => rule(AT_WORK, None, ComplaintHandle, false),
            Command::RequestReview | Command::TellReview => rule(AFTER, None, ComplaintHandle, false),
            Command::Reassign => {
                rule(&[Assigned, Investigating, Proposed, Negotiating], None, ComplaintHandle, true)
            }
            Command::ReturnToInvestigation => {
                rule(&[Proposed, Negotiating, Decided], Some(Investigating), ComplaintHandle, true)
            }
            Command::Merge => rule(OPEN, Some(Merged), ComplaintHandle, true),
            Command::Unmerge => rule(&[Merged], None, ComplaintHandle, true),
            Command::Withdraw => rule(OPEN, Some(Withdrawn), ComplaintHandle, true),
            Command::Reopen => rule(
                &[Told, FollowedUp, Closed, Archived, NotAComplaint, Withdrawn],
                Some(Investigating),
                ComplaintDecide,
                true,
            ),
        }
    }

    /// The right it needs.
    pub fn right(self) -> Right {
        self.rule().right
    }

    /// Whether it leads back, or ends what others expect: it needs a reason (001-19).
    pub fn backward(self) -> bool {
        self.rule().backward
    }

    /// Whether the status alone allows it.
    pub fn offered(self, status: Status) -> bool {
        self.rule().from.contains(&status)
    }

    /// The status it leads to.
    ///
    /// # Errors
    /// A typed refusal that names the rule.
    pub fn check(self, status: Status, facts: &Facts) -> Result<Status, Refusal> {
        let rule = self.rule();
        if !rule.from.contains(&status) {
            let step = labels::command(self).map(|words| words.label.clone()).unwrap_or_default();
            return Err(Refusal::new(Code::ComplaintStepNotNow)
                .with_text("step", &step)
                .with_text("status", &labels::status(status)));
        }
        let refused = |code: Code| Err(Refusal::new(code));
        match self {
            Command::Propose if status == Assigned && !facts.simple => refused(Code::ComplaintNotSimple),
            Command::Propose if !facts.found => refused(Code::ComplaintFindingMissing),
            // 002-13: no major complaint is settled from a desk.
            Command::Propose | Command::Close if facts.major && !facts.visited => {
                refused(Code::ComplaintVisitMissing)
            }
            Command::Close if facts.major && !facts.reported_up => refused(Code::ComplaintReportUpMissing),
            Command::Close if !facts.told => refused(Code::ComplaintProofMissing),
            Command::FollowUp if facts.actor_handles => refused(Code::ComplaintFollowUpByHandler),
            Command::BeginAppraisal if facts.appraisal_open => refused(Code::ComplaintAlreadyOpen),
            Command::EndAppraisal if !facts.appraisal_open => refused(Code::ComplaintNothingOpen),
            Command::RequestReview if facts.review_open => refused(Code::ComplaintAlreadyOpen),
            Command::TellReview if !facts.review_open => refused(Code::ComplaintNothingOpen),
            // What was told is taken up again when something new is said.
            Command::NewFacts if AFTER.contains(&status) => Ok(Investigating),
            Command::Unmerge => Ok(facts.before_merge.unwrap_or(Received)),
            _ => Ok(rule.to.unwrap_or(status)),
        }
    }

    /// What the step says must hold too: the criteria, the recusal, the matrix.
    ///
    /// # Errors
    /// A typed refusal that names the rule.
    pub fn check_said(self, said: &Map<String, Value>, facts: &Facts) -> Result<(), Refusal> {
        let yes = |field: &str| said.get(field).and_then(Value::as_str) == Some("yes");
        match self {
            Command::Accept if !["complete", "clear", "lawful"].into_iter().all(yes) => {
                Err(Refusal::new(Code::ComplaintCriteria))
            }
            Command::Assign | Command::Reassign if !yes("no_interest") => {
                Err(Refusal::new(Code::ComplaintRecusal).at("no_interest"))
            }
            Command::Assess if facts.people >= Data::shipped().major_people && !yes("major") => {
                Err(Refusal::new(Code::ComplaintGroupMajor).with("people", facts.people).at("major"))
            }
            Command::Close if !yes("implemented") => {
                Err(Refusal::new(Code::ComplaintNotImplemented).at("implemented"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(command: Command, status: Status, facts: &Facts, expect: Result<Status, Code>) {
        let found = command.check(status, facts).map_err(|refusal| refusal.code);
        assert_eq!(found, expect, "{command:?} at {status:?} with {facts:?}");
    }

    #[test]
    fn the_flow_runs_from_the_counter_to_the_archive() {
        let facts = Facts { found: true, told: true, ..Facts::default() };
        let mut status = Received;
        for (command, next) in [
            (Command::AskMore, AwaitingMore),
            (Command::MoreReceived, Received),
            (Command::Accept, Accepted),
            (Command::Assess, Assessed),
            (Command::Assign, Assigned),
            (Command::StartInvestigation, Investigating),
            (Command::RecordFinding, Investigating),
            (Command::Propose, Proposed),
            (Command::RecordAnswer, Negotiating),
            (Command::Decide, Decided),
            (Command::Tell, Told),
            (Command::FollowUp, FollowedUp),
            (Command::Close, Closed),
            (Command::Archive, Archived),
        ] {
            check(command, status, &facts, Ok(next));
            status = next;
        }
    }

    #[test]
    fn no_path_closes_without_decision_proof_follow_up_and_review() {
        // Whatever is done in whatever order: `closed` is reached from `followed_up` alone, that from `told` alone, that
        // from `decided` alone.
        let facts = Facts { found: true, told: true, before_merge: Some(Received), ..Facts::default() };
        for (target, before) in [(Closed, FollowedUp), (FollowedUp, Told), (Told, Decided)] {
            for command in Command::ALL {
                for status in Status::ALL {
                    let leads = command.check(status, &facts) == Ok(target) && status != target;
                    assert!(!leads || status == before, "{command:?} leads from {status:?} to {target:?}");
                }
            }
        }
        let untold = Facts { told: false, ..facts };
        check(Command::Close, FollowedUp, &untold, Err(Code::ComplaintProofMissing));
    }

    #[test]
    fn a_major_complaint_needs_a_visit_and_a_report_up() {
        let facts = Facts { major: true, found: true, told: true, ..Facts::default() };
        check(Command::Propose, Investigating, &facts, Err(Code::ComplaintVisitMissing));
        let visited = Facts { visited: true, ..facts };
        check(Command::Propose, Investigating, &visited, Ok(Proposed));
        check(Command::Close, FollowedUp, &visited, Err(Code::ComplaintReportUpMissing));
        check(Command::Close, FollowedUp, &Facts { reported_up: true, ..visited }, Ok(Closed));
    }

    #[test]
    fn a_simple_one_is_solved_without_an_inquiry_and_none_without_a_finding() {
        check(
            Command::Propose,
            Assigned,
            &Facts { found: true, ..Facts::default() },
            Err(Code::ComplaintNotSimple),
        );
        check(
            Command::Propose,
            Assigned,
            &Facts { simple: true, found: true, ..Facts::default() },
            Ok(Proposed),
        );
        check(Command::Propose, Investigating, &Facts::default(), Err(Code::ComplaintFindingMissing));
    }

    #[test]
    fn whoever_handled_it_does_not_ask_how_it_was() {
        let handler = Facts { actor_handles: true, ..Facts::default() };
        check(Command::FollowUp, Told, &handler, Err(Code::ComplaintFollowUpByHandler));
        check(Command::FollowUp, Told, &Facts::default(), Ok(FollowedUp));
    }

    #[test]
    fn new_facts_take_up_again_what_was_told_and_a_merge_is_undone() {
        check(Command::NewFacts, Told, &Facts::default(), Ok(Investigating));
        check(Command::NewFacts, Assessed, &Facts::default(), Ok(Assessed));
        let merged = Facts { before_merge: Some(Assigned), ..Facts::default() };
        check(Command::Unmerge, Merged, &merged, Ok(Assigned));
        check(Command::EndAppraisal, Investigating, &Facts::default(), Err(Code::ComplaintNothingOpen));
        check(Command::TellReview, Told, &Facts::default(), Err(Code::ComplaintNothingOpen));
    }

    #[test]
    fn what_is_said_must_hold_too() {
        let said = |value: serde_json::Value| value.as_object().cloned().unwrap();
        let accept = |lawful: &str| {
            let said = said(json!({ "complete": "yes", "clear": "yes", "lawful": lawful }));
            Command::Accept.check_said(&said, &Facts::default()).map_err(|refusal| refusal.code)
        };
        assert_eq!((accept("yes"), accept("no")), (Ok(()), Err(Code::ComplaintCriteria)));
        let group = Facts { people: 20, ..Facts::default() };
        let assess = |facts: &Facts, major: &str| {
            Command::Assess
                .check_said(&said(json!({ "major": major })), facts)
                .map_err(|refusal| refusal.code)
        };
        assert_eq!(
            assess(&group, "no"),
            Err(Code::ComplaintGroupMajor),
            "twenty together are a major complaint"
        );
        assert_eq!(assess(&Facts { people: 19, ..group }, "no"), Ok(()));
        let recused = Command::Assign.check_said(&said(json!({ "no_interest": "no" })), &Facts::default());
        assert_eq!(recused.unwrap_err().code, Code::ComplaintRecusal);
    }
}
