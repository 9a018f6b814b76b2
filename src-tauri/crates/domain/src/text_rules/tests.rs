//! Cases of free text.

use super::*;

#[test]
fn text_is_kept_as_typed() {
    for (value, expect) in [
        ("", ""),
        ("两车追尾。\n无人受伤。", "两车追尾。\n无人受伤。"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("  首尾空白 \n", "首尾空白"),
        ("列一\t列二", "列一 列二"),
        ("客户很生气😡", "客户很生气😡"),
        ("<b>x</b>' or 1=1; drop table claim;", "<b>x</b>' or 1=1; drop table claim;"),
        ("𠮷䶮㛃", "𠮷䶮㛃"),
    ] {
        assert_eq!(check_text(value, STORY_LIMIT), Ok(expect.to_owned()), "{value:?}");
    }
}

#[test]
fn ten_thousand_characters_fit_and_no_more() {
    assert!(check_text(&"字".repeat(STORY_LIMIT), STORY_LIMIT).is_ok());
    let refusal = check_text(&"字".repeat(STORY_LIMIT + 1), STORY_LIMIT).unwrap_err();
    assert_eq!(refusal.code, Code::IdentityTextTooLong);
    assert_eq!(refusal.params["length"], "10001");
}

#[test]
fn invisible_characters_are_named_with_their_place() {
    for (value, position, character) in [
        ("ab\u{0}", "3", "U+0000"),
        ("\u{7}", "1", "U+0007"),
        ("一\n\u{1b}[0m", "3", "U+001B"),
        ("x\u{202e}y", "2", "U+202E"),
    ] {
        let refusal = check_text(value, STORY_LIMIT).unwrap_err();
        assert_eq!(refusal.code, Code::IdentityTextControl, "{value:?}");
        assert_eq!(
            (refusal.params["position"].as_str(), refusal.params["character"].as_str()),
            (position, character)
        );
    }
    assert_eq!(check_line("一\n二", 10).unwrap_err().code, Code::IdentityTextControl);
    assert_eq!(check_line(" 上海市徐汇区漕溪北路 1 号 ", 200).unwrap(), "上海市徐汇区漕溪北路 1 号");
}
