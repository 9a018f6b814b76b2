//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use domain::reference::ReferenceKind;
use uuid::Uuid;

/// The hub that desks sync with.
#[derive(Debug, Parser)]
#[command(name = "claims-hub", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

/// Where the database is, and how to answer.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Serving.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Address and port; port 0 takes a free one.
    #[arg(long, env = "CLAIMS_HUB_LISTEN", default_value = "127.0.0.1:8730")]
    pub(crate) listen: SocketAddr,
    /// Where sealed chunks of files lie: file:///FOLDER or, built with the feature s3, s3://BUCKET.
    #[arg(long, env = "CLAIMS_HUB_FILES")]
    pub(crate) files: Option<String>,
    /// Operations of a branch after which what new desks begin with is made anew; 0 never makes it.
    #[arg(long, env = "CLAIMS_HUB_SNAPSHOT_EVERY", default_value_t = 50_000)]
    pub(crate) snapshot_every: u32,
    /// Certificate chain in PEM; without it plain HTTP, for tests or behind a proxy.
    #[arg(long, env = "CLAIMS_HUB_TLS_CERT", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key in PEM.
    #[arg(long, env = "CLAIMS_HUB_TLS_KEY", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Connections to the database.
    #[arg(long, env = "CLAIMS_HUB_CONNECTIONS", default_value_t = 16)]
    pub(crate) connections: u32,
}

/// What the administrator may do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve desks (the default).
    Serve(Serve),
    /// Give out a one-time code, good for ten minutes.
    Enrol {
        #[command(flatten)]
        common: Common,
        /// The branch's code.
        #[arg(long)]
        branch: String,
        /// A role, such as `counter_clerk`.
        #[arg(long)]
        role: Option<String>,
    },
    /// List devices.
    Devices {
        #[command(flatten)]
        common: Common,
    },
    /// Revoke a device: it pulls no more, and what it pushes goes into quarantine.
    Revoke {
        #[command(flatten)]
        common: Common,
        /// The device's id.
        device: Uuid,
    },
    /// What was taken into keeping and not applied.
    Quarantine {
        #[command(subcommand)]
        command: Quarantine,
    },
    /// List open conflicts.
    Conflicts {
        #[command(flatten)]
        common: Common,
    },
    /// Look through the whole log: chains, hashes, signatures, and every stream judged anew.
    Verify {
        #[command(flatten)]
        common: Common,
    },
    /// Publish reference data to every desk, in a version that stays. A file that a desk would refuse is refused here.
    Publish {
        #[command(flatten)]
        common: Common,
        /// template, calendar, clock, product, category, layout or target.
        #[arg(value_parser = kind)]
        kind: ReferenceKind,
        /// JSON files as in the program's assets; products as a list of {"code", "name", "template"}.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List what was published.
    Published {
        #[command(flatten)]
        common: Common,
    },
    /// Make what new desks of a branch begin with, now.
    Snapshot {
        #[command(flatten)]
        common: Common,
        /// The branch's code.
        #[arg(long)]
        branch: String,
        /// As in `serve`.
        #[arg(long, env = "CLAIMS_HUB_FILES")]
        files: Option<String>,
    },
    /// Write every table into a new folder. It holds the hub's key.
    Backup {
        #[command(flatten)]
        common: Common,
        /// The folder.
        folder: PathBuf,
    },
    /// Read a backup into an empty database.
    Restore {
        #[command(flatten)]
        common: Common,
        /// The folder.
        folder: PathBuf,
    },
}

/// Quarantine.
#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List it.
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Let an operation into its stream after all.
    Release {
        #[command(flatten)]
        common: Common,
        /// Its hash, as listed.
        hash: String,
    },
}

fn kind(name: &str) -> Result<ReferenceKind, String> {
    ReferenceKind::named(name).ok_or_else(|| {
        let known = ReferenceKind::ALL.map(ReferenceKind::as_str).join(", ");
        format!("one of {known}")
    })
}
