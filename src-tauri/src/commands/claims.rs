//! Registered claims.

use std::collections::BTreeMap;

use desk::claim::export::ExportColumn;
use desk::claim::file::ClaimFile;
use desk::claim::list::{ClaimFilter, ClaimPage};
use desk::{DeskError, ExportFormat};
use domain::Language;
use domain::template::Worksheet;
use serde_json::Value;
use tauri::AppHandle;

use crate::dialog::{self, Exported};
use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_list(
    state: tauri::State<'_, State>,
    filter: ClaimFilter,
    offset: u32,
    limit: u32,
) -> Result<ClaimPage, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.claim_list(&actor, &filter, offset, limit).await
}

/// Writes the list where the person chooses; `None` when they changed their mind, and then nothing is logged.
#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_export(
    app: AppHandle,
    state: tauri::State<'_, State>,
    filter: ClaimFilter,
    columns: Vec<ExportColumn>,
    format: ExportFormat,
    language: Language,
) -> Result<Option<Exported>, DeskError> {
    let (desk, actor) = state.session().await?;
    let extension = format.extension();
    let name = format!("claims-{}.{extension}", desk.day());
    let Some(path) = dialog::pick_file(&app, &name, extension, extension).await else { return Ok(None) };
    let list = desk.claim_export(&actor, &filter, columns, format, language).await?;
    dialog::write_list(&path, list).await.map(Some)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_get(state: tauri::State<'_, State>, id: String) -> Result<ClaimFile, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.claim_get(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_do(
    state: tauri::State<'_, State>,
    id: String,
    command: String,
    input: Value,
) -> Result<ClaimFile, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.claim_do(&actor, &id, &command, &input).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn worksheet_try(
    state: tauri::State<'_, State>,
    claim_id: String,
    inputs: BTreeMap<String, String>,
) -> Result<Worksheet, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.worksheet_try(&actor, &claim_id, &inputs).await
}
