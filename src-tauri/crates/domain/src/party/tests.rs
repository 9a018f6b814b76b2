//! Cases of parties as a counter enters them. Invented people only.

use serde_json::{Value, json};

use super::*;
use crate::refusal::Refusal;

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, 8).unwrap()
}

fn run(value: Value) -> Result<(PartyInput, Vec<Refusal>), Vec<Refusal>> {
    check_party(serde_json::from_value(value).unwrap(), 2, today())
}

/// Field and code of everything refused, or of every warning after "ok".
fn outcome(value: Value) -> Vec<String> {
    let written = |refusals: Vec<Refusal>| {
        refusals
            .into_iter()
            .map(|r| format!("{} {}", r.field.unwrap_or_default(), r.code))
            .collect::<Vec<_>>()
    };
    match run(value) {
        Ok((_, warnings)) => [vec!["ok".to_owned()], written(warnings)].concat(),
        Err(refusals) => written(refusals),
    }
}

fn check(value: Value, expect: &[&str]) {
    assert_eq!(outcome(value.clone()), expect, "{value}");
}

#[test]
fn a_party_comes_back_in_its_written_form() {
    let (party, warnings) = run(json!({
        "role": "claimant", "name": " 张 伟 ", "id_type": "resident-id", "id_no": "１１０１０５１９９００３０７１２３９",
        "mobile": "+86 138 0013 8000", "bank_account": "6225 8812 3456 7898", "bank_name": " 招商银行上海分行 ",
        "address": "", "relation": "  "
    }))
    .unwrap();
    assert_eq!(warnings, []);
    assert_eq!(party.name, "张伟");
    assert_eq!(party.id_no.as_deref(), Some("110105199003071239"));
    assert_eq!(party.birth.as_deref(), Some("1990-03-07"), "taken from the resident ID");
    assert_eq!(party.mobile.as_deref(), Some("13800138000"));
    assert_eq!(party.bank_account.as_deref(), Some("6225881234567898"));
    assert_eq!(party.bank_name.as_deref(), Some("招商银行上海分行"));
    assert_eq!((party.address.clone(), party.relation.clone()), (None, None), "blank boxes are nothing");
    assert_eq!(
        check_party(party.clone(), 2, today()),
        Ok((party, Vec::new())),
        "checking again changes nothing"
    );
}

#[test]
fn everything_wrong_is_told_at_once() {
    check(
        json!({"role": "claimant", "name": "", "id_type": "resident-id", "id_no": "110105199003071230",
               "mobile": "110", "bank_account": "123", "bank_name": "x", "address": "a\u{0}b"}),
        &[
            "parties.2.name identity.empty",
            "parties.2.id_no identity.id-check-character",
            "parties.2.mobile identity.mobile-format",
            "parties.2.bank_account identity.bankcard-length",
            "parties.2.address identity.text-control",
        ],
    );
}

#[test]
fn papers() {
    let person = |id_type: &str, id_no: &str| json!({"role": "insured", "name": "李娜", "id_type": id_type, "id_no": id_no});
    for (id_type, id_no) in [
        ("passport", "E12345678"),
        ("hk-macao-permit", "H12345678"),
        ("hk-macao-permit", "m1234567890"),
        ("taiwan-permit", "12345678"),
        ("residence-permit", "810000198801010039"),
        ("residence-permit", "CHN310099123456"),
        ("other", "军字第 1234567 号"),
    ] {
        check(person(id_type, id_no), &["ok"]);
    }
    for (id_type, id_no, code) in [
        ("passport", "E1", "identity.party-id-no-shape"),
        ("hk-macao-permit", "A12345678", "identity.party-id-no-shape"),
        ("taiwan-permit", "T12345678", "identity.party-id-no-shape"),
        ("residence-permit", "810000198801010038", "identity.id-check-character"),
        ("residence-permit", "12345", "identity.id-length"),
    ] {
        check(person(id_type, id_no), &[&format!("parties.2.id_no {code}")]);
    }
    check(person("uscc", "91350100M000100Y43"), &["parties.2.id_type identity.party-id-type-for-kind"]);
    check(
        json!({"role": "insured", "name": "李娜", "id_no": "110105199003071239"}),
        &["parties.2.id_type identity.party-id-type-missing"],
    );
    check(person("resident-id", "990105199003071232"), &["ok", "parties.2.id_no identity.id-region"]);
}

