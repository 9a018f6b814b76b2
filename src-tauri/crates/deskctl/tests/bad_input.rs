//! Bad input, each with its typed refusal; what is refused leaves nothing behind.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the functions around the tests may fail like tests"
)]

#[cfg(test)]
mod common;

use std::io::Write as _;
use std::process::Output;

use common::{Profile, answer, as_ordinary_user, code, example, is_root, lines, open_to_all, plain, refusal};
use serde_json::{Value, json};

/// Registers a changed example of the motor template.
fn register(profile: &Profile, change: impl FnOnce(&mut Value)) -> Output {
    let mut input = example("motor-damage");
    change(&mut input);
    let file = profile.write("input.json", input.to_string());
    profile.run(&["claim", "register", "--template", "motor-damage", "--input", &file])
}

/// Registers the JSON of a file as it stands.
fn register_text(profile: &Profile, text: impl AsRef<[u8]>) -> Output {
    let file = profile.write("input.json", text);
    profile.run(&["claim", "register", "--template", "motor-damage", "--input", &file])
}

/// All codes of a refusal with their fields.
fn details(output: &Output) -> Vec<(String, String)> {
    let error = refusal(output);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = error["details"].as_array().cloned().unwrap_or_else(|| vec![error.clone()]);
    list.iter().map(|detail| (text(&detail["code"]), text(&detail["field"]))).collect()
}

#[test]
fn json_that_is_no_claim() {
    let profile = Profile::new();
    let check = |text: &[u8], expect: &str| assert_eq!(code(&register_text(&profile, text)), expect);
    check(b"", "claim.input-not-json");
    check(b"{\"policy\":", "claim.input-not-json");
    check(b"[]", "claim.input-invalid");
    check(b"{\"policy\":{\"no\":\"P\"},\"surprise\":1}", "claim.input-unknown-field");
    check(b"{\"policy\":{\"no\":7}}", "claim.input-invalid");
    check(b"\xff\xfe{}", "claim.input-unreadable");
    check(&vec![b' '; 2 * 1024 * 1024], "claim.input-too-large");
    let deep = "[".repeat(100_000);
    check(deep.as_bytes(), "claim.input-not-json");
    let unknown = profile.run(&["claim", "register", "--template", "unicorn", "--input", "/dev/null"]);
    assert_eq!(code(&unknown), "template.unknown");
    let missing =
        profile.run(&["claim", "register", "--template", "motor-damage", "--input", "/nowhere.json"]);
    assert_eq!(code(&missing), "claim.input-unreadable");
    assert_eq!(answer(&profile.run(&["claim", "list"]))["total"], 0, "nothing refused was registered");
}

#[test]
fn values_that_cannot_be() {
    let profile = Profile::new();
    let check = |field: &str, value: Value, expect: &str| {
        let output = register(&profile, |input| {
            input.pointer_mut(field).map(|place| *place = value.clone()).unwrap_or_else(|| panic!("{field}"));
        });
        let found = details(&output);
        assert!(found.iter().any(|(code, _)| code == expect), "{field} = {value}: {found:?}");
    };
    check("/answers/incident_at", json!("2099-01-01T00:00:00+08:00"), "claim.incident-in-future");
    check("/answers/incident_at", json!("2026-02-01T00:00:00+08:00"), "claim.incident-before-inception");
    check("/answers/incident_at", json!("2026-02-30T00:00:00+08:00"), "template.answer-datetime");
    check("/answers/incident_at", json!(20260518), "template.answer-type");
    check("/answers/claimed_amount", json!("-5.00"), "template.answer-money");
    check("/answers/claimed_amount", json!("1.234"), "template.answer-money");
    check("/answers/claimed_amount", json!(8650.0), "template.answer-type");
    check("/answers/cause", json!("sorcery"), "template.answer-choice");
    check("/answers/story", json!("车".repeat(10_001)), "template.answer-too-long");
    check("/policy/inception", json!("2026-13-01"), "identity.party-date");
    check("/channel", json!("telepathy"), "claim.channel-unknown");
    check("/parties/0/id_no", json!("110105198804160211"), "identity.id-check-character");
    check("/parties/0/name", json!("李😀"), "identity.name-emoji");
    check("/parties/0/name", json!("李\u{7}"), "identity.text-control");
    check("/documents/0/received", json!("telepathy"), "claim.input-invalid");
    let unknown = register(&profile, |input| input["answers"]["surprise"] = json!(1));
    assert!(details(&unknown).iter().any(|(code, _)| code == "template.answer-unknown"));
    assert_eq!(answer(&profile.run(&["claim", "list"]))["total"], 0);
}

