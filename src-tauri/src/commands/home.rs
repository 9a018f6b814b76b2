//! Home, the status line, the branch, templates, saved views.

use desk::{BranchFacts, DeskError, DueList, Home, SavedView, StatusLine, TemplateList, UnsentPage};
use domain::template::Template;
use serde_json::Value;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn status_line(state: tauri::State<'_, State>) -> Result<StatusLine, DeskError> {
    state.desk().await?.status_line().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unsent_list(
    state: tauri::State<'_, State>,
    offset: u32,
    limit: u32,
) -> Result<UnsentPage, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.unsent_list(&actor, offset, limit).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn home(state: tauri::State<'_, State>) -> Result<Home, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.home(&actor).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn due_list(state: tauri::State<'_, State>) -> Result<DueList, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.due_list(&actor).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn branch_get(state: tauri::State<'_, State>) -> Result<BranchFacts, DeskError> {
    let (desk, _) = state.session().await?;
    desk.branch_get().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn branch_change(
    state: tauri::State<'_, State>,
    facts: BranchFacts,
) -> Result<BranchFacts, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.branch_change(&actor, facts).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn template_list(state: tauri::State<'_, State>) -> Result<TemplateList, DeskError> {
    Ok(state.desk().await?.templates())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn template_get(
    state: tauri::State<'_, State>,
    id: String,
    version: Option<u32>,
) -> Result<Template, DeskError> {
    let template = state.desk().await?.template(&id, version)?;
    Ok(std::sync::Arc::unwrap_or_clone(template))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn view_list(
    state: tauri::State<'_, State>,
    list: String,
) -> Result<Vec<SavedView>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.view_list(&actor, &list).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn view_save(
    state: tauri::State<'_, State>,
    list: String,
    name: String,
    filter: Value,
) -> Result<SavedView, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.view_save(&actor, &list, &name, filter).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn view_delete(state: tauri::State<'_, State>, id: String) -> Result<(), DeskError> {
    let (desk, actor) = state.session().await?;
    desk.view_delete(&actor, &id).await
}
