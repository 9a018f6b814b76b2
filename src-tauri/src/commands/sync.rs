//! Sync, conflicts and the branch's desks. Files are chosen in a dialog that Rust opens, or pass as bytes.

use desk::sync::conflicts::{Conflict, ConflictRow};
use desk::{DeskError, DeviceRow, SyncReport};
use domain::Code;
use serde::Serialize;
use specta::Type;

use crate::dialog;
use crate::state::State;

/// Unsent work that was written to a file.
#[derive(Debug, Serialize, Type)]
pub(crate) struct CarriedOut {
    /// The file's name without its folder.
    name: String,
    /// How many operations it holds.
    operations: u32,
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_report(state: tauri::State<'_, State>) -> Result<SyncReport, DeskError> {
    let (desk, _) = state.session().await?;
    desk.sync_report().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_enrol(
    state: tauri::State<'_, State>,
    url: String,
    code: String,
) -> Result<SyncReport, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.sync_enrol(&actor, &url, &code).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_now(state: tauri::State<'_, State>) -> Result<SyncReport, DeskError> {
    let (desk, _) = state.session().await?;
    desk.sync_now().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_export(
    app: tauri::AppHandle,
    state: tauri::State<'_, State>,
) -> Result<Option<CarriedOut>, DeskError> {
    let (desk, actor) = state.session().await?;
    let carried = desk.sync_export(&actor).await?;
    let name = format!("unsent-{}.claims", desk.day());
    let Some(path) = dialog::pick_file(&app, &name, "claims", "claims").await else { return Ok(None) };
    let saved = dialog::write(&path, carried.bytes, Code::ClaimExportFailed).await?;
    Ok(Some(CarriedOut { name: saved.name, operations: carried.operations }))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_import(
    state: tauri::State<'_, State>,
    file_name: String,
    data_base64: String,
) -> Result<u32, DeskError> {
    let (desk, actor) = state.session().await?;
    let bytes = super::sent(&file_name, &data_base64)?;
    desk.sync_import(&actor, &bytes).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn device_list(state: tauri::State<'_, State>) -> Result<Vec<DeviceRow>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.device_list(&actor).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn conflict_list(
    state: tauri::State<'_, State>,
    open_only: bool,
) -> Result<Vec<ConflictRow>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.conflict_list(&actor, open_only).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn conflict_get(state: tauri::State<'_, State>, id: String) -> Result<Conflict, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.conflict_get(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn conflict_decide(
    state: tauri::State<'_, State>,
    id: String,
    take: Vec<String>,
    reason: String,
) -> Result<Conflict, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.conflict_decide(&actor, &id, &take, &reason).await
}
