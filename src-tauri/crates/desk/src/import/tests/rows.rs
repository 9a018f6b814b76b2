//! Rows of the three kinds.

use domain::identity::IdentityKind;
use domain::party::{IdType, PartyKind};

use super::{codes, today};
use crate::import::values::{number_text, parse_date};
use crate::import::{
    CustomerStatus, ImportKind, PolicyStatus, ProductStatus, RowResult, Table, customers, guess, policies,
    products, read_table,
};

const POLICY: &str = "保单号,产品代码,投保人,投保人证件类型,投保人证件号,被保险人,被保险人证件号,手机号,车牌号,车架号,起保日期,终保日期,保额,状态,保费";

fn table(text: &str) -> Table {
    read_table(text.as_bytes()).unwrap()
}

/// "ok" with the warnings' codes, or every field with its refusal's code.
fn outcome<T>(row: &RowResult<T>) -> Vec<String> {
    match row {
        Ok(row) => std::iter::once("ok".to_owned())
            .chain(codes(&row.warnings).into_iter().map(str::to_owned))
            .collect(),
        Err(row) => row
            .refusals
            .iter()
            .map(|refusal| format!("{} {}", refusal.field.as_deref().unwrap_or("?"), refusal.code))
            .collect(),
    }
}

fn policy(line: &str, expect: &[&str]) {
    let table = table(&format!("{POLICY}\n{line}\n"));
    let mapping = guess(ImportKind::Policies, &table.headers);
    let rows: Vec<_> = policies(&table, &mapping, today()).unwrap().collect();
    assert_eq!(rows.len(), 1, "{line}");
    assert_eq!(outcome(&rows[0]), expect, "{line}");
}

#[test]
fn a_motor_policy() {
    let table = table(&format!(
        "{POLICY}\nPDAA202631010001,CS01,张 伟,身份证,110105199003071239,李娜,310104200002290022,+86 138-0013-8000,沪a·12345,lgxc16afxl0123456,2026/1/1,2026年12月31日,\"120,000.00\",有效,3850.5\n"
    ));
    let mapping = guess(ImportKind::Policies, &table.headers);
    let row = policies(&table, &mapping, today()).unwrap().next().unwrap().unwrap();
    assert_eq!((row.number, row.warnings.len()), (2, 0));
    let policy = row.value;
    assert_eq!(policy.no, "PDAA202631010001");
    assert_eq!((policy.holder_name.as_str(), policy.holder_kind), ("张伟", PartyKind::Person));
    assert_eq!(policy.holder_id_type, Some(IdType::ResidentId));
    assert_eq!(policy.insured_id_no.as_deref(), Some("310104200002290022"));
    assert_eq!(policy.mobile.as_deref(), Some("13800138000"));
    assert_eq!(policy.plate.as_deref(), Some("沪A12345"));
    assert_eq!(policy.vin.as_deref(), Some("LGXC16AFXL0123456"));
    assert_eq!(
        (policy.inception.to_string(), policy.expiry.to_string()),
        ("2026-01-01".into(), "2026-12-31".into())
    );
    assert_eq!(policy.sum_insured.unwrap().to_string(), "120000.00");
    assert_eq!(policy.premium.unwrap().to_string(), "3850.50");
    assert_eq!(policy.status, PolicyStatus::InForce);
    let json = serde_json::to_value(&policy).unwrap();
    assert_eq!((json["status"].as_str(), json["premium"].as_str()), (Some("in_force"), Some("3850.50")));
    assert_eq!(serde_json::from_value::<crate::import::PolicyRow>(json).unwrap(), policy);
}

#[test]
fn policies_are_taken_or_refused() {
    policy("P1,C1,张伟,,,,,,,,2026-01-01,2026-12-31,,,", &["ok"]);
    policy("P1,C1,张伟,,110105199003071239,,,,,,20260101,46387,,满期,", &["ok"]);
    policy(
        "P1,C1,沪东物流有限公司,统一社会信用代码,91350100M000100Y43,,,,,,2026-01-01,2026-12-31,,,",
        &["ok"],
    );
    policy("P1,C1,沪东物流有限公司,,91350100M000100Y43,,,,,,2026-01-01,2026-12-31,,,", &["ok"]);
    policy("P1,C1,Mary Jane,护照,E12345678,,,,,,2026-01-01,2026-12-31,,,", &["ok"]);
    policy("P1,C1,张伟,,E12345678,,,,,,2026-01-01,2026-12-31,,,", &["ok", "import.id-type-unclear"]);
    policy(
        ",,,,,,,,,,,2026-12-31,,,",
        &[
            "no import.value-missing",
            "product_code import.value-missing",
            "holder_name import.value-missing",
            "inception import.value-missing",
        ],
    );
    policy(
        "P1,C1,张伟,身份证,110105199003071230,,,,,,2026-01-01,2026-12-31,,,",
        &["holder_id_no identity.id-check-character"],
    );
    policy(
        "P1,C1,张伟,,110105199003071230,,110105900307123,,,,2026-01-01,2026-12-31,,,",
        &["holder_id_no identity.id-check-character", "insured_id_no identity.id-fifteen-digits"],
    );
    policy(
        "P1,C1,张😀,驾照,1,,,,,,2026-02-30,明天,1.234,在途,-5",
        &[
            "holder_id_type import.value-unknown",
            "holder_name identity.name-emoji",
            "inception import.date",
            "expiry import.date",
            "sum_insured identity.amount-decimals",
            "premium identity.amount-negative",
            "status import.value-unknown",
        ],
    );
    policy(
        "P1 x,C1,张伟,,,,,,,,2026-12-31,2026-01-01,,,",
        &["no import.code", "expiry import.expiry-before-inception"],
    );
}

