//! Sync while the window is open.

use std::time::Duration;

use tauri::{AppHandle, Manager as _};

use crate::state::State;

/// How soon after the profile was opened sync begins.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Begins as soon as the profile is open; ends with the program.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            if let Some(desk) = app.state::<State>().open_desk().await {
                desk.keep_in_sync().await;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
}
