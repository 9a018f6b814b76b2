//! Lists of claims, and claims that look like the same loss.

use chrono::{Duration, NaiveDate};
use domain::claim::Status;
use domain::role::Right;
use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{ClaimListed, ClaimQuery};
use uuid::Uuid;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// A claim in a list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClaimRow {
    /// The claim.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Its template's name.
    pub template_name: Text,
    /// The policy's number.
    pub policy_no: String,
    /// The insured.
    pub insured: String,
    /// Who reported it.
    pub reporter: String,
    /// Where it stands.
    pub status: Status,
    /// When the loss happened.
    pub incident_at: String,
    /// When it was registered.
    pub registered_at: String,
    /// Who registered it.
    pub clerk: String,
    /// How many required papers are missing.
    pub missing: u32,
    /// The amount claimed.
    pub claimed_amount: Option<String>,
}

/// Which claims a list shows; empty means all.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ClaimFilter {
    /// Any of these.
    pub status: Vec<Status>,
    /// Any of these templates.
    pub template: Vec<String>,
    /// Registered on this day or later.
    pub from: Option<String>,
    /// Registered on this day or earlier.
    pub to: Option<String>,
    /// Registered by whoever asks.
    pub mine: bool,
    /// Only with papers missing.
    pub missing_only: bool,
    /// Found by search.
    pub text: Option<String>,
}

/// One page.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClaimPage {
    /// How many there are; one more than the store's limit means "more than".
    pub total: u32,
    /// The page.
    pub rows: Vec<ClaimRow>,
}

/// A claim beside the one being registered.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DuplicateRow {
    /// The claim.
    pub claim_id: String,
    /// Its number.
    pub no: String,
    /// Its template's name.
    pub template_name: Text,
    /// The policy's number.
    pub policy_no: String,
    /// When the loss happened.
    pub incident_at: String,
    /// The cause's key.
    pub cause: String,
    /// 投保人.
    pub holder: String,
    /// 被保险人.
    pub insured: String,
    /// When it was registered.
    pub registered_at: String,
    /// Where it stands.
    pub status: Status,
    /// What happened.
    pub story: String,
}

/// A page is never longer: a screen shows some 25 rows.
const PAGE_LIMIT: u32 = 500;
/// A search narrows a list to no more than these.
const FOUND_LIMIT: u32 = 2_000;

impl Desk {
    /// One page of claims, newest first.
    ///
    /// # Errors
    /// Without the right, a malformed date, or when the database cannot be read.
    pub async fn claim_list(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        offset: u32,
        limit: u32,
    ) -> Result<ClaimPage, DeskError> {
        actor.need(Right::ClaimRead)?;
        let query = self.claim_query(actor, filter).await?;
        self.claim_page(&query, offset, limit).await
    }

    /// The filter as the store takes it.
    pub(super) async fn claim_query(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
    ) -> Result<ClaimQuery, DeskError> {
        let among = match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => {
                let hits = self.store.search(text, Some(store::SearchKind::Claim), FOUND_LIMIT).await?;
                Some(hits.into_iter().map(|hit| hit.id).collect())
            }
            None => None,
        };
        Ok(ClaimQuery {
            statuses: filter.status.iter().map(|status| status.as_str().to_owned()).collect(),
            templates: filter.template.clone(),
            from: filter.from.as_deref().map(|day| midnight(day, 0)).transpose()?,
            to: filter.to.as_deref().map(|day| midnight(day, 1)).transpose()?,
            clerk: filter.mine.then_some(actor.account),
            missing_only: filter.missing_only,
            among,
        })
    }

    /// The first claims of the list, as many as asked for: for a file, not for a screen.
    pub(super) async fn claim_rows(
        &self,
        query: &ClaimQuery,
        limit: u32,
    ) -> Result<Vec<ClaimRow>, DeskError> {
        let (_, listed) = self.store.claims(query, 0, limit).await?;
        Ok(listed.into_iter().map(|claim| self.claim_row(claim)).collect())
    }

    pub(crate) async fn claim_page(
        &self,
        query: &ClaimQuery,
        offset: u32,
        limit: u32,
    ) -> Result<ClaimPage, DeskError> {
        let (total, listed) = self.store.claims(query, offset, limit.clamp(1, PAGE_LIMIT)).await?;
        Ok(ClaimPage {
            total: u32::try_from(total).unwrap_or_default(),
            rows: listed.into_iter().map(|claim| self.claim_row(claim)).collect(),
        })
    }

    fn claim_row(&self, claim: ClaimListed) -> ClaimRow {
        ClaimRow {
            id: claim.id.to_string(),
            no: claim.no,
            template_name: self.template_name(&claim.template),
            policy_no: claim.policy_no,
            insured: claim.insured,
            reporter: claim.reporter,
            status: Status::parse(&claim.status).unwrap_or(Status::Registered),
            incident_at: claim.incident_at,
            registered_at: claim.registered_at,
            clerk: claim.clerk_name,
            missing: u32::try_from(claim.missing).unwrap_or_default(),
            claimed_amount: claim.claimed_amount,
        }
    }

    /// A template's name in its newest version, for lists.
    pub(crate) fn template_name(&self, id: &str) -> Text {
        let reference = self.reference();
        let versions = reference.library.templates.iter().filter(|template| template.id == id);
        versions
            .max_by_key(|template| template.version)
            .map(|template| template.name.clone())
            .unwrap_or_else(|| Text { zh_cn: id.to_owned(), zh_tw: id.to_owned(), en: id.to_owned() })
    }

    pub(crate) async fn duplicate_row(&self, id: Uuid) -> Result<Option<DuplicateRow>, DeskError> {
        let Some(claim) = self.store.record("claim", id).await? else { return Ok(None) };
        let policy = match claim.id("policy") {
            Some(policy) => self.store.record("policy", policy).await?.unwrap_or_default(),
            None => Default::default(),
        };
        Ok(Some(DuplicateRow {
            claim_id: id.to_string(),
            no: claim.text("no").to_owned(),
            template_name: self.template_name(claim.text("template")),
            policy_no: claim.text("policy_no").to_owned(),
            incident_at: claim.text("answers.incident_at").to_owned(),
            cause: claim.text("answers.cause").to_owned(),
            holder: policy.text("holder_name").to_owned(),
            insured: claim.text("insured").to_owned(),
            registered_at: claim.text("registered_at").to_owned(),
            status: Status::parse(claim.text("status")).unwrap_or(Status::Registered),
            story: claim.text("answers.story").to_owned(),
        }))
    }
}

/// Midnight in Shanghai at the start of a day, as the list compares it.
pub(crate) fn midnight(day: &str, later: i64) -> Result<String, Refusal> {
    let invalid =
        || Refusal::new(Code::ClaimInputInvalid).with("field", "from / to").with("expected", "YYYY-MM-DD");
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| invalid())?;
    let day = day.checked_add_signed(Duration::days(later)).ok_or_else(invalid)?;
    Ok(format!("{day}T00:00:00+08:00"))
}
