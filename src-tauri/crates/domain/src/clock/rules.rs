//! All clocks: reading them, checking them, finding one. K8 and K9 are the house's own (004-08), the others the law's.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::read::{Fault, FileProblem, read};
use super::rule::{Kind, Rule, Unit, Warn};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::role::Role;

/// Nobody's clock runs longer; it keeps every due day within the table.
const LONGEST_YEARS: u32 = 100;

/// Who has the case; the other names of [`super::Tell`] are roles.
const HANDLER: &str = "handler";

/// Reads one clock and checks it as a whole.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse_rule(file: &str, source: &str) -> Result<Rule, FileProblem> {
    read(file, source, check)
}

/// How many units a limit may be at most.
pub(super) fn longest(unit: Unit) -> u32 {
    match unit {
        Unit::Hours | Unit::BusinessHours => LONGEST_YEARS * 366 * 24,
        Unit::CalendarDays | Unit::WorkingDays => LONGEST_YEARS * 366,
        Unit::Years => LONGEST_YEARS,
    }
}

/// Words of letters and digits joined by hyphens.
fn is_name(name: &str) -> bool {
    name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn check(rule: &Rule) -> Result<(), Fault> {
    if !is_name(&rule.id) {
        return Err(Fault::new("/id", Refusal::new(Code::ClockIdInvalid).with("id", &rule.id)));
    }
    let most = longest(rule.unit);
    let total = rule.extensions.iter().map(|extension| u64::from(extension.add)).sum::<u64>();
    if rule.limit == 0 || u64::from(rule.limit) + total > u64::from(most) {
        return Err(Fault::new("/limit", Refusal::new(Code::ClockLimitRange).with("most", most)));
    }
    let sourced = rule.source.article.is_some() && rule.source.marks.is_some();
    if (rule.kind == Kind::Statutory) != sourced {
        return Err(Fault::new("/source", Code::ClockSource));
    }
    happenings(rule)?;
    extensions(rule)?;
    for (index, warn) in rule.warn.iter().enumerate() {
        let right = match warn {
            Warn::Share(percent) => (1..=100).contains(percent),
            Warn::Left(units) => *units > 0 && (rule.unit == Unit::Years || *units <= rule.limit),
        };
        if !right {
            return Err(Fault::new(format!("/warn/{index}"), Code::ClockWarn));
        }
    }
    for (list, names) in [("near", &rule.tell.near), ("past", &rule.tell.past)] {
        let known = |name: &String| name == HANDLER || Role::ALL.iter().any(|role| role.as_str() == name);
        if let Some(index) = names.iter().position(|name| !known(name)) {
            let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
            let refusal = Refusal::new(Code::ClockRole)
                .with("role", names.get(index).map_or("", String::as_str))
                .with("roles", format!("{HANDLER}, {}", roles.join(", ")));
            return Err(Fault::new(format!("/tell/{list}/{index}"), refusal));
        }
    }
    Ok(())
}

/// Each happening has a name, and none means two things to one clock.
fn happenings(rule: &Rule) -> Result<(), Fault> {
    if rule.end.is_empty() {
        return Err(Fault::new("/end", Refusal::new(Code::ClockIdInvalid).with("id", "")));
    }
    let mut all = vec![("/start".to_owned(), &rule.start)];
    for (index, pause) in rule.pauses.iter().enumerate() {
        all.push((format!("/pauses/{index}/begins"), &pause.begins));
        all.push((format!("/pauses/{index}/ends"), &pause.ends));
        if !is_name(&pause.id) {
            let refusal = Refusal::new(Code::ClockIdInvalid).with("id", &pause.id);
            return Err(Fault::new(format!("/pauses/{index}/id"), refusal));
        }
    }
    for (index, extension) in rule.extensions.iter().enumerate() {
        all.push((format!("/extensions/{index}/id"), &extension.id));
    }
    all.extend(rule.restart.as_ref().map(|name| ("/restart".to_owned(), name)));
    all.extend(rule.end.iter().enumerate().map(|(index, name)| (format!("/end/{index}"), name)));
    let mut seen = BTreeSet::from(["pause", "resume", "restart", "end"]);
    for (pointer, name) in all {
        if !is_name(name) {
            return Err(Fault::new(pointer, Refusal::new(Code::ClockIdInvalid).with("id", name)));
        }
        if !seen.insert(name) {
            return Err(Fault::new(pointer, Refusal::new(Code::ClockHappeningTwice).with("name", name)));
        }
    }
    Ok(())
}

fn extensions(rule: &Rule) -> Result<(), Fault> {
    for (index, extension) in rule.extensions.iter().enumerate() {
        let before = |id: &String| rule.extensions.iter().take(index).any(|earlier| earlier.id == *id);
        let known = extension.after.as_ref().is_none_or(before);
        // A clock in years has no extension in the law, and its days could not be added to years.
        if extension.add == 0 || !known || rule.unit == Unit::Years {
            let refusal = Refusal::new(Code::ClockExtensionBroken).with("extension", &extension.id);
            return Err(Fault::new(format!("/extensions/{index}"), refusal));
        }
    }
    Ok(())
}

/// The clocks that could be read, and why the others could not.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// In the order of the files.
    pub rules: Vec<Rule>,
    /// Refused files. They do not hinder the others.
    pub problems: Vec<FileProblem>,
}

impl Rules {
    /// Reads files given as name and text. Two files with one id: the second is refused.
    pub fn load<F: AsRef<str>, S: AsRef<str>>(files: impl IntoIterator<Item = (F, S)>) -> Rules {
        let mut rules = Rules::default();
        for (file, source) in files {
            let taken = |rule: &Rule| match rules.get(&rule.id) {
                Ok(_) => {
                    Err(Fault::new("/id", Refusal::new(Code::ClockRuleDuplicate).with("rule", &rule.id)))
                }
                Err(_) => Ok(()),
            };
            match read(file.as_ref(), source.as_ref(), |rule| check(rule).and_then(|()| taken(rule))) {
                Ok(rule) => rules.rules.push(rule),
                Err(problem) => rules.problems.push(problem),
            }
        }
        rules
    }

    /// Takes one more file, which takes over from a clock of its id: a due time is worked out anew each time.
    pub fn put(&mut self, file: &str, source: &str) {
        match parse_rule(file, source) {
            Ok(rule) => match self.rules.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => self.rules.push(rule),
            },
            Err(problem) => self.problems.push(problem),
        }
    }

    /// The clocks that come with the program.
    pub fn shipped() -> &'static Rules {
        static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::load(SHIPPED_FILES.iter().copied()));
        &SHIPPED
    }

    /// The clock of an id.
    ///
    /// # Errors
    /// An id that none has.
    pub fn get(&self, id: &str) -> Result<&Rule, Refusal> {
        self.rules.iter().find(|rule| rule.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.rules.iter().map(|rule| rule.id.as_str()).collect();
            Refusal::new(Code::ClockRuleUnknown)
                .with("rule", super::time::shortened(id))
                .with("known", known.join(", "))
        })
    }
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        /// The files of `assets/clocks`, name and text.
        pub(super) const SHIPPED_FILES: &[(&str, &str)] = &[
            $((concat!($id, ".json"), include_str!(concat!("../../../../../assets/clocks/", $id, ".json"))),)*
        ];
    };
}

shipped![
    "K1",
    "K2",
    "K3",
    "K4",
    "K5",
    "K6",
    "K7",
    "K8",
    "K9",
    "K10",
    "K11",
    "K11-request",
    "K12",
    "K12-short",
    "K12-aml",
];
