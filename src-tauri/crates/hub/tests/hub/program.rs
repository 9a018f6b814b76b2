//! The program as it is started in earnest: by TLS, with its log, ended by a signal.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::desk::Desk;
use crate::server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_by_tls_logs_nothing_personal_and_ends_when_told() {
    let database = server::database().await;
    let folder = tempfile::tempdir().unwrap();
    // A key for this test only; it protects nothing.
    let pem = |name: &str| format!("{}/tests/hub/tls/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    let mut hub = Command::new(env!("CARGO_BIN_EXE_claims-hub"))
        .args(["--listen", "127.0.0.1:0", "--json", "--files"])
        .arg(format!("file://{}", folder.path().join("files").display()))
        .args(["--tls-cert", &pem("certificate"), "--tls-key", &pem("key")])
        .env("DATABASE_URL", &database)
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(hub.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let url = said["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");

    server::provider();
    let trusted = reqwest::Certificate::from_pem(&std::fs::read(pem("certificate")).unwrap()).unwrap();
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([trusted]).build().unwrap();
    let mut desk = Desk::stranger_with(http, &url, "SH01").await;
    let pool = hub::connect(&database, 1).await.unwrap();
    let code = hub::make_code(&pool, &hub::system_clock(), "SH01", None).await.unwrap().unwrap();
    desk.enrol(&code, "A7K2").await.unwrap();
    let words = "WORDS-OF-A-CUSTOMER";
    let operation = desk.event(words);
    assert_eq!(desk.push(&[operation]).await.expected, 2);
    let chunk = words.as_bytes().to_vec();
    let path = format!("/v1/chunks/{}", domain::digest::Digest::of(&chunk).hex());
    assert_eq!(desk.send("PUT", &path, chunk.clone()).await.0, 200);
    assert_eq!(desk.send("GET", &path, vec![]).await.1, chunk, "the folder keeps it");
    let plain = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(plain.get(url.replace("https", "http")).send().await.is_err(), "nothing without TLS");

    let ended = Command::new("kill").args(["-TERM", &hub.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert!(hub.wait().unwrap().success(), "it ends well");
    let mut log = String::new();
    hub.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let routes: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(routes.iter().any(|line| line["fields"]["route"] == "/v1/push"), "{log}");
    assert!(!log.contains(words) && !log.contains(&code) && !log.contains("SH01"), "{log}");
    assert!(routes.iter().all(|line| line["level"] == "INFO"), "{log}");
}
