//! The claim list as a file.

use chrono::DateTime;
use domain::claim::labels;
use domain::money::parse_amount;
use domain::role::Right;
use domain::text_rules::check_line;
use domain::{Code, Language, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

use super::list::{ClaimFilter, ClaimRow};
use crate::clock::{day_of, local};
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::export::{Cell, ExportFormat, ExportedList, Sheet};

/// A column of the claim list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClaimColumn {
    /// Its number.
    No,
    /// Where it stands.
    Status,
    /// Its template's name.
    Template,
    /// The insured.
    Insured,
    /// Who reported it.
    Reporter,
    /// The policy's number.
    Policy,
    /// The day of the loss.
    Incident,
    /// When it was registered.
    Registered,
    /// How many required papers are missing.
    Missing,
    /// The amount claimed.
    Claimed,
    /// Who registered it.
    Clerk,
}

/// A column as the screen shows it.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExportColumn {
    /// Which.
    pub key: ClaimColumn,
    /// What stands over it.
    pub title: String,
}

/// A file holds no more claims than this; a spreadsheet's own limit is ten times as many.
pub const EXPORT_LIMIT: u32 = 100_000;
/// More columns than a list has.
const COLUMN_LIMIT: usize = 40;
const TITLE_LIMIT: usize = 60;

impl Desk {
    /// The claims that a filter shows, in the list's order and with these columns, as a file's bytes. Exporting is
    /// logged: who, which filter and columns, how many claims.
    ///
    /// # Errors
    /// Without the right, no columns, a malformed filter, more than [`EXPORT_LIMIT`] claims, a disk that refuses the
    /// log's entry.
    pub async fn claim_export(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        columns: Vec<ExportColumn>,
        format: ExportFormat,
        language: Language,
    ) -> Result<ExportedList, DeskError> {
        actor.need(Right::ClaimRead)?;
        if columns.is_empty() || columns.len() > COLUMN_LIMIT {
            let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "columns");
            return Err(refusal.with("expected", format!("1 - {COLUMN_LIMIT}")).at("columns").into());
        }
        let titles = columns.iter().map(|column| check_line(&column.title, TITLE_LIMIT));
        let titles = titles.collect::<Result<Vec<_>, _>>().map_err(|refusal| refusal.at("columns"))?;
        let query = self.claim_query(actor, filter).await?;
        let rows = self.claim_rows(&query, EXPORT_LIMIT + 1).await?;
        if rows.len() > EXPORT_LIMIT as usize {
            return Err(Refusal::new(Code::ClaimExportTooLong).with("limit", EXPORT_LIMIT).into());
        }
        let keys: Vec<ClaimColumn> = columns.iter().map(|column| column.key).collect();
        let data = json!({
            "list": "claims",
            "filter": filter,
            "columns": keys,
            "rows": rows.len(),
            "format": format,
        });
        let at = self.now();
        let work = tokio::task::spawn_blocking(move || {
            let rows = rows.iter().map(|row| keys.iter().map(|key| cell(row, *key, language)).collect());
            Sheet { titles, rows: rows.collect(), at }.write(format)
        });
        let thread = |_| Refusal::new(Code::ClaimExportFailed).with("reason", "thread");
        let written = work.await.map_err(thread)??;
        self.log_export(actor, data).await?;
        Ok(written)
    }
}

fn cell(row: &ClaimRow, column: ClaimColumn, language: Language) -> Cell {
    match column {
        ClaimColumn::No => Cell::text(&row.no),
        ClaimColumn::Status => Cell::text(labels::status(row.status).get(language)),
        ClaimColumn::Template => Cell::text(row.template_name.get(language)),
        ClaimColumn::Insured => Cell::text(&row.insured),
        ClaimColumn::Reporter => Cell::text(&row.reporter),
        ClaimColumn::Policy => Cell::text(&row.policy_no),
        ClaimColumn::Incident => {
            day_of(&row.incident_at).map_or_else(|| Cell::text(&row.incident_at), Cell::Day)
        }
        ClaimColumn::Registered => match DateTime::parse_from_rfc3339(&row.registered_at) {
            Ok(moment) => Cell::Moment(local(moment.to_utc()).naive_local()),
            Err(_) => Cell::text(&row.registered_at),
        },
        ClaimColumn::Missing => Cell::Count(row.missing),
        ClaimColumn::Claimed => match &row.claimed_amount {
            Some(amount) => parse_amount(amount).map_or_else(|_| Cell::text(amount), Cell::Money),
            None => Cell::Empty,
        },
        ClaimColumn::Clerk => Cell::text(&row.clerk),
    }
}
