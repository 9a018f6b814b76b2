//! Cases of every kind of number. All numbers are invented or published as examples of their standard.

use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 8).unwrap()
}

/// `Ok(normalized)` without warnings, `Ok(normalized ! warning code)`, or the refusal's code.
fn outcome(kind: IdentityKind, value: &str) -> String {
    match check(kind, value, today()) {
        Ok(checked) => std::iter::once(checked.normalized)
            .chain(checked.warnings.iter().map(|warning| warning.code.to_string()))
            .collect::<Vec<_>>()
            .join(" ! "),
        Err(refusal) => refusal.code.to_string(),
    }
}

fn check_all(kind: IdentityKind, cases: &[(&str, &str)]) {
    for (value, expect) in cases {
        assert_eq!(outcome(kind, value), *expect, "{} {value:?}", kind.as_str());
    }
}

fn sentence(kind: IdentityKind, value: &str) -> String {
    check(kind, value, today()).unwrap_err().message().zh_cn
}

#[test]
fn resident_ids() {
    check_all(
        IdentityKind::Id,
        &[
            ("110105199003071239", "110105199003071239"),
            ("310104200002290022", "310104200002290022"),
            ("440306201308154426", "440306201308154426"),
            ("32050719491231002X", "identity.id-check-character"),
            (" １１０１０５１９９００３０７１２３９ ", "110105199003071239"),
            ("110105 19900307 1239", "110105199003071239"),
            ("990105199003071232", "990105199003071232 ! identity.id-region"),
            ("810000198801010039", "810000198801010039"),
            ("110105199003071230", "identity.id-check-character"),
            ("110105199002301239", "identity.id-birth-date"),
            ("110105199013071239", "identity.id-birth-date"),
            ("110105189912311239", "identity.id-birth-date"),
            ("310104200102290022", "identity.id-birth-date"),
            ("110105202603091239", "identity.id-birth-future"),
            ("110105900307123", "identity.id-fifteen-digits"),
            ("11010519900307123", "identity.id-length"),
            ("1101051990030712391", "identity.id-length"),
            ("11010519900307123A", "identity.id-character"),
            ("1101X5199003071239", "identity.id-character"),
            ("XXXXXXXXXXXXXXXXXX", "identity.id-character"),
            ("", "identity.empty"),
            ("　 ", "identity.empty"),
            ("张三", "identity.id-length"),
            ("'; drop table party; --", "identity.id-length"),
        ],
    );
}

#[test]
fn the_refusal_names_the_right_check_character() {
    assert_eq!(sentence(IdentityKind::Id, "110105199003071230"), "身份证号第18位校验不符，应为 9。");
    assert_eq!(
        sentence(IdentityKind::Uscc, "91350100M000100Y40"),
        "统一社会信用代码第18位校验不符，应为 3。"
    );
    assert_eq!(
        sentence(IdentityKind::Vin, "LGXC16AF1L0123456"),
        "车辆识别代号第9位校验不符，应为 X；请对照行驶证逐位核对。"
    );
}

#[test]
fn a_lower_case_x_is_read_as_the_check_character() {
    let seventeen = "11010519491231002";
    let upper = format!("{seventeen}X");
    assert_eq!(outcome(IdentityKind::Id, &upper), upper);
    assert_eq!(outcome(IdentityKind::Id, &format!("{seventeen}x")), upper);
    assert_eq!(outcome(IdentityKind::Id, &format!("{seventeen}ｘ")), upper);
}

#[test]
fn a_resident_id_tells_birth_and_sex() {
    let facts = resident_id_facts("110105199003071239").unwrap();
    assert_eq!((facts.birth.to_string().as_str(), facts.sex), ("1990-03-07", Sex::Male));
    let facts = resident_id_facts("440306201308154426").unwrap();
    assert_eq!((facts.birth.to_string().as_str(), facts.sex), ("2013-08-15", Sex::Female));
    assert_eq!(resident_id_facts("110105199003071230"), None, "a wrong number tells nothing");
}

#[test]
fn credit_codes() {
    check_all(
        IdentityKind::Uscc,
        &[
            ("91350100M000100Y43", "91350100M000100Y43"),
            ("91310115MA1K3XY773", "91310115MA1K3XY773"),
            ("91110108100012340X", "91110108100012340X"),
            (" 91110108-100012340-x ", "91110108100012340X"),
            ("91310115MA1K3XY71G", "91310115MA1K3XY71G ! identity.uscc-organisation"),
            ("911101081000123411", "911101081000123411 ! identity.uscc-organisation"),
            ("91350100M000100Y44", "identity.uscc-check-character"),
            ("91350100M000100Y4", "identity.uscc-length"),
            ("91350100MO00100Y43", "identity.uscc-character"),
            ("91350100M000100Z43", "identity.uscc-character"),
            ("", "identity.empty"),
        ],
    );
}

