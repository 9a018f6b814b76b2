//! One PostgreSQL for all tests of this program, for each its own database, and hubs on it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Once};

use hub::{Clock, Hub};
use object_store::memory::InMemory;
use scratchpg::{Durability, Postgres};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::oneshot;

// Not about durability: what is written is read by the same server, which stays up.
static POSTGRES: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(Durability::None).unwrap());

/// A database of the caller's own.
pub(crate) async fn database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("hub_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = tokio::task::spawn_blocking(|| POSTGRES.url("postgres")).await.unwrap();
    let mut db = PgConnection::connect(&admin).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&mut db).await.unwrap();
    POSTGRES.url(&name)
}

/// How large a proof is: an environment variable, or the size for every day.
pub(crate) fn size(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// A running hub with a clock the test moves.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) database_url: String,
    pub(crate) pool: PgPool,
    pub(crate) hub: Hub,
    pub(crate) files: Arc<InMemory>,
    ahead: Arc<AtomicI64>,
    _end: oneshot::Sender<()>,
}

/// The tests' own HTTP client needs one.
pub(crate) fn provider() {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
}

pub(crate) async fn start() -> Server {
    on(database().await, Arc::new(InMemory::new())).await
}

pub(crate) async fn on(database_url: String, files: Arc<InMemory>) -> Server {
    provider();
    let pool = hub::connect(&database_url, 12).await.unwrap();
    hub::migrate(&pool).await.unwrap();
    let ahead = Arc::new(AtomicI64::new(0));
    let (moved, system) = (Arc::clone(&ahead), hub::system_clock());
    let clock: Clock = Arc::new(move || system() + moved.load(Ordering::Relaxed));
    let hub = Hub::open(pool.clone(), Arc::<InMemory>::clone(&files), clock).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", hub::address(&listener).unwrap());
    let (end, ended) = oneshot::channel::<()>();
    let serving = hub.clone();
    tokio::spawn(async move {
        let until = async move {
            let _dropped = ended.await;
        };
        hub::serve(serving, listener, None, until).await.unwrap();
    });
    Server { url, database_url, pool, hub, files, ahead, _end: end }
}

impl Server {
    pub(crate) fn pass(&self, millis: i64) {
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    pub(crate) async fn code(&self, branch: &str) -> String {
        self.code_for(branch, None).await
    }

    pub(crate) async fn code_for(&self, branch: &str, role: Option<&str>) -> String {
        // By the machine's clock, as the command does.
        hub::make_code(&self.pool, &hub::system_clock(), branch, role).await.unwrap().unwrap()
    }

    /// Another process on the same database and files.
    pub(crate) async fn replica(&self) -> Server {
        on(self.database_url.clone(), Arc::clone(&self.files)).await
    }
}
