//! Going on under a new name after this desk was copied, restored, or met its double.

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use domain::chain::again;
use domain::digest::{ByteString, Digest};
use domain::operation::Operation;
use domain::role::Role;
use ed25519_dalek::Signer as _;
use sqlx::Connection as _;

use crate::error::StoreError;
use crate::store::{META_DEVICE_CODE, META_INCARNATION, Store, code_field};
use crate::table::operation::OperationState;
use crate::table::{meta, operation, stream};
use crate::write::{NewOperation, changes};

const META_FINGERPRINT: &str = "fingerprint";

impl Store {
    /// Whether the profile lies elsewhere than when it was last used: it was copied, moved or restored, and the one it
    /// was copied from may be in use. Answer with [`Store::new_incarnation`] before anything is registered.
    pub fn moved(&self) -> bool {
        self.moved
    }

    /// Goes on as a new incarnation with a new device code, so that no number is given twice. `at_least` is the first
    /// incarnation the hub has free, if it said so: then what was never acknowledged is signed again under it, with
    /// the same ids; else it stays where it is and the hub takes whichever copy comes first.
    ///
    /// # Errors
    /// What the disk or the database refuse; then nothing has changed.
    pub async fn new_incarnation(
        &self,
        at_least: Option<u32>,
        device_code: &str,
        at: DateTime<FixedOffset>,
    ) -> Result<u32, StoreError> {
        let fingerprint = fingerprint(self.folder().path());
        let mut writer = self.writer().await;
        let writer = &mut *writer;
        let device = writer.device.id;
        let next = at_least.unwrap_or_default().max(writer.device.incarnation + 1);
        let kept = operation::pending(&mut writer.db, device, true).await?;
        let before = (writer.device.incarnation, writer.seq, writer.head, writer.hlc);
        writer.device.incarnation = next;
        let renamed: &[Operation] = if at_least.is_some() { &kept } else { &[] };
        let key = &writer.device.key;
        let (again, tail) = again(renamed, next, |hash| ByteString(key.sign(&hash.0).to_bytes().to_vec()))?;
        let mut command = NewOperation::new(device, Role::Administrator, "device.incarnation", at);
        command.set("device", device, code_field(next), device_code);
        let key = ("device".to_owned(), device);
        let records = crate::table::record::load(&mut writer.db, std::slice::from_ref(&key)).await?;
        let made = changes(&command, &records)?;
        writer.hlc = (writer.hlc + 1).max(u64::try_from(at.timestamp_millis()).unwrap_or_default());
        let first = writer.sign(command, made, (tail.seq + 1, tail.head, writer.hlc))?;
        let mut after = records.clone();
        domain::record::apply(&mut after, &first);

        // The outbox first: what it holds is put back after a crash, whichever of the two names it carries.
        let outgoing: Vec<_> = if again.is_empty() { kept.clone() } else { again.clone() };
        writer.keep(&[outgoing.as_slice(), std::slice::from_ref(&first)].concat()).await?;
        let written = async {
            let mut transaction = writer.db.begin_with("begin immediate").await?;
            let db = &mut *transaction;
            let moment = at.to_rfc3339();
            for operation in &again {
                operation::replace(db, operation).await?;
            }
            operation::insert(db, std::slice::from_ref(&first), OperationState::Unsent).await?;
            crate::table::record::shadow(db, std::iter::once(&key), &records, &moment).await?;
            crate::table::record::write(db, &after, &moment).await?;
            meta::set(db, META_INCARNATION, &next.to_string()).await?;
            meta::set(db, META_DEVICE_CODE, device_code).await?;
            meta::set(db, META_FINGERPRINT, &fingerprint).await?;
            let kind = if at_least.is_some() { "fork" } else { "copied" };
            stream::incident(db, kind, &format!("incarnation {next}"), &moment).await?;
            Ok::<_, StoreError>(transaction.commit().await?)
        }
        .await;
        if let Err(error) = written {
            (writer.device.incarnation, writer.seq, writer.head, writer.hlc) = before;
            writer.keep(&kept).await?;
            return Err(error);
        }
        (writer.seq, writer.head) = (tail.seq + 1, first.hash);
        tracing::warn!(
            incarnation = next,
            signed_again = again.len(),
            "the desk goes on as a new incarnation"
        );
        Ok(next)
    }
}

/// Where a profile lies: which machine, and which folder and file on it. Device numbers are left out: they change when
/// a machine starts with its disks in another order.
pub(crate) fn fingerprint(folder: &Path) -> String {
    let machine = std::fs::read_to_string("/etc/machine-id").ok();
    let machine = machine.or_else(|| std::env::var("COMPUTERNAME").ok()).unwrap_or_default();
    let text = format!("{}|{}|{}", machine.trim(), place(folder), place(&folder.join("desk.db")));
    Digest::of(text.as_bytes()).hex()
}

#[cfg(unix)]
fn place(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).map(|found| found.ino().to_string()).unwrap_or_default()
}

#[cfg(not(unix))]
fn place(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let made = std::fs::metadata(path).and_then(|found| found.created()).ok();
    format!("{}{made:?}", whole.display())
}

/// Whether the profile lies elsewhere than when it was last used; a profile of before is taken as it lies.
pub(crate) async fn moved(db: &mut sqlx::SqliteConnection, folder: &Path) -> Result<bool, StoreError> {
    let now = fingerprint(folder);
    match meta::get(db, META_FINGERPRINT).await? {
        Some(known) => Ok(known != now),
        None => {
            meta::set(db, META_FINGERPRINT, &now).await?;
            Ok(false)
        }
    }
}
