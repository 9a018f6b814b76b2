//! Cases of case numbers, and what their check character finds.

use proptest::prelude::*;

use super::*;

#[test]
fn the_check_character_is_that_of_the_standard() {
    // The Global Release Identifier A1-2425G-ABC1234002-M is the published example of MOD 37,36.
    assert_eq!(check_character("A12425GABC1234002"), 'M');
}

#[test]
fn numbers_are_written_and_read() {
    let number = CaseNumber::new("SH01", 2026, "7K3M", 123).unwrap();
    assert_eq!(number.to_string(), "SH01-26-7K3M-000123-3");
    assert_eq!(
        (number.branch(), number.year(), number.device(), number.counter()),
        ("SH01", 26, "7K3M", 123)
    );
    for text in [
        "SH01-26-7K3M-000123-3",
        "sh01-26-7k3m-000123-3",
        " SH01 26 7K3M 000123 3 ",
        "SH01267K3M0001233",
        "ＳＨ０１－２６－７Ｋ３Ｍ－０００１２３－３",
        "SH01–26–7K3M–000123–3",
    ] {
        assert_eq!(text.parse::<CaseNumber>().as_ref(), Ok(&number), "{text}");
    }
    assert_eq!(serde_json::to_value(&number).unwrap(), "SH01-26-7K3M-000123-3");
    assert_eq!(serde_json::from_str::<CaseNumber>("\"SH01-26-7K3M-000123-3\"").unwrap(), number);
    assert!(serde_json::from_str::<CaseNumber>("\"SH01-26-7K3M-000123-4\"").is_err());
}

#[test]
fn wrong_numbers_are_refused() {
    for (text, code) in [
        ("", Code::IdentityCaseNumberFormat),
        ("SH01", Code::IdentityCaseNumberFormat),
        ("SH01-26-7K3M-00012A-3", Code::IdentityCaseNumberFormat),
        ("SH01-2X-7K3M-000123-3", Code::IdentityCaseNumberFormat),
        ("上海-26-7K3M-000123-3", Code::IdentityCaseNumberFormat),
        ("SH01-26-7K3M-000123-4", Code::IdentityCaseNumberCheck),
        ("SH01-26-7K3M-000132-3", Code::IdentityCaseNumberCheck),
    ] {
        assert_eq!(text.parse::<CaseNumber>().map_err(|refusal| refusal.code), Err(code), "{text}");
    }
    for (branch, year, device, counter, code) in [
        ("S", 26, "7K3M", 1, Code::IdentityBranchCode),
        ("SHANGHAI1", 26, "7K3M", 1, Code::IdentityBranchCode),
        ("上海", 26, "7K3M", 1, Code::IdentityBranchCode),
        ("SH01", 1999, "7K3M", 1, Code::IdentityCaseNumberYear),
        ("SH01", 26, "7K3I", 1, Code::IdentityDeviceCode),
        ("SH01", 26, "7K3", 1, Code::IdentityDeviceCode),
        ("SH01", 26, "7K3M", 0, Code::IdentityCaseNumberCounter),
        ("SH01", 26, "7K3M", 1_000_000, Code::IdentityCaseNumberCounter),
    ] {
        let found = CaseNumber::new(branch, year, device, counter).map_err(|refusal| refusal.code);
        assert_eq!(found, Err(code), "{branch} {year} {device} {counter}");
    }
}

/// Whether swapping `a` and `b` after a product of `product` is one of the swaps MOD 37,36 cannot see.
fn is_blind_swap(product: u32, a: u32, b: u32) -> bool {
    let step = |product: u32, value: u32| {
        let sum = (product + value) % 36;
        (if sum == 0 { 36 } else { sum }) * 2 % 37
    };
    step(step(product, a), b) == step(step(product, b), a)
}

#[test]
fn the_blind_swaps_are_as_few_as_the_header_says() {
    let blind = (1..37u32)
        .flat_map(|product| (0..36).flat_map(move |a| (0..36).map(move |b| (product, a, b))))
        .filter(|(product, a, b)| a != b && is_blind_swap(*product, *a, *b))
        .count();
    assert_eq!(blind, 72, "of 36 × 36 × 35 = 45,360");
}

fn numbers() -> impl Strategy<Value = CaseNumber> {
    ("[A-Z0-9]{2,8}", 0i32..100, "[0-9A-HJKMNP-TV-Z]{4}", 1u32..=COUNTER_LIMIT)
        .prop_map(|(branch, year, device, counter)| CaseNumber::new(&branch, year, &device, counter).unwrap())
}

proptest! {
    #[test]
    fn a_number_reads_back(number in numbers()) {
        let text = number.to_string();
        prop_assert_eq!(text.parse::<CaseNumber>().unwrap(), number.clone());
        prop_assert_eq!(text.to_lowercase().replace('-', " ").parse::<CaseNumber>().unwrap(), number);
    }

    #[test]
    fn every_single_wrong_character_is_found(number in numbers(), at in any::<prop::sample::Index>(), value in 0u32..36) {
        let text: Vec<char> = number.to_string().chars().collect();
        let at = at.index(text.len());
        let replacement = char::from_digit(value, 36).unwrap().to_ascii_uppercase();
        prop_assume!(text[at] != '-' && text[at] != replacement);
        let wrong: String = text.iter().enumerate().map(|(i, c)| if i == at { replacement } else { *c }).collect();
        prop_assert!(wrong.parse::<CaseNumber>().is_err(), "{} read as {}", number, wrong);
    }

    #[test]
    fn a_swap_of_neighbours_is_found_unless_the_standard_is_blind(number in numbers(), at in any::<prop::sample::Index>()) {
        let text: Vec<char> = number.to_string().chars().filter(|c| *c != '-').collect();
        let at = at.index(text.len() - 1);
        prop_assume!(text[at] != text[at + 1]);
        let mut swapped = text.clone();
        swapped.swap(at, at + 1);
        let value = |c: char| c.to_digit(36).unwrap();
        let product = text[..at].iter().fold(36, |product, c| {
            let sum = (product + value(*c)) % 36;
            (if sum == 0 { 36 } else { sum }) * 2 % 37
        });
        let blind = if at + 2 < text.len() {
            is_blind_swap(product, value(text[at]), value(text[at + 1]))
        } else {
            check_character(&swapped[..swapped.len() - 1].iter().collect::<String>()) == swapped[swapped.len() - 1]
        };
        let read = swapped.iter().collect::<String>().parse::<CaseNumber>();
        prop_assert!(read.is_err() || blind, "{} passed for {}", swapped.iter().collect::<String>(), number);
    }

    #[test]
    fn no_text_makes_reading_stumble(text in "\\PC{0,40}") {
        if let Ok(number) = text.parse::<CaseNumber>() {
            prop_assert_eq!(number.to_string().parse::<CaseNumber>().unwrap(), number);
        }
    }
}
