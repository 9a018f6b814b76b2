//! Reference data from a real hub to two desks: what was published is used from then on, and what was begun before keeps
//! the version it began with.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of the tests fail like tests")]

#[cfg(test)]
mod common;

use common::{Profile, answer, code, example};
use domain::Code;
use domain::reference::ReferenceKind;
use hub::{Hub, PublishedFiles};
use scratchpg::{Durability, Postgres};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A hub that publishes and serves.
struct Server {
    hub: Hub,
    url: String,
    database: String,
    runtime: Runtime,
    _files: TempDir,
    _postgres: Postgres,
}

impl Server {
    fn start() -> Self {
        let postgres = Postgres::start(Durability::None).unwrap();
        let (runtime, database) = (Runtime::new().unwrap(), postgres.url("postgres"));
        let files = tempfile::tempdir().unwrap();
        let (hub, url) = runtime.block_on(async {
            let pool = hub::connect(&database, 4).await.unwrap();
            hub::migrate(&pool).await.unwrap();
            let files = hub::open_files(&format!("file://{}", files.path().display())).unwrap();
            let hub = Hub::open(pool, files, hub::system_clock()).await.unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", hub::address(&listener).unwrap());
            tokio::spawn(hub::serve(hub.clone(), listener, None, std::future::pending()));
            (hub, url)
        });
        Server { hub, url, database, runtime, _files: files, _postgres: postgres }
    }

    fn publish(&self, kind: ReferenceKind, file: &str, source: &str) -> PublishedFiles {
        let files = [(file.to_owned(), source.to_owned())];
        self.runtime.block_on(hub::publish_files(&self.hub, kind, &files)).unwrap()
    }

    fn published(&self, kind: ReferenceKind, file: &str, source: &str) {
        let done = self.publish(kind, file, source);
        assert!(matches!(&done, PublishedFiles::New(new) if new.len() == 1), "{file}: {done:?}");
    }

    fn join(&self, desk: &Profile) {
        let code = self.runtime.block_on(async {
            let pool = hub::connect(&self.database, 1).await.unwrap();
            hub::make_code(&pool, &hub::system_clock(), "SH01", None).await.unwrap().unwrap()
        });
        answer(&desk.run(&["sync", "enrol", "--hub", &self.url, "--code", &code]));
    }
}

fn ask(desk: &Profile, arguments: &[&str]) -> Value {
    answer(&desk.opened().args(arguments).output().unwrap())
}

fn register(desk: &Profile, policy: &str) -> String {
    let mut input = example("motor-damage");
    input["policy"]["no"] = json!(policy);
    let file = desk.write("input.json", input.to_string());
    let made = answer(&desk.run(&["claim", "register", "--template", "motor-damage", "--input", &file]));
    made["no"].as_str().unwrap().to_owned()
}

fn version(desk: &Profile, no: &str) -> Value {
    answer(&desk.run(&["claim", "show", no]))["template"]["version"].clone()
}

#[test]
fn what_the_hub_publishes_is_used_at_every_desk() {
    let server = Server::start();
    let (one, two) = (Profile::new(), Profile::new());
    server.join(&one);
    server.join(&two);
    let before = register(&one, "REF00001");
    ask(&one, &["sync", "now"]);
    ask(&two, &["sync", "now"]);
    let old = version(&one, &before);
    assert_eq!(ask(&one, &["reference"])["published"], json!([]));
    // 2027 begins with a Friday that is worked as far as the shipped set knows.
    let ask_day = ["clock", "isworkday", "2027-01-01"];
    assert_eq!(ask(&one, &ask_day)["no_calendar"], json!([2027]));

    let shipped = include_str!("../../../../assets/templates/motor-damage.json");
    let mut template: Value = serde_json::from_str(shipped).unwrap();
    template["version"] = (old.as_u64().unwrap() + 1).into();
    let text = serde_json::to_string_pretty(&template).unwrap();
    let broken = text.replacen("\"version\"", "\"virsion\"", 1);
    match server.publish(ReferenceKind::Template, "broken.json", &broken) {
        PublishedFiles::Refused(problem) => {
            assert_eq!(
                (problem.file.as_str(), problem.refusal.code),
                ("broken.json", Code::TemplateKeyUnknown)
            );
            assert!(problem.line > 1, "{problem:?}");
        }
        other => panic!("{other:?}"),
    }
    server.published(ReferenceKind::Template, "motor-damage.json", &text);
    let calendar = include_str!("../../../../assets/calendars/CN-2026.json").replace("2026", "2027");
    // The make-up days of another year fall on other weekdays.
    let mut calendar: Value = serde_json::from_str(&calendar).unwrap();
    calendar["work"] = json!([]);
    server.published(ReferenceKind::Calendar, "CN-2027.json", &calendar.to_string());
    let clock = include_str!("../../../../assets/clocks/K1.json");
    let mut clock: Value = serde_json::from_str(clock).unwrap();
    let limit = clock["limit"].as_u64().unwrap();
    clock["limit"] = (limit + 1).into();
    server.published(ReferenceKind::Clock, "K1.json", &clock.to_string());
    let product = r#"[{"code":"NEW-01","name":"新险种","template":"motor-damage"}]"#;
    server.published(ReferenceKind::Product, "products.json", product);
    for kind in [ReferenceKind::Category, ReferenceKind::Layout, ReferenceKind::Target] {
        server.published(kind, "one.json", r#"{"id":"one"}"#);
    }

    for desk in [&one, &two] {
        assert_eq!(ask(desk, &["sync", "now"])["trouble"], Value::Null);
        let listed = ask(desk, &["reference"]);
        let rows = listed["published"].as_array().unwrap();
        let used = rows.iter().filter(|row| row["in_use"] == true).count();
        assert_eq!((rows.len(), used), (7, 4), "{listed}");
        assert_eq!(ask(desk, &ask_day)["workday"], true, "without a profile the shipped set counts");
        let known = ask(desk, &["clock", "isworkday", "2027-01-01", "--published"]);
        assert_eq!((&known["workday"], &known["no_calendar"]), (&json!(false), &json!([])), "{known}");
        let rules = ask(desk, &["clock", "rules", "--published"]);
        let rule = rules["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "K1").unwrap();
        assert_eq!(rule["limit"], limit + 1);
    }
    assert_eq!(ask(&one, &["state-digest"]), ask(&two, &["state-digest"]));
    let after = register(&two, "REF00002");
    ask(&two, &["sync", "now"]);
    ask(&one, &["sync", "now"]);
    for desk in [&one, &two] {
        assert_eq!(version(desk, &before), old, "a claim keeps the version it began with");
        assert_eq!(version(desk, &after), old.as_u64().unwrap() + 1, "a new one has the published version");
    }
    match server.publish(ReferenceKind::Template, "motor-damage.json", &format!("{text}\n")) {
        PublishedFiles::Refused(problem) => {
            assert_eq!(problem.refusal.code, Code::TemplateVersionDuplicate, "it is never replaced");
        }
        other => panic!("{other:?}"),
    }
    let alone = Profile::new();
    assert_eq!(code(&alone.opened().args(["sync", "now"]).output().unwrap()), "sync.not-enrolled");
    assert_eq!(
        version(&alone, &register(&alone, "REF00003")),
        old,
        "a desk without a hub has the shipped set"
    );
}
