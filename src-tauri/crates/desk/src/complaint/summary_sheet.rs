//! The summary as .xlsx or CSV: one row for each value of each dimension, the total first.

use domain::complaint::summary::Share;
use domain::role::Right;
use domain::{Code, Language, Refusal, Text};
use serde::Deserialize;
use serde_json::json;

use super::summary::{ComplaintSummary, SummaryQuery, SummaryRow};
use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::export::{Cell, ExportFormat, ExportedList, Sheet};
use crate::prints::{change_part, days_of};

/// The titles of the columns, in their order.
#[derive(Deserialize)]
struct Titles {
    columns: Vec<Text>,
    all: Text,
}

impl Desk {
    /// The summary of a period as a file's bytes; exporting is logged.
    ///
    /// # Errors
    /// As [`Desk::complaint_summary`]; a disk that refuses the log's entry.
    pub async fn complaint_summary_export(
        &self,
        actor: &Actor,
        query: &SummaryQuery,
        format: ExportFormat,
        language: Language,
    ) -> Result<ExportedList, DeskError> {
        actor.need(Right::ComplaintSummary)?;
        let summary = self.complaint_summary(actor, query).await?;
        let titles: Titles =
            serde_json::from_str(include_str!("../../../../../assets/complaint-summary.json"))
                .map_err(|error| Refusal::new(Code::ClaimExportFailed).with("reason", error))?;
        let word = |text: &Text| text.get(language).to_owned();
        let sheet = Sheet {
            titles: titles.columns.iter().map(word).collect(),
            rows: rows(&summary, &titles, language),
            at: self.now(),
        };
        let thread = |_| Refusal::new(Code::ClaimExportFailed).with("reason", "thread");
        let written = tokio::task::spawn_blocking(move || sheet.write(format)).await.map_err(thread)??;
        let logged = json!({
            "list": "complaint-summary", "filter": query, "rows": written.rows, "format": format,
        });
        self.log_export(actor, logged).await?;
        Ok(written)
    }
}

fn rows(summary: &ComplaintSummary, titles: &Titles, language: Language) -> Vec<Vec<Cell>> {
    let all = summary.total.figures.count;
    let total = row(titles.all.get(language), "", &summary.total, all);
    let tables = summary.tables.iter().flat_map(|table| {
        let dimension = table.name.get(language);
        table.rows.iter().map(move |group| row(dimension, group.name.get(language), group, all))
    });
    std::iter::once(total).chain(tables).collect()
}

fn row(dimension: &str, name: &str, group: &SummaryRow, all: u32) -> Vec<Cell> {
    let figures = &group.figures;
    let part = |share: Share| share.part().map_or(Cell::Empty, Cell::Part);
    let change = |before: u32| change_part(figures.count, before).map_or(Cell::Empty, Cell::Part);
    let days = |minutes: Option<u32>| minutes.map_or(Cell::Empty, |minutes| Cell::Measure(days_of(minutes)));
    vec![
        Cell::text(dimension),
        Cell::text(name),
        Cell::Count(figures.count),
        part(Share { within: figures.count, of: all }),
        Cell::Count(group.before),
        change(group.before),
        Cell::Count(group.year_earlier),
        change(group.year_earlier),
        Cell::Count(figures.told),
        Cell::Count(figures.open),
        days(figures.median),
        days(figures.ninth),
        part(figures.first),
        part(figures.house),
        part(figures.plain),
        part(figures.extended),
        Cell::Count(figures.overdue),
        Cell::Count(figures.major),
        Cell::Count(figures.repeated),
        Cell::Count(figures.regulator),
        figures.satisfaction.map_or(Cell::Empty, |score| Cell::Measure(f64::from(score) / 100.0)),
        figures.compensation.parse().map_or(Cell::Empty, Cell::Money),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_title() {
        let titles: Titles =
            serde_json::from_str(include_str!("../../../../../assets/complaint-summary.json")).unwrap();
        let group = SummaryRow {
            key: String::new(),
            name: Text::same("a"),
            figures: Default::default(),
            before: 0,
            year_earlier: 0,
        };
        assert_eq!(row("", "", &group, 0).len(), titles.columns.len());
    }
}
