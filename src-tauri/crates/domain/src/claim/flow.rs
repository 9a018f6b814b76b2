//! The state machine of a claim (domain.md A6; Insurance Law 2015 arts. 22 to 25).
//!
//! Every path to a claim's status goes through [`Command::check`]: the window, deskctl, imports alike.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::labels;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::role::Right;

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken in, with a number.
    Registered,
    /// All missing papers were asked for at once.
    PapersAsked,
    /// Every required paper is there or waived.
    PapersComplete,
    /// In assessment.
    Assessing,
    /// The amount is worked out.
    Assessed,
    /// Payment is approved.
    Decided,
    /// The customer knows the result.
    Notified,
    /// The customer agreed to the amount.
    Agreed,
    /// Paid.
    Paid,
    /// Refused with reasons.
    Refused,
    /// Withdrawn by the customer.
    Withdrawn,
}

use Status::{
    Agreed, Assessed, Assessing, Decided, Notified, Paid, PapersAsked, PapersComplete, Refused, Registered,
    Withdrawn,
};

impl Status {
    /// Every status, in order of the flow.
    pub const ALL: [Status; 11] = [
        Registered,
        PapersAsked,
        PapersComplete,
        Assessing,
        Assessed,
        Decided,
        Notified,
        Agreed,
        Paid,
        Refused,
        Withdrawn,
    ];

    /// The status as records and messages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Registered => "registered",
            PapersAsked => "papers_asked",
            PapersComplete => "papers_complete",
            Assessing => "assessing",
            Assessed => "assessed",
            Decided => "decided",
            Notified => "notified",
            Agreed => "agreed",
            Paid => "paid",
            Refused => "refused",
            Withdrawn => "withdrawn",
        }
    }

    /// Reads what [`Status::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether nothing more is expected to happen.
    pub fn closed(self) -> bool {
        matches!(self, Paid | Refused | Withdrawn)
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident => $text:literal,)*) => {
        /// A step of the claim flow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
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
    /// Tell the customer, once, everything that is missing (Insurance Law 22).
    AskSupplement => "ask_supplement",
    /// The notice reached the customer: the assessment clock pauses from here (Interpretation II, 15).
    SupplementReached => "supplement_reached",
    /// Every required paper is there.
    PapersComplete => "papers_complete",
    /// The assessor takes it on.
    StartAssessment => "start_assessment",
    /// The amount is worked out on the template's worksheet.
    Assess => "assess",
    /// Someone other than the assessor approves the payment.
    Decide => "decide",
    /// Refuse with reasons (Insurance Law 24).
    Refuse => "refuse",
    /// The customer was told the result (Insurance Law 23).
    NotifyResult => "notify_result",
    /// The refusal notice went out (Insurance Law 24: three days).
    NotifyRefusal => "notify_refusal",
    /// The customer agreed to the amount: the ten days of art. 23 begin.
    Agree => "agree",
    /// The amount was paid.
    Pay => "pay",
    /// Back to the assessor, with a reason.
    ReturnToAssessment => "return_to_assessment",
    /// Back to the papers, with a reason.
    ReturnToPapers => "return_to_papers",
    /// The customer takes the claim back.
    Withdraw => "withdraw",
    /// A closed claim is taken up again, with a reason.
    Reopen => "reopen",
}

/// What the guards look at besides the status.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Names of required papers neither received, held nor waived.
    pub missing: Vec<String>,
    /// Whether the one acting worked out the amount.
    pub actor_assessed: bool,
    /// Whether a supplement notice has gone out that has not been recorded as arrived.
    pub notice_under_way: bool,
    /// Whether the refusal notice has gone out.
    pub refusal_notified: bool,
    /// The template's worksheet came to zero.
    pub amount_zero: bool,
}

struct Rule {
    from: &'static [Status],
    to: Option<Status>,
    right: Right,
    backward: bool,
}

