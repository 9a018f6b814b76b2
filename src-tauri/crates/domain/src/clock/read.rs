//! From the text of a data file to its values, or to file, line and reason.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::code::Code;
use crate::refusal::Refusal;
use crate::template::locate::Lines;

/// A rule or a calendar is small; a larger file is a mistake.
const LARGEST_FILE: usize = 1024 * 1024;

/// The keys of a [`crate::Text`].
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];

/// Why a file of rules or days was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {refusal}")]
pub struct FileProblem {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// What is wrong and what would be right.
    pub refusal: Refusal,
}

/// Something wrong, with the JSON pointer of its place.
#[derive(Debug)]
pub(super) struct Fault {
    pointer: String,
    refusal: Refusal,
}

impl Fault {
    pub(super) fn new(pointer: impl Into<String>, refusal: impl Into<Refusal>) -> Fault {
        Fault { pointer: pointer.into(), refusal: refusal.into() }
    }

    /// The refusal alone, for what was not read from a file.
    pub(super) fn into_refusal(self) -> Refusal {
        self.refusal
    }
}

impl From<crate::template::TemplateProblem> for FileProblem {
    fn from(problem: crate::template::TemplateProblem) -> Self {
        FileProblem { file: problem.file, line: problem.line, refusal: problem.refusal }
    }
}

/// Reads one file that has the shape of `T`.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read_file<T: DeserializeOwned>(file: &str, source: &str) -> Result<T, FileProblem> {
    read(file, source, |_| Ok(()))
}

/// Reads one file, then lets `check` look at it as a whole.
pub(super) fn read<T: DeserializeOwned>(
    file: &str,
    source: &str,
    check: impl FnOnce(&T) -> Result<(), Fault>,
) -> Result<T, FileProblem> {
    let problem = |line, refusal| FileProblem { file: file.to_owned(), line, refusal };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if source.len() > LARGEST_FILE {
        return Err(problem(1, Refusal::new(Code::ClockFileTooLarge).with("limit", "1 MiB")));
    }
    let tree: Value = serde_json::from_str(source).map_err(|error| {
        problem(line_of(&error), Refusal::new(Code::ClockJsonBroken).with("detail", &error))
    })?;
    let lines = Lines::read(source);
    if let Some((key, line)) = &lines.duplicate {
        return Err(problem(*line, Refusal::new(Code::ClockKeyDuplicate).with("key", key)));
    }
    let value: T =
        serde_json::from_str(source).map_err(|error| problem(line_of(&error), shape_refusal(&error)))?;
    if let Some((pointer, key)) = blank_text(&tree, "") {
        return Err(problem(lines.of(&pointer), Refusal::new(Code::ClockLanguageMissing).with("key", key)));
    }
    check(&value).map_err(|fault| problem(lines.of(&fault.pointer), fault.refusal))?;
    Ok(value)
}

fn line_of(error: &serde_json::Error) -> u32 {
    u32::try_from(error.line()).unwrap_or(u32::MAX).max(1)
}

/// serde_json tells an unknown key from a missing one only in its sentence, as in the templates.
fn shape_refusal(error: &serde_json::Error) -> Refusal {
    let sentence = error.to_string();
    let quoted = |prefix: &str| sentence.strip_prefix(prefix)?.split_once('`').map(|(key, _)| key.to_owned());
    if let Some(key) = quoted("unknown field `") {
        return Refusal::new(Code::ClockKeyUnknown).with("key", key);
    }
    if let Some(key) = quoted("missing field `") {
        let language = LANGUAGES.contains(&key.as_str());
        let code = if language { Code::ClockLanguageMissing } else { Code::ClockKeyMissing };
        return Refusal::new(code).with("key", key);
    }
    let detail = sentence.split(" at line ").next().unwrap_or(&sentence).to_owned();
    Refusal::new(Code::ClockValueWrong).with("detail", detail)
}

/// The place and key of the first text with an empty language.
fn blank_text(value: &Value, pointer: &str) -> Option<(String, String)> {
    match value {
        Value::Object(map) => map.iter().find_map(|(key, child)| {
            let place = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            let text = child.as_str().filter(|_| LANGUAGES.contains(&key.as_str()));
            match text {
                Some(text) => text.trim().is_empty().then(|| (place, key.clone())),
                None => blank_text(child, &place),
            }
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, child)| blank_text(child, &format!("{pointer}/{index}"))),
        _ => None,
    }
}