#[test]
fn mobiles() {
    check_all(
        IdentityKind::Mobile,
        &[
            ("13800138000", "13800138000"),
            ("+86 138-0013-8000", "13800138000"),
            ("0086 13800138000", "13800138000"),
            ("8613800138000", "13800138000"),
            ("１９９ ００１３ ８０００", "19900138000"),
            ("+852 9123 4567", "+85291234567"),
            ("+853 6612 3456", "+85366123456"),
            ("+886 912 345 678", "+886912345678"),
            ("+886 0912 345 678", "+886912345678"),
            ("00852 51234567", "+85251234567"),
            ("12800138000", "identity.mobile-format"),
            ("1380013800", "identity.mobile-format"),
            ("138001380001", "identity.mobile-format"),
            ("021-62345678", "identity.mobile-format"),
            ("+852 2123", "identity.mobile-format"),
            ("+853 2812 3456", "identity.mobile-format"),
            ("+1 415 555 0100", "identity.mobile-country"),
            ("1380013800O", "identity.mobile-format"),
            ("+", "identity.mobile-format"),
            ("", "identity.empty"),
        ],
    );
}

#[test]
fn plates() {
    check_all(
        IdentityKind::Plate,
        &[
            ("京A12345", "京A12345"),
            ("沪a·d1234", "沪AD1234"),
            ("粤B 1A2C3", "粤B1A2C3"),
            ("京AD12345", "京AD12345"),
            ("沪AFA1234", "沪AFA1234"),
            ("粤B12345D", "粤B12345D"),
            ("粤B12345F", "粤B12345F"),
            ("京AX12345", "identity.plate-new-energy"),
            ("京AD1234Z", "identity.plate-new-energy"),
            ("京ADAB123", "identity.plate-new-energy"),
            ("京A1234警", "京A1234警"),
            ("京A1234学", "京A1234学"),
            ("冀B1234挂", "冀B1234挂"),
            ("粤Z1234港", "粤Z1234港"),
            ("粤ZAB12澳", "粤ZAB12澳"),
            ("京Z1234港", "identity.plate-format"),
            ("沪A0023领", "沪A0023领"),
            ("224578使", "224578使"),
            ("使014578", "使014578"),
            ("WJ京12345", "WJ京12345 ! identity.plate-armed-forces"),
            ("WJ·1234X", "WJ1234X ! identity.plate-armed-forces"),
            ("VA12345", "VA12345 ! identity.plate-armed-forces"),
            ("京A123I5", "identity.plate-letter"),
            ("京O12345", "identity.plate-letter"),
            ("京A1234", "identity.plate-format"),
            ("京A123456789", "identity.plate-format"),
            ("京ABCDEF", "identity.plate-format"),
            ("12345", "identity.plate-province"),
            ("美A12345", "identity.plate-province"),
            ("京", "identity.plate-format"),
            ("京112345", "identity.plate-format"),
            ("", "identity.empty"),
        ],
    );
}

#[test]
fn vins() {
    check_all(
        IdentityKind::Vin,
        &[
            ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
            ("LGXC16AFXL0123456", "LGXC16AFXL0123456"),
            ("lsvaa49j912345678", "LSVAA49J912345678"),
            (" LBV3A100XMA000259 ", "LBV3A100XMA000259"),
            ("LSVAA49J012345678", "identity.vin-check-digit"),
            ("WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001 ! identity.vin-check-digit-abroad"),
            ("LSVAA49J91234567", "identity.vin-length"),
            ("LSVAA49J9I2345678", "identity.vin-character"),
            ("LSVAA49J9O2345678", "identity.vin-character"),
            ("LSVAA49J9Q2345678", "identity.vin-character"),
            ("", "identity.empty"),
        ],
    );
}

#[test]
fn bank_cards() {
    check_all(
        IdentityKind::Bankcard,
        &[
            ("6217001234567890122", "6217001234567890122"),
            ("6225 8812 3456 7898", "6225881234567898"),
            ("６２２５８８１２３４５６７８９８", "6225881234567898"),
            ("6225881234567899", "identity.bankcard-luhn"),
            ("62258812345", "identity.bankcard-length"),
            ("62258812345678981234", "identity.bankcard-length"),
            ("6225A81234567898", "identity.bankcard-character"),
            ("0000000000000000", "identity.bankcard-luhn"),
            ("", "identity.empty"),
        ],
    );
}

