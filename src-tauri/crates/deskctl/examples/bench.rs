//! Figures of the desk on a synthetic branch, without the window.
//!
//! `bench [seed|search|list|register …] [--profile DIR] [--claims N] [--json]`, or `bench --texts` with a profile: the
//! words and keys of every entry of the search index, one line each, for the peer in tests/bench. `cargo xtask bench`
//! starts it. A profile that was filled by an earlier run is used again, with the figures of its filling.
//!
//! Times are figures, not tests: machines are noisy. Beside each durable write stands the floor of the same run, a
//! plain append of the same size synced to the same disk.
#![expect(clippy::print_stdout, reason = "its figures are all it is for")]

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use common::{PASSWORD, branch, motor, motor_claim, table};
use desk::claim::list::ClaimFilter;
use desk::{Actor, Desk, SystemClock};
use serde_json::{Value, json};
use zeroize::Zeroizing;

const ROUNDS: usize = 200;
const NAMES: [&str; 4] = ["seed", "search", "list", "register"];

/// Entries that lend their words to a query, evenly spread over the branch.
const SAMPLES: i64 = 1_200;

struct Options {
    names: Vec<String>,
    claims: u32,
    profile: Option<PathBuf>,
    as_json: bool,
    texts: bool,
}

impl Options {
    fn read() -> anyhow::Result<Self> {
        let mut options =
            Options { names: Vec::new(), claims: 1_000_000, profile: None, as_json: false, texts: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => options.as_json = true,
                "--texts" => options.texts = true,
                "--claims" => options.claims = arguments.next().context("reading --claims")?.parse()?,
                "--profile" => options.profile = arguments.next().map(PathBuf::from),
                name if NAMES.contains(&name) => options.names.push(name.to_owned()),
                other => bail!("no bench {other:?}; there are {}", NAMES.join(", ")),
            }
        }
        Ok(options)
    }

    fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::read()?;
    let folder = tempfile::tempdir().context("making a folder")?;
    let profile = options.profile.clone().unwrap_or_else(|| folder.path().join("profile"));
    let desk = opened(&profile, options.profile.is_some()).await?;
    let admin = desk.login("admin", Zeroizing::new(PASSWORD.to_owned())).await.context("logging in")?;
    if options.texts {
        return texts(&desk, &admin).await;
    }
    let mut rows = Vec::new();
    let seeded = seeded(&desk, &admin, &profile, options.claims).await?;
    if options.wants("seed") {
        rows.extend(seeded);
    }
    if options.wants("search") {
        rows.extend(searches(&desk, &admin, &profile).await?);
    }
    if options.wants("list") {
        let filter = ClaimFilter::default();
        let times = measure(async || desk.claim_list(&admin, &filter, 0, 50).await.map(|_| ())).await?;
        rows.push(row("claim list, first page", times, Some(10.0), "50 rows"));
    }
    if options.wants("register") {
        let times = registrations(&desk, &admin).await?;
        rows.push(row("register a claim, durable", times, Some(20.0), "acknowledged when on the disk"));
        let floor = appends(&profile.join("bench-floor"))?;
        rows.push(row(
            "floor: 16 KiB appended and synced, twice",
            floor,
            None,
            "the same disk, the same run",
        ));
    }
    // Else the next program to open the profile would begin by reading what seeding left in the journal.
    desk.close().await;
    print(&rows, options.as_json);
    Ok(())
}

/// The profile of an earlier run, or a new one. One that outlives this program has its key in the keyring, so that the
/// window opens it too.
async fn opened(profile: &Path, keep: bool) -> anyhow::Result<Desk> {
    if desk::profile_present(profile).context("looking for a profile")? {
        return Ok(Desk::open(profile, None, Arc::new(SystemClock))
            .await
            .context("opening the profile")?
            .desk);
    }
    Ok(Desk::create(profile, branch(), keep, Arc::new(SystemClock)).await.context("creating")?.desk)
}

/// Fills the branch, or tells how an earlier run filled it.
async fn seeded(desk: &Desk, admin: &Actor, profile: &Path, claims: u32) -> anyhow::Result<Vec<Value>> {
    let told = profile.with_extension("seeded.json");
    if let Ok(before) = std::fs::read_to_string(&told) {
        let before: Vec<Value> =
            serde_json::from_str(&before).context("reading how the branch was filled")?;
        return Ok(before);
    }
    let report = desk.seed(Some(admin), claims, 0, 1).await.context("seeding")?;
    #[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
    let records = report.records as f64 / report.seconds;
    let note =
        format!("{claims} claims, {} records in {:.0} s, by Desk::seed", report.records, report.seconds);
    let rows = vec![json!({ "name": "seed", "unit": "records/s", "value": records.round(), "bar": ">= 5000",
                            "met": records >= 5_000.0, "note": note })];
    std::fs::write(&told, serde_json::to_string(&rows)?).context("keeping how the branch was filled")?;
    Ok(rows)
}

