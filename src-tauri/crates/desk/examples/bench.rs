//! `cargo xtask bench [search|list|register …] [--claims N] [--json]`: figures on a synthetic branch.
//!
//! Times are figures, not tests: machines are noisy. Beside each durable write stands the floor of the same run, a
//! plain append of the same size synced to the same disk.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use desk::claim::input::from_value;
use desk::claim::list::ClaimFilter;
use desk::{Actor, Desk, ProfileCreateInput, SystemClock};
use domain::template::Library;
use serde_json::{Value, json};
use zeroize::Zeroizing;

const PASSWORD: &str = "bench-2026";
const ROUNDS: usize = 200;

/// What is searched: a name for the table, and the query.
const QUERIES: &str = include_str!("../../../../assets/seed/queries.json");

struct Figure {
    name: String,
    p50: Duration,
    p99: Duration,
    note: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut names = Vec::new();
    let (mut claims, mut as_json) = (1_000_000, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--claims" => claims = arguments.next().context("reading --claims")?.parse()?,
            name => names.push(name.to_owned()),
        }
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let folder = tempfile::tempdir().context("making a folder")?;
    let (desk, admin) = branch(&folder.path().join("profile")).await?;
    let seeded = desk.seed(Some(&admin), claims, 0, 1).await.context("seeding")?;
    let per_second = f64::from(claims) / seeded.seconds;
    let mut figures = Vec::new();
    if wanted("search") {
        let queries: Vec<(String, String)> = serde_json::from_str(QUERIES).context("reading the queries")?;
        for (name, query) in &queries {
            let hits = desk.search(&admin, query, None, 20).await?.len();
            let times = measure(async || desk.search(&admin, query, None, 20).await.map(|_| ())).await?;
            figures.push(figure(format!("search: {name}"), times, format!("{query}, {hits} hits")));
        }
    }
    if wanted("list") {
        let filter = ClaimFilter::default();
        let times = measure(async || desk.claim_list(&admin, &filter, 0, 50).await.map(|_| ())).await?;
        figures.push(figure("claim list, first page".to_owned(), times, "50 rows".to_owned()));
    }
    if wanted("register") {
        let times = registrations(&desk, &admin).await?;
        figures.push(figure("register a claim, durable".to_owned(), times, String::new()));
        let floor = appends(&folder.path().join("floor"))?;
        figures.push(figure("floor: 16 KiB appended and synced twice".to_owned(), floor, String::new()));
    }
    print(claims, per_second, &seeded, &figures, as_json);
    Ok(())
}

async fn branch(folder: &Path) -> anyhow::Result<(Desk, Actor)> {
    let input = ProfileCreateInput {
        branch_code: "BENCH".to_owned(),
        branch_name: "Bench".to_owned(),
        admin_user: "admin".to_owned(),
        admin_name: "Bench".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let desk = Desk::create(folder, input, false, Arc::new(SystemClock)).await.context("creating")?.desk;
    let admin = desk.login("admin", Zeroizing::new(PASSWORD.to_owned())).await.context("logging in")?;
    Ok((desk, admin))
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
    let template = Library::shipped()
        .templates
        .iter()
        .find(|template| template.id == "motor-damage")
        .context("finding the motor template")?;
    let example = serde_json::to_value(&template.example)?;
    let mut times = Vec::with_capacity(ROUNDS);
    for number in 0..ROUNDS {
        let mut input = example.clone();
        if let Some(no) = input.pointer_mut("/policy/no") {
            *no = Value::String(format!("BENCH{number:06}"));
        }
        let input = from_value(input).context("reading the example")?;
        let begun = Instant::now();
        desk.register(admin, template, input).await.context("registering")?;
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
    Ok(times)
}

fn figure(name: String, mut times: Vec<Duration>, note: String) -> Figure {
    times.sort_unstable();
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
    Figure { name, p50: at(50).unwrap_or_default(), p99: at(99).unwrap_or_default(), note }
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn print(claims: u32, per_second: f64, seeded: &desk::SeedReport, figures: &[Figure], as_json: bool) {
    let milliseconds = |time: Duration| (time.as_secs_f64() * 100_000.0).round() / 100.0;
    #[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
    let records = seeded.records as f64 / seeded.seconds;
    if as_json {
        let rows: Vec<Value> = figures
            .iter()
            .map(|figure| {
                json!({ "name": figure.name, "p50_ms": milliseconds(figure.p50), "p99_ms": milliseconds(figure.p99), "note": figure.note })
            })
            .collect();
        let all = json!({ "claims": claims, "seed_claims_per_s": per_second.round(), "seed_records_per_s": records.round(), "figures": rows });
        println!("{all}");
        return;
    }
    println!("{claims} claims seeded at {per_second:.0} claims/s, {records:.0} records/s");
    println!("| figure | p50 ms | p99 ms | |\n|---|---:|---:|---|");
    for figure in figures {
        println!(
            "| {} | {} | {} | {} |",
            figure.name,
            milliseconds(figure.p50),
            milliseconds(figure.p99),
            figure.note
        );
    }
}
