//! `claims-hub`: serves desks, and the administrator's commands.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks through its output"
)]

mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Parser as _;
use domain::clock::FileProblem;
use domain::digest::{Digest, unhex};
use domain::reference::{Published, ReferenceKind};
use hub::{Hub, PublishedFiles, connect, migrate, open_files, system_clock};
use serde_json::{Value, json};
use sqlx::PgPool;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Command, Common, Quarantine, Serve};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("starting").and_then(|runtime| runtime.block_on(run(arguments)));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("claims-hub: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        None => serve(arguments.serve).await,
        Some(Command::Serve(options)) => serve(options).await,
        Some(command) => administer(command).await,
    }
}

async fn database(common: &Common, connections: u32) -> anyhow::Result<PgPool> {
    let url = common.database_url.as_deref().context("--database-url or DATABASE_URL is needed")?;
    let pool = connect(url, connections).await.context("connecting to the database")?;
    migrate(&pool).await.context("running the migrations")?;
    Ok(pool)
}

async fn serve(options: Serve) -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let acceptor = match (&options.tls_cert, &options.tls_key) {
        (Some(certificate), Some(key)) => {
            Some(hub::tls(certificate, key).context("reading the certificate")?)
        }
        _ => None,
    };
    let pool = database(&options.common, options.connections).await?;
    let files = files(options.files)?;
    let hub = Hub::open(pool, files, system_clock()).await.context("opening the hub")?;
    let listener = tokio::net::TcpListener::bind(options.listen).await.context("listening")?;
    let address = hub::address(&listener)?;
    let url = format!("{}://{address}", if acceptor.is_some() { "https" } else { "http" });
    if options.common.json {
        println!("{}", json!({ "url": url }));
    } else {
        println!("{url}");
    }
    tracing::info!(url, "the hub serves");
    if options.snapshot_every > 0 {
        tokio::spawn(hub::keep_snapshots(hub.clone(), options.snapshot_every));
    }
    hub::serve(hub, listener, acceptor, end()).await?;
    tracing::info!("the hub ended");
    Ok(ExitCode::SUCCESS)
}

/// The object store, in the working folder unless an address names another.
fn files(url: Option<String>) -> anyhow::Result<Arc<dyn object_store::ObjectStore>> {
    let url = match url {
        Some(url) => url,
        None => {
            let folder = std::env::current_dir().context("finding the folder")?.join("claims-hub-files");
            format!("file://{}", folder.display())
        }
    };
    open_files(&url).context("opening the files")
}

/// The wish to end: Ctrl-C, or what a service manager sends.
async fn end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _interrupted = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _interrupted = interrupt.await;
}

async fn administer(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        // `run` took it.
        Command::Serve(options) => return Box::pin(serve(options)).await,
        Command::Enrol { common, branch, role } => {
            let pool = database(&common, 1).await?;
            match hub::make_code(&pool, &system_clock(), &branch, role.as_deref()).await? {
                Ok(code) => say(&common, &json!({ "code": code }), &code),
                Err(refusal) => bail!("{}", refusal.code),
            }
        }
        Command::Devices { common } => {
            let lines = hub::devices(&database(&common, 1).await?).await?;
            say_all(&common, "devices", &serde_json::to_value(lines)?);
        }
        Command::Revoke { common, device } => {
            if !hub::revoke(&database(&common, 1).await?, device).await? {
                bail!("there is no device {device}");
            }
            say(&common, &json!({ "revoked": device }), "revoked");
        }
        Command::Quarantine { command: Quarantine::List { common } } => {
            let lines = hub::quarantine(&database(&common, 1).await?).await?;
            say_all(&common, "quarantine", &serde_json::to_value(lines)?);
        }
        Command::Quarantine { command: Quarantine::Release { common, hash } } => {
            let hash =
                unhex(&hash).and_then(|bytes| bytes.try_into().ok()).context("64 hexadecimal digits")?;
            let released = hub::release(&database(&common, 1).await?, &Digest(hash)).await?;
            let released_json = serde_json::to_value(released)?;
            say(&common, &released_json, &released_json.to_string());
            if !matches!(released, hub::Released::Applied { .. } | hub::Released::Known) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Conflicts { common } => {
            let lines = hub::conflicts(&database(&common, 1).await?).await?;
            say_all(&common, "conflicts", &serde_json::to_value(lines)?);
        }
        Command::Verify { common } => {
            let report = hub::verify(&database(&common, 1).await?).await?;
            let wrong = report.wrong;
            let report = serde_json::to_value(report)?;
            say(&common, &report, &serde_json::to_string_pretty(&report)?);
            return Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Publish { common, kind, files } => return publish(&common, kind, &files).await,
        Command::Published { common } => {
            let lines: Vec<Value> =
                hub::published(&database(&common, 1).await?).await?.iter().map(listed).collect();
            say_all(&common, "published", &Value::Array(lines));
        }
        Command::Snapshot { common, branch, files: url } => {
            let hub = Hub::open(database(&common, 2).await?, files(url)?, system_clock()).await?;
            let made = hub::make_snapshot(&hub, &branch).await.context("making the snapshot")?;
            let made = made.with_context(|| format!("branch {branch} has no operations"))?;
            let answer = json!({ "seq": made.seq, "records": made.records, "chunks": made.chunks.len() });
            say(&common, &answer, &answer.to_string());
        }
        Command::Backup { common, folder } => {
            hub::backup(&database(&common, 1).await?, &folder).await.context("writing the backup")?;
            say(&common, &json!({ "backup": folder }), "written");
        }
        Command::Restore { common, folder } => {
            let epoch =
                hub::restore(&database(&common, 1).await?, &folder).await.context("reading the backup")?;
            say(&common, &json!({ "epoch": epoch }), "restored");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A publication as it is listed, without its text.
fn listed(published: &Published) -> Value {
    json!({
        "kind": published.kind, "key": published.key, "version": published.version, "file": published.file,
    })
}

async fn publish(common: &Common, kind: ReferenceKind, files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut texts = Vec::new();
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        texts.push((name, text));
    }
    let pool = database(common, 2).await?;
    // Publishing touches no attached file.
    let hub = Hub::open(pool, Arc::new(object_store::memory::InMemory::new()), system_clock()).await?;
    match hub::publish_files(&hub, kind, &texts).await? {
        PublishedFiles::New(new) => {
            let lines: Vec<Value> = new.iter().map(listed).collect();
            let text = if lines.is_empty() { "nothing is new" } else { "published" };
            say(common, &json!({ "published": lines }), text);
            Ok(ExitCode::SUCCESS)
        }
        PublishedFiles::Refused(problem) => {
            let (message, code) = (problem.refusal.message(), problem.refusal.code);
            if common.json {
                let body = json!({
                    "code": code, "file": problem.file, "line": problem.line,
                    "message": format!("{} / {}", message.zh_cn, message.en),
                });
                eprintln!("{body}");
            } else {
                let FileProblem { file, line, .. } = problem;
                eprintln!("{file}:{line}: {} / {} ({code})", message.zh_cn, message.en);
            }
            Ok(ExitCode::FAILURE)
        }
        PublishedFiles::Met => bail!("another publication came at the same time; nothing was published"),
    }
}

fn say(common: &Common, answer: &Value, text: &str) {
    if common.json {
        println!("{answer}");
    } else {
        println!("{text}");
    }
}

/// A list: one line each, or one object.
fn say_all(common: &Common, name: &str, lines: &Value) {
    if common.json {
        println!("{}", json!({ name: lines }));
        return;
    }
    for line in lines.as_array().into_iter().flatten() {
        println!("{line}");
    }
}