#[test]
fn a_wrong_mobile_plate_or_vin_is_kept_with_warnings() {
    let text = format!(
        "{POLICY}\nP1,C1,张伟,,,,,021-62345678,京O12345,LGXC16AF1L0123456,2026-01-01,2026-12-31,,,\n"
    );
    let table = table(&text);
    let mapping = guess(ImportKind::Policies, &table.headers);
    let row = policies(&table, &mapping, today()).unwrap().next().unwrap().unwrap();
    assert_eq!(row.value.mobile.as_deref(), Some("021-62345678"));
    assert_eq!(row.value.plate.as_deref(), Some("京O12345"));
    assert_eq!(row.value.vin.as_deref(), Some("LGXC16AF1L0123456"));
    assert_eq!(
        codes(&row.warnings),
        [
            "import.kept-unchecked",
            "identity.mobile-format",
            "import.kept-unchecked",
            "identity.plate-letter",
            "import.kept-unchecked",
            "identity.vin-check-digit",
        ]
    );
    assert!(domain::identity::check(IdentityKind::Vin, "LGXC16AF1L0123456", today()).is_err());
}

#[test]
fn rows_are_named_as_the_sheet_names_them() {
    let table = table(
        "保单号,产品代码,投保人,起保日期,终保日期\nP1,C1,张伟,2026-01-01,2026-12-31\n\n\nP2,C1,,2026-01-01,2026-12-31\n",
    );
    let mapping = guess(ImportKind::Policies, &table.headers);
    let rows: Vec<_> = policies(&table, &mapping, today()).unwrap().collect();
    assert_eq!(rows[0].as_ref().unwrap().number, 2);
    let refused = rows[1].as_ref().unwrap_err();
    assert_eq!(refused.number, 5);
    assert_eq!(refused.refusals[0].message().zh_cn, "「投保人」不能为空，请在核心系统补齐后重新导出。");
}

#[test]
fn a_mapping_that_does_not_fit_refuses_the_file() {
    let table = table("a,b\n1,2\n");
    let mapping = guess(ImportKind::Policies, &table.headers);
    let refusals = policies(&table, &mapping, today()).err().unwrap();
    assert_eq!(codes(&refusals), ["import.field-unmapped"; 5]);
}

#[test]
fn customers_of_both_kinds() {
    let table = table(
        "客户号,姓名,客户类型,证件类型,证件号码,手机,地址,出生日期,客户状态\n\
         K1,张伟,个人,身份证,110105199003071239,13800138000,\"上海市\n徐汇区\",,正常\n\
         K2,沪东物流有限公司,,营业执照,91350100M000100Y43,,,,注销\n\
         K3,李娜,个人,身份证,310104200002290022,,,2000-03-01,\n\
         K4,小明,个人,,,,,2026-03-09,\n\
         ,无号,外星人,,,,,,\n",
    );
    let mapping = guess(ImportKind::Customers, &table.headers);
    let rows: Vec<_> = customers(&table, &mapping, today()).unwrap().collect();
    let first = &rows[0].as_ref().unwrap().value;
    assert_eq!(first.birth.unwrap().to_string(), "1990-03-07");
    assert_eq!(first.address.as_deref(), Some("上海市 徐汇区"));
    let second = &rows[1].as_ref().unwrap().value;
    assert_eq!((second.kind, second.status), (PartyKind::Organisation, CustomerStatus::Inactive));
    assert_eq!(outcome(&rows[2]), ["birth identity.party-birth-differs"]);
    assert_eq!(outcome(&rows[3]), ["birth identity.party-birth-future"]);
    assert_eq!(outcome(&rows[4]), ["customer_no import.value-missing", "kind import.value-unknown"]);
}

#[test]
fn products_of_a_catalogue() {
    let table = table(
        "产品代码,产品名称,险类,理赔模板,产品状态\n\
         CS01,机动车损失保险,车险,motor-damage,在售\n\
         YW01,意外伤害保险,accident,,停售\n\
         X,,航天险,\"a b\",\n",
    );
    let mapping = guess(ImportKind::Products, &table.headers);
    let rows: Vec<_> = products(&table, &mapping, today()).unwrap().collect();
    assert_eq!(rows[0].as_ref().unwrap().value.template.as_deref(), Some("motor-damage"));
    assert_eq!(rows[1].as_ref().unwrap().value.status, ProductStatus::Stopped);
    assert_eq!(
        outcome(&rows[2]),
        ["name import.value-missing", "line import.value-unknown", "template import.code",]
    );
}

#[test]
fn dates_in_many_shapes() {
    for text in [
        "2026-03-08",
        "2026/3/8",
        "2026.03.08",
        "2026年3月8日",
        "20260308",
        "46089",
        "2026-03-08T12:00:00",
        "2026-03-08 00:00:00",
        " ２０２６－０３－０８ ",
    ] {
        assert_eq!(parse_date(text), Some(today()), "{text}");
    }
    for text in [
        "",
        "2026-02-30",
        "26-3-8",
        "2026-3",
        "3/8/2026",
        "1234",
        "99999",
        "99999999",
        "2026-03-08-01",
        "明天",
        "2026年3月",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn numbers_as_people_see_them() {
    for (value, expect) in [
        (0.1 + 0.2, "0.3"),
        (1_234_567.89, "1234567.89"),
        (12.0, "12"),
        (-0.0, "0"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e-7, "0.0000001"),
        (9_999_999_999_999.99, "9999999999999.99"),
    ] {
        assert_eq!(number_text(value), expect);
    }
}
