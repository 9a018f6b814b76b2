//! Figures of sync: operations of about 1 KB from a desk to the hub and on to another desk, beside PouchDB.
//!
//! `sync_bench --hub PROGRAM --peer FOLDER [--operations N] [--json]`; `cargo xtask bench sync` starts it. Both ends of ours
//! wait for the disk and the desks are encrypted; the peer is neither, its LevelDB syncs nothing. Both go through the same
//! counting proxy on this machine, one after the other, with the same texts.
#![expect(clippy::print_stdout, reason = "its figures are all it is for")]

mod common;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context as _, bail};
use common::{PASSWORD, branch, motor, motor_claim, table};
use desk::{Actor, Desk, SystemClock};
use domain::template::Library;
use scratchpg::{Durability, Postgres};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use zeroize::Zeroizing;

/// Claims that the operations are about: a claim of thousands of contacts would be nobody's.
const CLAIMS: usize = 100;
/// Characters of a text: with its fields about 1 KB.
const CHARACTERS: usize = 300;
/// Clock ticks in a second, as `/proc` counts.
const TICKS: f64 = 100.0;

struct Options {
    hub: PathBuf,
    peer: PathBuf,
    operations: usize,
    as_json: bool,
}

impl Options {
    fn read() -> anyhow::Result<Self> {
        let (mut hub, mut peer, mut operations, mut as_json) = (None, None, 5_000, false);
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--hub" => hub = arguments.next().map(PathBuf::from),
                "--peer" => peer = arguments.next().map(PathBuf::from),
                "--operations" => {
                    operations = arguments.next().context("reading --operations")?.parse()?;
                }
                "--json" => as_json = true,
                other => bail!("unknown: {other}"),
            }
        }
        let missing = "right would be: --hub PROGRAM --peer FOLDER";
        Ok(Options { hub: hub.context(missing)?, peer: peer.context(missing)?, operations, as_json })
    }
}

/// What one direction took.
struct Measured {
    per_second: f64,
    /// On the wire, both ways.
    bytes: f64,
    /// Of the serving process, in microseconds.
    cpu: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::read()?;
    let folder = tempfile::tempdir().context("making a folder")?;
    let texts = texts(options.operations)?;
    let [push, pull] = ours(&options, folder.path(), &texts).await?;
    let [peer_push, peer_pull] = peer(&options, folder.path(), &texts).await?;
    let mut rows = Vec::new();
    for (name, ours, peer, bar) in [("push", &push, &peer_push, 5.0), ("pull", &pull, &peer_pull, 2.0)] {
        rows.push(row(name, "operations/s", ours.per_second, peer.per_second, Some(Bar::AtLeast(bar))));
        rows.push(row(
            &format!("{name}: on the wire"),
            "bytes",
            ours.bytes,
            peer.bytes,
            Some(Bar::AtMost(0.5)),
        ));
        rows.push(row(&format!("{name}: CPU of the server"), "µs", ours.cpu, peer.cpu, None));
    }
    print(&rows, &options);
    Ok(())
}

/// Pieces of the shipped templates' own Chinese texts, cut anywhere: prose packs, characters drawn at random do not.
fn texts(count: usize) -> anyhow::Result<Vec<String>> {
    let prose = serde_json::to_string(&Library::shipped().templates)?;
    let prose: Vec<char> = prose
        .chars()
        .filter(|letter| matches!(letter, '\u{3001}'..='\u{3002}' | '\u{4e00}'..='\u{9fa5}' | '\u{ff0c}'))
        .collect();
    let places = prose.len().checked_sub(CHARACTERS).context("the templates say too little")?;
    let mut state = 20_261_125_usize;
    let mut place = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % places
    };
    Ok((0..count).map(|_| prose.iter().skip(place()).take(CHARACTERS).collect()).collect())
}

