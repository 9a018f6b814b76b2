//! The shell: builds the window, its state and its commands.

mod commands;
mod daily;
mod dialog;
mod exchange;
mod state;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tauri::{Manager as _, WebviewWindowBuilder};

use crate::state::State;

/// Which profile folder to open instead of the user's own.
const PROFILE_VARIABLE: &str = "CLAIMS_DESK_PROFILE";

/// Opens the window and runs until it closes.
///
/// # Errors
/// When the system gives no window or no folder for data.
pub fn run() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let builder = commands::builder();
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("main") {
                let shown = window.unminimize().and_then(|()| window.set_focus());
                if let Err(error) = shown {
                    tracing::warn!(%error, "the window could not be brought to the front");
                }
            }
        }))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            app.manage(State::new(profile_folder(app.handle())?));
            daily::begin(app.handle());
            exchange::begin(app.handle());
            // Made here, not by the configuration: the page asks for the state as soon as it loads.
            for window in &app.config().app.windows {
                WebviewWindowBuilder::from_config(app.handle(), window)?.build()?;
            }
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("running the window")
}

fn profile_folder(app: &tauri::AppHandle) -> anyhow::Result<PathBuf> {
    match std::env::var_os(PROFILE_VARIABLE).filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => {
            Ok(app.path().app_local_data_dir().context("finding the user's data folder")?.join("profile"))
        }
    }
}

/// Writes the TypeScript bindings of all commands.
///
/// # Errors
/// When the file cannot be written or a type has no TypeScript form.
pub fn export_bindings(path: &Path) -> anyhow::Result<()> {
    commands::builder()
        .export(specta_typescript::Typescript::default(), path)
        .context("exporting the bindings")
}
