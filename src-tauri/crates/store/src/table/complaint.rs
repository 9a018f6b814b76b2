//! The list of complaints.

use domain::complaint::Dimension;
use domain::record::Record;
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::claim::COUNT_LIMIT;
use super::{id, optional, rows, uuid};
use crate::error::StoreError;

/// A complaint as lists and summaries see it.
#[derive(Debug, Clone)]
pub struct ComplaintListed {
    /// The complaint.
    pub id: Uuid,
    /// Its number.
    pub no: String,
    /// Its status, as `domain::complaint::Status` writes it.
    pub status: String,
    /// How it came in.
    pub channel: String,
    /// When.
    pub received_at: String,
    /// Who complains.
    pub complainant: String,
    /// Its category; none before the assessment.
    pub category: Option<String>,
    /// Its root cause.
    pub cause: Option<String>,
    /// 1 comes first.
    pub priority: Option<i64>,
    /// Whether it is a major one.
    pub major: bool,
    /// Who handles it.
    pub handler_name: Option<String>,
    /// Institution complained of.
    pub institution: String,
    /// The policy it is about.
    pub policy_no: String,
    /// When the complainant was told the decision.
    pub told_at: Option<String>,
    /// When it was closed.
    pub closed_at: Option<String>,
}

/// Which complaints a list shows; empty lists and `None` mean all.
#[derive(Debug, Clone, Default)]
pub struct ComplaintQuery {
    /// Any of these statuses.
    pub statuses: Vec<String>,
    /// This category, or one below it.
    pub category: Option<String>,
    /// Received at or after (RFC 3339).
    pub from: Option<String>,
    /// Received before (RFC 3339).
    pub to: Option<String>,
    /// Handled by this account.
    pub handler: Option<Uuid>,
    /// Only major ones.
    pub major_only: bool,
    /// Not those closed before (RFC 3339).
    pub not_closed_before: Option<String>,
    /// Only those a summary counts: no merged ones, none that were no complaints.
    pub counted_only: bool,
    /// Only those with this value of this dimension; an empty one is for those that have none.
    pub of: Option<(Dimension, String)>,
    /// Only these.
    pub among: Option<Vec<Uuid>>,
}

/// The column that summaries count by.
const fn column(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Branch => "institution",
        Dimension::Category => "category",
        Dimension::Cause => "cause",
        Dimension::Channel => "channel",
        Dimension::ProductLine => "product_line",
        Dimension::Handler => "handler_name",
        Dimension::Area => "area",
    }
}

