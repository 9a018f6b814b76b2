//! The compile-time check of the store's SQL: an unencrypted database made from the migrations, and `.sqlx`
//! prepared against it. The run-time database is encrypted, so it could not serve; only its schema is compared here.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::sh::{self, Done};

/// Writes `.sqlx` of the store, or with `check` says whether it is what the migrations and queries give.
pub(crate) fn schema(check: bool) -> Done {
    let store = sh::root().join("src-tauri/crates/store");
    let database = make_database(&store.join("migrations"))?;
    let prepared = prepare(&store, &database)?;
    let kept = store.join(".sqlx");
    let (new, old) = (files(&prepared)?, files(&kept)?);
    if new == old {
        println!("schema: {} queries, nothing changed", new.len());
        return Ok(());
    }
    if check {
        let changed = new.iter().filter(|(name, text)| old.get(*name) != Some(*text)).count();
        let stale = old.keys().filter(|name| !new.contains_key(*name)).count();
        return Err(format!(
            "{} does not fit the migrations and queries: {changed} new or changed, {stale} stale\n\
             right would be: cargo xtask schema, then commit .sqlx",
            kept.display()
        ));
    }
    sh::folder(&kept)?;
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        let path = kept.join(name);
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for (name, text) in &new {
        sh::write(&kept.join(name), text)?;
    }
    println!("schema: {} queries written to {}", new.len(), kept.display());
    Ok(())
}

/// `target/schema.db`, new each time: a migration under development may have changed.
fn make_database(migrations: &Path) -> Done<PathBuf> {
    let database = sh::target().join("schema.db");
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = database.clone().into_os_string();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {error}", database.display()));
            }
            _ => {}
        }
    }
    // Not the `sqlite3` program: Debian 12's is older than the SQLite the store is built with.
    let mut schema = sh::cargo(&["run", "--quiet", "--package", "schema", "--"]);
    schema.arg(migrations).arg(&database);
    sh::run(schema)?;
    Ok(database)
}

/// Compiles the store against the database; the macros leave one file for each query.
fn prepare(store: &Path, database: &Path) -> Done<PathBuf> {
    let prepared = sh::target().join("sqlx-prepared");
    match fs::remove_dir_all(&prepared) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("{}: {error}", prepared.display()));
        }
        _ => {}
    }
    sh::folder(&prepared)?;
    // Cargo does not know that the macros read a database: a newer time makes it compile again.
    touch(&store.join("src/lib.rs"))?;
    let mut check = sh::cargo(&["check", "--package", "store", "--tests"]);
    check
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &prepared)
        .env("DATABASE_URL", format!("sqlite:{}", database.display()));
    sh::run(check)?;
    // A later build must not take the one made here for its own.
    touch(&store.join("src/lib.rs"))?;
    Ok(prepared)
}

fn touch(path: &Path) -> Done {
    let file =
        File::options().append(true).open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.set_modified(SystemTime::now()).map_err(|error| format!("{}: {error}", path.display()))
}

/// The query files of a folder by name; a folder that is not there has none.
fn files(folder: &Path) -> Done<BTreeMap<String, String>> {
    let Ok(listed) = fs::read_dir(folder) else { return Ok(BTreeMap::new()) };
    listed
        .flatten()
        .map(|entry| Ok((entry.file_name().to_string_lossy().into_owned(), sh::read(&entry.path())?)))
        .filter(|file: &Done<(String, String)>| {
            file.as_ref().map_or(true, |(name, _)| name.starts_with("query-"))
        })
        .collect()
}
