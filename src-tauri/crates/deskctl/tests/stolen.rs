//! A stolen profile: nothing a customer said stands readable in any file of it, of its backup, of the logs or of temp.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of the tests fail like tests")]

#[cfg(test)]
mod common;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};

use common::{Profile, answer, example, lines};
use serde_json::{Value, json};

/// Each claim plants a name, an identity number, a mobile, a policy and a sentence.
const CLAIMS: usize = 40;

/// The last character of an identity number (GB 11643).
fn identity_number(number: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("11010519880416{:03}", 100 + number);
    let sum: usize =
        body.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

/// What is planted with a claim: name, identity number, mobile, policy, sentence.
fn plants(number: usize) -> [String; 5] {
    let pick = |of: &str, at: usize| of.chars().nth(at % of.chars().count()).unwrap();
    let name = [pick("欧钱孙李周吴郑王", number), pick("璟珩琬琰瑾", number / 8), '瓒'].iter().collect();
    [
        name,
        identity_number(number),
        format!("1390071{number:04}"),
        format!("STOLEN{number:05}"),
        format!("紫藤路口第{number}根护栏被刮弯，现场有雾。"),
    ]
}

fn input(example: &Value, number: usize) -> Value {
    let [name, id_no, mobile, policy, story] = plants(number);
    let mut input = example.clone();
    input["policy"]["no"] = json!(policy);
    for key in ["holder", "insured"] {
        input["policy"][key] = json!(name);
    }
    for party in input["parties"].as_array_mut().unwrap() {
        for (key, value) in [("name", &name), ("id_no", &id_no), ("mobile", &mobile)] {
            party[key] = json!(value);
        }
    }
    input["answers"]["driver_name"] = json!(name);
    input["answers"]["story"] = json!(story);
    input
}

/// Which of the words stand in a file, as UTF-8 or UTF-16.
fn found(bytes: &[u8], words: &[String]) -> Vec<String> {
    let holds = |needle: &[u8]| memmem(bytes, needle);
    let wide = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    words.iter().filter(|word| holds(word.as_bytes()) || holds(&wide(word))).cloned().collect()
}

fn memmem(bytes: &[u8], needle: &[u8]) -> bool {
    let first = needle[0];
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
    starts.into_iter().any(|(at, _)| bytes[at..].starts_with(needle))
}

/// Looks through a folder; says how many files there were.
fn search(folder: &Path, words: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files += search(&path, words);
        } else {
            let told = found(&std::fs::read(&path).unwrap(), words);
            assert!(told.is_empty(), "{} holds {told:?}", path.display());
            files += 1;
        }
    }
    files
}

#[test]
fn two_hundred_planted_words_are_found_in_no_file() {
    let profile = Profile::new();
    let temp = profile.file("temp");
    std::fs::create_dir(&temp).unwrap();
    let words: Vec<String> = (0..CLAIMS).flat_map(plants).collect();
    // The search itself finds what is there, in either encoding.
    let wide: Vec<u8> = words[4].encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(format!("x{}x", words[0]).as_bytes(), &words), [words[0].as_str()]);
    assert_eq!(found(&wide, &words), [words[4].as_str()]);

    // Everything it could say is said.
    let logged = |command: &mut Command| -> Output {
        let output = command.env("TMPDIR", &temp).env("RUST_LOG", "trace").output().unwrap();
        let told = found(&output.stderr, &words);
        assert!(told.is_empty(), "the log holds {told:?}");
        output
    };
    let motor = example("motor-damage");
    let inputs: String = (0..CLAIMS).map(|number| format!("{}\n", input(&motor, number))).collect();
    // On standard input: the file with it is the test's own and gone before anyone looks.
    let given = profile.write("given", inputs);
    let mut register = profile.command_as("admin");
    register.args(["claim", "register", "--template", "motor-damage", "--input", "-"]);
    let registered = logged(register.stdin(File::open(&given).unwrap()));
    std::fs::remove_file(&given).unwrap();
    let registered = lines(&registered.stdout);
    assert_eq!(registered.iter().filter(|claim| claim["no"].is_string()).count(), CLAIMS, "{registered:?}");
    let no = registered[0]["no"].as_str().unwrap();

    let scan = profile.write("scan.txt", words.join("\n"));
    let paper = ["claim", "document", no, "--name", "scene-photos", "--received", "copy", "--file", &scan];
    answer(&logged(profile.command_as("admin").args(paper)));
    std::fs::remove_file(&scan).unwrap();
    let hits = answer(&logged(profile.command_as("admin").args(["search", &words[2]])));
    assert!(!hits["hits"].as_array().unwrap().is_empty(), "they are in the profile: {hits}");
    let copies = profile.file("copies").display().to_string();
    std::fs::create_dir(&copies).unwrap();
    answer(&logged(profile.command_as("admin").args(["backup", &copies])));

    let files = search(&profile.folder(), &words);
    assert!(files > 4, "only {files} files in the profile");
    assert!(search(Path::new(&copies), &words) > 0, "no backup was made");
    search(&temp, &words);
}
