//! Registered claims.

use std::collections::BTreeMap;

use desk::DeskError;
use desk::claim::file::ClaimFile;
use desk::claim::list::{ClaimFilter, ClaimPage};
use domain::template::Worksheet;
use serde_json::Value;

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