#[test]
fn unusual_text_is_kept_as_it_is() {
    let profile = Profile::new();
    let html = "<script>alert('x')</script>\"; drop table claim; -- ' or 1=1";
    let story = format!("{html}{}🚗", "车".repeat(9_900));
    let names = ["𠮷田䶮", "㛃女士", "阿依古丽·买买提", "O'Brien <b>", "Robert'); drop table party;--"];
    for (index, name) in names.iter().enumerate() {
        let output = register(&profile, |input| {
            input["policy"]["no"] = json!(format!("BAD{index:05}"));
            input["answers"]["story"] = json!(story);
            input["parties"][0]["name"] = json!(name);
            input["parties"][0]["id_no"] = Value::Null;
            input["parties"][0]["id_type"] = Value::Null;
        });
        let no = answer(&output)["no"].as_str().unwrap().to_owned();
        let claim = answer(&profile.run(&["claim", "show", &no]));
        assert_eq!(claim["answers"]["story"], json!(story));
        assert_eq!(claim["parties"][0]["name"], json!(name));
        let pdf = profile.file("x.pdf").display().to_string();
        answer(&profile.run(&["print", "application", &no, "-o", &pdf]));
    }
    let found = answer(&profile.run(&["search", "䶮"]));
    assert!(!found["hits"].as_array().unwrap().is_empty());
    for query in ["' or 1=1 --", "\"", "%", "*", "", "AND NOT", "王".repeat(5_000).as_str()] {
        answer(&profile.run(&["search", query]));
    }
    profile.verify();
}

#[test]
fn one_refused_line_does_not_stop_the_others() {
    let profile = Profile::new();
    let mut wrong = example("motor-damage");
    wrong["surprise"] = json!(1);
    let mut other = example("motor-damage");
    other["policy"]["no"] = json!("OTHER0001");
    let output = profile.register_many("motor-damage", &[example("motor-damage"), wrong, other]);
    assert_eq!((output.status.code(), lines(&output.stdout).len()), (Some(1), 2));
    assert_eq!(lines(&output.stderr)[0]["code"], "claim.input-unknown-field");
    let endless = profile.register_many("motor-damage", &[json!("x".repeat(2 * 1024 * 1024))]);
    assert_eq!(code(&endless), "claim.input-too-large");
}

