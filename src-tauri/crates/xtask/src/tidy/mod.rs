//! House rules as tests. They read the sources as text and compile nothing.

mod literals;
mod manifest;
#[cfg(test)]
mod requirements;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use crate::sh;

/// A source file with its path as from the root, written with forward slashes.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Files made by a program are as long as they come out.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Whether the whole file is a test: named so, or in a folder of tests.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.contains("/test/")
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || name.contains(".test.")
    }

    /// The file without its `#[cfg(test)] mod … { … }`, which ends a file in this house.
    pub(crate) fn without_test_module(&self) -> &str {
        let mark = self.text.match_indices("#[cfg(test)]").find(|(at, mark)| {
            let rest = self.text.get(at + mark.len()..).unwrap_or_default().trim_start();
            rest.starts_with("mod ") && rest.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
        });
        mark.map_or(&self.text, |(at, _)| self.text.get(..at).unwrap_or(&self.text))
    }
}

/// All .rs, .ts and .tsx files of the project.
pub(crate) fn sources() -> Vec<Source> {
    let root = sh::root();
    let mut found = Vec::new();
    for folder in ["src-tauri", "tests", "ui/src", "ui/tests"] {
        collect(&root, &root.join(folder), &mut found);
    }
    assert!(found.len() > 20, "only {} source files found: the folders have moved", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default();
            if name != "node_modules" && name != "target" {
                collect(root, &path, found);
            }
            continue;
        }
        let wanted = path.extension().is_some_and(|end| end == "rs" || end == "ts" || end == "tsx");
        if let (true, Ok(inside)) = (wanted, path.strip_prefix(root)) {
            let path_text = inside.to_string_lossy().replace('\\', "/");
            found.push(Source { path: path_text, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Fails with all breaches at once: mending one after the other is tedious.
pub(crate) fn none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\n  {}", breaches.join("\n  "));
}
