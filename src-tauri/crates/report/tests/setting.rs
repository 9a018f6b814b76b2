//! Typesetting: missing glyphs, rare characters, figures, symbols, page breaks, broken layouts.

#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

mod support;

use domain::Language;
use report::document::{Align, Block, Column, Meta, ParagraphStyle, SignaturePlace};
use report::layout::{Common, Layout};
use report::{CopyFor, Document, Fonts, ReportError, render};
use support::{body, pdf, run, text};

fn document_of(blocks: Vec<Block>) -> Document {
    let meta = Meta {
        issuer: "测试支公司".into(),
        number_line: "编号：1".into(),
        page_pattern: "第 {page} 页 共 {pages} 页".into(),
        copy_line: "客户联".into(),
        printed_at: "2026-11-22T10:08:00+08:00".into(),
    };
    let (title, number) = ("测试".into(), "1".into());
    Document { title, number, copy: CopyFor::Customer, language: Language::ZhCn, meta, blocks }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph { text: text.into(), style: ParagraphStyle::Body }
}

fn refused(block: Block) -> ReportError {
    render(&document_of(vec![block]), Fonts::shared().expect("fonts")).expect_err("must be refused")
}

#[test]
fn rare_characters_of_names_are_drawn() {
    let names = "𠮷田䶮㛃𬭎镕喆堃·阿依古丽\u{b7}买买提㐂";
    let made = pdf(&document_of(vec![paragraph(names), Block::Heading { level: 1, text: names.into() }]));
    assert_eq!(made.warnings, []);
    assert!(text(&made.bytes).contains("𠮷田䶮㛃𬭎镕喆堃·阿依古丽"), "and they come back as text");
}

#[test]
fn a_missing_glyph_is_named_and_shown_as_geta() {
    let made = pdf(&document_of(vec![
        Block::Heading { level: 1, text: "事故经过".into() },
        paragraph("客户说：谢谢😀，再见\u{7}。谢谢😀，再见"),
    ]));
    let found: Vec<_> =
        made.warnings.iter().map(|missing| (missing.character, missing.place.as_str())).collect();
    assert!(found.contains(&('😀', "事故经过")) && found.contains(&('\u{7}', "事故经过")), "{found:?}");
    assert!(made.warnings[0].excerpt.contains("谢谢😀"), "{:?}", made.warnings);
    let set = text(&made.bytes);
    assert!(set.contains("谢谢〓，再见〓。"), "{set}");
}

#[test]
fn invisible_characters_draw_nothing_and_warn_of_nothing() {
    let made = pdf(&document_of(vec![paragraph("吉\u{e0100}田\u{200d}先\u{feff}生\u{202e}好")]));
    assert_eq!(made.warnings, []);
    assert!(text(&made.bytes).contains("吉田先生好"));
}

#[test]
fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
    let story = "他说：“行至（历下区）路口，前车《紧急》制动。”我答：“是的！”".repeat(40);
    for shift in 0..12 {
        let made = pdf(&document_of(vec![paragraph(&format!("{}{story}", "字".repeat(shift)))]));
        let set = run("pdftotext", &["-layout", "-nopgbrk"], &made.bytes, &["-"]);
        let lines = set.lines().map(str::trim).filter(|line| line.chars().count() > 30);
        for line in lines {
            let (first, last) = (line.chars().next().expect("text"), line.chars().last().expect("text"));
            assert!(!"，。、；：！？）》”".contains(first), "begins with {first}: {line}");
            assert!(!"（《“".contains(last), "ends with {last}: {line}");
        }
    }
}

#[test]
fn justified_chinese_comes_back_without_blanks() {
    let sentence = "事故发生后立即停车并拨打报案电话，交警到场后出具事故认定书，认定承担全部责任。".repeat(6);
    let made = pdf(&document_of(vec![paragraph(&sentence)]));
    let set = run("pdftotext", &[], &made.bytes, &["-"]).replace(['\n', '\u{c}'], "");
    assert!(set.contains(&sentence), "{set}");
}

#[test]
fn a_word_longer_than_the_line_is_cut_not_lost() {
    let word = "Donaudampfschifffahrt".repeat(240);
    let made = pdf(&document_of(vec![paragraph(&word)]));
    assert!(body(&made.bytes).contains(&word), "every letter is there");
    assert!(made.pages >= 2, "5,000 letters take more than a page");
}

#[test]
fn a_cell_taller_than_the_page_goes_on() {
    let column = |title: &str, width| Column { title: title.into(), width, align: Align::Left };
    let tall = (1..=200).map(|line| format!("第{line}行")).collect::<Vec<_>>().join("\n");
    let table = Block::Table {
        columns: vec![column("事项", 1.0), column("说明", 2.0)],
        rows: vec![vec!["甲".into(), tall], vec!["乙".into(), "短".into()]],
    };
    let made = pdf(&document_of(vec![table]));
    let set = text(&made.bytes);
    assert!(made.pages >= 4 && set.contains("第200行"), "{} pages", made.pages);
    assert_eq!(set.matches("事项").count(), made.pages, "the header stands on each page");
}

