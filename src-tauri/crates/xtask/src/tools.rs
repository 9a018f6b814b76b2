//! Cargo tools of pinned versions, in `target/tools`, so that nobody's own installation is touched.

use std::path::PathBuf;
use std::time::Instant;

use crate::sh::{self, Done};

/// A tool as the registry names it; the program has the same name.
#[derive(Clone, Copy)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Speaks WebDriver and starts the window. Version 3 is an alpha.
pub(crate) const TAURI_DRIVER: Tool = Tool { name: "tauri-driver", version: "2.1.0" };
/// Licences, sources and banned crates.
pub(crate) const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
/// Dependencies that nothing uses.
pub(crate) const CARGO_MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2" };

impl Tool {
    /// Where its program lies after `install`.
    pub(crate) fn program(self) -> PathBuf {
        home().join("bin").join(self.name)
    }

    fn installed(self) -> bool {
        // Cargo keeps its own list beside the programs; tauri-driver cannot be asked for its version.
        let list = sh::read(&home().join(".crates.toml")).unwrap_or_default();
        list.contains(&format!("\"{} {} (", self.name, self.version)) && self.program().is_file()
    }
}

fn home() -> PathBuf {
    sh::target().join("tools")
}

/// Compiles those that are missing.
pub(crate) fn install(tools: &[Tool]) -> Done {
    for tool in tools.iter().filter(|tool| !tool.installed()) {
        println!("setup: compiling {} {}", tool.name, tool.version);
        let begun = Instant::now();
        // Unoptimised and without debug information: they run for seconds, and compiling them is what costs.
        let mut install = sh::cargo(&["install", "--quiet", "--locked", "--debug", "--force", "--root"]);
        install
            .arg(home())
            .arg(format!("{}@={}", tool.name, tool.version))
            .env("CARGO_TARGET_DIR", sh::target().join("tools-build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        sh::run(install)?;
        println!("setup: {} took {} s", tool.name, begun.elapsed().as_secs());
    }
    Ok(())
}
