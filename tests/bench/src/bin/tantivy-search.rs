//! tantivy beside the desk's search: the same words and keys of the same records, the same queries, the same question:
//! the newest twenty that hold every word.
//!
//! `tantivy-search --json FOLDER QUERIES < texts`. The texts come from the desk's `bench --texts`, one line per entry:
//! number, kind, case number, title, words, keys, parted by tabs. tantivy encrypts nothing and shares the page cache.
#![expect(clippy::print_stdout, reason = "its figures are all it is for")]

use std::io::BufRead as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, RegexQuery, TermQuery};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::{Index, Order, TantivyDocument, Term, doc};

struct Fields {
    entry: Field,
    shown: Field,
    words: Field,
    keys: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let split = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let text = TextOptions::default().set_indexing_options(split);
    let fields = Fields {
        entry: schema.add_u64_field("entry", FAST),
        shown: schema.add_text_field("shown", STORED),
        words: schema.add_text_field("words", text.clone()),
        keys: schema.add_text_field("keys", text),
    };
    (schema.build(), fields)
}

fn fill(index: &Index, fields: &Fields) -> Result<(u64, f64)> {
    let begun = Instant::now();
    let mut writer = index.writer_with_num_threads(2, 400_000_000)?;
    let mut count = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let parts: Vec<&str> = line.split('\t').collect();
        let [entry, kind, no, title, words, keys] = parts.as_slice() else {
            bail!("a line of {} parts", parts.len())
        };
        writer.add_document(doc!(
            fields.entry => entry.parse::<u64>()?,
            fields.shown => format!("{kind} {no} {title}"),
            fields.words => *words,
            fields.keys => *keys,
        ))?;
        count += 1;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok((count, begun.elapsed().as_secs_f64()))
}

/// Words and prefixes of a query, cut as the desk cuts them (store/src/search/tokens.rs): pairs of Chinese characters, and
/// numbers from both ends.
fn asked(query: &str) -> (Vec<String>, Vec<String>) {
    let (mut words, mut keys) = (Vec::new(), Vec::new());
    for word in query.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        if word.is_ascii() {
            let key = word.to_lowercase();
            if key.len() >= 3 && key.contains(|letter: char| letter.is_ascii_digit()) {
                keys.push(format!("<{}", key.chars().rev().collect::<String>()));
            }
            keys.push(key);
        } else if letters.len() == 1 {
            words.push(word.to_owned());
        } else {
            words.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
    }
    (words, keys)
}

fn all(field: Field, words: &[String]) -> Vec<(Occur, Box<dyn Query>)> {
    words
        .iter()
        .map(|word| {
            let term = Term::from_field_text(field, word);
            (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>)
        })
        .collect()
}

/// Keys are found by their beginning: a number from the front, or (marked `<`) from its end.
fn prefixes(field: Field, prefixes: &[String]) -> Result<Vec<(Occur, Box<dyn Query>)>> {
    prefixes
        .iter()
        .map(|prefix| {
            let query = RegexQuery::from_pattern(&format!("{prefix}.*"), field)?;
            Ok((Occur::Should, Box::new(query) as Box<dyn Query>))
        })
        .collect()
}

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.first().is_some_and(|first| first == "--json");
    if as_json {
        arguments.remove(0);
    }
    let [folder, queries] = arguments.as_slice() else {
        bail!("right would be: tantivy-search FOLDER QUERIES")
    };
    let queries: Vec<(String, Vec<String>)> = serde_json::from_str(&std::fs::read_to_string(queries)?)?;
    let (schema, fields) = schema();
    std::fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(Path::new(folder), schema).context("making the index")?;
    let (entries, seconds) = fill(&index, &fields)?;
    let reader = index.reader()?;
    let mut rows = Vec::new();
    for (name, texts) in &queries {
        let mut times = Vec::with_capacity(texts.len());
        let mut hits = 0;
        for text in texts {
            let begun = Instant::now();
            let (words, keys) = asked(text);
            let mut wanted = all(fields.words, &words);
            if words.is_empty() {
                wanted = prefixes(fields.keys, &keys)?;
            }
            let searcher = reader.searcher();
            let top = TopDocs::with_limit(20).order_by_fast_field::<u64>("entry", Order::Desc);
            for (_, address) in searcher.search(&BooleanQuery::new(wanted), &top)? {
                let found: TantivyDocument = searcher.doc(address)?;
                hits += usize::from(found.get_first(fields.shown).and_then(|shown| shown.as_str()).is_some());
            }
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let at = |share: usize| {
            let time = times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
            time.map_or(0.0, |time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
        };
        rows.push(json!({ "name": format!("tantivy: {name}"), "unit": "ms", "p50": at(50), "p99": at(99), "note": format!("{} different queries, {hits} hits", texts.len()) }));
    }
    rows.push(json!({ "name": "tantivy: indexing", "unit": "entries/s", "value": (entries as f64 / seconds).round(), "note": format!("{entries} entries, read from a pipe") }));
    if as_json {
        println!("{}", json!({ "figures": rows }));
        return Ok(());
    }
    println!("| figure | p50 or value | p99 | unit |\n|---|---:|---:|---|");
    for row in &rows {
        let cell =
            |name: &str| row.get(name).map(|value| value.to_string().replace('"', "")).unwrap_or_default();
        let first = if row.get("p50").is_some() { cell("p50") } else { cell("value") };
        println!("| {} | {first} | {} | {} |", cell("name"), cell("p99"), cell("unit"));
    }
    Ok(())
}
