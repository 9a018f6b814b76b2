//! `cargo xtask hub`: a PostgreSQL of its own, the hub on it, until stopped.
//!
//! Both end with this process, however it ends: beside each a small shell waits for the end of its own input.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::Stdio;

use scratchpg::{Durability, Postgres};

use crate::setup;
use crate::sh::{self, Done};

/// `$@` is the hub. The shell lets go of the output, so that its end is the hub's end.
const GUARD: &str = r#"trap : INT TERM HUP
"$@" & hub=$!
exec >&-
while read -r _; do :; done
kill -TERM $hub 2>/dev/null
wait $hub"#;

/// `hub [--json]`.
pub(crate) fn hub(arguments: &[String]) -> Done {
    let json = match arguments {
        [] => false,
        [flag] if flag == "--json" => true,
        _ => return Err("right would be: cargo xtask hub [--json]".to_owned()),
    };
    setup::postgres()?;
    let program = program()?;
    let postgres = Postgres::start(Durability::Full).map_err(|error| error.to_string())?;
    let database = postgres.url("postgres");
    let failed = |error: std::io::Error| format!("claims-hub: {error}");
    let mut guard = sh::command("sh", &["-c", GUARD, "sh"]);
    guard.arg(program).args(["serve", "--listen", "127.0.0.1:0", "--json", "--files"]);
    guard.arg(format!("file://{}", postgres.folder().join("files").display()));
    guard.env("DATABASE_URL", &database).stdin(Stdio::piped()).stdout(Stdio::piped());
    if std::env::var_os("RUST_LOG").is_none() {
        guard.env("RUST_LOG", "warn");
    }
    let mut guard = guard.spawn().map_err(failed)?;
    let mut said = BufReader::new(guard.stdout.take().ok_or("claims-hub has no output")?);
    let mut first = String::new();
    said.read_line(&mut first).map_err(failed)?;
    let Some(url) = first.split('"').nth(3) else {
        drop(guard.stdin.take());
        let _ended = guard.wait();
        return Err("the hub did not start; it said why above".to_owned());
    };
    let line = if json {
        format!("{{\"url\":\"{url}\",\"database_url\":\"{database}\"}}")
    } else {
        format!("hub:      {url}\ndatabase: {database}\nboth end with Ctrl-C and leave nothing behind")
    };
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(failed)?;
    // It says nothing more: this returns when the hub ends by itself.
    let mut rest = String::new();
    while said.read_line(&mut rest).is_ok_and(|length| length > 0) {
        rest.clear();
    }
    drop(guard.stdin.take());
    let _ended = guard.wait();
    Err("the hub ended".to_owned())
}

/// Builds the hub and says where the program lies.
fn program() -> Done<PathBuf> {
    let mut build = sh::cargo(&["build", "--quiet", "--package", "hub", "--bin", "claims-hub"]);
    // Standard output is for the one line of `--json`.
    build.stdout(Stdio::null());
    sh::run(build)?;
    Ok(sh::target().join("debug").join(format!("claims-hub{}", std::env::consts::EXE_SUFFIX)))
}
