//! The list of claims, and who takes part in which.

use domain::record::Record;
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::{id, optional, rows, uuid};
use crate::error::StoreError;

/// A claim as lists show it.
#[derive(Debug, Clone)]
pub struct ClaimListed {
    /// The claim.
    pub id: Uuid,
    /// Its number.
    pub no: String,
    /// Its template.
    pub template: String,
    /// The policy's number.
    pub policy_no: String,
    /// Its status, as `domain::claim::Status` writes it.
    pub status: String,
    /// The cause's key in the template.
    pub cause: String,
    /// When the loss happened.
    pub incident_at: String,
    /// When it was registered.
    pub registered_at: String,
    /// The name of who registered it.
    pub clerk_name: String,
    /// The insured's name.
    pub insured: String,
    /// The reporter's name.
    pub reporter: String,
    /// How many required papers are missing.
    pub missing: i64,
    /// The amount claimed, if stated.
    pub claimed_amount: Option<String>,
}

/// Which claims a list shows; empty lists and `None` mean all.
#[derive(Debug, Clone, Default)]
pub struct ClaimQuery {
    /// Any of these statuses.
    pub statuses: Vec<String>,
    /// Any of these templates.
    pub templates: Vec<String>,
    /// Registered at or after (RFC 3339).
    pub from: Option<String>,
    /// Registered before (RFC 3339).
    pub to: Option<String>,
    /// Registered by this account.
    pub clerk: Option<Uuid>,
    /// Only with papers missing.
    pub missing_only: bool,
    /// Only these claims.
    pub among: Option<Vec<Uuid>>,
}

/// Claims are counted no further than this: a screen says "more than", not a number nobody reads.
pub const COUNT_LIMIT: i64 = 10_000;

