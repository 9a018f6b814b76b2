//! Complaints as a summary counts them.

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::uuid;
use crate::error::StoreError;

/// A complaint as a summary counts it.
#[derive(Debug, Clone)]
pub struct ComplaintCounted {
    /// The complaint.
    pub id: Uuid,
    /// Its number.
    pub no: String,
    /// Its status, as `domain::complaint::Status` writes it.
    pub status: String,
    /// How it came in.
    pub channel: String,
    /// When (RFC 3339).
    pub received_at: String,
    /// Its category.
    pub category: Option<String>,
    /// Its root cause.
    pub cause: Option<String>,
    /// Whether it is a major one.
    pub major: bool,
    /// Who handles it.
    pub handler_name: Option<String>,
    /// Institution complained of.
    pub institution: String,
    /// Where the complainant lives.
    pub area: String,
    /// Line of the product.
    pub product_line: String,
    /// When somebody answered first.
    pub first_contact_at: Option<String>,
    /// When the complainant was told the decision.
    pub told_at: Option<String>,
    /// Mean of the follow-up's scores times 100.
    pub satisfaction: Option<i64>,
    /// In cents.
    pub compensation: Option<i64>,
    /// The same person complained about the same policy before.
    pub repeated: bool,
}

/// The complaints received from one moment to before another (RFC 3339, in the branch's offset). Whether they are
/// repeated is looked up only when asked for.
pub(crate) async fn counted(
    db: &mut SqliteConnection,
    from: &str,
    to: &str,
    repeated: bool,
) -> Result<Vec<ComplaintCounted>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, no, status, channel, received_at, category, cause, major as "major: bool", handler_name,
                  institution, area, product_line, first_contact_at, told_at, satisfaction, compensation,
                  (?3 and policy_no <> '' and exists (
                      select 1 from complaint as earlier
                      where earlier.policy_no = complaint.policy_no and earlier.policy_no <> ''
                        and earlier.complainant = complaint.complainant
                        and earlier.received_at < complaint.received_at
                        and earlier.status not in ('merged', 'not_a_complaint')
                  )) as "repeated!: bool"
           from complaint
           where received_at >= ?1 and received_at < ?2
           order by received_at"#,
        from,
        to,
        repeated
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ComplaintCounted {
                id: uuid(&row.id)?,
                no: row.no,
                status: row.status,
                channel: row.channel,
                received_at: row.received_at,
                category: row.category,
                cause: row.cause,
                major: row.major,
                handler_name: row.handler_name,
                institution: row.institution,
                area: row.area,
                product_line: row.product_line,
                first_contact_at: row.first_contact_at,
                told_at: row.told_at,
                satisfaction: row.satisfaction,
                compensation: row.compensation,
                repeated: row.repeated,
            })
        })
        .collect()
}
