//! `init`: a profile without the window.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use desk::{Desk, ProfileCreateInput, SystemClock};
use domain::{Code, Refusal};
use serde_json::json;

use crate::arguments::{Global, Init};
use crate::failure::{Failure, notices};
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(global: &Global, init: Init, output: &Output) -> Result<(), Failure> {
    let folder = profile::folder(global)?;
    let password = global.password_file.as_deref().ok_or_else(|| Failure::usage("--password-file FILE"))?;
    let password = input::secret(password)?;
    // Opened first: a profile whose code could not be kept could never be opened again.
    let (mut file, made) = secret_file(&init.recovery_out)?;
    let profile = ProfileCreateInput {
        branch_code: init.branch,
        branch_name: init.name,
        admin_name: init.admin_name.unwrap_or_else(|| init.admin.clone()),
        admin_user: init.admin,
        password: password.to_string(),
    };
    let created = match Desk::create(folder, profile, !init.no_keyring, Arc::new(SystemClock)).await {
        Ok(created) => created,
        Err(error) => {
            drop(file);
            if made {
                std::fs::remove_file(&init.recovery_out)?;
            }
            return Err(error.into());
        }
    };
    file.write_all(format!("{}\n", created.recovery_code.as_str()).as_bytes())?;
    file.sync_all()?;
    created.desk.close().await;
    let recovery = init.recovery_out.display().to_string();
    let answer =
        json!({ "profile": folder, "recovery_file": recovery, "warnings": notices(&created.warnings) });
    output.answer(&answer, || format!("created: {}\nrecovery code: {recovery}", folder.display()));
    output.warn(&created.warnings);
    Ok(())
}

/// A file only its owner may read. An empty one that is there already is taken, any other refused.
fn secret_file(path: &Path) -> Result<(File, bool), Failure> {
    let made = !path.exists();
    if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        let name = path.display();
        return Err(Refusal::new(Code::StorageFileExists).with("name", name).into());
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok((file, made))
}
