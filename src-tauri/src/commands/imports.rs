//! Imports from the core system. The page passes the file's bytes; no path passes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::import::{ImportKind, Mapping};
use desk::{DeskError, ImportOpened, ImportReport};
use domain::{Code, Refusal};

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
    let damaged = |_| Refusal::new(Code::AttachmentDamaged).with("name", &file_name);
    let bytes = STANDARD.decode(&data_base64).map_err(damaged)?;
    desk.import_open(&actor, kind, &file_name, bytes).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_run(
    state: tauri::State<'_, State>,
    token: String,
    mapping: Mapping,
    dry_run: bool,
) -> Result<ImportReport, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.import_run(&actor, &token, mapping, dry_run).await
}
