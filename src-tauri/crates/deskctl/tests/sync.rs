//! Two desks of one branch through the real program, and a real hub on a real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of the tests fail like tests")]

#[cfg(test)]
mod common;

use std::process::{Output, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use common::{Profile, answer, code, example, refusal};
use hub::Hub;
use scratchpg::{Durability, Postgres};
use serde_json::{Value, json};
use tempfile::TempDir;

static POSTGRES: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(Durability::None).unwrap());

/// A hub in a thread of its own; it ends with the test's process.
struct Server {
    url: String,
    runtime: tokio::runtime::Runtime,
    database: String,
    files: TempDir,
}

impl Server {
    /// A hub on an empty database of its own.
    fn start(name: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let files = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("psql")
            .args([&POSTGRES.url("postgres"), "-qc", &format!("create database {name}")])
            .status()
            .unwrap();
        assert!(made.success());
        let database = POSTGRES.url(name);
        let folder = format!("file://{}", files.path().display());
        let url = runtime.block_on(async {
            let pool = hub::connect(&database, 4).await.unwrap();
            hub::migrate(&pool).await.unwrap();
            let store = hub::open_files(&folder).unwrap();
            let serving = Hub::open(pool, store, hub::system_clock()).await.unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", hub::address(&listener).unwrap());
            tokio::spawn(hub::serve(serving, listener, None, std::future::pending()));
            url
        });
        Server { url, runtime, database, files }
    }

    fn code(&self, branch: &str) -> String {
        self.code_for(branch, None)
    }

    fn code_for(&self, branch: &str, role: Option<&str>) -> String {
        self.runtime.block_on(async {
            let pool = hub::connect(&self.database, 1).await.unwrap();
            hub::make_code(&pool, &hub::system_clock(), branch, role).await.unwrap().unwrap()
        })
    }

    fn enrol(&self, desk: &Profile) -> Value {
        answer(&desk.run(&["sync", "enrol", "--hub", &self.url, "--code", &self.code("SH01")]))
    }

    fn verify(&self) -> hub::Report {
        self.runtime.block_on(async {
            let pool = hub::connect(&self.database, 1).await.unwrap();
            hub::verify(&pool).await.unwrap()
        })
    }

    /// Makes what new desks of the branch begin with; gives how many operations are in it.
    fn snapshot(&self) -> u64 {
        let folder = format!("file://{}", self.files.path().display());
        self.runtime.block_on(async {
            let pool = hub::connect(&self.database, 2).await.unwrap();
            let hub = Hub::open(pool, hub::open_files(&folder).unwrap(), hub::system_clock()).await.unwrap();
            hub::make_snapshot(&hub, "SH01").await.unwrap().unwrap().seq
        })
    }

    fn revoke(&self, device_code: &str) {
        self.runtime.block_on(async {
            let pool = hub::connect(&self.database, 1).await.unwrap();
            let devices = hub::devices(&pool).await.unwrap();
            let device = devices.iter().find(|device| device.device_code == device_code).unwrap();
            assert!(hub::revoke(&pool, device.device).await.unwrap());
        });
    }
}

fn opened(desk: &Profile, arguments: &[&str]) -> Output {
    desk.opened().args(arguments).output().unwrap()
}

fn sync(desk: &Profile) -> Value {
    answer(&opened(desk, &["sync", "now"]))
}

fn digest(desk: &Profile) -> String {
    answer(&opened(desk, &["state-digest"]))["digest"].as_str().unwrap().to_owned()
}

fn register(desk: &Profile, policy: &str) -> String {
    let mut input = example("motor-damage");
    input["policy"]["no"] = json!(policy);
    let file = desk.write("input.json", input.to_string());
    let registered =
        answer(&desk.run(&["claim", "register", "--template", "motor-damage", "--input", &file]));
    registered["no"].as_str().unwrap().to_owned()
}

/// Until neither has anything the other lacks.
fn meet(one: &Profile, two: &Profile) {
    for desk in [one, two, one] {
        let report = sync(desk);
        assert_eq!((&report["unsent"], &report["trouble"]), (&json!(0), &Value::Null), "{report}");
    }
    assert_eq!(digest(one), digest(two), "two desks with the same scope hold the same");
}

