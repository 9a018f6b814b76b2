//! Log-in, log-out, and the sign of life that keeps a log-in.

use desk::{DeskError, Session};
use zeroize::Zeroizing;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_login(
    state: tauri::State<'_, State>,
    user: String,
    password: String,
) -> Result<Session, DeskError> {
    let desk = state.desk().await?;
    let actor = desk.login(&user, Zeroizing::new(password)).await?;
    let session = desk.session(&actor).await?;
    state.log_in(actor);
    Ok(session)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn session_current(state: tauri::State<'_, State>) -> Result<Option<Session>, DeskError> {
    match (state.open_desk().await, state.actor()) {
        (Some(desk), Ok(actor)) => Ok(Some(desk.session(&actor).await?)),
        _ => Ok(None),
    }
}

#[tauri::command]
#[specta::specta]
pub(crate) fn session_logout(state: tauri::State<'_, State>) {
    state.log_out();
}

#[tauri::command]
#[specta::specta]
pub(crate) fn session_touch(state: tauri::State<'_, State>) {
    state.touch();
}
