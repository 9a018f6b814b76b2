//! Which crate may use which: the dependency direction of ARCHITECTURE.md.

use std::collections::BTreeSet;

use super::none;
use crate::sh;

/// Crates of ours that each crate may name. A crate that is not here fails until somebody has decided.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &["domain", "sealing"]),
    ("sync", &["domain", "wire"]),
    ("store", &["domain", "sealing", "wire"]),
    ("report", &["domain"]),
    ("desk", &["domain", "report", "store", "sync", "wire"]),
    // Its tests run a real hub, and give the store files larger than the counter takes.
    ("deskctl", &["desk", "domain", "hub", "scratchpg", "store"]),
    ("schema", &[]),
    ("simulation", &["domain", "hub", "store", "sync", "wire"]),
    ("sealing", &[]),
    ("scratchpg", &[]),
    ("hub", &["domain", "scratchpg", "wire"]),
    ("xtask", &["scratchpg"]),
];

/// The shell and its tests may use these.
const SHELL: &[&str] = &["desk", "domain"];

/// Outside crates that only one crate of ours may know.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("printpdf", &["report"]),
    ("keyring", &["store"]),
    ("keyring-core", &["store"]),
    ("sqlx", &["hub", "schema", "store"]),
    ("libsqlite3-sys", &["schema", "store"]),
    ("rusqlite", &[]),
];

fn crates() -> Vec<String> {
    let folder = sh::root().join("src-tauri/crates");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The names under every `[…dependencies]` heading of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix('[') {
            let heading = heading.trim_end_matches(']');
            inside = heading.ends_with("dependencies") && !heading.starts_with("workspace");
            if let Some((before, name)) = heading.split_once("dependencies.")
                && !before.starts_with("workspace")
            {
                names.insert(name.trim_matches('"').to_owned());
            }
        } else if inside && !line.starts_with('#') {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

fn dependencies_of(path: &str) -> BTreeSet<String> {
    dependencies(&sh::read(&sh::root().join(path)).unwrap())
}

#[test]
fn crates_depend_in_one_direction() {
    let ours: BTreeSet<String> = crates().into_iter().collect();
    let mut breaches = Vec::new();
    for name in &ours {
        let Some((_, allowed)) = ALLOWED.iter().find(|(of, _)| of == name) else {
            breaches.push(format!("{name}: say in tidy/manifest.rs what it may depend on"));
            continue;
        };
        for used in dependencies_of(&format!("src-tauri/crates/{name}/Cargo.toml")) {
            // A crate's tests may name the crate itself, to switch a feature on.
            if ours.contains(&used) && used != *name && !allowed.contains(&used.as_str()) {
                breaches.push(format!("{name} → {used}"));
            }
        }
    }
    for used in dependencies_of("Cargo.toml") {
        if ours.contains(&used) && !SHELL.contains(&used.as_str()) {
            breaches.push(format!("shell → {used}"));
        }
    }
    none("dependencies point one way: shell, deskctl → desk → store, report → domain", &breaches);
}

#[test]
fn nothing_under_crates_knows_tauri() {
    let mut breaches = Vec::new();
    for name in crates() {
        for used in dependencies_of(&format!("src-tauri/crates/{name}/Cargo.toml")) {
            if used.contains("tauri") || used == "wry" || used == "tao" {
                breaches.push(format!("{name} → {used}"));
            }
        }
    }
    none("the window's library is known to the root package only", &breaches);
}

#[test]
fn some_libraries_belong_to_one_crate() {
    let mut breaches = Vec::new();
    for name in crates() {
        let used = dependencies_of(&format!("src-tauri/crates/{name}/Cargo.toml"));
        for (library, homes) in ONLY_IN {
            if used.contains(*library) && !homes.contains(&name.as_str()) {
                breaches.push(format!("{name} → {library}"));
            }
        }
    }
    let shell = dependencies_of("Cargo.toml");
    for (library, _) in ONLY_IN.iter().filter(|(library, _)| shell.contains(*library)) {
        breaches.push(format!("shell → {library}"));
    }
    none("only report knows printpdf, only store knows keyring and SQL", &breaches);
}

#[test]
fn versions_are_decided_in_the_workspace() {
    let mut breaches = Vec::new();
    for name in crates() {
        let manifest = sh::read(&sh::root().join(format!("src-tauri/crates/{name}/Cargo.toml"))).unwrap();
        let own = manifest.lines().filter(|line| line.contains("version = \"") || line.contains("= \"^"));
        breaches.extend(own.map(|line| format!("{name}: {}", line.trim())));
        if !manifest.contains("[lints]\nworkspace = true") {
            breaches.push(format!("{name}: [lints] workspace = true is missing"));
        }
    }
    none("versions and lints live in the root Cargo.toml", &breaches);
}

#[test]
fn manifests_are_read_as_cargo_reads_them() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nserde.workspace = true\n# no = \"1\"\n\
                    tauri = { workspace = true }\n[dev-dependencies]\ntempfile = \"3\"\n\
                    [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n[dependencies.desk]\npath = \"y\"\n\
                    [workspace.dependencies]\nsqlx = \"1\"\n[lints]\nworkspace = true\n";
    let names: Vec<String> = dependencies(manifest).into_iter().collect();
    assert_eq!(names, ["desk", "libc", "serde", "tauri", "tempfile"]);
}
