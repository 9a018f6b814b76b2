//! What the window does by itself while it is open: the day's backup.

use std::time::Duration;

use tauri::{AppHandle, Manager as _};

use crate::state::State;

/// Often enough that a desk which is open for an hour a day gets its backup in that hour.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// Looks now and then whether a backup is due; ends with the program.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            look.tick().await;
            let Some(desk) = app.state::<State>().open_desk().await else { continue };
            match desk.backup_if_due().await {
                Ok(Some(made)) => tracing::info!(snapshot = %made.snapshot, files = made.files, "backed up"),
                Ok(None) => {}
                // The settings say that it is overdue; a disk that is away today may be back.
                Err(error) => tracing::warn!(code = error.code.as_str(), "the day's backup was not made"),
            }
        }
    });
}