pub(crate) async fn project(
    db: &mut SqliteConnection,
    complaints: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        complaints
            .iter()
            .map(|(complaint, record)| {
                json!([
                    id(*complaint),
                    record.text("no"),
                    record.text("status"),
                    record.text("channel"),
                    record.text("received_at"),
                    record.text("complainant_name"),
                    optional(record, "category"),
                    optional(record, "cause"),
                    optional(record, "severity"),
                    record.get("priority"),
                    record.flag("major"),
                    record.number("people"),
                    record.id("handler").map(id),
                    optional(record, "handler_name"),
                    record.text("clerk_name"),
                    record.text("institution"),
                    record.text("area"),
                    record.text("product_line"),
                    record.text("policy_no"),
                    record.text("claim_no"),
                    optional(record, "finding"),
                    optional(record, "first_contact_at"),
                    optional(record, "told_at"),
                    optional(record, "closed_at"),
                    record.get("satisfaction"),
                    record.get("compensation_cents"),
                    at,
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into complaint (id, no, status, channel, received_at, complainant, category, cause, severity, priority,
                                major, people, handler, handler_name, clerk_name, institution, area, product_line,
                                policy_no, claim_no, finding, first_contact_at, told_at, closed_at, satisfaction,
                                compensation, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, unhex(value ->> 12),
                value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17, value ->> 18, value ->> 19,
                value ->> 20, value ->> 21, value ->> 22, value ->> 23, value ->> 24, value ->> 25, value ->> 26,
                value ->> 26
         from json_each(?1) where true
         on conflict (id) do update
         set no = excluded.no, status = excluded.status, channel = excluded.channel,
             received_at = excluded.received_at, complainant = excluded.complainant, category = excluded.category,
             cause = excluded.cause, severity = excluded.severity, priority = excluded.priority,
             major = excluded.major, people = excluded.people, handler = excluded.handler,
             handler_name = excluded.handler_name, clerk_name = excluded.clerk_name,
             institution = excluded.institution, area = excluded.area, product_line = excluded.product_line,
             policy_no = excluded.policy_no, claim_no = excluded.claim_no, finding = excluded.finding,
             first_contact_at = excluded.first_contact_at, told_at = excluded.told_at,
             closed_at = excluded.closed_at, satisfaction = excluded.satisfaction,
             compensation = excluded.compensation, updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The complaint with this number.
pub(crate) async fn by_no(db: &mut SqliteConnection, no: &str) -> Result<Option<Uuid>, StoreError> {
    let found = sqlx::query_scalar!("select id from complaint where no = ?1 order by id limit 1", no)
        .fetch_optional(db)
        .await?;
    found.map(|found| uuid(&found)).transpose()
}

fn conditions(builder: &mut QueryBuilder<Sqlite>, query: &ComplaintQuery) {
    builder.push(" where true");
    if !query.statuses.is_empty() {
        builder.push(" and status in (select value from json_each(");
        builder.push_bind(json!(query.statuses).to_string()).push("))");
    }
    if let Some(category) = &query.category {
        builder.push(" and (category = ").push_bind(category.clone());
        builder.push(" or substr(category, 1, length(").push_bind(category.clone());
        builder.push(") + 1) = ").push_bind(format!("{category}.")).push(")");
    }
    if let Some(from) = &query.from {
        builder.push(" and received_at >= ").push_bind(from.clone());
    }
    if let Some(to) = &query.to {
        builder.push(" and received_at < ").push_bind(to.clone());
    }
    if let Some(handler) = query.handler {
        builder.push(" and handler = ").push_bind(handler);
    }
    if query.major_only {
        builder.push(" and major = 1");
    }
    if let Some(before) = &query.not_closed_before {
        builder.push(" and (closed_at is null or closed_at >= ").push_bind(before.clone()).push(")");
    }
    if query.counted_only {
        builder.push(" and status not in ('merged', 'not_a_complaint')");
    }
    if let Some((dimension, value)) = &query.of {
        builder.push(" and coalesce(").push(column(*dimension)).push(", '') = ").push_bind(value.clone());
    }
    if let Some(among) = &query.among {
        builder.push(" and id in (select unhex(value) from json_each(");
        builder.push_bind(super::ids(among.iter().copied())).push("))");
    }
}

/// One page of complaints, newest first, and how many there are (no more than [`COUNT_LIMIT`] + 1).
pub(crate) async fn list(
    db: &mut SqliteConnection,
    query: &ComplaintQuery,
    offset: u32,
    limit: u32,
) -> Result<(i64, Vec<ComplaintListed>), StoreError> {
    // run-time queries: which conditions there are depends on the filter; names are ours, values are bound.
    let mut counting = QueryBuilder::new("select count(*) from (select 1 from complaint");
    conditions(&mut counting, query);
    counting.push(" limit ").push_bind(COUNT_LIMIT + 1).push(")");
    let total: i64 = counting.build_query_scalar().fetch_one(&mut *db).await?;

    let mut listing = QueryBuilder::new(
        "select id, no, status, channel, received_at, complainant, category, cause, priority, major, handler_name,
                institution, policy_no, told_at, closed_at from complaint",
    );
    conditions(&mut listing, query);
    listing.push(" order by received_at desc limit ").push_bind(limit).push(" offset ").push_bind(offset);
    let found: Vec<Row> = listing.build_query_as().fetch_all(db).await?;
    Ok((total, found.into_iter().map(ComplaintListed::try_from).collect::<Result<_, _>>()?))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Vec<u8>,
    no: String,
    status: String,
    channel: String,
    received_at: String,
    complainant: String,
    category: Option<String>,
    cause: Option<String>,
    priority: Option<i64>,
    major: bool,
    handler_name: Option<String>,
    institution: String,
    policy_no: String,
    told_at: Option<String>,
    closed_at: Option<String>,
}

impl TryFrom<Row> for ComplaintListed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(ComplaintListed {
            id: uuid(&row.id)?,
            no: row.no,
            status: row.status,
            channel: row.channel,
            received_at: row.received_at,
            complainant: row.complainant,
            category: row.category,
            cause: row.cause,
            priority: row.priority,
            major: row.major,
            handler_name: row.handler_name,
            institution: row.institution,
            policy_no: row.policy_no,
            told_at: row.told_at,
            closed_at: row.closed_at,
        })
    }
}