#[test]
fn two_desks_work_offline_and_meet() {
    let server = Server::start("meet");
    let (one, two) = (Profile::new(), Profile::new());
    assert_eq!(code(&opened(&one, &["sync", "now"])), "sync.not-enrolled");
    let (first, second) = (register(&one, "MEET0001"), register(&two, "MEET0002"));
    // Nine megabytes: three chunks.
    let mut scan = b"%PDF-1.4\n".to_vec();
    scan.resize(9 * 1024 * 1024, b'x');
    let scan = one.write("scan.pdf", scan);
    let paper =
        ["claim", "document", &first, "--name", "scene-photos", "--received", "copy", "--file", &scan];
    answer(&one.run(&paper));

    let enrolled = server.enrol(&one);
    assert_eq!(enrolled["unsent"], 3, "all that was done before is still to be sent: {enrolled}");
    assert_ne!(server.enrol(&two)["device_code"], enrolled["device_code"]);
    let sent = sync(&one);
    assert_eq!((&sent["unsent"], &sent["files_to_send"]), (&json!(0), &json!(0)), "{sent}");
    meet(&one, &two);
    let report = answer(&opened(&two, &["sync", "status"]));
    assert_eq!((&report["files_to_fetch"], &report["clock_suspect"]), (&json!(0), &json!(false)), "{report}");
    for desk in [&one, &two] {
        for no in [&first, &second] {
            assert_eq!(answer(&desk.run(&["claim", "show", no]))["no"], **no);
        }
        desk.verify();
    }
    let file = &answer(&two.run(&["claim", "show", &first]))["attachments"][0];
    assert_eq!(file["size"], 9 * 1024 * 1024, "{file}");

    let devices = || answer(&one.run(&["sync", "devices"]))["devices"].as_array().unwrap().clone();
    let listed = devices();
    assert_eq!((listed.len(), &listed[0]["own"], &listed[1]["own"]), (2, &json!(true), &json!(false)));
    assert!(listed.iter().all(|row| row["seen_at"].is_string() && row["shut_out"] == false), "{listed:?}");
    server.revoke(listed[1]["code"].as_str().unwrap());
    assert_eq!(devices()[1]["shut_out"], true);
}

#[test]
fn a_desk_that_joins_late_begins_with_a_snapshot_and_misses_nothing() {
    let server = Server::start("late");
    let (one, two) = (Profile::new(), Profile::new());
    let first = register(&one, "LATE0001");
    let scan = one.write("scan.pdf", b"%PDF-1.4\nscan");
    let paper =
        ["claim", "document", &first, "--name", "scene-photos", "--received", "copy", "--file", &scan];
    answer(&one.run(&paper));
    server.enrol(&one);
    assert_eq!(sync(&one)["unsent"], 0);
    let begun_with = server.snapshot();
    let later = register(&one, "LATE0002");
    assert_eq!(sync(&one)["unsent"], 0);
    // Work done before it joined stands, and is sent.
    let own = register(&two, "LATE0003");
    server.enrol(&two);
    meet(&one, &two);
    for desk in [&one, &two] {
        for no in [&first, &later, &own] {
            assert_eq!(answer(&desk.run(&["claim", "show", no]))["no"], **no);
        }
    }
    let hits = answer(&two.run(&["search", "LATE0001"]));
    assert_eq!(hits["hits"][0]["kind"], "claim", "what came in the snapshot is found: {hits}");
    let report = answer(&opened(&two, &["sync", "status"]));
    assert_eq!((&report["files_to_fetch"], &report["incidents"]), (&json!(0), &json!([])), "{report}");
    assert_eq!(answer(&two.run(&["claim", "show", &first]))["attachments"][0]["size"], 13);
    // The operations themselves stayed at the hub.
    let walked = |desk: &Profile| desk.verify()["operations"].as_u64().unwrap();
    assert_eq!(walked(&one) - walked(&two), begun_with);
    server.verify();
}

#[test]
fn a_desk_enrolled_for_one_role_is_not_for_another() {
    let server = Server::start("role");
    let desk = Profile::new();
    desk.account("clerk", "王柜面", "counter_clerk");
    desk.account("manager", "周经理", "manager");
    let code_for_clerks = server.code_for("SH01", Some("counter_clerk"));
    answer(&desk.run(&["sync", "enrol", "--hub", &server.url, "--code", &code_for_clerks]));
    let show = ["search", "LATE0001"];
    let refused = refusal(&desk.run_as("manager", &show));
    assert_eq!(refused["code"], "access.device-role");
    assert!(refused["message"].as_str().unwrap().contains("柜面"), "it says for whom the desk is: {refused}");
    answer(&desk.run_as("clerk", &show));
    answer(&desk.run(&show));
    assert_eq!(sync(&desk)["parked"], json!([]));
    // Enrolled again with another code it is for everybody.
    server.enrol(&desk);
    answer(&desk.run_as("manager", &show));
}

