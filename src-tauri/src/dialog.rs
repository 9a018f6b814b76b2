//! The system's dialogs for files and folders, asked from Rust so that no path passes the page.

use desk::DeskError;
use domain::{Code, Refusal};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

/// A file that was written.
pub(crate) struct Saved {
    /// Its name without its folder.
    pub(crate) name: String,
}

/// Asks where, and writes; `None` when the person changed their mind.
///
/// # Errors
/// What the disk refuses.
pub(crate) async fn save_pdf(
    app: &AppHandle,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Option<Saved>, DeskError> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_file_name(name).add_filter("PDF", &["pdf"]).save_file(move |path| {
        // The receiver is gone only when the window is.
        drop(sender.send(path));
    });
    let Some(path) = receiver.await.ok().flatten() else { return Ok(None) };
    let failed = |reason: String| Refusal::new(Code::PrintFailed).with("reason", reason);
    let path = path.into_path().map_err(|error| failed(error.to_string()))?;
    tokio::fs::write(&path, bytes).await.map_err(|error| failed(error.kind().to_string()))?;
    Ok(Some(Saved { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned() }))
}

/// Asks for a folder; `None` when the person changed their mind.
pub(crate) async fn pick_folder(app: &AppHandle) -> Option<std::path::PathBuf> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().pick_folder(move |path| drop(sender.send(path)));
    receiver.await.ok().flatten()?.into_path().ok()
}
