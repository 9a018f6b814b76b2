//! The whole way of a claim through the program, and the commands that need no profile.

#[cfg(test)]
mod common;

use common::{Profile, answer, code, deskctl, example, lines, plain};
use serde_json::json;

#[test]
fn commands_without_a_profile() {
    let templates = answer(&plain(&["template", "list"]));
    assert!(templates["templates"].as_array().unwrap().len() >= 14);
    assert_eq!(templates["problems"], json!([]));
    assert_eq!(answer(&plain(&["template", "show", "inpatient"]))["id"], "inpatient");
    assert_eq!(code(&plain(&["template", "show", "unicorn"])), "template.unknown");
    assert_eq!(answer(&plain(&["amount", "1234.50"])), json!({ "text": "壹仟贰佰叁拾肆元伍角整" }));
    for (value, expect) in [
        ("-5", "identity.amount-negative"),
        ("1.234", "identity.amount-decimals"),
        ("一百", "identity.amount-format"),
        ("99999999999999", "identity.amount-too-large"),
    ] {
        assert_eq!(code(&plain(&["amount", value])), expect, "{value}");
    }
    for (kind, value, expect) in [
        ("id", "110105198804160210", None),
        ("id", "110105198804160211", Some("identity.id-check-character")),
        ("id", "110105198813160210", Some("identity.id-birth-date")),
        ("mobile", "23800001021", Some("identity.mobile-format")),
        ("plate", "京A8F321", None),
        ("vin", "LFV2A21KXP3018265", None),
        ("bankcard", "6222021104015678329", Some("identity.bankcard-luhn")),
    ] {
        let result = answer(&plain(&["check", kind, value]));
        assert_eq!(result["code"].as_str(), expect, "{kind} {value}");
        assert_eq!(result["ok"], json!(expect.is_none()));
    }
    assert_eq!(code(&plain(&["check", "shoe-size", "42"])), "identity.kind-unknown");
    assert_eq!(plain(&["frobnicate"]).status.code(), Some(2), "a wrong command line is exit 2");
}

#[test]
fn every_example_registers_and_is_found() {
    let profile = Profile::new();
    let templates = answer(&plain(&["template", "list"]));
    for template in templates["templates"].as_array().unwrap() {
        let id = template["id"].as_str().unwrap();
        let output = profile.register_many(id, &[example(id)]);
        assert!(output.status.success(), "{id}: {output:?}");
        assert!(lines(&output.stdout)[0]["no"].as_str().unwrap().starts_with("SH01-"), "{id}");
    }
    let hits = answer(&profile.run(&["search", "李", "--kind", "claim", "--limit", "50"]));
    assert!(hits["hits"].as_array().unwrap().len() >= 3, "a single character finds: {hits}");
    assert_eq!(
        answer(&profile.run(&["claim", "list", "--limit", "1"]))["total"],
        json!(templates["templates"].as_array().unwrap().len())
    );
    profile.verify();
}