pub(crate) async fn project(
    db: &mut SqliteConnection,
    claims: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        claims
            .iter()
            .map(|(claim, record)| {
                json!([
                    id(*claim),
                    record.text("no"),
                    record.text("template"),
                    record.number("template_version"),
                    record.text("policy_no"),
                    record.text("status"),
                    record.text("answers.cause"),
                    record.text("answers.incident_at"),
                    record.text("incident_day"),
                    record.text("registered_at"),
                    id(record.id("clerk").unwrap_or_default()),
                    record.text("clerk_name"),
                    record.text("insured"),
                    record.text("reporter"),
                    record.number("missing"),
                    optional(record, "answers.claimed_amount"),
                    at,
                ])
            })
            .collect(),
    );
    sqlx::query!(
        "insert into claim (id, no, template, template_version, policy_no, status, cause, incident_at,
                            incident_day, registered_at, clerk, clerk_name, insured, reporter, missing,
                            claimed_amount, created_at, updated_at)
         select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, unhex(value ->> 10), value ->> 11, value ->> 12,
                value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 16
         from json_each(?1) where true
         on conflict (id) do update
         set status = excluded.status, cause = excluded.cause, incident_at = excluded.incident_at,
             incident_day = excluded.incident_day, policy_no = excluded.policy_no, insured = excluded.insured,
             reporter = excluded.reporter, missing = excluded.missing, claimed_amount = excluded.claimed_amount,
             updated_at = excluded.updated_at",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn project_parties(
    db: &mut SqliteConnection,
    links: &[(Uuid, &Record)],
    at: &str,
) -> Result<(), StoreError> {
    let batch = rows(
        links
            .iter()
            .filter_map(|(_, record)| {
                Some(json!([id(record.id("claim")?), id(record.id("party")?), record.text("role"), at]))
            })
            .collect(),
    );
    sqlx::query!(
        "insert into claim_party (claim, party, role, created_at, updated_at)
         select unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 3
         from json_each(?1) where true on conflict (claim, party, role) do nothing",
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The claim with this number.
pub(crate) async fn by_no(db: &mut SqliteConnection, no: &str) -> Result<Option<Uuid>, StoreError> {
    let found = sqlx::query_scalar!("select id from claim where no = ?1 order by id limit 1", no)
        .fetch_optional(db)
        .await?;
    found.map(|found| uuid(&found)).transpose()
}

/// Claims of one policy, day and cause: what may be the same loss twice.
pub(crate) async fn same_loss(
    db: &mut SqliteConnection,
    policy_no: &str,
    incident_day: &str,
    cause: &str,
) -> Result<Vec<Uuid>, StoreError> {
    let found = sqlx::query_scalar!(
        "select id from claim where policy_no = ?1 and incident_day = ?2 and cause = ?3
         order by registered_at desc limit 20",
        policy_no,
        incident_day,
        cause
    )
    .fetch_all(db)
    .await?;
    found.iter().map(|found| uuid(found)).collect()
}

/// Claims in which a person takes part.
pub(crate) async fn of_party(db: &mut SqliteConnection, party: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let found = sqlx::query_scalar!("select distinct claim from claim_party where party = ?1", party)
        .fetch_all(db)
        .await?;
    found.iter().map(|found| uuid(found)).collect()
}

fn conditions(builder: &mut QueryBuilder<Sqlite>, query: &ClaimQuery) {
    builder.push(" where true");
    for (column, values) in [("status", &query.statuses), ("template", &query.templates)] {
        if !values.is_empty() {
            builder.push(" and ").push(column).push(" in (select value from json_each(");
            builder.push_bind(json!(values).to_string()).push("))");
        }
    }
    if let Some(from) = &query.from {
        builder.push(" and registered_at >= ").push_bind(from.clone());
    }
    if let Some(to) = &query.to {
        builder.push(" and registered_at < ").push_bind(to.clone());
    }
    if let Some(clerk) = query.clerk {
        builder.push(" and clerk = ").push_bind(clerk);
    }
    if query.missing_only {
        builder.push(" and missing > 0");
    }
    if let Some(among) = &query.among {
        builder.push(" and id in (select unhex(value) from json_each(");
        builder.push_bind(super::ids(among.iter().copied())).push("))");
    }
}

/// One page of claims, newest first, and how many there are (no more than [`COUNT_LIMIT`] + 1).
pub(crate) async fn list(
    db: &mut SqliteConnection,
    query: &ClaimQuery,
    offset: u32,
    limit: u32,
) -> Result<(i64, Vec<ClaimListed>), StoreError> {
    // run-time queries: which conditions there are depends on the filter; names are ours, values are bound.
    let mut counting = QueryBuilder::new("select count(*) from (select 1 from claim");
    conditions(&mut counting, query);
    counting.push(" limit ").push_bind(COUNT_LIMIT + 1).push(")");
    let total: i64 = counting.build_query_scalar().fetch_one(&mut *db).await?;

    let mut listing = QueryBuilder::new(
        "select id, no, template, policy_no, status, cause, incident_at, registered_at, clerk_name, insured,
                reporter, missing, claimed_amount from claim",
    );
    conditions(&mut listing, query);
    listing.push(" order by registered_at desc limit ").push_bind(limit).push(" offset ").push_bind(offset);
    let found: Vec<ClaimRow> = listing.build_query_as().fetch_all(db).await?;
    Ok((total, found.into_iter().map(ClaimListed::try_from).collect::<Result<_, _>>()?))
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    id: Vec<u8>,
    no: String,
    template: String,
    policy_no: String,
    status: String,
    cause: String,
    incident_at: String,
    registered_at: String,
    clerk_name: String,
    insured: String,
    reporter: String,
    missing: i64,
    claimed_amount: Option<String>,
}

impl TryFrom<ClaimRow> for ClaimListed {
    type Error = StoreError;

    fn try_from(row: ClaimRow) -> Result<Self, StoreError> {
        Ok(ClaimListed {
            id: uuid(&row.id)?,
            no: row.no,
            template: row.template,
            policy_no: row.policy_no,
            status: row.status,
            cause: row.cause,
            incident_at: row.incident_at,
            registered_at: row.registered_at,
            clerk_name: row.clerk_name,
            insured: row.insured,
            reporter: row.reporter,
            missing: row.missing,
            claimed_amount: row.claimed_amount,
        })
    }
}
