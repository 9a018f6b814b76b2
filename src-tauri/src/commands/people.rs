//! Search, people, policies, checks of single values.

use desk::{CheckResult, DeskError, Hit, PartyView, PolicyView};
use domain::identity::IdentityKind;
use domain::money;

use crate::state::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_value(
    state: tauri::State<'_, State>,
    kind: IdentityKind,
    value: String,
) -> Result<CheckResult, DeskError> {
    Ok(state.desk().await?.check_value(kind, &value))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn amount_capitals(value: &str) -> Result<String, DeskError> {
    Ok(money::capitals(money::parse_amount(value)?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn search(
    state: tauri::State<'_, State>,
    query: String,
    kind: Option<String>,
    limit: u32,
) -> Result<Vec<Hit>, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.search(&actor, &query, kind.as_deref(), limit).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn party_get(state: tauri::State<'_, State>, id: String) -> Result<PartyView, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.party_get(&actor, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn party_reveal(
    state: tauri::State<'_, State>,
    claim_id: Option<String>,
    party_id: String,
    field: String,
    reason: String,
) -> Result<String, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.party_reveal(&actor, claim_id.as_deref(), &party_id, &field, &reason).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn policy_get(state: tauri::State<'_, State>, no: String) -> Result<PolicyView, DeskError> {
    let (desk, actor) = state.session().await?;
    desk.policy_get(&actor, &no).await
}