/// An .xlsx of one sheet.
fn workbook(sheet: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let files = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>".to_owned()),
        ("_rels/.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\">{sheet}</worksheet>")),
    ];
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn import_files_made_by_accident_and_by_mischief() {
    let profile = Profile::new();
    let import = |name: &str, bytes: &[u8]| {
        let file = profile.write(name, bytes);
        profile.run(&["import", "policies", &file])
    };
    assert_eq!(code(&import("empty.csv", b"")), "import.empty");
    assert_eq!(
        code(&import("x.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0])),
        "import.old-excel"
    );
    assert_eq!(code(&import("x.xlsx", b"PK\x03\x04 broken")), "import.unreadable");
    let bomb = workbook(&format!("<sheetData>{}</sheetData>", " ".repeat(64 * 1024 * 1024)));
    assert!(bomb.len() < 1024 * 1024, "small outside, large inside");
    assert_eq!(code(&import("bomb.xlsx", &bomb)), "import.zip-bomb");
    let huge = profile.file("huge.csv");
    std::fs::File::create(&huge).unwrap().set_len(3 << 30).unwrap();
    let huge = huge.display().to_string();
    assert_eq!(code(&profile.run(&["import", "policies", &huge])), "import.too-large");
    assert_eq!(code(&profile.run(&["import", "policies", "/nowhere.csv"])), "import.file-unreadable");
    assert_eq!(code(&profile.run(&["import", "unicorns", &huge])), "import.kind-unknown");
    assert_eq!(
        code(&profile.run(&["claim", "register", "--template", "motor-damage", "--input", &huge])),
        "claim.input-too-large"
    );

    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |number: u32, cells: &[(&str, &str)]| {
        let cells: String =
            cells.iter().map(|(column, text)| cell(&format!("{column}{number}"), text)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let sheet = format!(
        "<sheetData>{}{}<row r=\"3\">{}{}<c r=\"C3\" t=\"str\"><f>\"王\"&amp;\"五\"</f><v>王五</v></c>{}{}</row></sheetData>\
         <mergeCells><mergeCell ref=\"B2:B3\"/></mergeCells>",
        row(1, &[("A", "保单号"), ("B", "产品代码"), ("C", "投保人"), ("D", "起保日期"), ("E", "终保日期")]),
        row(2, &[("A", "P1"), ("B", "MOTOR01"), ("C", "𠮷田䶮"), ("D", "2026-03-01"), ("E", "2027-02-28")]),
        cell("A3", "P2"),
        "",
        cell("D3", "2026-03-01"),
        cell("E3", "2027-02-28"),
    );
    let report = answer(&import("merged.xlsx", &workbook(&sheet)));
    assert_eq!((&report["new"], &report["refused"]), (&json!(2), &json!(0)), "{report}");
    let notes: Vec<&str> =
        report["notes"].as_array().unwrap().iter().filter_map(|note| note["code"].as_str()).collect();
    assert_eq!(notes, ["import.note-merged", "import.note-formulas"]);
}

#[test]
fn attachments_that_are_none() {
    let profile = Profile::new();
    let no = answer(&register(&profile, |_| {}))["no"].as_str().unwrap().to_owned();
    let attach = |file: &str| {
        profile.run(&[
            "claim",
            "document",
            &no,
            "--name",
            "scene-photos",
            "--received",
            "copy",
            "--file",
            file,
        ])
    };
    assert_eq!(code(&attach(&profile.write("empty.jpg", b""))), "attachment.empty");
    assert_eq!(
        code(&attach(&profile.write("photo.jpg", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"))),
        "attachment.executable"
    );
    let huge = profile.file("huge.jpg");
    std::fs::File::create(&huge).unwrap().set_len(3 << 30).unwrap();
    assert_eq!(code(&attach(&huge.display().to_string())), "attachment.too-large");
    assert_eq!(code(&attach("/nowhere.jpg")), "attachment.unreadable");
    let unknown = profile.run(&["claim", "document", &no, "--name", "unicorn", "--received", "copy"]);
    assert_eq!(code(&unknown), "claim.document-unknown");
    let claim = answer(&profile.run(&["claim", "show", &no]));
    assert_eq!(claim["attachments"], json!([]));
    let photos = claim["checklist"].as_array().unwrap().iter().find(|row| row["id"] == "scene-photos");
    assert!(photos.is_none_or(|row| row["state"] == "missing"), "a refused file leaves no paper behind");
}

#[test]
fn who_may_not_is_refused() {
    let profile = Profile::new();
    let nobody = profile.opened().args(["claim", "list"]).output().unwrap();
    assert_eq!(code(&nobody), "access.actor-missing");
    assert_eq!(code(&profile.run_as("stranger", &["claim", "list"])), "access.wrong-password");
    let weak = profile.write("weak", "short");
    let add =
        ["account", "add", "--user", "weak", "--name", "弱", "--role", "manager", "--password-file", &weak];
    assert_eq!(code(&profile.run(&add)), "access.password-weak");
    let again = common::deskctl()
        .arg("--profile")
        .arg(profile.folder())
        .args(["init", "--branch", "SH01", "--name", "甲", "--admin", "admin", "--password-file"])
        .arg(profile.file("password"))
        .arg("--recovery-out")
        .arg(profile.file("second"))
        .output()
        .unwrap();
    assert_eq!(code(&again), "storage.profile-exists");
    assert!(!profile.file("second").exists(), "no code is left of a profile that was not made");
    assert_eq!(plain(&["verify"]).status.code(), Some(2), "no profile named");
    let absent = plain(&["--profile", "/nowhere/profile", "verify"]);
    assert_eq!(code(&absent), "storage.profile-absent");
}

#[test]
fn profiles_that_do_not_open() {
    let profile = Profile::new();
    let open = |code_file: &str| {
        let mut command = common::deskctl();
        command.arg("--profile").arg(profile.folder()).args(["--recovery-code-file", code_file, "verify"]);
        command.output().unwrap()
    };
    assert_eq!(code(&open(&profile.write("mistyped", "AAAA-BBBB"))), "storage.recovery-code-mistyped");
    let other = Profile::new();
    assert_eq!(code(&open(&other.file("recovery").display().to_string())), "storage.recovery-code-wrong");
    let without = common::deskctl().arg("--profile").arg(profile.folder()).arg("verify").output().unwrap();
    assert!(["storage.no-key", "storage.keyring-unavailable"].contains(&code(&without).as_str()));

    // A second process while one is at work.
    let mut first = profile
        .command_as("admin")
        .args(["claim", "register", "--template", "motor-damage", "--verify-first", "--input", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(first.stdout.as_mut().unwrap()), &mut line)
        .unwrap();
    assert_eq!(code(&profile.opened().arg("verify").output().unwrap()), "storage.profile-busy");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
    profile.verify();

    let database = profile.folder().join("desk.db");
    let whole = std::fs::read(&database).unwrap();
    for length in [0, 100, 4096, whole.len() / 2] {
        std::fs::write(&database, &whole[..length]).unwrap();
        assert_eq!(
            code(&profile.opened().arg("verify").output().unwrap()),
            "storage.database-damaged",
            "{length}"
        );
        assert_eq!(std::fs::read(&database).unwrap().len(), length, "a damaged database is left as it is");
    }
    std::fs::write(&database, &whole).unwrap();
    profile.verify();
}

#[test]
fn files_an_ordinary_user_may_not_touch() {
    let profile = Profile::new();
    let root = profile.file("");
    let program = root.join("deskctl");
    std::fs::copy(env!("CARGO_BIN_EXE_deskctl"), &program).unwrap();
    open_to_all(&root);
    assert!(std::process::Command::new("chmod").arg("a+rx").arg(&program).status().unwrap().success());
    let (program, root) = (program.display().to_string(), root.display().to_string());
    let call = format!(
        "{program} --json --profile {root}/profile --recovery-code-file {root}/recovery --as admin --password-file {root}/password"
    );
    let works = as_ordinary_user(&format!("{call} claim list"));
    assert_eq!(answer(&works)["total"], 0, "the ordinary user gets in before anything is forbidden");

    for (name, arguments, expect) in [
        ("secret.csv", "import policies", "import.file-unreadable"),
        ("secret.json", "claim register --template motor-damage --input", "claim.input-unreadable"),
    ] {
        let file = profile.write(name, "{}");
        let output = as_ordinary_user(&format!("chmod 000 {file} 2>/dev/null; {call} {arguments} {file}"));
        if is_root() {
            assert!(std::process::Command::new("chmod").args(["000", &file]).status().unwrap().success());
            let output = as_ordinary_user(&format!("{call} {arguments} {file}"));
            assert_eq!(code(&output), expect);
        } else {
            assert_eq!(code(&output), expect);
        }
    }

    assert!(
        std::process::Command::new("chmod")
            .args(["-R", "a-w", &format!("{root}/profile")])
            .status()
            .unwrap()
            .success()
    );
    let read_only = as_ordinary_user(&format!("{call} verify"));
    assert_eq!(code(&read_only), "storage.folder-read-only");
    open_to_all(std::path::Path::new(&root));
    profile.verify();
}
