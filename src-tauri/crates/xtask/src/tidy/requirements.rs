//! Every requirement code that the code cites is explained in docs/requirements.md.

use std::collections::BTreeMap;

use super::sources;
use crate::sh;

/// `000-07`: one of the five documents, a hyphen, two digits, and no letter or digit on either side.
fn codes(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    text.match_indices("00")
        .filter(|(at, _)| {
            let free = *at == 0 || !word(at - 1);
            let document = matches!(bytes.get(at + 2), Some(b'0'..=b'4')) && bytes.get(at + 3) == Some(&b'-');
            free && document && digit(at + 4) && digit(at + 5) && !word(at + 6)
        })
        .filter_map(|(at, _)| text.get(at..at + 6))
        .collect()
}

#[test]
fn cited_requirements_are_listed() {
    let listed = sh::read(&sh::root().join("docs/requirements.md")).expect("docs/requirements.md");
    let listed = codes(&listed);
    let mut cited: BTreeMap<String, String> = BTreeMap::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for code in codes(source.without_test_module()) {
            cited.insert(code.to_owned(), source.path.clone());
        }
    }
    assert!(cited.len() > 5, "only {} codes are cited: the search is broken", cited.len());
    let missing: Vec<_> = cited.iter().filter(|(code, _)| !listed.contains(&code.as_str())).collect();
    assert!(missing.is_empty(), "add to docs/requirements.md: {missing:?}");
    let stale: Vec<_> = listed.iter().filter(|code| !cited.contains_key(**code)).collect();
    assert!(stale.is_empty(), "docs/requirements.md lists what nothing cites: {stale:?}");
}