#[test]
fn a_claim_from_registration_to_payment() {
    let profile = Profile::new();
    profile.account("clerk", "王柜员", "counter_clerk");
    profile.account("assessor", "赵核定", "claims_assessor");
    profile.account("manager", "孙经理", "manager");
    let accounts = answer(&profile.run(&["account", "list"]));
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 4);
    let csv = "保单号,产品代码,投保人,被保险人,起保日期,终保日期\nPDAA202611010500001,MOTOR01,李卓然,李卓然,2026-03-01,2027-02-28\n";
    let file = profile.write("policies.csv", csv);
    let dry = answer(&profile.run_as("manager", &["import", "policies", &file, "--dry-run"]));
    assert_eq!((&dry["new"], &dry["dry_run"]), (&json!(1), &json!(true)));
    assert_eq!(answer(&profile.run_as("manager", &["import", "policies", &file]))["new"], json!(1));
    assert_eq!(answer(&profile.run_as("manager", &["import", "policies", &file]))["same"], json!(1));
    assert_eq!(code(&profile.run_as("clerk", &["import", "policies", &file])), "access.denied");

    let mut input = example("motor-damage");
    input["documents"].as_array_mut().unwrap().retain(|paper| paper["id"] != "repair-invoice");
    let input = profile.write("claim.json", input.to_string());
    let registered = answer(
        &profile.run_as("clerk", &["claim", "register", "--template", "motor-damage", "--input", &input]),
    );
    let no = registered["no"].as_str().unwrap().to_owned();
    assert_eq!(registered["missing"][0]["id"], "repair-invoice");
    let again =
        profile.run_as("clerk", &["claim", "register", "--template", "motor-damage", "--input", &input]);
    assert_eq!(code(&again), "claim.duplicate-suspected");

    let pdf = profile.write("发票.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");
    let paper =
        ["claim", "document", &no, "--name", "repair-invoice", "--received", "original", "--file", &pdf];
    let claim = answer(&profile.run_as("clerk", &paper));
    assert_eq!(claim["attachments"][0]["document_id"], "repair-invoice");

    let step = |user: &str, command: &str, input: serde_json::Value| {
        let file = profile.write("step.json", input.to_string());
        profile.run_as(user, &["claim", "do", &no, command, "--input", &file])
    };
    let now = || {
        let output = std::process::Command::new("date").arg("--iso-8601=seconds").output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    answer(&step("clerk", "papers_complete", json!({})));
    assert_eq!(code(&step("clerk", "start_assessment", json!({}))), "access.denied");
    answer(&step("assessor", "start_assessment", json!({})));
    assert_eq!(
        code(&step("assessor", "assess", json!({ "worksheet": { "x": "1" }, "y": 1 }))),
        "claim.input-unknown-field"
    );
    let shown = answer(&profile.run_as("assessor", &["claim", "show", &no]));
    let inputs: serde_json::Map<String, serde_json::Value> = shown["template"]["amount"]["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| {
            let default = input["default"].as_str();
            let value = default.unwrap_or(match input["kind"].as_str() {
                Some("money") => "1000.00",
                Some("percent") => "10",
                _ => "1",
            });
            (input["key"].as_str().unwrap().to_owned(), json!(value))
        })
        .collect();
    let assessed = answer(&step("assessor", "assess", json!({ "worksheet": inputs, "opinion": "照单核定" })));
    assert_eq!(assessed["status"], "assessed");
    assert_eq!(code(&step("clerk", "pay", json!({ "paid_at": now(), "reference": "甲1" }))), "access.denied");
    for kind in ["application", "receipt", "progress", "standard", "worksheet"] {
        let pdf = profile.file(&format!("{kind}.pdf")).display().to_string();
        let printed = answer(&profile.run_as("assessor", &["print", kind, &no, "-o", &pdf]));
        assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"), "{kind}: {printed}");
    }
    let nowhere = profile.file("missing/x.pdf").display().to_string();
    assert!(!profile.run_as("assessor", &["print", "receipt", &no, "-o", &nowhere]).status.success());
    assert_eq!(code(&profile.run_as("assessor", &["print", "decision", &no, "-o", &pdf])), "print.not-yet");
    assert!(
        std::fs::read(&pdf).unwrap().starts_with(b"%PDF-1.4"),
        "a refused print leaves the file that was there"
    );
    assert_eq!(
        code(&profile.run_as("assessor", &["print", "poster", &no, "-o", &pdf])),
        "print.kind-unknown"
    );
    assert_eq!(code(&step("assessor", "decide", json!({ "basis": "条款第五条" }))), "access.denied");
    answer(&step("manager", "decide", json!({ "basis": "条款第五条" })));
    answer(&step("clerk", "notify_result", json!({ "how": "by_hand", "notified_at": now() })));
    answer(&step("clerk", "agree", json!({ "agreed_at": now() })));
    let paid = answer(&step("manager", "pay", json!({ "paid_at": now(), "reference": "ZF20261122001" })));
    assert_eq!(paid["status"], "paid");
    answer(&profile.run_as("manager", &["print", "decision", &no, "-o", &pdf]));
    let verification = profile.verify();
    assert_eq!(verification["files"], 1);
}