#[test]
fn signatures_stay_whole_and_never_alone() {
    let places = ["申请人（签名）", "受理机构"].map(|label| SignaturePlace {
        label: label.into(),
        date: "日期：".into(),
        seal: String::new(),
    });
    for filler in 25..45 {
        let mut blocks = vec![paragraph("第一段"); filler];
        blocks.push(Block::Signature { places: places.to_vec() });
        let made = pdf(&document_of(blocks));
        let page = made.pages.to_string();
        let last: String = run("pdftotext", &["-f", &page], &made.bytes, &["-"]).split_whitespace().collect();
        let whole = ["申请人（签名）", "受理机构", "日期：", "第一段"].iter().all(|part| last.contains(part));
        assert!(whole, "with {filler} paragraphs the last page holds {last}");
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbaImage::from_fn(width, height, |x, y| {
        image::Rgba([(x % 256) as u8, (y % 256) as u8, 128, if x < 20 { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("encode");
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 9]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("encode");
    bytes.into_inner()
}

#[test]
fn pictures_are_embedded_with_their_caption() {
    let figure = |bytes, caption: &str| Block::Figure { bytes, caption: caption.into() };
    let made = pdf(&document_of(vec![figure(png(400, 300), "图一"), figure(jpeg(800, 3000), "图二")]));
    let images = run("pdfimages", &["-list"], &made.bytes, &[]);
    assert_eq!(images.lines().count(), 4, "two pictures: {images}");
    assert!(images.contains("jpeg"), "a JPEG stays a JPEG: {images}");
    let second = run("pdftotext", &["-f", "2"], &made.bytes, &["-"]);
    assert!(second.contains("图二"), "a tall picture takes its caption along");
    run("qpdf", &["--check"], &made.bytes, &[]);
}

#[test]
fn what_is_no_picture_is_refused_with_a_reason() {
    let cut = jpeg(800, 600);
    let cases: [(&[u8], &str); 4] = [
        (b"", "0 bytes"),
        (b"%PDF-1.4", "save it as JPEG or PNG"),
        (cut.get(..400).expect("bytes"), ""),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00", "it is Gif; save it as JPEG"),
    ];
    for (bytes, said) in cases {
        let error = refused(Block::Figure { bytes: bytes.to_vec(), caption: "现场照片".into() });
        let words = error.to_string();
        assert!(words.contains("现场照片") && words.contains(said), "{words}");
        assert!(matches!(error, ReportError::Figure { .. }));
    }
}

#[test]
fn a_text_too_long_for_a_symbol_is_refused() {
    let error = refused(Block::Qr { text: "长".repeat(2000), caption: String::new() });
    assert!(matches!(error, ReportError::Qr { length: 6000, .. }), "{error}");
}

#[test]
fn a_broken_layout_says_file_and_reason() {
    let text = r#"{"zh-CN": "甲", "zh-TW": "甲", "en": "a"}"#;
    let layout =
        |block: &str| format!(r#"{{"title": {text}, "number": "{{claim.no}}", "blocks": [{block}]}}"#);
    let cases = [
        ("{", "EOF"),
        (&layout(r#"{"block": "marquee"}"#), "unknown variant"),
        (&layout(r#"{"block": "space", "height": 3, "wehn": "claim"}"#), "unknown field"),
        (
            &layout(r#"{"block": "paragraph", "text": {"zh-CN": "{claim", "zh-TW": "", "en": ""}}"#),
            "without a }",
        ),
        (&layout(r#"{"block": "paragraph", "text": "{claim.No}"}"#), "not a path"),
        (&layout(r#"{"block": "paragraph", "text": "{claim.no|shout}"}"#), "no format"),
        (&layout(r#"{"block": "paragraph", "text": "编号"}"#), "zh-CN, zh-TW and en"),
        (&layout(r#"{"block": "paragraph", "text": {"zh-CN": "甲"}}"#), ""),
    ];
    for (source, reason) in cases {
        let error = Layout::parse("receipt.json", source).expect_err(source);
        let words = error.to_string();
        assert!(words.contains("receipt.json") && words.contains(reason), "{words}");
    }
}

#[test]
fn bindings_resolve_once_and_conditions_hold() {
    let source = r#"{"title": {"zh-CN": "单", "zh-TW": "單", "en": "Slip"}, "number": "{claim.no}", "blocks": [
        {"block": "paragraph", "text": "{claim.amount|money} {claim.amount|capitals} {claim.at|date} {claim.at|datetime} {claim.id|mask} {claim.flag} {claim.none} {{1}} {claim.story}"},
        {"block": "paragraph", "when": "!claim.none", "text": "1"},
        {"block": "paragraph", "when": "claim.none", "text": "2"},
        {"block": "paragraph", "when": "claim.state=a|b", "text": "3"},
        {"block": "paragraph", "when": "claim.flag", "text": "4"},
        {"block": "group", "each": "list", "blocks": [{"block": "paragraph", "when": "item.on", "text": "{n}:{item.name}"}]}]}"#;
    let data = serde_json::json!({"claim": {"no": "N", "amount": "1234567.8", "at": "2026-11-22T06:05:00Z", "id": "370102199003071234",
        "flag": false, "state": "b", "story": "{claim.no}"}, "list": [{"name": "甲", "on": true}, {"name": "乙"}, {"name": "丙", "on": 1}]});
    let layout = Layout::parse("x.json", source).expect("valid");
    let made = layout
        .build(Common::shipped().expect("common"), &data, CopyFor::Customer, Language::ZhCn)
        .expect("built");
    let texts: Vec<&str> = made
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { text, .. } => text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    let first = "1,234,567.80 壹佰贰拾叁万肆仟伍佰陆拾柒元捌角整 2026年11月22日 2026年11月22日 14:05 370***********1234 否 — {1} {claim.no}";
    assert_eq!(texts, [first, "1", "3", "1:甲", "3:丙"]);
}
