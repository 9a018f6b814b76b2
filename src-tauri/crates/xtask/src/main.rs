//! Developer commands: `cargo xtask <command>`. Standard library only (scratchpg too), so that it compiles in seconds.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks through its output"
)]

mod bench;
mod hub;
mod schema;
mod setup;
mod sh;
mod stages;
#[cfg(test)]
mod tidy;
mod tools;
mod window;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask <command>

  setup               install what is missing: system packages, npm packages, tools
  run                 build and open the window on a profile of its own (without a display: as demo)
  test, ci            every check and every test, as CI runs them
  bench [NAME…] [--claims N] [--json]
                      measure; see docs/benchmarks.md for what the figures mean
  demo --out DIR      walk two visits through the real window; leaves screenshots and PDFs in DIR
  e2e [NAME…]         only the tests in the real window
  hub [--json]        a PostgreSQL and a hub of their own, until stopped; --json says where in one line
  bindings            write ui/src/generated/bindings.ts from the Rust commands
  schema [--check]    write (or compare) the store's .sqlx from its migrations";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let done = match arguments.first().map(String::as_str) {
        Some("setup") => setup::setup(setup::Need::Test),
        Some("run") => window::run(),
        Some("test" | "ci") => stages::test(),
        Some("bench") => bench::bench(rest),
        Some("demo") => window::demo(rest),
        Some("e2e") => window::e2e(rest),
        Some("hub") => hub::hub(rest),
        Some("bindings") => window::bindings(),
        Some("schema") => schema::schema(rest.iter().any(|word| word == "--check")),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("no command {other:?}\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