#[test]
fn a_synthetic_branch_is_the_same_each_time() {
    let profile = Profile::new();
    let seeded = |complaints: &str| {
        let arguments = ["seed", "--claims", "60", "--complaints", complaints, "--seed", "7"];
        answer(&profile.opened().args(arguments).output().unwrap())
    };
    let first = seeded("0");
    assert_eq!(first["operations"], json!(61));
    let second = seeded("40");
    assert_eq!(second["operations"], json!(40), "the same claims change nothing, the complaints are new");
    assert_eq!(second["complaints"], json!(40));
    assert_eq!(seeded("40")["operations"], json!(0), "the same seed again changes nothing");
    let complaints = answer(&profile.run(&["complaint", "list", "--limit", "50"]));
    assert_eq!(complaints["total"], 40);
    let told = complaints["rows"].as_array().unwrap().iter().find(|row| row["status"] == "closed").unwrap();
    let told = answer(&profile.run(&["complaint", "show", told["no"].as_str().unwrap()]));
    let clock = told["clocks"].as_array().unwrap().iter().find(|clock| clock["rule"] == "K10").unwrap();
    assert!(["met", "met_late"].contains(&clock["state"].as_str().unwrap()), "{clock}");
    let page = answer(&profile.run(&["claim", "list", "--limit", "60"]));
    assert_eq!(page["total"], 60);
    let mut stories = 0;
    for row in page["rows"].as_array().unwrap().iter().take(6) {
        let claim = answer(&profile.run(&["claim", "show", row["no"].as_str().unwrap()]));
        let length = claim["answers"]["story"].as_str().unwrap().chars().count();
        assert!((20..=60).contains(&length), "{length}");
        let lacking = claim["checklist"].as_array().unwrap().iter();
        let lacking =
            lacking.filter(|paper| paper["required"] == true && paper["state"] == "missing").count();
        assert_eq!(row["missing"], json!(lacking), "the list and the checklist agree");
        stories += 1;
    }
    assert_eq!(stories, 6);
    let other = profile.opened().args(["seed", "--claims", "61", "--seed", "7"]).output().unwrap();
    assert_eq!(answer(&other)["operations"], json!(61), "another size is another branch, with other numbers");
    profile.verify();
}

#[test]
fn a_backup_becomes_a_profile_again() {
    let profile = Profile::new();
    let output = profile.register_many("motor-damage", &[example("motor-damage")]);
    let no = lines(&output.stdout)[0]["no"].as_str().unwrap().to_owned();
    let backups = profile.file("backups").display().to_string();
    let made = answer(&profile.run(&["backup", &backups]));
    assert!(made["snapshot"].as_str().unwrap().ends_with(".db"), "{made}");

    let restore = |from: &str, folder: &str, recovery: &str| {
        deskctl()
            .args(["--json", "--profile", &profile.file(folder).display().to_string()])
            .args(["--recovery-code-file", &profile.file(recovery).display().to_string()])
            .args(["restore", from])
            .output()
            .expect("deskctl runs")
    };
    let other = profile.write("other-code", "0000-0000-0000-0000-0000-0000-0000-0000");
    assert_eq!(
        code(&restore(&backups, "again", "other-code")),
        "storage.recovery-code-mistyped",
        "{other:?}"
    );
    assert_eq!(code(&restore("/nowhere", "again", "recovery")), "storage.backup-none");
    assert_eq!(code(&restore(&backups, "profile", "recovery")), "storage.profile-exists");
    let restored = answer(&restore(&backups, "again", "recovery"));
    assert_eq!(restored["warnings"][0]["code"], "storage.profile-moved", "{restored}");
    let shown = deskctl()
        .args(["--json", "--profile", &profile.file("again").display().to_string()])
        .args(["--recovery-code-file", &profile.file("recovery").display().to_string()])
        .args(["--as", "admin", "--password-file", &profile.file("password").display().to_string()])
        .args(["claim", "show", &no])
        .output()
        .expect("deskctl runs");
    assert_eq!(answer(&shown)["no"], json!(no));
}
