//! Builds the window's permissions: every command of `src/commands/mod.rs` must be granted by a capability.

use std::error::Error;

/// The one list of commands; what stands there is granted or refused by name.
const COMMANDS: &str = "src-tauri/src/commands/mod.rs";

fn main() {
    // Without the pattern the build passes and the page has no permissions at all.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed={COMMANDS}");
    if let Err(error) = build() {
        println!("cargo::error={error:#}");
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    let commands = commands(&std::fs::read_to_string(COMMANDS)?)?;
    // A test compares them with what the builder registers and with the capability.
    println!("cargo:rustc-env=CLAIMS_DESK_COMMANDS={}", commands.join(","));
    let names: Vec<&'static str> = commands.into_iter().map(|name| &*name.leak()).collect();
    let manifest = tauri_build::AppManifest::new().commands(names.leak());
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(manifest);
    Ok(tauri_build::try_build(attributes)?)
}

/// The names inside `collect_commands![…]`.
fn commands(source: &str) -> Result<Vec<String>, String> {
    let list = source.split_once("collect_commands![").and_then(|(_, rest)| rest.split_once(']'));
    let (list, _) = list.ok_or_else(|| format!("no list of commands in {COMMANDS}"))?;
    let names =
        list.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| line.split(','));
    let names = names.map(|path| path.rsplit("::").next().unwrap_or(path).trim().to_owned());
    Ok(names.filter(|name| !name.is_empty()).collect())
}
