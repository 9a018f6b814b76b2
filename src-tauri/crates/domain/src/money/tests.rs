//! Amounts read and written; capitals against an inverse reader.

use proptest::prelude::*;

use super::*;

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn amounts_are_read() {
    for (text, expect) in [
        ("1234.50", "1234.50"),
        ("1234.5", "1234.50"),
        ("0", "0.00"),
        ("0.05", "0.05"),
        ("007", "7.00"),
        ("1,234,567.80", "1234567.80"),
        ("１，２３４．５６", "1234.56"),
        ("￥1,000", "1000.00"),
        ("¥ 20.10", "20.10"),
        ("300元", "300.00"),
        ("9,999,999,999,999.99", "9999999999999.99"),
        ("9999999999999.99", "9999999999999.99"),
    ] {
        assert_eq!(parse_amount(text).map(|a| a.to_string()), Ok(expect.to_owned()), "{text}");
    }
}

#[test]
fn amounts_are_refused() {
    for (text, code) in [
        ("", Code::IdentityEmpty),
        ("   ", Code::IdentityEmpty),
        ("-1", Code::AmountNegative),
        ("-0.01", Code::AmountNegative),
        ("－5", Code::AmountNegative),
        ("¥-5", Code::AmountNegative),
        ("(5.00)", Code::AmountNegative),
        ("1.234", Code::AmountDecimals),
        ("1.230", Code::AmountDecimals),
        ("10000000000000", Code::AmountTooLarge),
        ("99999999999999999999999999999999999999", Code::AmountTooLarge),
        ("1,23", Code::AmountFormat),
        ("1234,567", Code::AmountFormat),
        (",123", Code::AmountFormat),
        ("1.", Code::AmountFormat),
        (".5", Code::AmountFormat),
        ("1.2.3", Code::AmountFormat),
        ("1e5", Code::AmountFormat),
        ("0x10", Code::AmountFormat),
        ("NaN", Code::AmountFormat),
        ("一百", Code::AmountFormat),
        ("-", Code::AmountFormat),
        ("1 or 1=1", Code::AmountFormat),
    ] {
        assert_eq!(parse_amount(text).map_err(|refusal| refusal.code), Err(code), "{text}");
    }
    assert_eq!(AMOUNT_LIMIT, amount("9999999999999.99"));
}

#[test]
fn amounts_are_shown() {
    for (value, travels, read) in [
        ("0", "0.00", "0.00"),
        ("1234.5", "1234.50", "1,234.50"),
        ("999", "999.00", "999.00"),
        ("1234567.8", "1234567.80", "1,234,567.80"),
        ("-1234.5", "-1234.50", "-1,234.50"),
        ("0.005", "0.01", "0.01"),
    ] {
        assert_eq!((plain(amount(value)), grouped(amount(value))), (travels.to_owned(), read.to_owned()));
    }
}

#[test]
fn capitals_follow_the_annex() {
    for (value, expect) in [
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("0.05", "伍分"),
        ("0.5", "伍角整"),
        ("0.53", "伍角叁分"),
        ("0", "零元整"),
        ("0.00", "零元整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.50", "壹拾元零伍角整"),
        ("10000", "壹万元整"),
        ("100005.3", "壹拾万零伍元叁角整"),
        // The four examples of article 4, in the form the annex names first.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000000000005", "壹万亿零伍元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-20.01", "负贰拾元零壹分"),
        ("0.004", "零元整"),
    ] {
        assert_eq!(capitals(amount(value)), expect, "{value}");
    }
}

#[test]
fn capitals_in_traditional_script() {
    assert_eq!(
        capitals_in(amount("123456789.06"), Language::ZhTw),
        "壹億貳仟參佰肆拾伍萬陸仟柒佰捌拾玖元零陸分"
    );
    assert_eq!(capitals_in(amount("1234.50"), Language::En), "壹仟贰佰叁拾肆元伍角整");
}

/// Reads capitals back into cents, knowing nothing of how they were written.
fn read_capitals(text: &str) -> u64 {
    let digit = |c: char| "零壹贰叁肆伍陆柒捌玖".chars().position(|d| d == c).map(|d| d as u64);
    let (mut cents, mut high, mut section, mut pending) = (0u64, 0u64, 0u64, 0u64);
    for c in text.chars() {
        match c {
            '拾' => section += std::mem::take(&mut pending) * 10,
            '佰' => section += std::mem::take(&mut pending) * 100,
            '仟' => section += std::mem::take(&mut pending) * 1000,
            '万' => section = (section + std::mem::take(&mut pending)) * 10_000,
            '亿' => high = (std::mem::take(&mut section) + std::mem::take(&mut pending)) * 100_000_000,
            '元' => {
                cents +=
                    (std::mem::take(&mut high) + std::mem::take(&mut section) + std::mem::take(&mut pending))
                        * 100
            }
            '角' => cents += std::mem::take(&mut pending) * 10,
            '分' => cents += std::mem::take(&mut pending),
            '整' => {}
            c => pending = digit(c).unwrap_or_else(|| panic!("{c} in {text}")),
        }
    }
    cents
}

proptest! {
    #[test]
    fn capitals_read_back(cents in prop_oneof![0u64..1_000_000, 0u64..=999_999_999_999_999]) {
        let text = capitals(Decimal::new(i64::try_from(cents).unwrap(), 2));
        prop_assert_eq!(read_capitals(&text), cents, "{}", text);
    }

    #[test]
    fn round_numbers_read_back(digit in 1u64..10, zeros in 0u32..15, other in 0u64..10, place in 0u32..15) {
        let cents = (digit * 10u64.pow(zeros) + other * 10u64.pow(place)) % 1_000_000_000_000_000;
        let text = capitals(Decimal::new(i64::try_from(cents).unwrap(), 2));
        prop_assert_eq!(read_capitals(&text), cents, "{}", text);
        prop_assert!(!text.contains("零零") && !text.contains("零万") && !text.contains("零亿"), "{}", text);
        prop_assert!(text == "零元整" || !text.contains("零元"), "{}", text);
        prop_assert_eq!(text.ends_with('整'), cents % 10 == 0, "{}", text);
    }

    #[test]
    fn what_is_shown_reads_back(cents in 0i64..=999_999_999_999_999) {
        let value = Decimal::new(cents, 2);
        prop_assert_eq!(parse_amount(&plain(value)).unwrap(), value);
        prop_assert_eq!(parse_amount(&grouped(value)).unwrap(), value);
    }

    #[test]
    fn no_text_makes_reading_stumble(text in "\\PC{0,30}") {
        if let Ok(value) = parse_amount(&text) {
            prop_assert!(value >= Decimal::ZERO && value <= AMOUNT_LIMIT && value.scale() == 2);
        }
    }
}
