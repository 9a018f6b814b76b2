//! People and policies: what is known of them, masked until someone asks and says why.

use domain::identity::{self, IdentityKind, mask};
use domain::role::Right;
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::json;
use specta::Type;
use store::ClaimQuery;
use uuid::Uuid;

use crate::claim::list::ClaimRow;
use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice, notices};

/// A policy.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PolicyView {
    /// The record.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Product code.
    pub product_code: String,
    /// Product name; the code when the catalogue does not have it.
    pub product_name: String,
    /// The claim template of the product.
    pub template: Option<String>,
    /// 投保人.
    pub holder: String,
    /// 被保险人.
    pub insured: String,
    /// The vehicle's plate.
    pub plate: Option<String>,
    /// And its identification number.
    pub vin: Option<String>,
    /// First day of cover.
    pub inception: String,
    /// Last day of cover.
    pub expiry: String,
    /// Sum insured.
    pub sum_insured: Option<String>,
    /// Its status in the core system.
    pub status: String,
    /// Imported, not only stated at the counter.
    pub verified: bool,
}

/// A person or organisation with everything about them (001-15).
#[derive(Debug, Clone, Serialize, Type)]
pub struct PartyView {
    /// The record.
    pub id: String,
    /// `person` or `organisation`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Kind of identity paper.
    pub id_type: Option<String>,
    /// Its number, masked.
    pub id_no_masked: Option<String>,
    /// Mobile, masked.
    pub mobile_masked: Option<String>,
    /// Date of birth.
    pub birth: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Claims they take part in.
    pub claims: Vec<ClaimRow>,
    /// Policies they hold or are insured by.
    pub policies: Vec<PolicyView>,
}

/// What a check of one number says.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CheckResult {
    /// Whether it may be taken.
    pub ok: bool,
    /// Which rule refused it.
    pub code: Option<Code>,
    /// What would be right.
    pub message: Option<Text>,
    /// What someone should know of a number that is taken.
    pub warnings: Vec<Notice>,
    /// The number in its one written form.
    pub normalized: Option<String>,
}

/// Checks a number without a profile (the deskctl command `check`).
pub fn check_value(kind: IdentityKind, value: &str, today: chrono::NaiveDate) -> CheckResult {
    match identity::check(kind, value, today) {
        Ok(checked) => CheckResult {
            ok: true,
            code: None,
            message: None,
            warnings: notices(&checked.warnings),
            normalized: Some(checked.normalized),
        },
        Err(refusal) => CheckResult {
            ok: false,
            code: Some(refusal.code),
            message: Some(refusal.message()),
            warnings: Vec::new(),
            normalized: None,
        },
    }
}

impl Desk {
    /// Checks a number on this day.
    pub fn check_value(&self, kind: IdentityKind, value: &str) -> CheckResult {
        check_value(kind, value, self.today())
    }

    pub(crate) async fn policy_view(&self, id: Uuid) -> Result<PolicyView, DeskError> {
        let policy = self.store.record("policy", id).await?;
        let policy = policy.ok_or_else(|| Refusal::new(Code::PolicyUnknown).with("no", id))?;
        let code = policy.text("product_code").to_owned();
        let (product_name, template) = match self.store.product_named(&code).await? {
            Some(own) => own,
            None => self.reference().product(&code).unwrap_or_else(|| (code.clone(), None)),
        };
        let text = |field: &str| policy.text(field).to_owned();
        Ok(PolicyView {
            id: id.to_string(),
            no: text("no"),
            product_code: code,
            product_name,
            template,
            holder: text("holder_name"),
            insured: text("insured_name"),
            plate: policy.optional("plate"),
            vin: policy.optional("vin"),
            inception: text("inception"),
            expiry: text("expiry"),
            sum_insured: policy.optional("sum_insured"),
            status: text("status"),
            verified: policy.flag("verified"),
        })
    }