#[test]
fn kinds_are_read_and_written_alike() {
    for kind in IdentityKind::ALL {
        assert_eq!(kind.as_str().parse::<IdentityKind>().unwrap(), kind);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    assert_eq!("passport".parse::<IdentityKind>().unwrap_err().code, Code::IdentityKindUnknown);
}

#[test]
fn masks() {
    for (value, expect) in [
        ("110105199003071239", "110***********1239"),
        ("13800138000", "138****8000"),
        ("京AD12345", "京A****45"),
        ("E12345678", "E1*****78"),
        ("12345", "1***5"),
        ("张三丰", "张**"),
        ("张三", "张*"),
        ("𠮷", "*"),
        ("", ""),
    ] {
        assert_eq!(mask(value), expect, "mask of {value}");
    }
}

#[test]
fn every_refusal_has_a_sentence_without_open_places() {
    for (kind, value) in [
        (IdentityKind::Id, "1101X5199003071239"),
        (IdentityKind::Id, "110105199002301239"),
        (IdentityKind::Id, "110105202603091239"),
        (IdentityKind::Id, "1"),
        (IdentityKind::Uscc, "9135"),
        (IdentityKind::Uscc, "91350100MO00100Y43"),
        (IdentityKind::Mobile, "110"),
        (IdentityKind::Plate, "京A123I5"),
        (IdentityKind::Plate, "x"),
        (IdentityKind::Vin, "LSVAA49J9Q2345678"),
        (IdentityKind::Vin, "LSVAA49J012345678"),
        (IdentityKind::Bankcard, "6225A81234567898"),
        (IdentityKind::Bankcard, "1"),
    ] {
        let message = check(kind, value, today()).unwrap_err().message();
        for text in [message.zh_cn, message.zh_tw, message.en] {
            assert!(!text.contains('{'), "{value}: {text}");
        }
    }
}

/// A number with its check character, made the way the authority does it: by trying all.
fn completed(kind: IdentityKind, number: &str, at: usize, alphabet: &str) -> Vec<String> {
    alphabet
        .chars()
        .map(|c| number.chars().enumerate().map(|(i, d)| if i == at { c } else { d }).collect::<String>())
        .filter(|candidate| check(kind, candidate, today()).is_ok())
        .collect()
}

proptest! {
    #[test]
    fn exactly_one_check_character_fits_a_resident_id(
        region in 110_000u32..660_000, days in 0i64..40_000, order in 0u32..1000,
    ) {
        let birth = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(days.unsigned_abs());
        let number = format!("{region}{}{order:03}0", birth.format("%Y%m%d"));
        let valid = completed(IdentityKind::Id, &number, 17, "0123456789X");
        prop_assert_eq!(valid.len(), 1);
        let facts = resident_id_facts(&valid[0]).unwrap();
        prop_assert_eq!(facts.birth, birth);
        prop_assert_eq!(facts.sex == Sex::Male, order % 2 == 1);
    }

    #[test]
    fn one_wrong_digit_of_a_resident_id_is_found(at in 0usize..17, digit in 0u32..10) {
        let right = "110105199003071239";
        let wrong: String = right.chars().enumerate()
            .map(|(i, c)| if i == at { char::from_digit(digit, 10).unwrap() } else { c }).collect();
        prop_assert_eq!(check(IdentityKind::Id, &wrong, today()).is_ok(), wrong == right);
    }

    #[test]
    fn exactly_one_check_character_fits_a_credit_code(body in "[0-9A-HJ-NP-RTUWXY]{17}") {
        let valid = completed(IdentityKind::Uscc, &format!("{body}0"), 17, "0123456789ABCDEFGHJKLMNPQRTUWXY");
        prop_assert_eq!(valid.len(), 1);
    }

    #[test]
    fn exactly_one_check_digit_fits_a_chinese_vin(body in "L[0-9A-HJ-NPR-Z]{16}") {
        prop_assert_eq!(completed(IdentityKind::Vin, &body, 8, "0123456789X").len(), 1);
    }

    #[test]
    fn one_wrong_digit_of_a_card_is_found(body in "[1-9][0-9]{11,17}", at in 0usize..12, step in 1u32..10) {
        let card = completed(IdentityKind::Bankcard, &format!("{body}0"), body.len(), "0123456789");
        prop_assert_eq!(card.len(), 1);
        let wrong: String = card[0].chars().enumerate().map(|(i, c)| {
            if i == at { char::from_digit((c.to_digit(10).unwrap() + step) % 10, 10).unwrap() } else { c }
        }).collect();
        prop_assert!(check(IdentityKind::Bankcard, &wrong, today()).is_err());
    }

    #[test]
    fn what_is_accepted_is_accepted_again_unchanged(value in "\\PC{0,24}") {
        for kind in IdentityKind::ALL {
            if let Ok(checked) = check(kind, &value, today()) {
                let again = check(kind, &checked.normalized, today()).unwrap();
                prop_assert_eq!(again, checked);
            }
        }
    }

    #[test]
    fn a_mask_hides_a_third_at_least(value in "\\PC{1,40}") {
        let shown = mask(&value);
        let length = value.chars().count();
        prop_assert_eq!(shown.chars().count(), length);
        let kept = value.chars().zip(shown.chars()).filter(|(a, b)| a == b && *b != '*').count();
        prop_assert!(kept * 3 <= length * 2, "{} of {}", kept, length);
    }
}
