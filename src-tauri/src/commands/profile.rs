//! First run, opening, and the recovery sheet.

use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::{Desk, DeskError, Notice, ProfileCreateInput, ProfileState, recovery_sheet};
use domain::{Code, Language};
use serde::Serialize;
use specta::Type;
use tauri::AppHandle;

use crate::dialog::save_pdf;
use crate::state::{RecoverySheet, State};

/// What the sheet is called as a file and in a printer's queue.
const RECOVERY_FILE: &str = "recovery.pdf";

/// Whether there is a profile, and whether it is open.
#[derive(Serialize, Type)]
pub(crate) struct ProfileStatus {
    state: ProfileState,
    branch_code: Option<String>,
    branch_name: Option<String>,
    problem: Option<DeskError>,
    warnings: Vec<Notice>,
    version: String,
}

/// The recovery code, shown and printed once.
#[derive(Serialize, Type)]
pub(crate) struct RecoveryCode {
    code: String,
    pdf_base64: String,
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_status(state: tauri::State<'_, State>) -> Result<ProfileStatus, DeskError> {
    match state.open_once().await {
        Ok(true) => ready(&state).await,
        Ok(false) => Ok(status(ProfileState::Absent, None, Vec::new())),
        Err(problem) => {
            let locked = matches!(problem.code, Code::StorageNoKey | Code::StorageKeyringUnavailable);
            let found = if locked { ProfileState::Locked } else { ProfileState::Unreadable };
            Ok(status(found, Some(problem), Vec::new()))
        }
    }
}

async fn ready(state: &State) -> Result<ProfileStatus, DeskError> {
    let (code, name) = state.desk().await?.branch_name().await?;
    let warnings = state.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(ProfileStatus {
        branch_code: Some(code),
        branch_name: Some(name),
        ..status(ProfileState::Ready, None, warnings)
    })
}

fn status(state: ProfileState, problem: Option<DeskError>, warnings: Vec<Notice>) -> ProfileStatus {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    ProfileStatus { state, branch_code: None, branch_name: None, problem, warnings, version }
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_create(
    state: tauri::State<'_, State>,
    input: ProfileCreateInput,
    language: Language,
) -> Result<RecoveryCode, DeskError> {
    let _one = state.opening.lock().await;
    let created = Desk::create(state.folder(), input, true, State::clock()).await?;
    let pdf = recovery_sheet(&created.desk, &created.recovery_code, language).await?;
    let sheet = RecoveryCode { code: created.recovery_code.to_string(), pdf_base64: STANDARD.encode(&*pdf) };
    *state.sheet.lock().unwrap_or_else(PoisonError::into_inner) = Some(RecoverySheet { pdf });
    state.put_desk(created.desk, created.warnings).await;
    Ok(sheet)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_unlock(
    state: tauri::State<'_, State>,
    recovery_code: String,
) -> Result<ProfileStatus, DeskError> {
    let _one = state.opening.lock().await;
    if state.open_desk().await.is_none() {
        let opened = Desk::open(state.folder(), Some(&recovery_code), State::clock()).await?;
        state.put_desk(opened.desk, opened.warnings).await;
    }
    ready(&state).await
}

/// Saves the recovery sheet where the person chooses; the page never sees the path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_save(
    app: AppHandle,
    state: tauri::State<'_, State>,
) -> Result<Option<String>, DeskError> {
    let pdf = state.recovery_sheet()?.to_vec();
    Ok(save_pdf(&app, RECOVERY_FILE, pdf).await?.map(|saved| saved.name))
}

/// Sends the recovery sheet to a printer; the list of printers needs no log-in while the sheet is at hand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recovery_print(state: tauri::State<'_, State>, printer: String) -> Result<(), DeskError> {
    let pdf = state.recovery_sheet()?;
    Ok(desk::spool::send(&printer, RECOVERY_FILE, pdf).await?)
}

/// The sheet is kept; from here on nobody can see it again.
#[tauri::command]
#[specta::specta]
pub(crate) fn recovery_confirm(state: tauri::State<'_, State>) {
    *state.sheet.lock().unwrap_or_else(PoisonError::into_inner) = None;
}
