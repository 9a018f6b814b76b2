//! Every print, in every language and copy, with full and with almost no data.

#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

mod support;

use domain::Language;
use report::document::Block;
use report::{CopyFor, Kind};
use serde_json::json;
use support::{COPIES, body, customer_pdf, document, full, pdf, run, sample, text};

/// Leaves the files of a run where `REPORT_OUT` says, to be looked at.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("REPORT_OUT") {
        std::fs::create_dir_all(&folder).expect("folder");
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("write");
    }
}

#[test]
fn every_layout_prints_in_every_language_and_copy() {
    for kind in Kind::ALL {
        for language in Language::ALL {
            for copy in COPIES {
                for (what, data) in [("full", full(kind)), ("empty", json!({"claim": null}))] {
                    let document = document(kind, &data, copy, language);
                    let made = pdf(&document);
                    let name = format!("{}-{language:?}-{copy:?}-{what}", kind.as_str());
                    keep(&format!("{name}.pdf"), &made.bytes);
                    assert_eq!(made.warnings, [], "{name} has characters no face can draw");
                    let words = serde_json::to_string(&document).expect("JSON");
                    for key in ["{claim", "claim.no", "{item", "item.name", "|date", "word:", "{n}"] {
                        assert!(!words.contains(key), "{name} prints the key {key}");
                    }
                    assert!(what == "full" || words.contains('—'), "{name} shows that data is missing");
                }
            }
        }
    }
}

#[test]
fn documents_survive_their_own_json() {
    for kind in Kind::ALL {
        let made = document(kind, &full(kind), CopyFor::Internal, Language::ZhCn);
        let json = serde_json::to_string(&made).expect("JSON");
        assert_eq!(serde_json::from_str::<report::Document>(&json).expect("reads back"), made);
    }
}

#[test]
fn internal_notes_never_reach_the_customer() {
    for kind in Kind::ALL {
        for language in Language::ALL {
            let customer = document(kind, &full(kind), CopyFor::Customer, language);
            let set = text(&pdf(&customer).bytes);
            assert!(!set.contains("SECRET-NOTE"), "{} leaks internal notes", kind.as_str());
            // The recovery code and figures have no notes.
            if !matches!(kind, Kind::Recovery | Kind::ComplaintSummary) {
                let internal = document(kind, &full(kind), CopyFor::Internal, language);
                assert!(text(&pdf(&internal).bytes).contains("SECRET-NOTE"), "{} lost them", kind.as_str());
            }
        }
    }
}

#[test]
fn progress_slips_mask_personal_numbers() {
    let customer = text(&customer_pdf(Kind::Progress).bytes);
    for number in ["370102199003071234", "13800001234", "PDAA202637010000123456"] {
        assert!(!customer.contains(number), "{number} is not masked");
    }
    assert!(customer.contains("370***********1234"), "the ends of the number are shown");
    let internal = pdf(&document(Kind::Progress, &full(Kind::Progress), CopyFor::Internal, Language::ZhCn));
    assert!(text(&internal.bytes).contains("370102199003071234"));
}

#[test]
fn text_comes_back_in_reading_order() {
    let set = text(&customer_pdf(Kind::Application).bytes);
    let story: String = sample().claim.story.expect("story").split_whitespace().collect();
    assert!(set.contains(&story), "the story comes back as it was written");
    let order = [
        "理赔申请书",
        "一、保险合同",
        "二、有关人员",
        "𠮷田䶮㛃",
        "三、出险情况",
        "事故经过",
        "五、随附材料",
        "六、申请人声明",
    ];
    let places: Vec<_> = order.iter().map(|words| set.find(words).expect(words)).collect();
    assert!(places.is_sorted(), "headings come back in order: {places:?}");
}

#[test]
fn every_page_has_number_copy_and_hash() {
    let made = customer_pdf(Kind::Receipt);
    for page in 1..=made.pages {
        let number = page.to_string();
        let page_text: String = run("pdftotext", &["-f", &number, "-l", &number], &made.bytes, &["-"])
            .split_whitespace()
            .collect();
        for part in
            ["3701-2026-7K3Q-000042-5", &format!("第{page}页共{}页", made.pages), "客户联", &made.hash[..16]]
        {
            assert!(page_text.contains(part), "page {page} lacks {part}");
        }
    }
}