    /// A policy by its number.
    ///
    /// # Errors
    /// Without the right, or [`Code::PolicyUnknown`].
    pub async fn policy_get(&self, actor: &Actor, no: &str) -> Result<PolicyView, DeskError> {
        actor.need(Right::ClaimRead)?;
        let found = self.store.policies_by_no(&[no.trim().to_owned()]).await?.into_iter().next();
        let (_, id) = found.ok_or_else(|| Refusal::new(Code::PolicyUnknown).with("no", no))?;
        self.policy_view(id).await
    }

    /// A person with claims and policies.
    ///
    /// # Errors
    /// Without the right, or [`Code::PartyUnknown`].
    pub async fn party_get(&self, actor: &Actor, id: &str) -> Result<PartyView, DeskError> {
        actor.need(Right::ClaimRead)?;
        let id = Uuid::parse_str(id).map_err(|_| Refusal::new(Code::PartyUnknown))?;
        let party = self.store.record("party", id).await?.ok_or(Code::PartyUnknown)?;
        let claims = self.store.claims_of_party(id).await?;
        let claims = if claims.is_empty() {
            Vec::new()
        } else {
            let query = ClaimQuery { among: Some(claims), ..ClaimQuery::default() };
            self.claim_page(&query, 0, 100).await?.rows
        };
        let mut policies = Vec::new();
        if let Some(id_no) = party.optional("id_no") {
            for policy in self.store.policies_of_id_no(&id_no).await? {
                policies.push(self.policy_view(policy).await?);
            }
        }
        Ok(PartyView {
            id: id.to_string(),
            kind: party.text("kind").to_owned(),
            name: party.text("name").to_owned(),
            id_type: party.optional("id_type"),
            id_no_masked: party.optional("id_no").map(|value| mask(&value)),
            mobile_masked: party.optional("mobile").map(|value| mask(&value)),
            birth: party.optional("birth"),
            address: party.optional("address"),
            claims,
            policies,
        })
    }

    /// A personal number unmasked. Asking is logged, in the claim's timeline when it is asked there.
    ///
    /// # Errors
    /// Without the right or a reason, an unknown person, claim or field.
    pub async fn party_reveal(
        &self,
        actor: &Actor,
        claim: Option<&str>,
        party: &str,
        field: &str,
        reason: &str,
    ) -> Result<String, DeskError> {
        actor.need(Right::PartyReveal)?;
        if reason.trim().chars().count() < 2 {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        if !["id_no", "mobile", "bank_account"].contains(&field) {
            let refusal = Refusal::new(Code::ClaimInputUnknownField).with("field", field);
            return Err(refusal.at("field").into());
        }
        let id = Uuid::parse_str(party).map_err(|_| Refusal::new(Code::PartyUnknown))?;
        let mut operation = self.operation(actor, "party.reveal");
        let value = if let Some(claim) = claim {
            let claim = self.claim_id(claim).await?;
            let parties = self.store.owned(claim, "claim_party").await?;
            let data = json!({ "party": party, "field": field });
            self.write_event(&mut operation, actor, claim, "reveal", (None, None), Some(reason.trim()), data);
            parties
                .iter()
                .filter(|(_, record)| record.id("party") == Some(id))
                .find_map(|(_, record)| record.optional(field))
        } else {
            let log = Uuid::now_v7();
            operation.set("event", log, "party", id.to_string());
            operation.set("event", log, "at", self.now().to_rfc3339());
            operation.set("event", log, "command", "reveal");
            operation.set("event", log, "actor", actor.account.to_string());
            operation.set("event", log, "actor_name", actor.name.clone());
            operation.set("event", log, "reason", reason.trim());
            operation.set("event", log, "data", json!({ "field": field }));
            self.store.record("party", id).await?.and_then(|record| record.optional(field))
        };
        let value = value.ok_or(Code::PartyUnknown)?;
        // Logged first: a number seen without a trace is worse than a trace without a number.
        self.store.commit(operation).await?;
        Ok(value)
    }
}
