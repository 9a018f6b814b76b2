//! The people and organisations of a case: what is entered about each, and whether it may be taken as entered.

mod check;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use check::{check_id_no, check_party};

pub use crate::name::PartyKind;

/// What a party is to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// 报案人.
    Reporter,
    /// 投保人.
    Policyholder,
    /// 被保险人.
    Insured,
    /// 受益人.
    Beneficiary,
    /// 申请人.
    Claimant,
    /// 代理人.
    Agent,
    /// 伤者.
    Injured,
    /// 第三者.
    ThirdParty,
    /// 驾驶人.
    Driver,
    /// 领款人.
    Payee,
    /// 监护人.
    Guardian,
    /// 继承人.
    Heir,
}

impl PartyRole {
    /// Every role.
    pub const ALL: [PartyRole; 12] = [
        PartyRole::Reporter,
        PartyRole::Policyholder,
        PartyRole::Insured,
        PartyRole::Beneficiary,
        PartyRole::Claimant,
        PartyRole::Agent,
        PartyRole::Injured,
        PartyRole::ThirdParty,
        PartyRole::Driver,
        PartyRole::Payee,
        PartyRole::Guardian,
        PartyRole::Heir,
    ];

    /// The role as it is written on edges.
    pub const fn as_str(self) -> &'static str {
        match self {
            PartyRole::Reporter => "reporter",
            PartyRole::Policyholder => "policyholder",
            PartyRole::Insured => "insured",
            PartyRole::Beneficiary => "beneficiary",
            PartyRole::Claimant => "claimant",
            PartyRole::Agent => "agent",
            PartyRole::Injured => "injured",
            PartyRole::ThirdParty => "third_party",
            PartyRole::Driver => "driver",
            PartyRole::Payee => "payee",
            PartyRole::Guardian => "guardian",
            PartyRole::Heir => "heir",
        }
    }
}

/// The paper by which a party proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum IdType {
    /// 居民身份证.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 港澳台居民居住证 or 外国人永久居留身份证.
    ResidencePermit,
    /// 统一社会信用代码.
    Uscc,
    /// Any other paper; its number is kept as written.
    Other,
}

impl IdType {
    /// Every type.
    pub const ALL: [IdType; 7] = [
        IdType::ResidentId,
        IdType::Passport,
        IdType::HkMacaoPermit,
        IdType::TaiwanPermit,
        IdType::ResidencePermit,
        IdType::Uscc,
        IdType::Other,
    ];

    /// The type as it is written on edges.
    pub const fn as_str(self) -> &'static str {
        match self {
            IdType::ResidentId => "resident-id",
            IdType::Passport => "passport",
            IdType::HkMacaoPermit => "hk-macao-permit",
            IdType::TaiwanPermit => "taiwan-permit",
            IdType::ResidencePermit => "residence-permit",
            IdType::Uscc => "uscc",
            IdType::Other => "other",
        }
    }
}

/// The paper that lets an agent act for someone (Civil Code 165).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// What the paper is: 授权委托书 with its number, notarised or not.
    #[serde(default)]
    pub paper: String,
    /// The day it was signed, `YYYY-MM-DD`.
    #[serde(default)]
    pub signed_on: String,
    /// What it allows: hand in papers, agree to an amount, receive the money.
    #[serde(default)]
    pub scope: String,
}

/// A guardian's consent to handling a child's personal information (PIPL 31).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct GuardianConsent {
    /// Who consented.
    #[serde(default)]
    pub guardian_name: String,
    /// What that person is to the child.
    #[serde(default)]
    pub relation: String,
    /// The day it was signed, `YYYY-MM-DD`.
    #[serde(default)]
    pub signed_on: String,
}

/// One party as entered. After [`check_party`] every value is in its one written form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct PartyInput {
    /// What the party is to the case.
    pub role: PartyRole,
    /// Person or organisation.
    #[serde(default)]
    pub kind: PartyKind,
    /// Name as on the paper.
    pub name: String,
    /// Which paper proves the identity.
    #[serde(default)]
    pub id_type: Option<IdType>,
    /// The paper's number.
    #[serde(default)]
    pub id_no: Option<String>,
    /// Mobile number for notices.
    #[serde(default)]
    pub mobile: Option<String>,
    /// Date of birth, `YYYY-MM-DD`; filled from a resident ID.
    #[serde(default)]
    pub birth: Option<String>,
    /// What the party is to the insured person.
    #[serde(default)]
    pub relation: Option<String>,
    /// Account the money goes to.
    #[serde(default)]
    pub bank_account: Option<String>,
    /// Bank and branch of the account.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// Address for letters.
    #[serde(default)]
    pub address: Option<String>,
    /// For agents.
    #[serde(default)]
    pub authority: Option<Authority>,
    /// For persons under fourteen.
    #[serde(default)]
    pub guardian_consent: Option<GuardianConsent>,
}

impl PartyInput {
    /// A party of whom only role, kind and name are known yet.
    pub fn named(role: PartyRole, kind: PartyKind, name: impl Into<String>) -> Self {
        PartyInput {
            role,
            kind,
            name: name.into(),
            id_type: None,
            id_no: None,
            mobile: None,
            birth: None,
            relation: None,
            bank_account: None,
            bank_name: None,
            address: None,
            authority: None,
            guardian_consent: None,
        }
    }
}
