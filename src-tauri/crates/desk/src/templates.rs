//! The claim templates a desk works with: those of the program and, beside them, the branch's own.
//!
//! A branch puts files into the folder `templates` of its profile. A file with a shipped template's id and a higher
//! version takes over for new claims from its effective date on; claims begun before keep the version they began with.

use std::path::{Path, PathBuf};

use domain::template::{Library, TemplateProblem};
use domain::{Code, Refusal};

/// The templates of the program and of a profile's folder. A broken file is a problem of the library and hinders no
/// other.
pub fn library(profile: Option<&Path>) -> Library {
    let mut library = Library::shipped().clone();
    for path in profile.map(files).unwrap_or_default() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match std::fs::read_to_string(&path) {
            Ok(source) => library.add(&name, &source),
            Err(error) => {
                let refusal = Refusal::new(Code::TemplateFileUnreadable).with("reason", error.kind());
                library.problems.push(TemplateProblem { file: name, line: 1, refusal });
            }
        }
    }
    library
}

/// Sorted by name, so that of two files with the same id and version it is always the same one that counts.
fn files(profile: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(profile.join("templates")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_s_own_version_takes_over_and_a_broken_file_hinders_none() {
        let folder = tempfile::tempdir().unwrap();
        let templates = folder.path().join("templates");
        std::fs::create_dir(&templates).unwrap();
        let shipped = Library::shipped();
        let mut own = domain::template::Template::clone(&shipped.templates[0]);
        own.version += 1;
        own.name.zh_cn.push('2');
        std::fs::write(templates.join("a.json"), serde_json::to_string_pretty(&own).unwrap()).unwrap();
        std::fs::write(templates.join("b.json"), "{\n  \"id\": 7,\n").unwrap();
        std::fs::write(templates.join("c.json"), [0xff, 0xfe, 0x00]).unwrap();
        std::fs::write(templates.join("readme.txt"), "not a template").unwrap();

        let library = library(Some(folder.path()));
        assert_eq!(library.templates.len(), shipped.templates.len() + 1);
        let current = library.current(&own.id, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        assert_eq!(current.map(|template| template.version), Some(own.version));
        assert!(library.get(&own.id, own.version - 1).is_some(), "claims begun before keep their version");
        let told: Vec<(&str, Code)> =
            library.problems.iter().map(|problem| (problem.file.as_str(), problem.refusal.code)).collect();
        assert_eq!(told, [("b.json", Code::TemplateJsonBroken), ("c.json", Code::TemplateFileUnreadable)]);
        assert!(library.problems[0].line >= 2, "{:?}", library.problems[0]);
    }
}
