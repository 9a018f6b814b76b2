//! Accounts.

use desk::{AccountChange, AccountInput, AccountRow, DeskError};

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn account_list(state: tauri::State<'_, State>) -> Result<Vec<AccountRow>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.accounts(&actor).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn account_create(
    state: tauri::State<'_, State>,
    input: AccountInput,
) -> Result<AccountRow, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.account_create(&actor, input).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn account_change(
    state: tauri::State<'_, State>,
    change: AccountChange,
) -> Result<AccountRow, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.account_change(&actor, change).await
}