/// A process that prints one line of JSON when it serves, and ends with its input.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting")?;
        let mut said = String::new();
        let output = process.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut said).context("reading where it serves")?;
        let said: Value = serde_json::from_str(&said).context("reading where it serves")?;
        let url = said.get("url").and_then(Value::as_str).context("reading where it serves")?.to_owned();
        Ok(Server { process, url })
    }

    /// Processor time so far, in seconds.
    fn cpu(&self) -> anyhow::Result<f64> {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // After the name, which may hold blanks, in brackets.
        let told = told.rsplit(')').next().unwrap_or_default();
        let ticks = |at: usize| told.split_whitespace().nth(at).and_then(|word| word.parse::<f64>().ok());
        Ok((ticks(11).context("reading user time")? + ticks(12).context("reading system time")?) / TICKS)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// Counts what goes through.
struct Wire {
    url: String,
    bytes: Arc<AtomicU64>,
}

impl Wire {
    async fn before(server: &Server) -> anyhow::Result<Self> {
        let (host, path) = match server.url.trim_start_matches("http://").split_once('/') {
            Some((host, path)) => (host.to_owned(), format!("/{path}")),
            None => (server.url.trim_start_matches("http://").to_owned(), String::new()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}{path}", listener.local_addr()?);
        let bytes = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&bytes);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (host, counted) = (host.clone(), Arc::clone(&counted));
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(host).await {
                        carry(client, server, &counted).await;
                    }
                });
            }
        });
        Ok(Wire { url, bytes })
    }
}

async fn carry(client: TcpStream, server: TcpStream, counted: &AtomicU64) {
    let (client, server) = (client.into_split(), server.into_split());
    tokio::join!(one_way(client.0, server.1, counted), one_way(server.0, client.1, counted));
}

async fn one_way(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    counted: &AtomicU64,
) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let Some(part) = buffer.get(..length) else { return };
        // While it goes, not at its end: connections outlive what is measured.
        counted.fetch_add(u64::try_from(length).unwrap_or_default(), Ordering::Relaxed);
        if to.write_all(part).await.is_err() {
            return;
        }
    }
}

/// What the server and the wire cost while something is done `count` times.
struct Meter<'a> {
    server: &'a Server,
    wire: &'a Wire,
    bytes: u64,
    cpu: f64,
}

