//! Fields, guesses and checks of mappings.

use std::collections::BTreeSet;

use super::codes;
use crate::import::mapping::{VOCABULARY_FILE, Vocabulary};
use crate::import::{ImportKind, Mapping, check_mapping, fields, guess};

fn headers(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

fn check(kind: ImportKind, names: &str, expect: &[(&str, &str)]) {
    let expect: Mapping =
        expect.iter().map(|(field, column)| (field.to_string(), column.to_string())).collect();
    assert_eq!(guess(kind, &headers(names)), expect, "{names}");
}

#[test]
fn the_vocabulary_is_readable_and_names_no_field_twice() {
    serde_json::from_str::<Vocabulary>(VOCABULARY_FILE).unwrap();
    for kind in ImportKind::ALL {
        let keys: BTreeSet<&str> = fields(kind).iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys.len(), fields(kind).len(), "{kind:?}");
        assert!(fields(kind).iter().any(|field| field.required), "{kind:?} needs something");
        assert_eq!(kind.as_str().parse::<ImportKind>().unwrap(), kind);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    assert_eq!("claims".parse::<ImportKind>().unwrap_err().code, domain::Code::ImportKindUnknown);
}

#[test]
fn a_files_own_field_names_are_found() {
    for kind in ImportKind::ALL {
        let keys: Vec<String> = fields(kind).iter().map(|field| field.key.clone()).collect();
        let expect: Mapping = keys.iter().map(|key| (key.clone(), key.clone())).collect();
        assert_eq!(guess(kind, &keys), expect);
        let labels: Vec<String> = fields(kind).iter().map(|field| field.label.zh_cn.clone()).collect();
        assert_eq!(guess(kind, &labels).len(), labels.len(), "{labels:?}");
    }
}

#[test]
fn headers_of_core_systems_are_guessed() {
    check(
        ImportKind::Policies,
        "保单号码,险种代码,投保人姓名,投保人证件号,被保险人姓名,被保险人证件号,联系电话,车牌号,车架号,起保日期,终保日期,保额(元),保单状态,保费",
        &[
            ("no", "保单号码"),
            ("product_code", "险种代码"),
            ("holder_name", "投保人姓名"),
            ("holder_id_no", "投保人证件号"),
            ("insured_name", "被保险人姓名"),
            ("insured_id_no", "被保险人证件号"),
            ("mobile", "联系电话"),
            ("plate", "车牌号"),
            ("vin", "车架号"),
            ("inception", "起保日期"),
            ("expiry", "终保日期"),
            ("sum_insured", "保额(元)"),
            ("status", "保单状态"),
            ("premium", "保费"),
        ],
    );
    check(
        ImportKind::Policies,
        "* 保单号：,系统产品代码,投保人姓名（必填）,保险起期 ,保险止期,备注",
        &[
            ("no", "* 保单号："),
            ("product_code", "系统产品代码"),
            ("holder_name", "投保人姓名（必填）"),
            ("inception", "保险起期 "),
            ("expiry", "保险止期"),
        ],
    );
    check(
        ImportKind::Customers,
        "客户编号,客户姓名,证件类型,证件号码,手机,联系地址,出生日期",
        &[
            ("customer_no", "客户编号"),
            ("name", "客户姓名"),
            ("id_type", "证件类型"),
            ("id_no", "证件号码"),
            ("mobile", "手机"),
            ("address", "联系地址"),
            ("birth", "出生日期"),
        ],
    );
    check(
        ImportKind::Products,
        "Product Code,Product Name,Line,Status",
        &[("code", "Product Code"), ("name", "Product Name"), ("line", "Line"), ("status", "Status")],
    );
    check(ImportKind::Policies, "甲,乙,丙", &[]);
}

#[test]
fn mappings_are_checked_as_a_whole() {
    let columns = headers("编码,名称,险类");
    let mapping = |pairs: &[(&str, &str)]| -> Mapping {
        pairs.iter().map(|(field, column)| (field.to_string(), column.to_string())).collect()
    };
    let good = mapping(&[("code", "编码"), ("name", "名称"), ("line", "险类")]);
    assert_eq!(check_mapping(ImportKind::Products, &good, &columns), Ok(()));
    let bad = mapping(&[("code", "编号"), ("name", "名称"), ("colour", "险类")]);
    let refusals = check_mapping(ImportKind::Products, &bad, &columns).unwrap_err();
    assert_eq!(codes(&refusals), ["import.column-missing", "import.field-unknown", "import.field-unmapped"]);
    assert_eq!(refusals[2].field.as_deref(), Some("line"));
}
