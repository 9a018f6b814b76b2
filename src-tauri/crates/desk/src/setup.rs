//! First run, opening, and what state a profile's folder is in.

use std::path::Path;
use std::sync::Arc;

use domain::case_number::{DEVICE_ALPHABET, check_branch_code};
use domain::role::Role;
use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{Folder, FolderState, NewOperation, RecoveryCode, Store, Unlock};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::accounts::{check_password, check_user, hash_password};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::{DeskError, Notice, notices};

/// What the first run asks for.
#[derive(Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ProfileCreateInput {
    /// Two to eight capital letters or digits; part of every case number.
    pub branch_code: String,
    /// The branch's name, as prints show it.
    pub branch_name: String,
    /// User name of the first administrator.
    pub admin_user: String,
    /// That person's name.
    pub admin_name: String,
    /// And password.
    pub password: String,
}

impl std::fmt::Debug for ProfileCreateInput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ProfileCreateInput")
            .field("branch_code", &self.branch_code)
            .finish_non_exhaustive()
    }
}

/// Whether there is a profile and whether it can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// First run.
    Absent,
    /// There is one; the recovery code is needed.
    Locked,
    /// Open: log in.
    Ready,
    /// There is one that cannot be opened; nothing is lost or deleted.
    Unreadable,
}

/// An opened desk with what should be told about the opening.
#[derive(Debug)]
pub struct OpenedDesk {
    /// The desk.
    pub desk: Desk,
    /// Repairs made, a keyring that is not there.
    pub warnings: Vec<Notice>,
}

/// A desk just created, with the recovery code to be printed once.
pub struct CreatedDesk {
    /// The desk.
    pub desk: Desk,
    /// Shown and printed once, kept nowhere.
    pub recovery_code: Zeroizing<String>,
    /// A keyring that is not there.
    pub warnings: Vec<Notice>,
}

/// Whether the folder holds a profile.
///
/// # Errors
/// When it holds something that is no whole profile.
pub fn profile_present(folder: &Path) -> Result<bool, DeskError> {
    Ok(Folder::new(folder).state()? == FolderState::Present)
}

impl Desk {
    /// First run: branch, first administrator, keys. With `use_keyring` the key also goes into the operating
    /// system's keyring; without one the recovery code opens the profile.
    ///
    /// # Errors
    /// A refused field, an existing profile, a folder that cannot be written.
    pub async fn create(
        folder: &Path,
        input: ProfileCreateInput,
        use_keyring: bool,
        clock: Arc<dyn Clock>,
    ) -> Result<CreatedDesk, DeskError> {
        let mut refusals = Vec::new();
        let mut take = |result: Result<String, Refusal>, field: &str| {
            result.map_err(|refusal| refusals.push(refusal.at(field))).unwrap_or_default()
        };
        let code = take(check_branch_code(&input.branch_code), "branch_code");
        let name =
            take(domain::text_rules::check_line(&input.branch_name, 60).and_then(filled), "branch_name");
        let user = take(check_user(&input.admin_user), "admin_user");
        let person =
            take(domain::name::check_name(domain::name::PartyKind::Person, &input.admin_name), "admin_name");
        take(check_password(&input.password).map(|()| String::new()), "password");
        if !refusals.is_empty() {
            return Err(refusals.into());
        }
        let password = hash_password(input.password).await?;

        let created = Store::create(Folder::new(folder), &code, use_keyring).await?;
        let desk = Desk::new(created.store, clock);
        let account = Uuid::now_v7();
        let mut first = NewOperation::new(account, Role::Administrator, "profile.create", desk.now());
        // Two desks of one branch meet in one record.
        let branch = crate::import_run::stable_id("branch", &code);
        first.set("branch", branch, "code", code);
        first.set("branch", branch, "name", name);
        let device = desk.store.device_id();
        let (public_key, incarnation) = desk.store.device_identity().await;
        first.set("device", device, "public_key", public_key);
        first.set("device", device, "incarnation", incarnation);
        first.set("device", device, "code", device_code()?);
        first.set("account", account, "user", user);
        first.set("account", account, "display_name", person);
        first.set("account", account, "role", Role::Administrator.as_str());
        first.set("account", account, "password", password);
        desk.store.commit(first).await?;
        desk.store.finish_creation()?;
        Ok(CreatedDesk { desk, recovery_code: created.recovery.text(), warnings: notices(&created.warnings) })
    }

    /// Opens a profile through the keyring, or with the recovery code.
    ///
    /// # Errors
    /// As [`Store::open`]; a failed opening deletes and changes nothing.
    pub async fn open(
        folder: &Path,
        recovery_code: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<OpenedDesk, DeskError> {
        let unlock = match recovery_code {
            Some(code) => Unlock::Recovery(RecoveryCode::parse(code)?),
            None => Unlock::Keyring,
        };
        let opened = Store::open(Folder::new(folder), unlock).await?;
        let mut warnings = notices(&opened.warnings);
        let desk = Desk::new(opened.store, clock);
        if desk.store.moved() {
            // Before anything is registered: the profile this one is a copy of may be in use.
            let code = device_code()?;
            desk.store.new_incarnation(None, &code, desk.now()).await?;
            warnings.push(Refusal::new(Code::StorageProfileMoved).with("code", code).into());
        }
        desk.reload_reference().await?;
        Ok(OpenedDesk { desk, warnings })
    }
}

fn filled(text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() { Err(Refusal::new(Code::IdentityEmpty)) } else { Ok(text.trim().to_owned()) }
}

/// Four random characters; the hub confirms or replaces them when it enrols the desk.
pub(crate) fn device_code() -> Result<String, DeskError> {
    let alphabet: Vec<char> = DEVICE_ALPHABET.chars().collect();
    let mut bytes = [0u8; 4];
    getrandom::fill(&mut bytes)
        .map_err(|_| Refusal::new(Code::StorageFailed).with("reason", "no randomness"))?;
    // 256 is a multiple of the alphabet's 32, so every character is equally likely.
    Ok(bytes.iter().filter_map(|byte| alphabet.get(usize::from(*byte) % alphabet.len()).copied()).collect())
}
