//! Drives the real window under a virtual display: one test per journey, and the demonstration walk.
//!
//! `cargo xtask e2e [NAME…]` and `cargo xtask demo --out DIR` start it; it is no `cargo test` target, because the
//! program it drives has to be built with its page inside first.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is what the developer reads")]

mod axe;
mod clerk;
mod demo;
mod desks;
mod http;
mod hub;
mod printer;
mod process;
mod scenarios;
mod sheet;
mod webdriver;
mod window;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};

use crate::printer::Printer;
use crate::scenarios::{SCENARIOS, Scenario};
use crate::window::{Window, folder_of};
use crate::world::World;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [flag, folder] if flag == "--demo" => demonstrate(Path::new(folder)).map(|()| true),
        names => test(names),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn demonstrate(folder: &Path) -> Result<()> {
    let mut world = World::start()?;
    let printer = Printer::start(&mut world)?;
    demo::walk(&world, &printer, folder)
}

/// Runs the named scenarios, or all, and says how each went in the words of `cargo test`.
fn test(names: &[String]) -> Result<bool> {
    let chosen: Vec<&Scenario> = match names {
        [] => SCENARIOS.iter().collect(),
        names => names
            .iter()
            .map(|name| {
                let found = SCENARIOS.iter().find(|scenario| scenario.name == name);
                found.with_context(|| format!("no scenario {name:?}; there are {}", listed()))
            })
            .collect::<Result<_>>()?,
    };
    let begun = Instant::now();
    println!("\nrunning {} tests in the real window", chosen.len());
    let mut world = World::start()?;
    let printer = Printer::start(&mut world)?;
    let mut failures = Vec::new();
    for scenario in &chosen {
        let result = run(scenario, &world, &printer);
        println!("test {} ... {}", scenario.name, if result.is_ok() { "ok" } else { "FAILED" });
        if let Err(error) = result {
            println!("    {error:#}\n    its leavings: {}", folder_of(&world, scenario.name).display());
            failures.push(scenario.name);
        }
    }
    println!(
        "\ntest result: {}. {} passed; {} failed; 0 ignored; 0 measured; {} filtered out; finished in {:.2}s",
        if failures.is_empty() { "ok" } else { "FAILED" },
        chosen.len() - failures.len(),
        failures.len(),
        SCENARIOS.len() - chosen.len(),
        begun.elapsed().as_secs_f64()
    );
    Ok(failures.is_empty())
}

fn run(scenario: &Scenario, world: &World, printer: &Printer) -> Result<()> {
    let mut window = Window::new(world, folder_of(world, scenario.name))?;
    let result = catch_unwind(AssertUnwindSafe(|| (scenario.run)(&mut window, printer)));
    let result = result.unwrap_or_else(|_| Err(anyhow!("the test itself panicked")));
    if result.is_err() {
        // The evidence may be out of reach together with the window; the failure itself matters more.
        let _ = window.keep_evidence();
    }
    result
}

fn listed() -> String {
    SCENARIOS.iter().map(|scenario| scenario.name).collect::<Vec<_>>().join(", ")
}
