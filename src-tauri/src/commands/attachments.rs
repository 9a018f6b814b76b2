//! Attached files. Bytes travel as base64; no path passes the page.

use desk::DeskError;
use desk::attachments::{AttachmentData, AttachmentRow};

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_add(
    state: tauri::State<'_, State>,
    owner: String,
    document_id: Option<String>,
    file_name: String,
    data_base64: String,
) -> Result<AttachmentRow, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.attachment_add_base64(&actor, &owner, document_id, &file_name, &data_base64).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_read(
    state: tauri::State<'_, State>,
    id: String,
) -> Result<AttachmentData, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.attachment_read(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn attachment_void(
    state: tauri::State<'_, State>,
    id: String,
    reason: String,
) -> Result<(), DeskError> {
    let (desk, actor) = state.session().await?;
    desk.attachment_void(&actor, &id, &reason).await
}
