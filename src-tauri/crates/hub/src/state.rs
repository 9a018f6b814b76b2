//! What every request shares: the database, the files, the hub's key and its clock.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::digest::{ByteString, Digest, hex};
use ed25519_dalek::SigningKey;
use object_store::ObjectStore;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor as _, PgPool};
use tokio::sync::Semaphore;
use uuid::Uuid;
use wire::log::{Checkpoint, Tree, origin};
use wire::{Certificate, CertificateBody, ORGANISATION};

use crate::error::HubError;
use crate::metrics::Metrics;
use crate::table::{device, head, hub, log};

/// Milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Migrations that other processes run at the same time are over after as many tries, about ten seconds.
const MIGRATION_ATTEMPTS: u64 = 20;
/// Requests whose bodies are held in memory at once; the others wait.
const BODIES: usize = 32;
/// Requests that are unpacked and worked on at once.
const AT_WORK: usize = 16;

/// A hub: any number of processes on one database are the same one.
#[derive(Clone)]
pub struct Hub {
    pub(crate) pool: PgPool,
    pub(crate) files: Arc<dyn ObjectStore>,
    pub(crate) key: SigningKey,
    pub(crate) device: Uuid,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) bodies: Arc<Semaphore>,
    pub(crate) at_work: Arc<Semaphore>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Hub").field("device", &self.device).finish_non_exhaustive()
    }
}

/// Connects to the database.
///
/// # Errors
/// When it cannot be reached or the address is none.
pub async fn connect(database_url: &str, connections: u32) -> Result<PgPool, HubError> {
    // An acknowledged operation is on the disk, whatever the server's default is; and a connection of ours that was
    // forgotten does not hold a stream's lock.
    let options: PgConnectOptions = database_url.parse()?;
    let options = options
        .application_name("claims-hub")
        .options([("synchronous_commit", "on"), ("idle_in_transaction_session_timeout", "60s")]);
    Ok(PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        // A request that is cut off while BEGIN is on its way leaves a transaction open that sqlx 0.9 does not know of:
        // the next user's statements would seem done and never be committed. This ends it, and is nothing otherwise.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("begin; rollback").await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await?)
}

/// Runs the migrations.
///
/// # Errors
/// When one fails.
pub async fn migrate(pool: &PgPool) -> Result<(), HubError> {
    let mut migrator = sqlx::migrate!();
    // sqlx would take an advisory lock, which CockroachDB and YugabyteDB lack. Each migration and the note that it was
    // done are one transaction, so of several processes that start at once one wins and the others find it done.
    migrator.set_locking(false);
    let mut attempt = 0;
    while let Err(error) = migrator.run(pool).await {
        attempt += 1;
        if attempt == MIGRATION_ATTEMPTS {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(50 * attempt)).await;
    }
    let mut transaction = pool.begin().await?;
    log::make_missing(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

impl Hub {
    /// The hub on a database whose migrations have run; its key is made at the first time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(pool: PgPool, files: Arc<dyn ObjectStore>, clock: Clock) -> Result<Self, HubError> {
        let mut transaction = pool.begin().await?;
        let row = match hub::load(&mut transaction).await? {
            Some(row) => row,
            None => make(&mut transaction, clock()).await?,
        };
        transaction.commit().await?;
        let key = row.secret_key.as_slice().try_into().map_err(|_| HubError::Row("hub"))?;
        Ok(Hub {
            pool,
            files,
            key: SigningKey::from_bytes(key),
            device: row.device,
            clock,
            metrics: Arc::default(),
            bodies: Arc::new(Semaphore::new(BODIES)),
            at_work: Arc::new(Semaphore::new(AT_WORK)),
        })
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// The hub's counters.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The signed word that a stream's log is this one.
    pub(crate) fn checkpoint(&self, stream: &str, tree: &Tree) -> String {
        let origin = origin(&self.key.verifying_key().to_bytes(), stream);
        Checkpoint { origin, size: tree.size(), root: tree.root() }.sign(&self.key)
    }

    /// The key that seals files of unsent work carried from desk to desk of one branch.
    pub(crate) fn branch_key(&self, stream: &str) -> ByteString {
        let secret = self.key.to_bytes();
        let told = [b"claims-desk branch key 1\n", secret.as_slice(), stream.as_bytes()].concat();
        ByteString(Digest::of(&told).0.to_vec())
    }
}

async fn make(db: &mut sqlx::PgConnection, now: i64) -> Result<hub::Row, HubError> {
    let mut secret = [0; 32];
    random(&mut secret)?;
    let own = hub::Row { epoch: Uuid::now_v7(), device: Uuid::now_v7(), secret_key: secret.to_vec() };
    hub::make(db, &own).await?;
    let row = hub::load(db).await?.ok_or(HubError::Row("hub"))?;
    let key = row.secret_key.as_slice().try_into().map_err(|_| HubError::Row("hub"))?;
    let key = SigningKey::from_bytes(key);
    // The organisation's stream is written by the hub itself, as a device like any other.
    let public_key = key.verifying_key().to_bytes().to_vec();
    let body = CertificateBody {
        device: row.device,
        public_key: ByteString(public_key),
        stream: ORGANISATION.to_owned(),
        device_code: "HUB0".to_owned(),
        issued_at: now,
        role: None,
    };
    let certificate = Certificate::issue(&key, &body)?;
    head::make(db, ORGANISATION).await?;
    device::save(db, &device::Device::certified(body, certificate)).await?;
    Ok(row)
}

pub(crate) fn random(bytes: &mut [u8]) -> Result<(), HubError> {
    getrandom::fill(bytes).map_err(|_| HubError::Io(std::io::Error::other("no randomness")))
}

/// Where a chunk lies in the object store: under its stream, so that no other branch's request can name it.
pub(crate) fn chunk_path(stream: &str, chunk: &Digest) -> object_store::path::Path {
    let name = hex(&chunk.0);
    let start = name.get(..2).unwrap_or_default();
    object_store::path::Path::from_iter([stream, start, name.as_str()])
}

/// Opens the object store an address names: `file:///…`, or `s3://…` where it was built in.
///
/// # Errors
/// When the address is none or the folder cannot be made.
pub fn open_files(url: &str) -> Result<Arc<dyn ObjectStore>, HubError> {
    if let Some(folder) = url.strip_prefix("file://") {
        std::fs::create_dir_all(folder)?;
        // Acknowledged chunks are on the disk.
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        return Ok(Arc::new(store));
    }
    remote_files(url)
}

#[cfg(feature = "s3")]
fn remote_files(url: &str) -> Result<Arc<dyn ObjectStore>, HubError> {
    let _known = rustls::crypto::ring::default_provider().install_default();
    let store = object_store::aws::AmazonS3Builder::from_env().with_url(url).build()?;
    Ok(Arc::new(store))
}

#[cfg(not(feature = "s3"))]
fn remote_files(_url: &str) -> Result<Arc<dyn ObjectStore>, HubError> {
    let message = "--files takes file:///FOLDER; s3://BUCKET needs a hub built with --features s3";
    Err(HubError::Io(std::io::Error::new(std::io::ErrorKind::InvalidInput, message)))
}
