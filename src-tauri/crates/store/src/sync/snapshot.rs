//! A new desk begins with the hub's snapshot of its stream, chunk by chunk: each is checked, written with own
//! unconfirmed fields over it, and remembered in one transaction. Work goes on meanwhile, and a cut repeats one chunk.

use domain::{Code, Refusal};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use wire::Snapshot;

use super::page::{broken, overlay};
use super::rebuild::restart;
use crate::error::StoreError;
use crate::store::Store;
use crate::table::{file_ref, operation, snapshot, stream};

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// There are more.
    More,
    /// The snapshot is whole; the stream goes on from it.
    Whole,
    /// It is not what the hub said it is: the stream is followed from its beginning, beside the records in use.
    Unfit,
}

#[expect(
    clippy::missing_errors_doc,
    reason = "each fails when disk or database refuse, and as its text says"
)]
impl Store {
    /// Whether the branch's stream was never followed, so that a snapshot of it may be taken.
    pub async fn wants_snapshot(&self) -> Result<bool, StoreError> {
        let name = self.stream().await;
        let followed = stream::get(&mut *self.reader().await?, &name).await?;
        Ok(fresh(&followed))
    }

    /// The snapshot that is being taken, and the chunk that comes next.
    pub async fn snapshot_under_way(&self) -> Result<Option<(Snapshot, usize)>, StoreError> {
        let name = self.stream().await;
        let taking = snapshot::get(&mut *self.reader().await?, &name).await?;
        Ok(taking.map(|taking| (taking.snapshot, taking.taken)))
    }

    /// Begins to take a snapshot. False when the stream must be followed from its beginning: it was begun already, or
    /// the hub has other work under this desk's name than is here, which only the operations can tell apart.
    ///
    /// Fails with [`Code::SyncPageBroken`] when the hub did not sign it, or it is another branch's.
    pub async fn begin_snapshot(&self, offered: &Snapshot, at: &str) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        let device = writer.device.id;
        let name = writer.device.stream.clone();
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        let hub = super::hub(db).await?.ok_or_else(|| Refusal::new(Code::SyncNotEnrolled))?;
        if offered.stream != name || offered.log(&hub.key.0).is_err() {
            return Err(broken("snapshot").into());
        }
        let begun = snapshot::progress(db, &name).await?.is_some();
        if begun || !fresh(&stream::get(db, &name).await?) || !confirm_own(db, device, offered).await? {
            return Ok(false);
        }
        snapshot::begin(db, offered, at).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes the chunk that comes next; the hub sent `sealed` for it, or has it no more.
    pub async fn take_snapshot_chunk(&self, sealed: Option<&[u8]>, at: &str) -> Result<Took, StoreError> {
        let mut writer = self.writer().await;
        let (device, name) = (writer.device.id, writer.device.stream.clone());
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let db = &mut *transaction;
        let hub = super::hub(db).await?.ok_or_else(|| Refusal::new(Code::SyncNotEnrolled))?;
        let Some(mut taking) = snapshot::get(db, &name).await? else { return Ok(Took::Unfit) };
        let records = sealed.and_then(|sealed| taking.snapshot.open(taking.taken, sealed).ok());
        let taken = taking.taken + 1;
        let last = taken >= taking.snapshot.chunks.len();
        let records = match records {
            Some(records) => {
                taking.digest.add_all(&records)?;
                Some(records).filter(|_| !last || taking.digest == taking.snapshot.digest)
            }
            None => None,
        };
        let Some(records) = records else {
            // What was taken stays in use until the stream is whole beside it.
            stream::incident(db, "snapshot", &taking.snapshot.seq.to_string(), at).await?;
            restart(db, device, &name, at).await?;
            transaction.commit().await?;
            return Ok(Took::Unfit);
        };
        file_ref::refer_records(db, &records, at).await?;
        overlay(db, records, at).await?;
        if last {
            let tree = taking.snapshot.log(&hub.key.0).map_err(|_| broken("snapshot"))?;
            let followed = stream::Followed {
                cursor: taking.snapshot.seq,
                head: taking.snapshot.seq,
                digest: taking.digest,
                rebuilding: false,
                tree,
                checkpoint: Some(taking.snapshot.checkpoint),
            };
            stream::set(db, &name, &followed, at).await?;
            snapshot::clear(db).await?;
        } else {
            snapshot::took(db, &name, taken, &taking.digest, at).await?;
        }
        transaction.commit().await?;
        writer.committed.notify_one();
        Ok(if last { Took::Whole } else { Took::More })
    }
}

/// Nothing of the stream was followed yet.
fn fresh(followed: &stream::Followed) -> bool {
    followed.cursor == 0 && !followed.rebuilding
}

/// Own operations that are in a snapshot are confirmed: they come in no page. False when the snapshot has others under
/// this desk's name, or some that are still to be pushed here.
async fn confirm_own(
    db: &mut SqliteConnection,
    device: Uuid,
    offered: &Snapshot,
) -> Result<bool, StoreError> {
    let own = offered.heads.iter().filter(|head| head.device == device);
    for head in own.clone() {
        let same = operation::has_link(db, device, head.incarnation, head.seq).await?
            && head.hash.is_some()
            && !operation::is_other(db, head).await?;
        if !same || operation::unsent_until(db, head).await? {
            return Ok(false);
        }
    }
    for head in own {
        operation::confirm_until(db, head).await?;
    }
    Ok(true)
}
