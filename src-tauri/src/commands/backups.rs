//! Backups. The folder is chosen in a dialog that Rust opens; the page only names what is to be done.

use desk::{BackupMade, BackupState, DeskError};

use crate::dialog;
use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_state(state: tauri::State<'_, State>) -> Result<BackupState, DeskError> {
    let (desk, _) = state.session().await?;
    desk.backup_state().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_choose(
    app: tauri::AppHandle,
    state: tauri::State<'_, State>,
) -> Result<Option<BackupMade>, DeskError> {
    let (desk, actor) = state.session().await?;
    match dialog::pick_folder(&app).await {
        Some(folder) => desk.backup_to(&actor, &folder).await.map(Some),
        None => Ok(None),
    }
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_now(state: tauri::State<'_, State>) -> Result<BackupMade, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.backup_now(&actor).await
}