#[test]
fn a_receipt_is_small_and_valid() {
    let made = customer_pdf(Kind::Receipt);
    assert!(made.bytes.len() < 150_000, "a receipt has {} bytes", made.bytes.len());
    let said = run("qpdf", &["--check"], &made.bytes, &[]);
    assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    let fonts = run("pdffonts", &[], &made.bytes, &[]);
    for line in fonts.lines().skip(2) {
        assert!(line.contains("yes yes yes"), "each font is embedded, subset and has Unicode: {line}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = customer_pdf(Kind::Decision);
    let other = customer_pdf(Kind::Refusal);
    let again = customer_pdf(Kind::Decision);
    assert!(first.bytes == again.bytes, "the second document of a process differs");
    assert_ne!(first.hash, other.hash);
    let info = run("pdfinfo", &["-rawdates"], &first.bytes, &[]);
    assert!(info.contains("D:20261122100800+08'00'"), "the date is the document's: {info}");
}

/// A PDF with its streams unpacked: which deflate library packs them depends on what else is built.
fn unpacked(pdf: &[u8]) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(pdf).expect("a PDF");
    document.decompress();
    // Drawn from the packed bytes.
    document.trailer.remove(b"ID");
    let mut plain = Vec::new();
    document.save_to(&mut plain).expect("the unpacked PDF");
    plain
}

#[test]
fn golden_hashes() {
    use sha2::{Digest, Sha256};
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt");
    let mut now = String::new();
    for kind in Kind::ALL {
        let made = customer_pdf(kind);
        let bytes: String =
            Sha256::digest(unpacked(&made.bytes)).iter().map(|byte| format!("{byte:02x}")).collect();
        now.push_str(&format!("{} {} {bytes}\n", kind.as_str(), made.hash));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &now).expect("write");
    }
    let golden = std::fs::read_to_string(path).expect("tests/golden.txt");
    assert_eq!(now, golden, "prints changed; look at them (REPORT_OUT=dir), then run with UPDATE_GOLDEN=1");
}

#[test]
fn markup_stays_text() {
    let mut data = sample();
    let hostile = "<script>alert(1)</script>'; DROP TABLE claim; -- {claim.no} {{x}} \\(BT ET) %PDF";
    data.claim.story = Some(hostile.into());
    let data = serde_json::to_value(data).expect("JSON");
    let made = pdf(&document(Kind::Application, &data, CopyFor::Customer, Language::ZhCn));
    let wanted: String = hostile.split_whitespace().collect();
    assert!(text(&made.bytes).contains(&wanted));
    run("qpdf", &["--check"], &made.bytes, &[]);
}

#[test]
fn a_story_of_ten_thousand_characters_paginates() {
    let mut data = sample();
    let story = "我驾驶机动车（鲁A·D12345）由西向东行驶，“前车”紧急制动；损失约 12,860.00 元。".repeat(250);
    assert!(story.chars().count() > 10_000);
    data.claim.story = Some(story.clone());
    let data = serde_json::to_value(data).expect("JSON");
    let made = pdf(&document(Kind::Application, &data, CopyFor::Customer, Language::ZhCn));
    assert!(made.pages >= 8, "{} pages", made.pages);
    keep("long-story.pdf", &made.bytes);
    let story: String = story.split_whitespace().collect();
    assert!(body(&made.bytes).contains(&story), "the story comes back whole, over all page breaks");
}

#[test]
fn long_tables_repeat_their_header() {
    let mut data = sample();
    let paper = data.documents[0].clone();
    data.documents = vec![paper; 120];
    let data = serde_json::to_value(data).expect("JSON");
    let made = pdf(&document(Kind::Receipt, &data, CopyFor::Customer, Language::ZhCn));
    keep("long-table.pdf", &made.bytes);
    for page in 2..=3 {
        let number = page.to_string();
        let page_text = run("pdftotext", &["-f", &number, "-l", &number], &made.bytes, &["-"]);
        assert!(page_text.contains("材料名称"), "page {page} repeats the header");
    }
}

#[test]
fn the_claim_number_is_in_the_symbol() {
    let made = document(Kind::Receipt, &full(Kind::Receipt), CopyFor::Customer, Language::ZhCn);
    let number = sample().claim.no.expect("number");
    assert!(made.blocks.iter().any(|block| matches!(block, Block::Qr { text, .. } if *text == number)));
}
