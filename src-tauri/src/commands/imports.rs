//! Imports from the core system. The page passes the file's bytes; no path passes it.

use desk::import::{ImportKind, Mapping};
use desk::{DeskError, ImportOpened, ImportProgress, ImportReport};
use tauri::ipc::Channel;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_open(
    state: tauri::State<'_, State>,
    kind: ImportKind,
    file_name: String,
    data_base64: String,
) -> Result<ImportOpened, DeskError> {
    let (desk, actor) = state.session().await?;
    let bytes = super::sent(&file_name, &data_base64)?;
    desk.import_open(&actor, kind, &file_name, bytes).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_run(
    state: tauri::State<'_, State>,
    token: String,
    mapping: Mapping,
    dry_run: bool,
    progress: Channel<ImportProgress>,
) -> Result<ImportReport, DeskError> {
    let (desk, actor) = state.session().await?;
    // A page that is gone hears nothing; the import goes on.
    let tell = |done| drop(progress.send(done));
    desk.import_run_told(&actor, &token, mapping, dry_run, tell).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_cancel(state: tauri::State<'_, State>, token: String) -> Result<(), DeskError> {
    let (desk, actor) = state.session().await?;
    desk.import_cancel(&actor, &token)
}
