//! `backup` and `restore`.

use std::path::Path;
use std::sync::Arc;

use desk::{Desk, SystemClock};
use domain::{Code, Refusal};
use serde_json::json;

use crate::arguments::Global;
use crate::failure::{Failure, notices};
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn make(
    global: &Global,
    desk: &Desk,
    folder: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    let made = desk.backup_to(&actor, folder).await?;
    output.answer(&json!(made), || {
        format!("{}/{}: {} KiB, {} files", made.folder, made.snapshot, made.kib, made.files)
    });
    Ok(())
}

pub(super) async fn restore(
    global: &Global,
    from: &Path,
    snapshot: Option<&str>,
    output: &Output,
) -> Result<(), Failure> {
    let folder = profile::folder(global)?;
    let file = global
        .recovery_code_file
        .as_deref()
        .ok_or_else(|| Refusal::new(Code::StorageRecoveryCodeMistyped))?;
    let code = input::secret(file)?;
    let restored = Desk::restore(from, snapshot, folder, code.trim(), Arc::new(SystemClock)).await?;
    let warnings = profile::without_keyring(restored.warnings);
    output.answer(&json!({ "restored": true, "warnings": notices(&warnings) }), || "ok".to_owned());
    restored.desk.close().await;
    Ok(())
}
