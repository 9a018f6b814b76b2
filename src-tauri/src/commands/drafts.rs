//! A visit under way, up to its registration.

use desk::claim::intake::Registered;
use desk::{DeskError, Draft, DraftCheck, DraftRow, Hit, RegisterInput};
use serde_json::Value;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_open(
    state: tauri::State<'_, State>,
    template_id: String,
    from_hit: Option<Hit>,
) -> Result<Draft, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_open(&actor, &template_id, from_hit).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_get(state: tauri::State<'_, State>, id: String) -> Result<Draft, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_get(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_save(
    state: tauri::State<'_, State>,
    id: String,
    path: String,
    value: Value,
) -> Result<String, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_save(&actor, &id, &path, value).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_prefill(
    state: tauri::State<'_, State>,
    id: String,
    hit: Hit,
    role: Option<String>,
) -> Result<Draft, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_prefill(&actor, &id, &hit, role.as_deref()).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_check(state: tauri::State<'_, State>, id: String) -> Result<DraftCheck, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_check(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_discard(state: tauri::State<'_, State>, id: String) -> Result<(), DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_discard(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_list(state: tauri::State<'_, State>) -> Result<Vec<DraftRow>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_list(&actor).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn claim_register(
    state: tauri::State<'_, State>,
    input: RegisterInput,
) -> Result<Registered, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.draft_register(&actor, input).await
}
