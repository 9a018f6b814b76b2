//! Who may do what: roles of domain.md A6 and the rights each carries.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::text::Text;

/// What roles and rights are called, from `assets/access-words.json`.
#[derive(Default, Deserialize)]
struct Words {
    roles: BTreeMap<String, Text>,
    rights: BTreeMap<Right, Text>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../assets/access-words.json")).unwrap_or_default()
});

/// The role an account acts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Registers claims and answers customers.
    CounterClerk,
    /// Assesses claims, works out amounts (理赔人员).
    ClaimsAssessor,
    /// Handles complaints.
    ComplaintHandler,
    /// Investigates and drafts reports.
    Investigator,
    /// Reviews reports of others (002-24).
    ReportReviewer,
    /// Decides, and prints summaries.
    Manager,
    /// Approves for the superior office (上级机构).
    SuperiorApprover,
    /// Reads everything, changes nothing (004-20).
    Auditor,
    /// Accounts, imports and settings.
    Administrator,
}

/// One thing an account may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Draft and register claims.
    ClaimRegister,
    /// Papers, supplement notices, contacts, withdrawal.
    ClaimHandle,
    /// Work out the amount.
    ClaimAssess,
    /// Decide and refuse.
    ClaimDecide,
    /// Record payment.
    ClaimPay,
    /// See claims.
    ClaimRead,
    /// Take in complaints.
    ComplaintRegister,
    /// Check, inquire, propose, tell, follow up.
    ComplaintHandle,
    /// Decide, extend, close.
    ComplaintDecide,
    /// See complaints.
    ComplaintRead,
    /// See and print what complaints add up to, by handler too.
    ComplaintSummary,
    /// See a personal number unmasked; each time is logged.
    PartyReveal,
    /// Import policies, customers and products.
    Import,
    /// Create and change accounts.
    Accounts,
    /// Print.
    Print,
    /// See the log.
    Audit,
    /// Settings of the desk.
    Settings,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 9] = [
        Role::CounterClerk,
        Role::ClaimsAssessor,
        Role::ComplaintHandler,
        Role::Investigator,
        Role::ReportReviewer,
        Role::Manager,
        Role::SuperiorApprover,
        Role::Auditor,
        Role::Administrator,
    ];

    /// What the role may do.
    ///
    /// Whoever works out an amount does not decide or pay it: assessor, manager and payer are kept apart.
    pub fn rights(self) -> &'static [Right] {
        use Right::*;
        match self {
            Role::CounterClerk => {
                &[ClaimRegister, ClaimHandle, ClaimRead, ComplaintRegister, ComplaintRead, PartyReveal, Print]
            }
            Role::ClaimsAssessor => &[ClaimRegister, ClaimHandle, ClaimAssess, ClaimRead, PartyReveal, Print],
            Role::ComplaintHandler => {
                &[ClaimRead, ComplaintRegister, ComplaintHandle, ComplaintRead, PartyReveal, Print]
            }
            Role::Investigator => &[ClaimRead, ComplaintHandle, ComplaintRead, PartyReveal, Print],
            Role::ReportReviewer => &[ClaimRead, ComplaintRead, Print],
            Role::Manager => &[
                ClaimRegister,
                ClaimHandle,
                ClaimDecide,
                ClaimPay,
                ClaimRead,
                ComplaintRegister,
                ComplaintHandle,
                ComplaintDecide,
                ComplaintRead,
                ComplaintSummary,
                PartyReveal,
                Import,
                Print,
                Audit,
            ],
            Role::SuperiorApprover => {
                &[ClaimRead, ClaimDecide, ComplaintRead, ComplaintDecide, ComplaintSummary, Print, Audit]
            }
            Role::Auditor => &[ClaimRead, ComplaintRead, ComplaintSummary, Audit],
            Role::Administrator => &[
                ClaimRegister,
                ClaimHandle,
                ClaimRead,
                ComplaintRegister,
                ComplaintRead,
                ComplaintSummary,
                PartyReveal,
                Import,
                Accounts,
                Print,
                Audit,
                Settings,
            ],
        }
    }

    /// Whether the role carries a right.
    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }

    /// Whether the role works at a desk that its hub enrolled for one role; an administrator sets up each.
    pub fn works_at(self, desk: Option<Role>) -> bool {
        desk.is_none_or(|only| self == only || self == Role::Administrator)
    }

    /// The role of this name, as data files and messages write it.
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// What the role is called.
    pub fn text(self) -> Text {
        WORDS.roles.get(self.as_str()).cloned().unwrap_or_default()
    }

    /// The role as data files and messages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::CounterClerk => "counter_clerk",
            Role::ClaimsAssessor => "claims_assessor",
            Role::ComplaintHandler => "complaint_handler",
            Role::Investigator => "investigator",
            Role::ReportReviewer => "report_reviewer",
            Role::Manager => "manager",
            Role::SuperiorApprover => "superior_approver",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
        }
    }
}

impl Right {
    /// What the right is called.
    pub fn text(self) -> Text {
        WORDS.rights.get(&self).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_for_one_role_is_for_it_and_the_administrator() {
        for role in Role::ALL {
            assert!(role.works_at(None) && role.works_at(Some(role)));
            let foreign = role.works_at(Some(Role::Auditor));
            assert_eq!(foreign, matches!(role, Role::Auditor | Role::Administrator));
            assert_eq!(Role::named(role.as_str()), Some(role));
        }
    }

    #[test]
    fn every_role_and_right_has_words() {
        for role in Role::ALL {
            assert!(!role.text().zh_cn.is_empty(), "{role:?} has no words");
            for right in role.rights() {
                assert!(!right.text().zh_cn.is_empty(), "{right:?} has no words");
            }
        }
    }
}
