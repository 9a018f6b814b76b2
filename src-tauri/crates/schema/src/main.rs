//! `schema MIGRATIONS DATABASE`: a new, plain database with the store's schema, for `cargo xtask schema`.
//!
//! A crate of its own because the store does not compile until its queries are prepared, and because the
//! `sqlite3` program of Debian 12 is too old for the schema (contentless_delete).

use std::path::Path;

use anyhow::Context as _;
// Linked so that sqlx's SQLite is the one the store has.
use libsqlite3_sys as _;
use sqlx::ConnectOptions as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let migrations = arguments.next().context("reading the migrations' folder")?;
    let database = arguments.next().context("reading the database's path")?;
    let migrator =
        sqlx::migrate::Migrator::new(Path::new(&migrations)).await.context("reading migrations")?;
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&database)
        .create_if_missing(true)
        .connect()
        .await
        .context("creating the database")?;
    migrator.run(&mut connection).await.context("running the migrations")
}
