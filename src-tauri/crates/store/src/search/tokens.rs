//! Text into tokens, names into pinyin, numbers into keys.

use std::collections::BTreeSet;

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// Whether a character is written without spaces between words (Han, including the rare planes).
pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇' | '々')
}

/// Single characters and neighbouring pairs of Han, and Latin words in lower case.
pub(crate) fn tokens(text: &str, into: &mut BTreeSet<String>) {
    let mut previous: Option<char> = None;
    let mut word = String::new();
    for letter in text.chars().chain(std::iter::once(' ')) {
        if is_han(letter) {
            into.insert(letter.to_string());
            if let Some(previous) = previous {
                into.insert([previous, letter].iter().collect());
            }
            previous = Some(letter);
        } else {
            previous = None;
        }
        if letter.is_alphanumeric() && !is_han(letter) {
            word.extend(letter.to_lowercase());
        } else if !word.is_empty() {
            into.insert(std::mem::take(&mut word));
        }
    }
}

/// The tokens a Han-bearing query must all have: pairs where there are pairs, else the single character.
pub(crate) fn query_tokens(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut wanted = BTreeSet::new();
    for run in letters.split(|letter| !is_han(*letter)).filter(|run| !run.is_empty()) {
        match run {
            [only] => {
                wanted.insert(only.to_string());
            }
            run => wanted.extend(run.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    for run in letters.split(|letter| is_han(*letter) || !letter.is_alphanumeric()) {
        if !run.is_empty() {
            wanted.insert(run.iter().collect::<String>().to_lowercase());
        }
    }
    wanted.into_iter().collect()
}

/// Letters and digits only, in lower case: how numbers are compared.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A number from its end, for tails.
pub(crate) fn tail(plain: &str) -> String {
    std::iter::once('<').chain(plain.chars().rev()).collect()
}

/// The keys of a number: itself and its reverse.
pub(crate) fn number_keys(number: &str, into: &mut BTreeSet<String>) {
    let number = plain(number);
    if !number.is_empty() {
        into.insert(tail(&number));
        into.insert(number);
    }
}

/// The keys of a name: full pinyin and initials, with every reading of the first character (单: shan, dan).
pub(crate) fn name_keys(name: &str, into: &mut BTreeSet<String>) {
    let letters: Vec<char> =
        name.chars().filter(|letter| !letter.is_whitespace() && *letter != '·').collect();
    let Some((first, rest)) = letters.split_first() else { return };
    if !is_han(*first) {
        number_keys(name, into);
        return;
    }
    let mut full = String::new();
    let mut initials = String::new();
    for letter in rest {
        match letter.to_pinyin() {
            Some(reading) => {
                full.push_str(reading.plain());
                initials.push_str(reading.first_letter());
            }
            None => {
                full.extend(letter.to_lowercase());
                initials.extend(letter.to_lowercase());
            }
        }
    }
    let mut readings: BTreeSet<(String, String)> = BTreeSet::new();
    if let Some(multi) = first.to_pinyin_multi() {
        for reading in multi {
            readings.insert((reading.plain().to_owned(), reading.first_letter().to_owned()));
        }
    }
    for (reading, initial) in readings {
        into.insert(format!("{reading}{full}"));
        into.insert(format!("{initial}{initials}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_query(query: &str, expect: &[&str]) {
        assert_eq!(query_tokens(query), expect, "{query}");
    }

    #[test]
    fn queries_use_pairs() {
        check_query("王", &["王"]);
        check_query("王芳", &["王芳"]);
        check_query("王小芳", &["小芳", "王小"]);
        check_query("追尾abc", &["abc", "追尾"]);
        check_query("𠮷野", &["𠮷野"]);
    }

    #[test]
    fn names_are_found_by_pinyin_and_initials() {
        let mut keys = BTreeSet::new();
        name_keys("单小芳", &mut keys);
        for key in ["shanxiaofang", "danxiaofang", "sxf", "dxf"] {
            assert!(keys.contains(key), "{key} in {keys:?}");
        }
        keys.clear();
        name_keys("阿依古丽·买买提", &mut keys);
        assert!(keys.contains("ayigulimaimaiti"), "{keys:?}");
    }

    #[test]
    fn tails_are_prefixes_of_the_reverse() {
        let mut keys = BTreeSet::new();
        number_keys("138-1234 5678", &mut keys);
        assert!(keys.iter().any(|key| key.starts_with(&tail("5678"))), "{keys:?}");
        assert!(keys.contains("13812345678"));
    }
}
