//! The list of complaints.

use domain::Text;
use domain::complaint::{Data, Dimension, Status};
use domain::role::Right;
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{ComplaintListed, ComplaintQuery, SearchKind};

use crate::claim::list::midnight;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// Which complaints a list shows; what is left out shows all.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields, default)]
pub struct ComplaintFilter {
    /// Any of these.
    pub status: Vec<Status>,
    /// A category of either level.
    pub category: Option<String>,
    /// Received on or after this day, YYYY-MM-DD.
    pub from: Option<String>,
    /// Received on or before this day.
    pub to: Option<String>,
    /// Handled by whoever asks.
    pub mine: bool,
    /// Only major ones.
    pub major_only: bool,
    /// Only those behind a number of a summary.
    pub of: Option<SummaryKey>,
    /// Found by search.
    pub text: Option<String>,
}

/// What a number of a summary counts.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SummaryKey {
    /// Counted by this; none means all of them.
    pub dimension: Option<Dimension>,
    /// Its value; empty for those that have none.
    pub key: String,
}

/// A complaint in the list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintRow {
    /// The complaint.
    pub id: String,
    /// Its number.
    pub no: String,
    /// Where it stands.
    pub status: Status,
    /// How it came in.
    pub channel: Text,
    /// When.
    pub received_at: String,
    /// Who complains.
    pub complainant: String,
    /// Its category.
    pub category: Option<Text>,
    /// 1 comes first.
    pub priority: Option<u32>,
    /// Whether it is a major one.
    pub major: bool,
    /// Who handles it.
    pub handler: Option<String>,
    /// When the complainant was told the decision.
    pub told_at: Option<String>,
}

/// One page.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComplaintPage {
    /// How many there are; one more than the store's limit means "more than".
    pub total: u32,
    /// The page.
    pub rows: Vec<ComplaintRow>,
}

const PAGE_LIMIT: u32 = 500;
const FOUND_LIMIT: u32 = 2_000;

impl Desk {
    /// One page of complaints, newest first.
    ///
    /// # Errors
    /// Without the right, a malformed date, or when the database cannot be read.
    pub async fn complaint_list(
        &self,
        actor: &Actor,
        filter: &ComplaintFilter,
        offset: u32,
        limit: u32,
    ) -> Result<ComplaintPage, DeskError> {
        actor.need(Right::ComplaintRead)?;
        let among = match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => {
                let hits = self.store.search(text, Some(SearchKind::Complaint), FOUND_LIMIT).await?;
                Some(hits.into_iter().map(|hit| hit.id).collect())
            }
            None => None,
        };
        let query = ComplaintQuery {
            statuses: filter.status.iter().map(|status| status.as_str().to_owned()).collect(),
            category: filter.category.clone(),
            from: filter.from.as_deref().map(|day| midnight(day, 0)).transpose()?,
            to: filter.to.as_deref().map(|day| midnight(day, 1)).transpose()?,
            handler: filter.mine.then_some(actor.account),
            major_only: filter.major_only,
            not_closed_before: None,
            counted_only: filter.of.is_some(),
            of: filter.of.as_ref().and_then(|of| Some((of.dimension?, of.key.clone()))),
            among,
        };
        let (total, listed) = self.store.complaints(&query, offset, limit.clamp(1, PAGE_LIMIT)).await?;
        Ok(ComplaintPage {
            total: u32::try_from(total).unwrap_or_default(),
            rows: listed.into_iter().map(row).collect(),
        })
    }

    /// Categories, causes, channels and the matrix of priorities.
    pub fn complaint_data(&self) -> &'static Data {
        Data::shipped()
    }
}

fn row(listed: ComplaintListed) -> ComplaintRow {
    let data = Data::shipped();
    ComplaintRow {
        id: listed.id.to_string(),
        no: listed.no,
        status: Status::parse(&listed.status).unwrap_or(Status::Received),
        channel: data.named("channel", &listed.channel).unwrap_or_default(),
        received_at: listed.received_at,
        complainant: listed.complainant,
        category: listed.category.and_then(|category| data.named("category", &category)),
        priority: listed.priority.and_then(|priority| u32::try_from(priority).ok()),
        major: listed.major,
        handler: listed.handler_name,
        told_at: listed.told_at,
    }
}
