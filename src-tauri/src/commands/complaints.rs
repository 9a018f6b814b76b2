//! Complaints.

use desk::complaint::file::ComplaintFile;
use desk::complaint::intake::{ComplaintInput, ComplaintRegistered};
use desk::complaint::list::{ComplaintFilter, ComplaintPage};
use desk::complaint::summary::{ComplaintSummary, SummaryQuery};
use desk::{DeskError, ExportFormat, PrintPreview};
use domain::Language;
use domain::complaint::Data;
use serde_json::Value;
use tauri::AppHandle;

use crate::dialog::{self, Exported};
use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_data(state: tauri::State<'_, State>) -> Result<Data, DeskError> {
    let (desk, _) = state.session().await?;
    Ok(desk.complaint_data().clone())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_register(
    state: tauri::State<'_, State>,
    input: ComplaintInput,
) -> Result<ComplaintRegistered, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_register(&actor, input).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_list(
    state: tauri::State<'_, State>,
    filter: ComplaintFilter,
    offset: u32,
    limit: u32,
) -> Result<ComplaintPage, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_list(&actor, &filter, offset, limit).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_get(
    state: tauri::State<'_, State>,
    named: String,
) -> Result<ComplaintFile, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_get(&actor, &named).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_do(
    state: tauri::State<'_, State>,
    named: String,
    command: String,
    input: Value,
) -> Result<ComplaintFile, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_do(&actor, &named, &command, &input).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_summary(
    state: tauri::State<'_, State>,
    query: SummaryQuery,
) -> Result<ComplaintSummary, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_summary(&actor, &query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_summary_preview(
    state: tauri::State<'_, State>,
    query: SummaryQuery,
    language: Language,
) -> Result<PrintPreview, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.complaint_summary_preview(&actor, &query, language).await
}

/// Writes the summary where the person chooses; `None` when they changed their mind, and then nothing is logged.
#[tauri::command]
#[specta::specta]
pub(crate) async fn complaint_summary_export(
    app: AppHandle,
    state: tauri::State<'_, State>,
    query: SummaryQuery,
    format: ExportFormat,
    language: Language,
) -> Result<Option<Exported>, DeskError> {
    let (desk, actor) = state.session().await?;
    let extension = format.extension();
    let name = format!("complaints-{}.{extension}", desk.day());
    let Some(path) = dialog::pick_file(&app, &name, extension, extension).await else { return Ok(None) };
    let list = desk.complaint_summary_export(&actor, &query, format, language).await?;
    dialog::write_list(&path, list).await.map(Some)
}
