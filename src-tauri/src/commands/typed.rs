//! Forms under way that are no visits.

use desk::DeskError;
use serde_json::Value;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn typed_get(
    state: tauri::State<'_, State>,
    place: String,
) -> Result<Option<Value>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.typed_get(&actor, &place).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn typed_save(
    state: tauri::State<'_, State>,
    place: String,
    value: Value,
) -> Result<String, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.typed_save(&actor, &place, value).await
}
