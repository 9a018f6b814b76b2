//! Processes of a test: its own program started anew, and a link between them.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses its own part")]

pub(crate) mod link;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use hub::Hub;
use serde_json::{Value, json};

/// A number of the environment.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// A process of the test.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> (Self, BufReader<std::process::ChildStdout>) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("part")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        (Process(child), said)
    }

    /// What it said in its one line; it ended well.
    pub(crate) fn finish((mut process, mut said): (Self, BufReader<std::process::ChildStdout>)) -> Value {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert!(process.0.wait().unwrap().success(), "{line}");
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A hub as a process, and where it listens.
pub(crate) fn hub(database: &str, files: &str) -> (Process, SocketAddr) {
    let (hub, mut said) = Process::start(&["hub", database, files]);
    let mut address = String::new();
    said.read_line(&mut address).unwrap();
    (hub, address.trim().parse().unwrap())
}

/// Serves until the test's process is gone.
pub(crate) async fn serve(database: &str, files: &str) {
    let pool = hub::connect(database, 4).await.unwrap();
    hub::migrate(&pool).await.unwrap();
    let hub = Hub::open(pool, hub::open_files(files).unwrap(), hub::system_clock()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", hub::address(&listener).unwrap());
    std::io::stdout().flush().unwrap();
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let ended = async {
        let _closed = end.await;
    };
    hub::serve(hub, listener, None, ended).await.unwrap();
}

pub(crate) async fn code(database: &str) -> Value {
    let pool = hub::connect(database, 1).await.unwrap();
    json!({ "code": hub::make_code(&pool, &hub::system_clock(), "SH01", None).await.unwrap().unwrap() })
}
