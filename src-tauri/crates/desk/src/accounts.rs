//! Accounts and log-in: Argon2id, back-off, and an administrator who cannot lock everyone out.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use chrono::DateTime;
use domain::record::Record;
use domain::role::{Right, Role};
use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// Below this a password is guessed offline.
const PASSWORD_MIN: usize = 8;
/// Log-ins that may fail before waiting begins.
const FREE_FAILURES: i64 = 3;
/// The longest wait: nobody is shut out for good by someone else's attempts.
const WAIT_LIMIT: i64 = 300;
/// Without input for so long the window locks.
pub const IDLE_LOCK_SECONDS: u32 = 600;

/// Who is logged in.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Session {
    /// The account's id.
    pub account_id: String,
    /// User name.
    pub user: String,
    /// Name shown and printed.
    pub display_name: String,
    /// Role acted in.
    pub role: Role,
    /// What the role may do; the desk checks again at each use case.
    pub rights: Vec<Right>,
    /// Branch code.
    pub branch_code: String,
    /// Branch name.
    pub branch_name: String,
    /// Without input for so long the window locks.
    pub idle_lock_seconds: u32,
}

/// An account as the list shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// User name.
    pub user: String,
    /// Name.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Whether it may log in.
    pub disabled: bool,
}

/// A new account.
#[derive(Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AccountInput {
    /// User name.
    pub user: String,
    /// Name.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// First password.
    pub password: String,
}

/// A change of an account; `None` leaves as it is.
#[derive(Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// Which account.
    pub id: String,
    /// New name.
    pub display_name: Option<String>,
    /// New role.
    pub role: Option<Role>,
    /// New password.
    pub password: Option<String>,
    /// Whether it may log in.
    pub disabled: Option<bool>,
    /// Why.
    pub reason: String,
}

impl Desk {
    /// Logs in.
    ///
    /// # Errors
    /// [`Code::AccessWrongPassword`], the same for an unknown user, and [`Code::AccessBackOff`] with the seconds to
    /// wait after several failures.
    pub async fn login(&self, user: &str, password: Zeroizing<String>) -> Result<Actor, DeskError> {
        let user = user.trim().to_lowercase();
        self.check_back_off(&user).await?;
        // Desks that never met may each have made an account of that name: the password says which one is meant.
        let known = self.store.accounts_by_user(&user).await?;
        let accounts = self.store.records_of("account", &known).await?;
        if accounts.is_empty() {
            // An unknown user costs as much time as a known one, so that names cannot be guessed.
            hash_password(String::from("nobody has this password")).await?;
        }
        for (id, record) in accounts {
            let fits = verify_password(password.clone(), record.text("password").to_owned()).await?;
            if fits && !record.flag("disabled") {
                self.store.login_succeeded(&user).await?;
                let actor = actor(id, &record)?;
                // Told after the password: nobody learns from it which accounts there are.
                return match self.store.device_role().await? {
                    Some(only) if !actor.role.works_at(Some(only)) => {
                        Err(Refusal::new(Code::AccessDeviceRole).with_text("role", &only.text()).into())
                    }
                    _ => Ok(actor),
                };
            }
        }
        self.store.login_failed(&user, &self.now().to_rfc3339()).await?;
        Err(Code::AccessWrongPassword.into())
    }

    /// 1, 2, 4 … seconds after the third failure in a row.
    async fn check_back_off(&self, user: &str) -> Result<(), DeskError> {
        let Some((failures, last)) = self.store.login_failures(user).await? else { return Ok(()) };
        let exponent = u32::try_from(failures - FREE_FAILURES).ok();
        let Some(exponent) = exponent else { return Ok(()) };
        let wait = 2i64.checked_pow(exponent).unwrap_or(WAIT_LIMIT).min(WAIT_LIMIT);
        let Ok(last) = DateTime::parse_from_rfc3339(&last) else { return Ok(()) };
        // A clock set back must not make the wait endless.
        let passed = (self.now() - last).num_seconds().max(0);
        if passed < wait {
            return Err(Refusal::new(Code::AccessBackOff).with("seconds", wait - passed).into());
        }
        Ok(())
    }

