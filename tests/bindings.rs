//! What is committed beside the commands is what the commands give: the TypeScript bindings, and the capability that grants
//! the window each command by name.

#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

use std::path::{Path, PathBuf};

const BINDINGS: &str = "ui/src/generated/bindings.ts";
const CAPABILITY: &str = "src-tauri/capabilities/main.json";

/// `UPDATE_BINDINGS=1 cargo test --test bindings` (also `cargo xtask bindings`) writes them.
#[test]
fn the_bindings_are_up_to_date() {
    same_as_committed(BINDINGS, &bindings());
}

#[test]
fn the_window_is_granted_each_command_by_name_and_nothing_else() {
    let names = invoked(&bindings());
    assert!(names.len() > 40, "the bindings name their commands: {names:?}");
    let built: Vec<&str> = env!("CLAIMS_DESK_COMMANDS").split(',').collect();
    assert_eq!(built, names, "the build script reads the same list that the builder registers");

    let committed = std::fs::read_to_string(path(CAPABILITY)).expect("the capability's text");
    let mut capability: serde_json::Value = serde_json::from_str(&committed).expect("the capability is JSON");
    let permissions = capability["permissions"].as_array_mut().expect("a list of permissions");
    // What is not ours (`core:…`) is chosen by hand and stays as it is.
    permissions.retain(|permission| permission.as_str().is_some_and(|name| name.contains(':')));
    permissions.extend(names.iter().map(|name| format!("allow-{}", name.replace('_', "-")).into()));
    let mut fresh = serde_json::to_string_pretty(&capability).expect("JSON");
    fresh.push('\n');
    same_as_committed(CAPABILITY, &fresh);
}

fn bindings() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = folder.path().join("bindings.ts");
    claims_desk::export_bindings(&fresh).expect("the bindings");
    std::fs::read_to_string(&fresh).expect("the bindings' text")
}

/// The commands as the page calls them, in their order.
fn invoked(bindings: &str) -> Vec<String> {
    let calls = bindings.lines().filter_map(|line| line.split_once("__TAURI_INVOKE<"));
    let names = calls.filter_map(|(_, call)| call.split_once(">(\"")?.1.split_once('"'));
    names.map(|(name, _)| name.to_owned()).collect()
}

fn same_as_committed(file: &str, fresh: &str) {
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(path(file), fresh).expect("writing the file");
    }
    let committed = std::fs::read_to_string(path(file)).expect("the committed file");
    assert!(fresh == committed, "{file} is not what the commands give: run `cargo xtask bindings`");
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}