#[test]
fn a_step_taken_on_both_desks_waits_for_a_decision() {
    let server = Server::start("conflict");
    let (one, two) = (Profile::new(), Profile::new());
    one.account("manager", "周经理", "manager");
    let no = register(&one, "CONF0001");
    server.enrol(&one);
    server.enrol(&two);
    meet(&one, &two);

    // Offline, one desk has the papers complete and the other the customer's withdrawal.
    let nothing = one.write("step.json", "{}");
    let withdrawal = two.write("step.json", json!({ "reason": "客户自行承担损失" }).to_string());
    let complete = one.run(&["claim", "do", &no, "papers_complete", "--input", &nothing]);
    answer(&complete);
    answer(&two.run(&["claim", "do", &no, "withdraw", "--input", &withdrawal]));
    meet(&one, &two);

    let show = |desk: &Profile| answer(&desk.run(&["claim", "show", &no]));
    for desk in [&one, &two] {
        assert_eq!(show(desk)["status"], "papers_complete", "the first accepted value stands");
        let list = answer(&desk.run(&["conflicts", "list", "--open-only"]));
        assert_eq!(list["conflicts"][0]["claim_no"], no, "{list}");
        let step = desk.write("step.json", json!({ "reason": "客户自行承担损失" }).to_string());
        assert_eq!(
            code(&desk.run(&["claim", "do", &no, "withdraw", "--input", &step])),
            "sync.conflict-open"
        );
    }
    let id = answer(&one.run(&["conflicts", "list"]))["conflicts"][0]["id"].as_str().unwrap().to_owned();
    let conflict = answer(&one.run(&["conflicts", "show", &id]));
    let side = conflict["sides"].as_array().unwrap().iter().find(|side| side["field"] == "status").unwrap();
    assert_eq!((&side["wanted"], &side["standing"]), (&json!("withdrawn"), &json!("papers_complete")));
    let operation = side["operation"].as_str().unwrap();

    let decide = ["conflicts", "decide", &id, "--take", operation, "--reason", "客户书面撤回"];
    assert_eq!(code(&one.run(&decide)), "access.denied", "an administrator decides no claim");
    let stranger = ["conflicts", "decide", &id, "--take", &id, "--reason", "客户书面撤回"];
    assert_eq!(code(&one.run_as("manager", &stranger)), "sync.conflict-choice");
    let decided = answer(&one.run_as("manager", &decide));
    assert_eq!(
        (&decided["row"]["open"], &decided["decided_by"]),
        (&json!(false), &json!("周经理")),
        "{decided}"
    );
    assert_eq!(decided["taken"], json!([operation]));
    assert_eq!(code(&one.run_as("manager", &decide)), "sync.conflict-decided");
    meet(&one, &two);
    for desk in [&one, &two] {
        let file = show(desk);
        assert_eq!(file["status"], "withdrawn");
        let told =
            file["timeline"].as_array().unwrap().iter().find(|entry| entry["command"] == "decide_conflict");
        assert_eq!(told.unwrap()["reason"], "客户书面撤回", "the claim's own timeline tells of it");
        desk.verify();
    }
}

#[test]
fn a_loss_taken_at_two_desks_is_suggested_on_both_until_someone_answers() {
    let server = Server::start("suspects");
    let (one, two) = (Profile::new(), Profile::new());
    let (first, second) = (register(&one, "SAME0001"), register(&two, "SAME0001"));
    server.enrol(&one);
    server.enrol(&two);
    meet(&one, &two);
    let suspects = |desk: &Profile, no: &str| -> Vec<String> {
        let rows = answer(&desk.run(&["claim", "show", no]))["suspects"].clone();
        rows.as_array().unwrap().iter().map(|row| row["no"].as_str().unwrap().to_owned()).collect()
    };
    for desk in [&one, &two] {
        assert_eq!(suspects(desk, &first), [second.as_str()]);
        assert_eq!(suspects(desk, &second), [first.as_str()]);
    }
    let input =
        json!({ "claim_no": second, "kind": "not_duplicate", "reason": "同日两次碰撞，损失部位不同" });
    let file = one.write("link.json", input.to_string());
    let told_apart = answer(&one.run(&["claim", "do", &first, "link", "--input", &file]));
    meet(&one, &two);
    for (desk, no) in [(&one, &first), (&two, &first), (&one, &second), (&two, &second)] {
        assert!(suspects(desk, no).is_empty(), "answered once, it is answered everywhere");
    }
    let undo = json!({ "link_id": told_apart["links"][0]["id"], "reason": "经复核为同一事故" });
    let file = two.write("unlink.json", undo.to_string());
    answer(&two.run(&["claim", "do", &first, "unlink", "--input", &file]));
    meet(&one, &two);
    assert_eq!(suspects(&one, &second), [first.as_str()], "taken back, it is a question again");
}

/// How often each desk is killed while it exchanges.
const KILLS: u32 = 10;

