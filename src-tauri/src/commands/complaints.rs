//! Complaints.

use desk::DeskError;
use desk::complaint::file::ComplaintFile;
use desk::complaint::intake::{ComplaintInput, ComplaintRegistered};
use desk::complaint::list::{ComplaintFilter, ComplaintPage};
use domain::complaint::Data;
use serde_json::Value;

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
