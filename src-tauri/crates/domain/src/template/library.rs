//! All templates of the desk in all their versions.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

use super::model::Template;
use super::parse::{TemplateProblem, parse};
use crate::code::Code;
use crate::refusal::Refusal;

/// The templates that could be read, and why the others could not.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// In the order of the files.
    pub templates: Vec<Arc<Template>>,
    /// Refused files. They do not hinder the others.
    pub problems: Vec<TemplateProblem>,
}

impl Library {
    /// Reads files given as name and text. Two files with the same id and version: the second is refused.
    pub fn load<F: AsRef<str>, S: AsRef<str>>(files: impl IntoIterator<Item = (F, S)>) -> Library {
        let mut library = Library::default();
        for (file, source) in files {
            library.add(file.as_ref(), source.as_ref());
        }
        library
    }

    /// Adds one more file: a template, or a reason why it is none. A version that is there already stays as it is,
    /// because claims were begun with it.
    pub fn add(&mut self, file: &str, source: &str) {
        match parse(file, source) {
            Ok(template) if self.get(&template.id, template.version).is_some() => {
                let refusal = Refusal::new(Code::TemplateVersionDuplicate)
                    .with("id", &template.id)
                    .with("version", template.version);
                let line = super::parse::line_of_version(source);
                self.problems.push(TemplateProblem { file: file.to_owned(), line, refusal });
            }
            Ok(template) => self.templates.push(Arc::new(template)),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// The templates that come with the program.
    pub fn shipped() -> &'static Library {
        static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::load(SHIPPED_FILES.iter().copied()));
        &SHIPPED
    }

    /// The version a new claim uses on that day: the newest in effect.
    pub fn current(&self, id: &str, day: NaiveDate) -> Option<&Arc<Template>> {
        self.templates
            .iter()
            .filter(|template| template.id == id && template.in_effect(day))
            .max_by_key(|template| template.version)
    }

    /// The version of every template that a new claim uses on that day, in the order of the files.
    pub fn all_current(&self, day: NaiveDate) -> Vec<&Arc<Template>> {
        self.templates
            .iter()
            .filter(|template| {
                self.current(&template.id, day).is_some_and(|current| current.version == template.version)
            })
            .collect()
    }

    /// The version a claim began with.
    pub fn get(&self, id: &str, version: u32) -> Option<&Arc<Template>> {
        self.templates.iter().find(|template| template.id == id && template.version == version)
    }
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        /// The files of `assets/templates`, name and text.
        pub(super) const SHIPPED_FILES: &[(&str, &str)] = &[
            $((concat!($id, ".json"), include_str!(concat!("../../../../../assets/templates/", $id, ".json"))),)*
        ];
    };
}

shipped![
    "motor-damage",
    "motor-compulsory-property",
    "motor-compulsory-injury",
    "motor-third-party",
    "motor-theft",
    "home-property",
    "commercial-property",
    "liability",
    "inpatient",
    "outpatient",
    "critical-illness",
    "accident-disability",
    "death-benefit",
    "hospital-cash",
];
