//! The printed summary of complaints.

use domain::complaint::Period;
use domain::complaint::summary::{Figures, Share};
use domain::role::Right;
use domain::{Language, Text};
use report::data::{SummaryOverdueData, SummaryPrintData, SummaryRowData, SummaryTableData};
use report::{CopyFor, Kind};
use serde_json::json;

use super::{HeldPrint, Of, PrintPreview, fill, render};
use crate::complaint::summary::{ComplaintSummary, SummaryDays, SummaryQuery, SummaryRow};
use crate::desk::{Actor, Branch, Desk};
use crate::error::DeskError;

/// As many bars as are read at a glance; the table below has all.
const BARS: usize = 10;
/// More overdue complaints than a page holds are for the screen.
const OVERDUE: usize = 100;
const DAY_MINUTES: f64 = 1440.0;

impl Desk {
    /// Renders the summary of a period. Writes nothing.
    ///
    /// # Errors
    /// As [`Desk::complaint_summary`], or when the sheet cannot be set.
    pub async fn complaint_summary_preview(
        &self,
        actor: &Actor,
        query: &SummaryQuery,
        language: Language,
    ) -> Result<PrintPreview, DeskError> {
        actor.need(Right::ComplaintSummary)?;
        let period = Period::parse(&query.from, &query.to)?;
        let summary = self.complaint_summary(actor, query).await?;
        let data = data(&summary, &self.branch().await?, language);
        let data = serde_json::to_value(data).unwrap_or_default();
        let (title, pdf) = render(Kind::ComplaintSummary, data, CopyFor::Internal, language).await?;
        let name = format!("complaints-{}-{}", period.from.format("%Y%m%d"), period.to.format("%Y%m%d"));
        let logged =
            json!({ "list": "complaint-summary", "filter": query, "format": "pdf", "language": language });
        Ok(self.shown(HeldPrint::new(Of::Summary, name, title, pdf, logged)))
    }
}

fn data(summary: &ComplaintSummary, branch: &Branch, language: Language) -> SummaryPrintData {
    let days = |days: &SummaryDays| format!("{} – {}", days.from, days.to);
    let all = summary.total.figures.count;
    let word = |text: &Text| Some(text.get(language).to_owned());
    let day = |text: &str| text.get(..10).map(str::to_owned);
    let plain = |day: &str| day.replace('-', "");
    let number = format!("TJ-{}-{}", plain(&summary.period.from), plain(&summary.period.to));
    SummaryPrintData {
        branch: fill::branch(branch),
        number: Some(number),
        period: Some(days(&summary.period)),
        before: summary.before.as_ref().map(days),
        year_earlier: summary.year_earlier.as_ref().map(days),
        counted_by: Some(summary.counted_by.clone()),
        left_out: Some(summary.left_out.to_string()),
        printed_at: Some(summary.counted_at.clone()),
        total: row(&summary.total, all, language),
        line: summary
            .line
            .iter()
            .map(|point| SummaryRowData {
                name: point.from.get(5..).map(str::to_owned),
                value: Some(point.count),
                count: Some(point.count.to_string()),
                ..SummaryRowData::default()
            })
            .collect(),
        tables: summary
            .tables
            .iter()
            .filter(|table| !table.rows.is_empty())
            .map(|table| {
                let rows: Vec<SummaryRowData> =
                    table.rows.iter().map(|group| row(group, all, language)).collect();
                let bars = rows.iter().filter(|row| row.value > Some(0)).take(BARS).cloned().collect();
                SummaryTableData { title: word(&table.name), bars, rows }
            })
            .collect(),
        hotspots: summary
            .hotspots
            .iter()
            .map(|hotspot| SummaryRowData {
                name: word(&hotspot.cause),
                place: Some(hotspot.branch.clone()),
                count: Some(hotspot.count.to_string()),
                share: part(Share { within: hotspot.count, of: all }),
                ..SummaryRowData::default()
            })
            .collect(),
        overdue: summary
            .overdue
            .iter()
            .take(OVERDUE)
            .map(|late| SummaryOverdueData {
                no: Some(late.no.clone()),
                received_at: day(&late.received_at),
                due: day(&late.due),
                told_at: late.told_at.as_deref().and_then(day),
                status: word(&late.status),
                cause: late.cause.as_ref().and_then(word),
                handler: late.handler.clone(),
            })
            .collect(),
    }
}

fn row(group: &SummaryRow, all: u32, language: Language) -> SummaryRowData {
    let figures: &Figures = &group.figures;
    let count = |count: u32| Some(count.to_string());
    SummaryRowData {
        name: Some(group.name.get(language).to_owned()),
        place: None,
        value: Some(figures.count),
        count: count(figures.count),
        share: part(Share { within: figures.count, of: all }),
        before: change(figures.count, group.before),
        year_earlier: change(figures.count, group.year_earlier),
        told: count(figures.told),
        open: count(figures.open),
        median: figures.median.map(in_days),
        ninth: figures.ninth.map(in_days),
        first: part(figures.first),
        house: part(figures.house),
        plain: part(figures.plain),
        extended: part(figures.extended),
        overdue: count(figures.overdue),
        major: count(figures.major),
        repeated: count(figures.repeated),
        regulator: count(figures.regulator),
        satisfaction: figures.satisfaction.map(|score| format!("{:.2}", f64::from(score) / 100.0)),
        compensation: Some(report::layout::format::money(&figures.compensation)),
    }
}

fn part(share: Share) -> Option<String> {
    share.part().map(|part| format!("{:.1}%", part * 100.0))
}

/// How much more or less than before, in per cent of it; nothing where there was nothing before.
fn change(now: u32, before: u32) -> Option<String> {
    let change = change_part(now, before)? * 100.0;
    // A minus as printers have it.
    Some(format!("{change:+.1}%").replace('-', "−"))
}

/// How much more or less than before, as a part of it.
pub(crate) fn change_part(now: u32, before: u32) -> Option<f64> {
    (before > 0).then(|| (f64::from(now) - f64::from(before)) / f64::from(before))
}

/// Minutes in days.
pub(crate) fn days_of(minutes: u32) -> f64 {
    f64::from(minutes) / DAY_MINUTES
}

fn in_days(minutes: u32) -> String {
    format!("{:.1}", days_of(minutes))
}
