//! Reference data that an organisation publishes once and every desk receives: what it is called, what makes a file
//! of it good, and the record it travels as.
//!
//! The hub asks [`check`] before it publishes, with the same reading that a desk does, so a broken file goes nowhere.
//! A version that was published, or came with the program, is never replaced: claims were begun with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::{FileProblem, Packs, parse_calendar, parse_rule, read_file};
use crate::code::Code;
use crate::digest::Digest;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::template::{self, Library};

/// The kind of record that publications are, in the organisation's stream.
pub const RECORD: &str = "reference";

/// What can be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// A claim template (`assets/templates`).
    Template,
    /// The rest days of a year (`assets/calendars`).
    Calendar,
    /// A time limit (`assets/clocks`).
    Clock,
    /// Insurance products.
    Product,
    /// Categories of complaints.
    Category,
    /// A document's layout.
    Layout,
    /// Targets of the house.
    Target,
}

impl ReferenceKind {
    /// All of them.
    pub const ALL: [ReferenceKind; 7] = [
        ReferenceKind::Template,
        ReferenceKind::Calendar,
        ReferenceKind::Clock,
        ReferenceKind::Product,
        ReferenceKind::Category,
        ReferenceKind::Layout,
        ReferenceKind::Target,
    ];

    /// Its name on the command line and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            ReferenceKind::Template => "template",
            ReferenceKind::Calendar => "calendar",
            ReferenceKind::Clock => "clock",
            ReferenceKind::Product => "product",
            ReferenceKind::Category => "category",
            ReferenceKind::Layout => "layout",
            ReferenceKind::Target => "target",
        }
    }

    /// The kind of this name; none for one of a newer version.
    pub fn named(name: &str) -> Option<ReferenceKind> {
        ReferenceKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether desks of this version work with it; the others are received and kept.
    pub fn in_use(self) -> bool {
        !matches!(self, ReferenceKind::Category | ReferenceKind::Layout | ReferenceKind::Target)
    }
}

/// A product as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its code, as policies name it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The claim template that handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Something published, in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The name of its kind; a newer hub may know more of them.
    pub kind: String,
    /// Which one of its kind: a template's id, a calendar's year, a product's code.
    pub key: String,
    /// Its version.
    pub version: u32,
    /// The name of the file it came from.
    pub file: String,
    /// The file's text.
    pub source: String,
}

