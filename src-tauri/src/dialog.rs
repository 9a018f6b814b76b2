//! The system's dialogs for files and folders, asked from Rust so that no path passes the page.

use std::path::{Path, PathBuf};

use desk::{DeskError, ExportedList};
use domain::{Code, Refusal};
use serde::Serialize;
use specta::Type;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

/// A file that was written.
pub(crate) struct Saved {
    /// Its name without its folder.
    pub(crate) name: String,
}

/// Asks where, and writes a PDF; `None` when the person changed their mind.
///
/// # Errors
/// What the disk refuses.
pub(crate) async fn save_pdf(
    app: &AppHandle,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Option<Saved>, DeskError> {
    let Some(path) = pick_file(app, name, "PDF", "pdf").await else { return Ok(None) };
    write(&path, bytes, Code::PrintFailed).await.map(Some)
}

/// Asks for a file to be written; `None` when the person changed their mind.
pub(crate) async fn pick_file(app: &AppHandle, name: &str, kind: &str, extension: &str) -> Option<PathBuf> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_file_name(name).add_filter(kind, &[extension]).save_file(move |path| {
        // The receiver is gone only when the window is.
        drop(sender.send(path));
    });
    receiver.await.ok().flatten()?.into_path().ok()
}

/// Writes a file that was chosen.
///
/// # Errors
/// What the disk refuses, as `code` with its reason.
pub(crate) async fn write(path: &Path, bytes: Vec<u8>, code: Code) -> Result<Saved, DeskError> {
    let failed = |error: std::io::Error| Refusal::new(code).with("reason", error.kind());
    tokio::fs::write(path, bytes).await.map_err(failed)?;
    Ok(Saved { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned() })
}

/// Asks for a folder; `None` when the person changed their mind.
pub(crate) async fn pick_folder(app: &AppHandle) -> Option<PathBuf> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().pick_folder(move |path| drop(sender.send(path)));
    receiver.await.ok().flatten()?.into_path().ok()
}

/// A list that was written to a file.
#[derive(Serialize, Type)]
pub(crate) struct Exported {
    /// The file's name without its folder.
    name: String,
    /// How many rows it holds.
    rows: u32,
}

/// Writes an exported list.
pub(crate) async fn write_list(path: &Path, list: ExportedList) -> Result<Exported, DeskError> {
    let saved = write(path, list.bytes, Code::ClaimExportFailed).await?;
    Ok(Exported { name: saved.name, rows: list.rows })
}