#[test]
fn organisations() {
    let firm = |extra: Value| {
        let mut firm = json!({"role": "policyholder", "kind": "organisation", "name": "沪东物流有限公司"});
        firm.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        firm
    };
    check(firm(json!({"id_type": "uscc", "id_no": "91350100M000100Y43"})), &["ok"]);
    check(
        firm(json!({"id_type": "resident-id", "id_no": "110105199003071239"})),
        &["parties.2.id_type identity.party-id-type-for-kind"],
    );
    check(firm(json!({"bank_account": "1001-2345-6789-0123-456", "bank_name": "工商银行"})), &["ok"]);
    check(
        firm(json!({"bank_account": "12", "bank_name": "工商银行"})),
        &["parties.2.bank_account identity.party-account-shape"],
    );
    check(
        firm(json!({"bank_account": "1001234567890123456"})),
        &["ok", "parties.2.bank_name identity.party-bank-name-missing"],
    );
}

#[test]
fn births() {
    let child = |birth: &str| json!({"role": "injured", "name": "小明", "birth": birth});
    check(child("2000-01-01"), &["ok"]);
    check(child("2000-02-30"), &["parties.2.birth identity.party-date"]);
    check(child("2026-03-09"), &["parties.2.birth identity.party-birth-future"]);
    check(
        json!({"role": "insured", "name": "李娜", "birth": "1990-03-08", "id_type": "resident-id",
               "id_no": "110105199003071239"}),
        &["parties.2.birth identity.party-birth-differs"],
    );
}

#[test]
fn children_need_a_guardians_consent() {
    let child = |consent: Value| {
        json!({"role": "injured", "name": "陈小雨", "id_type": "resident-id", "id_no": "440306201308154426",
               "guardian_consent": consent})
    };
    check(child(Value::Null), &["parties.2.guardian_consent identity.party-guardian-consent-missing"]);
    check(child(json!({"guardian_name": "陈建国", "relation": "父亲", "signed_on": "2026-03-08"})), &["ok"]);
    check(
        child(json!({"guardian_name": "", "relation": "", "signed_on": "2026-03-09"})),
        &[
            "parties.2.guardian_consent.guardian_name identity.empty",
            "parties.2.guardian_consent.relation identity.empty",
            "parties.2.guardian_consent.signed_on identity.party-signed-in-future",
        ],
    );
}

#[test]
fn agents_need_authority() {
    let agent = |authority: Value| json!({"role": "agent", "name": "周律", "authority": authority});
    check(agent(Value::Null), &["parties.2.authority identity.party-authority-missing"]);
    check(
        agent(json!({"paper": "授权委托书", "signed_on": "2026-03-01", "scope": "提交材料、领取赔款"})),
        &["ok"],
    );
    check(
        agent(json!({"paper": "", "signed_on": "昨天", "scope": " "})),
        &[
            "parties.2.authority.paper identity.empty",
            "parties.2.authority.scope identity.empty",
            "parties.2.authority.signed_on identity.party-date",
        ],
    );
    check(
        agent(json!({"paper": "授权委托书", "signed_on": "2026-03-09", "scope": "全部"})),
        &["parties.2.authority.signed_on identity.party-signed-in-future"],
    );
}

#[test]
fn guardians() {
    check(
        json!({"role": "guardian", "name": "陈建国"}),
        &["parties.2.relation identity.party-relation-missing"],
    );
    check(json!({"role": "guardian", "name": "陈建国", "relation": "父亲"}), &["ok"]);
    check(
        json!({"role": "guardian", "name": "陈小云", "relation": "姐姐", "birth": "2010-01-01"}),
        &["ok", "parties.2.role identity.party-minor-stands-in"],
    );
}

#[test]
fn edges_write_what_they_read() {
    for role in PartyRole::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
    }
    for id_type in IdType::ALL {
        assert_eq!(serde_json::to_value(id_type).unwrap(), id_type.as_str());
    }
    let unknown = serde_json::from_value::<PartyInput>(json!({"role": "agent", "name": "x", "rôle": 1}));
    assert!(unknown.is_err(), "an unknown field is refused, not dropped");
}
