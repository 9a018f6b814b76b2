//! From the text of a template file to a checked template, or to file, line and reason.

use serde_json::Value;

use super::check::check;
use super::checks::Fault;
use super::locate::Lines;
use super::model::Template;
use crate::code::Code;
use crate::refusal::Refusal;

/// A template is text for people; a larger file is a mistake.
const LARGEST_FILE: usize = 1024 * 1024;

/// Why a template file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {refusal}")]
pub struct TemplateProblem {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// What is wrong and what would be right.
    pub refusal: Refusal,
}

/// Reads one template file and checks it as a whole, its example included.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(file_name: &str, source: &str) -> Result<Template, TemplateProblem> {
    let problem = |line, refusal| TemplateProblem { file: file_name.to_owned(), line, refusal };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if source.len() > LARGEST_FILE {
        return Err(problem(1, Refusal::new(Code::TemplateFileTooLarge).with("limit", "1 MiB")));
    }
    let value: Value = serde_json::from_str(source).map_err(|error| {
        problem(line_of(&error), Refusal::new(Code::TemplateJsonBroken).with("detail", &error))
    })?;
    let lines = Lines::read(source);
    if let Some((key, line)) = &lines.duplicate {
        return Err(problem(*line, Refusal::new(Code::TemplateKeyDuplicate).with("key", key)));
    }
    let template: Template =
        serde_json::from_str(source).map_err(|error| problem(line_of(&error), shape_refusal(&error)))?;
    blank_text(&value, &mut String::new())
        .map_or(Ok(()), Err)
        .and_then(|()| check(&template))
        .map_err(|fault| problem(lines.of(&fault.pointer), fault.refusal))?;
    Ok(template)
}

/// The line on which a file that parses writes its version.
pub(crate) fn line_of_version(source: &str) -> u32 {
    Lines::read(source).of("/version")
}

fn line_of(error: &serde_json::Error) -> u32 {
    u32::try_from(error.line()).unwrap_or(u32::MAX).max(1)
}

/// serde_json tells an unknown key from a missing one only in its sentence, so the sentence is read here;
/// one that reads otherwise is passed on whole.
fn shape_refusal(error: &serde_json::Error) -> Refusal {
    let sentence = error.to_string();
    let quoted = |prefix: &str| sentence.strip_prefix(prefix)?.split_once('`').map(|(key, _)| key.to_owned());
    if let Some(key) = quoted("unknown field `") {
        return Refusal::new(Code::TemplateKeyUnknown).with("key", key);
    }
    if let Some(key) = quoted("missing field `") {
        let code = if LANGUAGES.contains(&key.as_str()) {
            Code::TemplateLanguageMissing
        } else {
            Code::TemplateKeyMissing
        };
        return Refusal::new(code).with("key", key);
    }
    let detail = sentence.split(" at line ").next().unwrap_or(&sentence).to_owned();
    Refusal::new(Code::TemplateValueWrong).with("detail", detail)
}

/// The keys of a [`crate::Text`].
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];

/// The first text with an empty language.
fn blank_text(value: &Value, pointer: &mut String) -> Option<Fault> {
    let length = pointer.len();
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                let blank = LANGUAGES.contains(&key.as_str())
                    && child.as_str().is_some_and(|text| text.trim().is_empty());
                let fault = if blank {
                    let refusal = Refusal::new(Code::TemplateLanguageMissing).with("key", key);
                    Some(Fault::new(pointer.clone(), refusal))
                } else {
                    blank_text(child, pointer)
                };
                if fault.is_some() {
                    return fault;
                }
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                if let Some(fault) = blank_text(child, pointer) {
                    return Some(fault);
                }
                pointer.truncate(length);
            }
        }
        _ => {}
    }
    None
}
