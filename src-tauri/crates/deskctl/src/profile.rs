//! Opening the profile, and logging in.

use std::path::Path;
use std::sync::Arc;

use desk::{Actor, Desk, Notice, SystemClock};
use domain::Code;

use crate::arguments::Global;
use crate::failure::Failure;
use crate::input;

/// The profile's folder as it was named.
pub(crate) fn folder(global: &Global) -> Result<&Path, Failure> {
    global.profile.as_deref().ok_or_else(|| Failure::usage("--profile DIR / CLAIMS_DESK_PROFILE"))
}

/// Opens the profile, by the recovery code when its file is named.
pub(crate) async fn open(global: &Global) -> Result<(Desk, Vec<Notice>), Failure> {
    let folder = folder(global)?;
    let code = global.recovery_code_file.as_deref().map(input::secret).transpose()?;
    let code = code.as_ref().map(|code| code.trim());
    let opened = Desk::open(folder, code, Arc::new(SystemClock)).await?;
    let warnings = if code.is_some() { without_keyring(opened.warnings) } else { opened.warnings };
    Ok((opened.desk, warnings))
}

/// Whoever opens by the code knows that there is no keyring.
pub(crate) fn without_keyring(mut warnings: Vec<Notice>) -> Vec<Notice> {
    warnings.retain(|warning| warning.code != Code::StorageKeyringUnavailable);
    warnings
}

/// Logs in whoever `--as` names.
pub(crate) async fn login(global: &Global, desk: &Desk) -> Result<Actor, Failure> {
    let (Some(user), Some(file)) = (&global.actor, &global.password_file) else {
        return Err(Code::AccessActorMissing.into());
    };
    Ok(desk.login(user, input::secret(file)?).await?)
}

/// As [`login`], for what works without an actor too.
pub(crate) async fn login_if_named(global: &Global, desk: &Desk) -> Result<Option<Actor>, Failure> {
    if global.actor.is_some() { login(global, desk).await.map(Some) } else { Ok(None) }
}
