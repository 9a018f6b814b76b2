//! Preview, save, print.

use desk::{DeskError, PrintCopy, PrintKind, PrintPreview, PrinterRow};
use domain::Language;
use tauri::AppHandle;

use crate::dialog::save_pdf;
use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn print_preview(
    state: tauri::State<'_, State>,
    kind: PrintKind,
    claim_id: String,
    copy: PrintCopy,
    language: Language,
) -> Result<PrintPreview, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.print_preview(&actor, kind, &claim_id, copy, language).await
}

/// Saves where the person chooses; the answer is the file's name, `None` when they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_save(
    app: AppHandle,
    state: tauri::State<'_, State>,
    token: String,
) -> Result<Option<String>, DeskError> {
    let (desk, actor) = state.session().await?;
    let (name, bytes) = desk.print_bytes(&token)?;
    let Some(saved) = save_pdf(&app, &name, bytes.to_vec()).await? else { return Ok(None) };
    desk.print_done(&actor, &token, "saved", &saved.name).await?;
    Ok(Some(saved.name))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn printer_list(state: tauri::State<'_, State>) -> Result<Vec<PrinterRow>, DeskError> {
    // At the first run nobody can log in yet, and the recovery sheet wants a printer.
    if state.recovery_sheet().is_err() {
        state.session().await?;
    }
    Ok(desk::spool::printers().await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn print_send(
    state: tauri::State<'_, State>,
    token: String,
    printer: String,
) -> Result<(), DeskError> {
    let (desk, actor) = state.session().await?;
    let (name, bytes) = desk.print_bytes(&token)?;
    desk::spool::send(&printer, &name, bytes).await?;
    desk.print_done(&actor, &token, "printer", &printer).await
}