impl Published {
    /// The record it travels as: the same for the same kind, key and version.
    pub fn id(&self) -> Uuid {
        let told = serde_json::json!([RECORD, self.kind, self.key, self.version]).to_string();
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(Digest::of(told.as_bytes()).0).for_each(|(byte, value)| *byte = value);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// The record's fields.
    pub fn fields(&self) -> BTreeMap<String, Value> {
        [
            ("kind", self.kind.as_str().into()),
            ("key", self.key.as_str().into()),
            ("version", self.version.into()),
            ("file", self.file.as_str().into()),
            ("source", self.source.as_str().into()),
        ]
        .map(|(name, value): (&str, Value)| (name.to_owned(), value))
        .into()
    }

    /// Reads what [`Published::fields`] wrote; none when a field is missing.
    pub fn of(record: &Record) -> Option<Published> {
        let text = |field: &str| record.get(field)?.as_str().map(str::to_owned);
        Some(Published {
            kind: text("kind")?,
            key: text("key")?,
            version: record.get("version")?.as_u64().and_then(|version| u32::try_from(version).ok())?,
            file: text("file")?,
            source: text("source")?,
        })
    }
}

/// Reads a file that is to be published beside what is known already, and says what of it is new: nothing when all of it
/// was published before. What carries no version of its own gets the next one when it differs from the last.
///
/// # Errors
/// The first thing that is wrong, with file and line.
pub fn check(
    kind: ReferenceKind,
    file: &str,
    source: &str,
    known: &[Published],
) -> Result<Vec<Published>, FileProblem> {
    let made = |key: String, version: u32, source: &str| Published {
        kind: kind.as_str().to_owned(),
        key,
        version,
        file: file.to_owned(),
        source: source.to_owned(),
    };
    match kind {
        ReferenceKind::Template => {
            let template = template::parse(file, source).map_err(FileProblem::from)?;
            let shipped = Library::shipped().get(&template.id, template.version).is_some();
            let refusal = Refusal::new(Code::TemplateVersionDuplicate)
                .with("id", &template.id)
                .with("version", template.version);
            versioned(made(template.id, template.version, source), known, shipped, refusal)
        }
        ReferenceKind::Calendar => {
            let pack = parse_calendar(file, source)?;
            let shipped = Packs::shipped()
                .packs
                .iter()
                .any(|shipped| (shipped.year, shipped.version) == (pack.year, pack.version));
            let refusal =
                Refusal::new(Code::ClockPackDuplicate).with("year", pack.year).with("version", pack.version);
            versioned(made(pack.year.to_string(), pack.version, source), known, shipped, refusal)
        }
        ReferenceKind::Clock => {
            let rule = parse_rule(file, source)?;
            Ok(counted(made(rule.id, 0, source), known).into_iter().collect())
        }
        ReferenceKind::Product => {
            let products: Vec<Product> = read_file(file, source)?;
            let mut new: Vec<Published> = Vec::new();
            for product in products {
                let wrong = |detail: &str| FileProblem {
                    file: file.to_owned(),
                    line: line_naming(source, &product.code),
                    refusal: Refusal::new(Code::ClockValueWrong).with("detail", detail),
                };
                if product.code.trim().is_empty() || product.name.trim().is_empty() {
                    return Err(wrong("code, name"));
                }
                if new.iter().any(|earlier| earlier.key == product.code) {
                    return Err(wrong(&product.code));
                }
                let text = serde_json::to_string(&product).map_err(|error| wrong(&error.to_string()))?;
                new.extend(counted(made(product.code.clone(), 0, &text), known));
            }
            Ok(new)
        }
        ReferenceKind::Category | ReferenceKind::Layout | ReferenceKind::Target => {
            let whole: Map<String, Value> = read_file(file, source)?;
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            let key = whole.get("id").and_then(Value::as_str).unwrap_or(stem).to_owned();
            Ok(counted(made(key, 0, source), known).into_iter().collect())
        }
    }
}

/// A version that is there stays; the same text again is nothing new.
fn versioned(
    new: Published,
    known: &[Published],
    shipped: bool,
    refusal: Refusal,
) -> Result<Vec<Published>, FileProblem> {
    let same = |known: &&Published| known.id() == new.id();
    match known.iter().find(same) {
        Some(known) if known.source == new.source => Ok(Vec::new()),
        None if !shipped => Ok(vec![new]),
        _ => {
            let line = template::line_of_version(&new.source);
            Err(FileProblem { file: new.file, line, refusal })
        }
    }
}

/// The next version of what carries none; nothing when it is as it was.
fn counted(new: Published, known: &[Published]) -> Option<Published> {
    let last = known
        .iter()
        .filter(|known| known.kind == new.kind && known.key == new.key)
        .max_by_key(|known| known.version);
    match last {
        Some(last) if last.source == new.source => None,
        last => Some(Published { version: last.map_or(1, |last| last.version.saturating_add(1)), ..new }),
    }
}

/// The line a code stands on; the first when it stands nowhere.
fn line_naming(source: &str, code: &str) -> u32 {
    let at = source.lines().position(|line| !code.is_empty() && line.contains(code)).unwrap_or_default();
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// Of each key the newest version, in the order of keys.
pub fn newest(published: &[Published], kind: ReferenceKind) -> Vec<&Published> {
    let mut newest: BTreeMap<&str, &Published> = BTreeMap::new();
    for one in published.iter().filter(|one| one.kind == kind.as_str()) {
        let known = newest.entry(&one.key).or_insert(one);
        if known.version < one.version {
            *known = one;
        }
    }
    newest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped_template() -> Value {
        serde_json::from_str(include_str!("../../../../assets/templates/motor-damage.json")).unwrap()
    }

    #[test]
    fn a_template_version_is_published_once_and_never_replaced() {
        let mut template = shipped_template();
        let shipped = template["version"].as_u64().unwrap();
        let problem = check(ReferenceKind::Template, "a.json", &template.to_string(), &[]).unwrap_err();
        assert_eq!(problem.refusal.code, Code::TemplateVersionDuplicate);
        template["version"] = (shipped + 1).into();
        let text = serde_json::to_string_pretty(&template).unwrap();
        let new = check(ReferenceKind::Template, "a.json", &text, &[]).unwrap();
        assert_eq!((new[0].key.as_str(), u64::from(new[0].version)), ("motor-damage", shipped + 1));
        assert_eq!(check(ReferenceKind::Template, "a.json", &text, &new).unwrap(), []);
        let problem = check(ReferenceKind::Template, "b.json", &format!("{text} "), &new).unwrap_err();
        assert_eq!(problem.refusal.code, Code::TemplateVersionDuplicate);
        assert!(problem.line > 1 && problem.file == "b.json", "{problem:?}");
        let broken = text.replacen("\"roles\"", "\"rolls\"", 1);
        let problem = check(ReferenceKind::Template, "c.json", &broken, &[]).unwrap_err();
        assert!(problem.line > 1, "{problem:?}");
    }

    #[test]
    fn what_has_no_version_gets_the_next_one() {
        let product = |name: &str| {
            format!("[\n{{\"code\":\"A\",\"name\":\"{name}\"}},\n{{\"code\":\"B\",\"name\":\"b\"}}]")
        };
        let one = check(ReferenceKind::Product, "p.json", &product("a"), &[]).unwrap();
        assert_eq!(one.iter().map(|one| (&*one.key, one.version)).collect::<Vec<_>>(), [("A", 1), ("B", 1)]);
        assert_eq!(check(ReferenceKind::Product, "p.json", &product("a"), &one).unwrap(), []);
        let two = check(ReferenceKind::Product, "p.json", &product("x"), &one).unwrap();
        assert_eq!(two.iter().map(|one| (&*one.key, one.version)).collect::<Vec<_>>(), [("A", 2)]);
        let all = [one, two].concat();
        let names: Vec<u32> = newest(&all, ReferenceKind::Product).iter().map(|one| one.version).collect();
        assert_eq!(names, [2, 1]);
        for (text, line) in [
            ("[\n{\"code\":\"A\"}]", 2),
            ("[{\"code\":\"A\",\"name\":\"a\"},\n{\"code\":\"A\",\"name\":\"a\"}]", 1),
            ("[{\"code\":\"\",\"name\":\"a\"}]", 1),
            ("[{\"code\":\"A\",\"name\":\"a\",\n\"color\":1}]", 2),
        ] {
            let problem = check(ReferenceKind::Product, "p.json", text, &[]).unwrap_err();
            assert_eq!(problem.line, line, "{text}: {problem:?}");
        }
        for kind in [ReferenceKind::Category, ReferenceKind::Layout, ReferenceKind::Target] {
            let new = check(kind, "standard.json", "{\"a\": 1}", &[]).unwrap();
            assert_eq!((new[0].key.as_str(), new[0].version), ("standard", 1));
            assert!(check(kind, "standard.json", "{\"a\": 1", &[]).is_err());
            assert!(!kind.in_use());
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let one = check(ReferenceKind::Product, "p.json", "[{\"code\":\"A\",\"name\":\"a\"}]", &[])
            .unwrap()
            .remove(0);
        let mut record = Record::default();
        for (name, value) in one.fields() {
            record.fields.insert(name, crate::record::Field { value, revision: Uuid::nil() });
        }
        assert_eq!(Published::of(&record), Some(one));
        record.fields.remove("source");
        assert_eq!(Published::of(&record), None);
        for kind in ReferenceKind::ALL {
            assert_eq!(ReferenceKind::named(kind.as_str()), Some(kind));
        }
    }
}