    /// What the window shows of who is logged in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, actor: &Actor) -> Result<Session, DeskError> {
        let branch = self.branch().await?;
        Ok(Session {
            account_id: actor.account.to_string(),
            user: actor.user.clone(),
            display_name: actor.name.clone(),
            role: actor.role,
            rights: actor.role.rights().to_vec(),
            branch_code: branch.code,
            branch_name: branch.name,
            idle_lock_seconds: IDLE_LOCK_SECONDS,
        })
    }

    /// All accounts.
    ///
    /// # Errors
    /// Without the right, or when the database cannot be read.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<AccountRow>, DeskError> {
        actor.need(Right::Accounts)?;
        self.store.records("account").await?.iter().map(|(id, record)| row(*id, record)).collect()
    }

    /// Creates an account.
    ///
    /// # Errors
    /// Without the right, a user name taken or malformed, a weak password.
    pub async fn account_create(&self, actor: &Actor, input: AccountInput) -> Result<AccountRow, DeskError> {
        actor.need(Right::Accounts)?;
        let user = check_user(&input.user).map_err(|refusal| refusal.at("user"))?;
        let name = domain::name::check_name(domain::name::PartyKind::Person, &input.display_name)
            .map_err(|refusal| refusal.at("display_name"))?;
        check_password(&input.password).map_err(|refusal| refusal.at("password"))?;
        if !self.store.accounts_by_user(&user).await?.is_empty() {
            return Err(Refusal::new(Code::AccessUserTaken).with("user", user).at("user").into());
        }
        let password = hash_password(input.password).await?;
        let id = Uuid::now_v7();
        let mut command = self.operation(actor, "account.create");
        command.set("account", id, "user", user);
        command.set("account", id, "display_name", name);
        command.set("account", id, "role", input.role.as_str());
        command.set("account", id, "password", password);
        self.store.commit(command).await?;
        self.account_row(id).await
    }

    /// Changes an account, with a reason.
    ///
    /// # Errors
    /// Without the right or a reason, an unknown account, or when nobody could administer the desk any more.
    pub async fn account_change(
        &self,
        actor: &Actor,
        change: AccountChange,
    ) -> Result<AccountRow, DeskError> {
        actor.need(Right::Accounts)?;
        if change.reason.trim().chars().count() < 2 {
            return Err(Refusal::new(Code::AccessReasonMissing).at("reason").into());
        }
        let id = Uuid::parse_str(&change.id).map_err(|_| Refusal::new(Code::AccessAccountUnknown))?;
        let record = self.store.record("account", id).await?.ok_or(Code::AccessAccountUnknown)?;
        let stays = change.role.is_none_or(|role| role == Role::Administrator)
            && !change.disabled.unwrap_or(record.flag("disabled"));
        if parse_role(&record)? == Role::Administrator && !record.flag("disabled") && !stays {
            self.check_other_administrator(id).await?;
        }
        let mut command = self.operation(actor, "account.change");
        if let Some(name) = &change.display_name {
            let name = domain::name::check_name(domain::name::PartyKind::Person, name)
                .map_err(|refusal| refusal.at("display_name"))?;
            command.set("account", id, "display_name", name);
        }
        if let Some(role) = change.role {
            command.set("account", id, "role", role.as_str());
        }
        if let Some(password) = change.password {
            check_password(&password).map_err(|refusal| refusal.at("password"))?;
            command.set("account", id, "password", hash_password(password).await?);
        }
        if let Some(disabled) = change.disabled {
            command.set("account", id, "disabled", disabled);
        }
        command.set("account", id, "change_reason", change.reason.trim());
        self.store.commit(command).await?;
        self.account_row(id).await
    }

    async fn check_other_administrator(&self, id: Uuid) -> Result<(), DeskError> {
        for (other, record) in self.store.records("account").await? {
            if other != id && !record.flag("disabled") && parse_role(&record)? == Role::Administrator {
                return Ok(());
            }
        }
        Err(Code::AccessLastAdministrator.into())
    }

    async fn account_row(&self, id: Uuid) -> Result<AccountRow, DeskError> {
        let record = self.store.record("account", id).await?.ok_or(Code::AccessAccountUnknown)?;
        row(id, &record)
    }
}

fn parse_role(record: &Record) -> Result<Role, DeskError> {
    let role = record.text("role");
    Role::ALL
        .into_iter()
        .find(|known| known.as_str() == role)
        .ok_or_else(|| Refusal::new(Code::AccessAccountUnknown).into())
}

fn row(id: Uuid, record: &Record) -> Result<AccountRow, DeskError> {
    Ok(AccountRow {
        id: id.to_string(),
        user: record.text("user").to_owned(),
        display_name: record.text("display_name").to_owned(),
        role: parse_role(record)?,
        disabled: record.flag("disabled"),
    })
}

fn actor(id: Uuid, record: &Record) -> Result<Actor, DeskError> {
    Ok(Actor {
        account: id,
        user: record.text("user").to_owned(),
        name: record.text("display_name").to_owned(),
        role: parse_role(record)?,
    })
}

/// A user name: 2 to 32 of a-z, 0-9, dot, hyphen, underscore, beginning with a letter.
pub(crate) fn check_user(user: &str) -> Result<String, Refusal> {
    let user = user.trim().to_lowercase();
    let fits = (2..=32).contains(&user.len())
        && user.starts_with(|first: char| first.is_ascii_lowercase())
        && user.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '.' | '-' | '_'));
    if fits { Ok(user) } else { Err(Refusal::new(Code::AccessUserInvalid)) }
}

/// Eight characters of at least two sorts.
pub(crate) fn check_password(password: &str) -> Result<(), Refusal> {
    let sorts = [
        password.chars().any(char::is_alphabetic),
        password.chars().any(|letter| letter.is_ascii_digit()),
        password.chars().any(|letter| !letter.is_alphanumeric()),
    ];
    let enough = password.chars().count() >= PASSWORD_MIN && sorts.iter().filter(|sort| **sort).count() >= 2;
    if enough { Ok(()) } else { Err(Refusal::new(Code::AccessPasswordWeak).with("min", PASSWORD_MIN)) }
}

/// Argon2id takes tens of milliseconds and must not hold up the runtime.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    let failed = |_| Refusal::new(Code::StorageFailed).with("reason", "thread");
    Ok(tokio::task::spawn_blocking(work).await.map_err(failed)?)
}

pub(crate) async fn hash_password(password: String) -> Result<String, DeskError> {
    let password = Zeroizing::new(password);
    let hashed =
        on_thread(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    Ok(hashed.await?.map_err(|_| Refusal::new(Code::StorageFailed).with("reason", "password"))?)
}

async fn verify_password(password: Zeroizing<String>, hash: String) -> Result<bool, DeskError> {
    on_thread(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}
