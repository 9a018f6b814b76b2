//! What a source file may hold.

use super::literals::{self, Literal};
use super::{Source, none, sources};

/// A file longer than this is split.
const LONGEST: usize = 600;

/// Tables of characters that a rule itself is made of: the numerals of an amount in capitals, the marks of a plate,
/// the signs that number a paragraph.
const CHINESE_RULES: &[&str] = &[
    "src-tauri/crates/domain/src/money.rs",
    "src-tauri/crates/domain/src/identity/plate.rs",
    "src-tauri/crates/report/src/page/flow.rs",
];

#[test]
fn files_stay_short() {
    let breaches: Vec<String> = sources()
        .iter()
        .filter(|source| !source.is_generated())
        .map(|source| (source.text.lines().count(), source))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, source)| format!("{}: {lines} lines", source.path))
        .collect();
    none("a file has at most 600 lines: split it by what it is about", &breaches);
}

#[test]
fn rust_files_begin_by_saying_what_they_hold() {
    let breaches: Vec<String> = sources()
        .iter()
        .filter(|source| source.is_rust() && !source.is_test() && !source.text.starts_with("//!"))
        .map(|source| source.path.clone())
        .collect();
    none("the first line of a Rust file is its `//!` header", &breaches);
}

/// Data and invented people are Chinese, and so are tests about them; programs take their text from resources.
#[test]
fn chinese_text_lies_in_resources() {
    let mut breaches = Vec::new();
    for source in sources() {
        if source.is_generated() || CHINESE_RULES.contains(&source.path.as_str()) {
            continue;
        }
        // Samples are data that a program makes up: names of invented people.
        if source.path.contains("/sample/") || source.path.ends_with("/sample.rs") {
            continue;
        }
        for literal in program_literals(&source) {
            // A single one is a unit or a full-width mark that input may hold; two make a word.
            if literals::has_chinese_word(&literal.text) {
                let start: String = literal.text.chars().take(30).collect();
                breaches.push(format!("{}:{}: {start}", source.path, literal.line));
            }
        }
    }
    none("text that people read lies in assets/ and ui/src/locales/, not in code", &breaches);
}

#[test]
fn sql_lies_in_the_store() {
    let mut breaches = Vec::new();
    for source in sources() {
        // `schema` runs the store's migrations, and xtask holds these rules.
        if ["store", "hub", "schema", "xtask"]
            .iter()
            .any(|name| source.path.starts_with(&format!("src-tauri/crates/{name}/")))
        {
            continue;
        }
        breaches.extend(
            program_literals(&source)
                .iter()
                .filter(|literal| is_sql(&literal.text))
                .map(|literal| format!("{}:{}: {}", source.path, literal.line, literal.text.trim())),
        );
        if source.is_rust() && literals::without_comments(&source.text).contains("sqlx::") {
            breaches.push(format!("{}: sqlx", source.path));
        }
    }
    none("SQL lies in store (and the hub), nowhere else", &breaches);
}

#[test]
fn nothing_is_skipped_or_left_open() {
    // Written in two halves, or this file would breach its own rule.
    let rust = [["#[ig", "nore"], ["to", "do!("], ["unimpl", "emented!("], ["db", "g!("]];
    let script = [
        [".sk", "ip("],
        [".on", "ly("],
        ["xit", "("],
        ["test.to", "do("],
        ["it.to", "do("],
        ["debug", "ger;"],
    ];
    let mut breaches = Vec::new();
    for source in sources() {
        let words: Vec<String> = if source.is_rust() {
            rust.map(|halves| halves.concat()).to_vec()
        } else {
            script.map(|h| h.concat()).to_vec()
        };
        for (index, line) in source.text.lines().enumerate() {
            // `.skip(n)` of a Rust iterator is another thing, `xit(` must not be found in `exit(`.
            let found = words.iter().find(|word| {
                line.match_indices(word.as_str()).any(|(at, _)| {
                    let before = line.get(..at).and_then(|text| text.chars().next_back());
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_') || word.starts_with('.')
                })
            });
            if let Some(word) = found {
                breaches.push(format!("{}:{}: {word}", source.path, index + 1));
            }
        }
    }
    none("no test is skipped and nothing is left for later", &breaches);
}

#[test]
fn the_page_reaches_rust_through_one_module() {
    let breaches: Vec<String> = sources()
        .iter()
        .filter(|source| !source.is_rust() && !source.is_generated() && !source.is_test())
        .filter(|source| !source.path.starts_with("ui/src/lib/desk"))
        .filter(|source| source.text.contains("@tauri-apps/") || source.text.contains("generated/bindings"))
        // A type costs nothing at run time and cannot call anything.
        .filter(|source| {
            source.text.lines().any(|line| {
                let imports = line.contains("@tauri-apps/") || line.contains("generated/bindings");
                let only_types = line.trim_start().starts_with("import type") || line.starts_with("} from");
                imports && !only_types
            })
        })
        .map(|source| source.path.clone())
        .collect();
    none("only ui/src/lib/desk.ts calls commands", &breaches);
}

fn program_literals(source: &Source) -> Vec<Literal> {
    if source.is_test() {
        Vec::new()
    } else if source.is_rust() {
        literals::of_rust(source.without_test_module())
    } else {
        literals::of_typescript(&source.text, source.path.ends_with(".tsx"))
    }
}

/// Whether a text is a statement: its first word and the word that must follow somewhere.
fn is_sql(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    let rest =
        |word: &str| lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    (rest("select") && has("from"))
        || rest("insert into")
        || rest("insert or")
        || (rest("update") && has("set") && lower.contains('='))
        || rest("delete from")
        || rest("create table")
        || rest("drop table")
        || rest("alter table")
        || rest("pragma")
}

#[test]
fn statements_are_told_from_sentences() {
    let check = |text, expect| assert_eq!(is_sql(text), expect, "{text}");
    check("select id from claim where no = ?", true);
    check("\n  SELECT count(*)\n  FROM claim", true);
    check("insert into claim (id) values (?)", true);
    check("update claim set no = ?", true);
    check("delete from claim", true);
    check("pragma journal_mode = wal", true);
    check("select a printer", false);
    check("update the policy", false);
    check("selected from the list", false);
    check("deleted from disk", false);
}
