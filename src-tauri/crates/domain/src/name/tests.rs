//! Cases of names.

use super::*;

fn check(kind: PartyKind, value: &str, expect: Result<&str, Code>) {
    let found = check_name(kind, value).map_err(|refusal| refusal.code);
    assert_eq!(found, expect.map(str::to_owned), "{value:?}");
}

#[test]
fn names_of_persons() {
    for (value, expect) in [
        ("张三", "张三"),
        (" 张 三\u{3000}", "张三"),
        ("𠮷田", "𠮷田"),
        ("李䶮", "李䶮"),
        ("王㛃", "王㛃"),
        ("𬱖𫖯", "𬱖𫖯"),
        ("买买提•阿不都拉", "买买提·阿不都拉"),
        ("买买提・阿不都拉", "买买提·阿不都拉"),
        ("买买提 · 阿不都拉", "买买提·阿不都拉"),
        ("买买提．阿不都拉", "买买提·阿不都拉"),
        ("买买提‧阿不都拉", "买买提·阿不都拉"),
        ("Mary  Jane O'Neill-Smith", "Mary Jane O'Neill-Smith"),
        ("José Müller", "José Müller"),
        ("J. R. Smith", "J. R. Smith"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Robert'); DROP TABLE party;--", "Robert'); DROP TABLE party;--"),
        ("\u{FEFF}张三", "张三"),
        ("张三\u{E0101}", "张三\u{E0101}"),
    ] {
        check(PartyKind::Person, value, Ok(expect));
    }
}

#[test]
fn names_of_organisations() {
    for (value, expect) in [
        ("沪东（上海）物流有限公司", "沪东（上海）物流有限公司"),
        ("3M 中国  有限公司", "3M 中国 有限公司"),
        ("A.B. Trading Co., Ltd.", "A.B. Trading Co., Ltd."),
    ] {
        check(PartyKind::Organisation, value, Ok(expect));
    }
}

#[test]
fn names_that_no_notice_can_carry() {
    for (value, code) in [
        ("", Code::IdentityEmpty),
        (" \u{3000}\t", Code::IdentityEmpty),
        ("张\u{0}三", Code::IdentityTextControl),
        ("张\n三", Code::IdentityTextControl),
        ("张\u{202E}三", Code::IdentityTextControl),
        ("张\u{FFFD}", Code::IdentityTextControl),
        ("张😀", Code::IdentityNameEmoji),
        ("张❤️", Code::IdentityNameEmoji),
        ("🇨🇳", Code::IdentityNameEmoji),
        ("👨‍👩‍👧", Code::IdentityNameEmoji),
        ("张\u{E863}", Code::IdentityNamePrivateUse),
        ("---", Code::IdentityNameNoLetter),
    ] {
        check(PartyKind::Person, value, Err(code));
        check(PartyKind::Organisation, value, Err(code));
    }
    check(PartyKind::Person, &"张".repeat(100), Ok(&"张".repeat(100)));
    check(PartyKind::Person, &"张".repeat(101), Err(Code::IdentityNameTooLong));
    let refusal = check_name(PartyKind::Person, "张😀").unwrap_err();
    assert_eq!(refusal.params["position"], "2", "the place is counted in characters from one");
}

proptest::proptest! {
    #[test]
    fn a_checked_name_stays_the_same(value in "\\PC{0,60}") {
        for kind in [PartyKind::Person, PartyKind::Organisation] {
            if let Ok(name) = check_name(kind, &value) {
                proptest::prop_assert_eq!(check_name(kind, &name), Ok(name.clone()));
            }
        }
    }
}