impl<'a> Meter<'a> {
    fn begin(server: &'a Server, wire: &'a Wire) -> anyhow::Result<Self> {
        Ok(Meter { server, wire, bytes: wire.bytes.load(Ordering::Relaxed), cpu: server.cpu()? })
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn end(self, count: usize, seconds: f64) -> anyhow::Result<Measured> {
        let count = count as f64;
        let bytes = (self.wire.bytes.load(Ordering::Relaxed) - self.bytes) as f64;
        Ok(Measured {
            per_second: count / seconds,
            bytes: bytes / count,
            cpu: (self.server.cpu()? - self.cpu) * 1_000_000.0 / count,
        })
    }
}

async fn ours(options: &Options, folder: &Path, texts: &[String]) -> anyhow::Result<[Measured; 2]> {
    let postgres = Postgres::start(Durability::Full).map_err(|error| anyhow::anyhow!("{error}"))?;
    let database = postgres.url("postgres");
    let mut serve = Command::new(&options.hub);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--json", "--files"]);
    serve.arg(format!("file://{}", folder.join("files").display()));
    let server = Server::start({
        serve.env("DATABASE_URL", &database).env("RUST_LOG", "warn");
        serve
    })?;
    let wire = Wire::before(&server).await?;
    let (one, first) = joined(options, &database, &wire, &folder.join("one")).await?;
    let claims = claims(&one, &first).await?;
    one.sync_now().await.context("sending the claims")?;
    let (two, _) = joined(options, &database, &wire, &folder.join("two")).await?;
    two.sync_now().await.context("fetching the claims")?;

    for (text, claim) in texts.iter().zip(claims.iter().cycle()) {
        let contact = json!({ "channel": "phone", "with": "Zhang San", "summary": text });
        one.claim_do(&first, claim, "record_contact", &contact).await.context("recording")?;
    }
    let mut measured = Vec::new();
    for desk in [&one, &two] {
        let meter = Meter::begin(&server, &wire)?;
        let begun = Instant::now();
        let report = desk.sync_now().await.context("exchanging")?;
        measured.push(meter.end(texts.len(), begun.elapsed().as_secs_f64())?);
        if report.unsent > 0 || report.applied != report.head {
            bail!("a round left {} unsent and {} of {} applied", report.unsent, report.applied, report.head);
        }
    }
    if one.state_digest().await? != two.state_digest().await? {
        bail!("the desks differ");
    }
    one.close().await;
    two.close().await;
    measured.try_into().ok().context("two directions")
}

/// A new desk of the branch, enrolled.
async fn joined(
    options: &Options,
    database: &str,
    wire: &Wire,
    profile: &Path,
) -> anyhow::Result<(Desk, Actor)> {
    let desk = Desk::create(profile, branch(), false, Arc::new(SystemClock)).await.context("creating")?.desk;
    let admin = desk.login("admin", Zeroizing::new(PASSWORD.to_owned())).await.context("logging in")?;
    let mut enrol = Command::new(&options.hub);
    enrol.args(["enrol", "--branch", "BENCH", "--json"]).env("DATABASE_URL", database);
    let said: Value = serde_json::from_slice(&enrol.output().context("asking for a code")?.stdout)?;
    let code = said.get("code").and_then(Value::as_str).context("asking for a code")?;
    desk.sync_enrol(&admin, &wire.url, code).await.context("joining")?;
    Ok((desk, admin))
}

async fn claims(desk: &Desk, actor: &Actor) -> anyhow::Result<Vec<String>> {
    let mut made = Vec::with_capacity(CLAIMS);
    for number in 0..CLAIMS {
        let input = motor_claim(format!("BENCH{number:06}"))?;
        made.push(desk.register(actor, motor()?, input).await.context("registering")?.no);
    }
    Ok(made)
}

async fn peer(options: &Options, folder: &Path, texts: &[String]) -> anyhow::Result<[Measured; 2]> {
    let mut lines = String::new();
    for text in texts {
        let id = uuid::Uuid::now_v7();
        writeln!(
            lines,
            "{}",
            json!({ "_id": id, "channel": "phone", "with": "Zhang San", "summary": text })
        )?;
    }
    let docs = folder.join("docs");
    std::fs::write(&docs, lines)?;
    let script = options.peer.join("peer.mjs");
    let mut serve = Command::new("node");
    serve.arg(&script).arg("serve").arg(folder.join("peer"));
    let server = Server::start(serve)?;
    let wire = Wire::before(&server).await?;
    let mut measured = Vec::new();
    for (task, local, docs) in [("push", "peer-one", Some(&docs)), ("pull", "peer-two", None)] {
        let mut client = tokio::process::Command::new("node");
        client.arg(&script).arg(task).arg(folder.join(local)).args(docs).arg(&wire.url);
        let meter = Meter::begin(&server, &wire)?;
        let output = client.stderr(Stdio::inherit()).output().await.context("starting node")?;
        let said: Value = serde_json::from_slice(&output.stdout).context("reading the peer's figures")?;
        let seconds = said.get("seconds").and_then(Value::as_f64).context("reading the peer's figures")?;
        measured.push(meter.end(texts.len(), seconds)?);
        if said.get("docs").and_then(Value::as_u64) != u64::try_from(texts.len()).ok() {
            bail!("the peer did not carry all: {said}");
        }
    }
    measured.try_into().ok().context("two directions")
}

enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

fn row(name: &str, unit: &str, ours: f64, peer: f64, bar: Option<Bar>) -> Value {
    let ratio = (ours / peer * 100.0).round() / 100.0;
    let mut row =
        json!({ "name": name, "unit": unit, "value": ours.round(), "peer": peer.round(), "ratio": ratio });
    let (told, met) = match bar {
        Some(Bar::AtLeast(least)) => (format!(">= {least}"), ratio >= least),
        Some(Bar::AtMost(most)) => (format!("<= {most}"), ratio <= most),
        None => return row,
    };
    if let Some(row) = row.as_object_mut() {
        row.insert("bar".to_owned(), json!(told));
        row.insert("met".to_owned(), json!(met));
    }
    row
}

fn print(rows: &[Value], options: &Options) {
    if options.as_json {
        println!("{}", json!({ "figures": rows, "operations": options.operations }));
        return;
    }
    println!("{} operations, each figure for one\n", options.operations);
    let columns: [(&str, &[&str]); 7] = [
        ("figure", &["name"]),
        ("unit", &["unit"]),
        ("desk and hub", &["value"]),
        ("PouchDB", &["peer"]),
        ("ratio", &["ratio"]),
        ("bar", &["bar"]),
        ("met", &["met"]),
    ];
    table(&columns, rows);
}