impl Command {
    /// Reads what [`Command::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Command> {
        Command::ALL.iter().copied().find(|command| command.as_str() == text)
    }

    fn rule(self) -> Rule {
        let rule = |from, to, right, backward| Rule { from, to, right, backward };
        use Right::{ClaimAssess, ClaimDecide, ClaimHandle, ClaimPay};
        match self {
            Command::AskSupplement => rule(
                &[Registered, PapersAsked, PapersComplete, Assessing],
                Some(PapersAsked),
                ClaimHandle,
                false,
            ),
            Command::SupplementReached => rule(&[PapersAsked], None, ClaimHandle, false),
            Command::PapersComplete => {
                rule(&[Registered, PapersAsked], Some(PapersComplete), ClaimHandle, false)
            }
            Command::StartAssessment => rule(&[PapersComplete], Some(Assessing), ClaimAssess, false),
            Command::Assess => rule(&[Assessing], Some(Assessed), ClaimAssess, false),
            Command::Decide => rule(&[Assessed], Some(Decided), ClaimDecide, false),
            Command::Refuse => rule(&[Assessed], Some(Refused), ClaimDecide, false),
            Command::NotifyResult => rule(&[Decided], Some(Notified), ClaimHandle, false),
            Command::NotifyRefusal => rule(&[Refused], None, ClaimHandle, false),
            Command::Agree => rule(&[Notified], Some(Agreed), ClaimHandle, false),
            Command::Pay => rule(&[Agreed], Some(Paid), ClaimPay, false),
            Command::ReturnToAssessment => {
                rule(&[Assessed, Decided, Notified], Some(Assessing), ClaimHandle, true)
            }
            Command::ReturnToPapers => {
                rule(&[PapersComplete, Assessing], Some(Registered), ClaimHandle, true)
            }
            Command::Withdraw => rule(
                &[Registered, PapersAsked, PapersComplete, Assessing, Assessed, Decided, Notified],
                Some(Withdrawn),
                ClaimHandle,
                true,
            ),
            Command::Reopen => rule(&[Paid, Refused, Withdrawn], Some(Assessing), ClaimDecide, true),
        }
    }

    /// The right it needs.
    pub fn right(self) -> Right {
        self.rule().right
    }

    /// Whether it leads back, and so needs a reason (001-19).
    pub fn backward(self) -> bool {
        self.rule().backward
    }

    /// Whether the status alone allows it: what the screen offers.
    pub fn offered(self, status: Status) -> bool {
        self.rule().from.contains(&status)
    }

    /// The status it leads to.
    ///
    /// # Errors
    /// A typed refusal that names the rule: the status does not allow it, papers are missing, nothing is
    /// missing, the decider worked out the amount, or the notice has been recorded already.
    pub fn check(self, status: Status, facts: &Facts) -> Result<Status, Refusal> {
        let rule = self.rule();
        if !rule.from.contains(&status) {
            let step = labels::command(self).map(|words| words.label.clone()).unwrap_or_default();
            return Err(Refusal::new(Code::ClaimStepNotNow)
                .with_text("step", &step)
                .with_text("status", &labels::status(status)));
        }
        match self {
            Command::AskSupplement if facts.missing.is_empty() => {
                return Err(Refusal::new(Code::ClaimNothingMissing));
            }
            Command::PapersComplete if !facts.missing.is_empty() => {
                return Err(Refusal::new(Code::ClaimPapersMissing).with("papers", facts.missing.join("、")));
            }
            Command::SupplementReached if !facts.notice_under_way => {
                return Err(Refusal::new(Code::ClaimNoNoticeUnderWay));
            }
            Command::Decide | Command::Refuse if facts.actor_assessed => {
                return Err(Refusal::new(Code::ClaimDeciderIsAssessor));
            }
            Command::Decide if facts.amount_zero => return Err(Refusal::new(Code::ClaimNothingToPay)),
            Command::NotifyRefusal if facts.refusal_notified => {
                return Err(Refusal::new(Code::ClaimRefusalNotified));
            }
            _ => {}
        }
        Ok(rule.to.unwrap_or(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: Command, status: Status, facts: Facts, expect: Result<Status, Code>) {
        assert_eq!(
            command.check(status, &facts).map_err(|refusal| refusal.code),
            expect,
            "{command:?} at {status:?} with {facts:?}"
        );
    }

    #[test]
    fn the_flow_runs_from_registered_to_paid() {
        let mut status = Registered;
        for (command, next) in [
            (Command::PapersComplete, PapersComplete),
            (Command::StartAssessment, Assessing),
            (Command::Assess, Assessed),
            (Command::Decide, Decided),
            (Command::NotifyResult, Notified),
            (Command::Agree, Agreed),
            (Command::Pay, Paid),
        ] {
            check(command, status, Facts::default(), Ok(next));
            status = next;
        }
    }

    #[test]
    fn guards_name_the_rule() {
        let missing = || Facts { missing: vec!["驾驶证".into()], ..Facts::default() };
        check(Command::PapersComplete, Registered, missing(), Err(Code::ClaimPapersMissing));
        check(Command::AskSupplement, Registered, missing(), Ok(PapersAsked));
        check(Command::AskSupplement, Registered, Facts::default(), Err(Code::ClaimNothingMissing));
        check(Command::SupplementReached, PapersAsked, Facts::default(), Err(Code::ClaimNoNoticeUnderWay));
        let same = || Facts { actor_assessed: true, ..Facts::default() };
        check(Command::Decide, Assessed, same(), Err(Code::ClaimDeciderIsAssessor));
        check(Command::Refuse, Assessed, same(), Err(Code::ClaimDeciderIsAssessor));
        let zero = Facts { amount_zero: true, ..Facts::default() };
        check(Command::Decide, Assessed, zero, Err(Code::ClaimNothingToPay));
        let told = Facts { refusal_notified: true, ..Facts::default() };
        check(Command::NotifyRefusal, Refused, told, Err(Code::ClaimRefusalNotified));
    }

    #[test]
    fn no_command_leaves_a_status_it_does_not_start_from() {
        for command in Command::ALL {
            for status in Status::ALL {
                let facts = Facts { missing: vec![], notice_under_way: true, ..Facts::default() };
                if !command.offered(status) {
                    check(*command, status, facts, Err(Code::ClaimStepNotNow));
                }
            }
        }
    }

    #[test]
    fn nothing_is_paid_without_agreement() {
        for status in Status::ALL {
            let leads = Command::Pay.check(status, &Facts::default());
            assert_eq!(leads.is_ok(), status == Agreed, "pay at {status:?}");
        }
    }
}