#[test]
fn a_desk_killed_while_it_exchanges_loses_and_doubles_nothing() {
    let server = Server::start("kills");
    let (one, two) = (Profile::new(), Profile::new());
    server.enrol(&one);
    server.enrol(&two);
    let begun = Instant::now();
    meet(&one, &two);
    // Three exchanges and two digests were that long: the kills spread over a little more than one of them.
    let whole = begun.elapsed() / 4;
    let mut numbers = Vec::new();
    for round in 0..KILLS {
        for (desk, letter) in [(&one, "A"), (&two, "B")] {
            numbers.push(register(desk, &format!("KILL{letter}{round:04}")));
            let mut exchange = desk.opened().args(["sync", "now"]).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(whole * (round + 1) / KILLS);
            exchange.kill().unwrap();
            exchange.wait().unwrap();
        }
    }
    meet(&one, &two);
    for desk in [&one, &two] {
        for no in &numbers {
            assert_eq!(
                answer(&desk.run(&["claim", "show", no]))["no"],
                **no,
                "what was acknowledged is there"
            );
        }
        let found = answer(&desk.run(&["search", "KILL", "--kind", "claim", "--limit", "100"]));
        assert_eq!(found["hits"].as_array().unwrap().len(), numbers.len(), "and there once: {found}");
        desk.verify();
    }
    let report = server.verify();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn unsent_work_is_carried_by_hand() {
    let server = Server::start("carried");
    let (away, near) = (Profile::new(), Profile::new());
    server.enrol(&away);
    server.enrol(&near);
    meet(&away, &near);
    let no = register(&away, "CARR0001");
    let file = away.file("unsent").display().to_string();
    assert_eq!(answer(&away.run(&["sync", "export", &file]))["operations"], 1);
    let bytes = std::fs::read(&file).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(&no), "the file is sealed");
    assert_eq!(answer(&near.run(&["sync", "import", &file]))["operations"], 1);
    assert_eq!(sync(&near)["carried"], 0);
    assert_eq!(answer(&near.run(&["claim", "show", &no]))["no"], *no);
    // The desk it came from learns that its work has arrived, and sends it a second time without harm.
    meet(&away, &near);
    let broken = near.write("broken", &bytes[..bytes.len() - 1]);
    assert_eq!(code(&near.run(&["sync", "import", &broken])), "sync.file-wrong");
}

#[test]
fn what_a_later_value_replaced_stays_in_sight() {
    let server = Server::start("badge");
    let (one, two) = (Profile::new(), Profile::new());
    let no = register(&one, "BADG0001");
    server.enrol(&one);
    server.enrol(&two);
    meet(&one, &two);
    let import = |desk: &Profile, holder: &str| {
        let heads = "保单号,产品代码,投保人,被保险人,起保日期,终保日期";
        let line = format!("BADG0001,MOTOR01,{holder},李卓然,2026-03-01,2027-02-28");
        let file = desk.write("policies.csv", format!("{heads}\n{line}\n"));
        answer(&desk.run(&["import", "policies", &file]));
    };
    import(&one, "王先行");
    import(&two, "李后到");
    meet(&one, &two);
    for desk in [&one, &two] {
        let claim = answer(&desk.run(&["claim", "show", &no]));
        assert_eq!(claim["policy"]["holder"], "李后到", "the later one in the hub's order stands");
        let lost = claim["overridden"].as_array().unwrap();
        let lost = lost.iter().find(|lost| lost["field"] == "holder_name").unwrap();
        assert_eq!((&lost["kind"], &lost["lost"]["zh-CN"]), (&json!("policy"), &json!("王先行")));
    }
}

#[test]
fn what_the_hub_refuses_loses_nothing() {
    let server = Server::start("refused");
    let desk = Profile::new();
    let enrol = |url: &str, word: &str| code(&desk.run(&["sync", "enrol", "--hub", url, "--code", word]));
    assert_eq!(enrol("ftp://hub", "X"), "sync.url-wrong");
    assert_eq!(enrol("http://127.0.0.1:1", "X"), "sync.offline");
    assert_eq!(enrol(&server.url, "WRONG-CODE"), "sync.enrol-code");
    assert_eq!(enrol(&server.url, &server.code("BJ01")), "sync.enrol-branch");
    let enrolled = server.enrol(&desk);
    sync(&desk);
    let no = register(&desk, "REFU0001");
    server.revoke(enrolled["device_code"].as_str().unwrap());
    assert_eq!(code(&opened(&desk, &["sync", "now"])), "sync.device-revoked");
    let report = answer(&opened(&desk, &["sync", "status"]));
    assert_eq!(report["trouble"]["code"], "sync.device-revoked", "{report}");
    assert_eq!(answer(&desk.run(&["claim", "show", &no]))["no"], *no, "work goes on");

    // Enrolled again with a new code it goes on where it was.
    server.enrol(&desk);
    assert_eq!(sync(&desk)["trouble"], Value::Null);
    desk.verify();
}