/// Each kind of query with as many different words as the branch lends: one query again and again would be answered
/// from warm pages, and its p99 would be the machine's noise.
async fn searches(desk: &Desk, admin: &Actor, profile: &Path) -> anyhow::Result<Vec<Value>> {
    let queries = queries(desk, admin).await?;
    std::fs::write(profile.with_extension("queries.json"), serde_json::to_string(&queries)?)
        .context("keeping the queries for the peer")?;
    let mut rows = Vec::new();
    for (name, words) in &queries {
        let mut times = Vec::with_capacity(words.len());
        let mut hits = 0;
        for query in words {
            let begun = Instant::now();
            hits += desk.search(admin, query, None, 20).await?.len();
            times.push(begun.elapsed());
        }
        let note = format!("{} different queries, {hits} hits", words.len());
        rows.push(row(&format!("search: {name}"), times, Some(5.0), &note));
    }
    Ok(rows)
}

async fn queries(desk: &Desk, admin: &Actor) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let names = [
        "1 character",
        "name of 2 characters",
        "name of 3 characters",
        "initials",
        "phone tail",
        "policy prefix",
        "two words of the story",
    ];
    let mut queries: Vec<(String, Vec<String>)> = names.map(|name| (name.to_owned(), Vec::new())).to_vec();
    let mut last = 0;
    while let Some(entry) = desk.search_texts(admin, last * 2 + 1, 1).await?.first() {
        last = entry.entry;
    }
    let step = (last / SAMPLES).max(1);
    for sample in 0..SAMPLES.min(last) {
        for text in desk.search_texts(admin, sample * step, 1).await? {
            let title = text.title.chars().collect::<Vec<_>>();
            let key = |fits: &dyn Fn(&str) -> bool| text.keys.iter().find(|key| fits(key)).cloned();
            let mut lend = |at: usize, word: Option<String>| {
                if let (Some(word), Some((_, words))) = (word, queries.get_mut(at)) {
                    words.push(word);
                }
            };
            match text.kind.as_str() {
                "party" if matches!(title.len(), 2 | 3) => {
                    lend(0, title.first().map(char::to_string));
                    lend(title.len() - 1, Some(text.title.clone()));
                    lend(
                        3,
                        key(&|key| key.len() == title.len() && key.chars().all(|c| c.is_ascii_lowercase())),
                    );
                    let mobile = key(&|key| key.len() == 11 && key.starts_with('1'));
                    lend(4, mobile.and_then(|mobile| mobile.get(7..).map(str::to_owned)));
                }
                "policy" => lend(5, text.no.get(..11).map(str::to_owned)),
                "claim" => {
                    let pairs: Vec<&String> = text
                        .words
                        .iter()
                        .filter(|word| word.chars().count() == 2 && !word.is_ascii())
                        .collect();
                    let at = |share: usize| pairs.get(pairs.len() * share / 10).copied().cloned();
                    lend(6, at(3).zip(at(7)).map(|(one, other)| format!("{one} {other}")));
                }
                _ => {}
            }
        }
    }
    Ok(queries)
}

async fn measure<E>(mut work: impl AsyncFnMut() -> Result<(), E>) -> Result<Vec<Duration>, E> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        work().await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// The example motor claim again and again, each with another policy.
async fn registrations(desk: &Desk, admin: &Actor) -> anyhow::Result<Vec<Duration>> {
    // The profile may have seen this before: equal policies would be refused as the same loss.
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let mut times = Vec::with_capacity(ROUNDS);
    for number in 0..ROUNDS {
        let input = motor_claim(format!("BENCH{run}{number:04}"))?;
        let begun = Instant::now();
        desk.register(admin, motor()?, input).await.context("registering")?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// What the disk asks for two synced writes of about an operation's size.
fn appends(path: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut file = std::fs::File::create(path)?;
    let bytes = vec![7u8; 16 * 1024];
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..2 {
            file.write_all(&bytes)?;
            file.sync_data()?;
        }
        times.push(begun.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(times)
}

/// Every entry of the index: number, kind, case number, title, words, keys, parted by tabs.
async fn texts(desk: &Desk, admin: &Actor) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut after = 0;
    loop {
        let page = desk.search_texts(admin, after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.entry;
        for text in &page {
            let (words, keys) = (text.words.join(" "), text.keys.join(" "));
            writeln!(out, "{}\t{}\t{}\t{}\t{words}\t{keys}", text.entry, text.kind, text.no, text.title)?;
        }
    }
    out.flush().context("writing the texts")
}

fn row(name: &str, mut times: Vec<Duration>, bar: Option<f64>, note: &str) -> Value {
    times.sort_unstable();
    let at = |share: usize| {
        let time = times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
        time.map_or(0.0, |time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
    };
    let mut row = json!({ "name": name, "unit": "ms", "p50": at(50), "p99": at(99), "note": note });
    if let (Some(bar), Some(row)) = (bar, row.as_object_mut()) {
        row.insert("bar".to_owned(), json!(format!("p99 <= {bar}")));
        row.insert("met".to_owned(), json!(at(99) <= bar));
    }
    row
}

fn print(rows: &[Value], as_json: bool) {
    if as_json {
        println!("{}", json!({ "figures": rows }));
        return;
    }
    let columns: [(&str, &[&str]); 6] = [
        ("figure", &["name"]),
        ("p50 or value", &["p50", "value"]),
        ("p99", &["p99"]),
        ("unit", &["unit"]),
        ("bar", &["bar"]),
        ("", &["note"]),
    ];
    table(&columns, rows);
}
