//! One mistake at a time in a good template: the file is refused with the line and the reason.

use super::super::library::SHIPPED_FILES;
use super::super::parse;
use crate::code::Code;

fn source() -> String {
    SHIPPED_FILES.iter().find(|(file, _)| *file == "motor-damage.json").unwrap().1.to_owned()
}

/// Replaces the first occurrence after `after`, and expects the refusal on the line of `at` (of the new text).
fn check(after: &str, from: &str, to: &str, code: Code, at: &str) {
    let good = source();
    let start = good.find(after).unwrap_or_else(|| panic!("{after:?} stands in the file"));
    let place = start + good[start..].find(from).unwrap_or_else(|| panic!("{from:?} stands after {after:?}"));
    let bad = format!("{}{to}{}", &good[..place], &good[place + from.len()..]);
    let problem = parse("x.json", &bad).map(|_| ()).expect_err(to);
    let found = start + bad[start..].find(at).unwrap_or_else(|| panic!("{at:?} stands in the broken file"));
    let line = 1 + bad[..found].matches('\n').count();
    assert_eq!(problem.refusal.code, code, "{from:?} -> {to:?}: {:?}", problem.refusal);
    assert_eq!(problem.line as usize, line, "{from:?} -> {to:?}: {:?}", problem.refusal);
    assert_eq!(problem.file, "x.json");
    let message = problem.refusal.message();
    for sentence in [&message.zh_cn, &message.zh_tw, &message.en] {
        let open = sentence.contains('{') && code != Code::TemplateSchemaOpen;
        assert!(!open, "a parameter is missing in {sentence:?}");
    }
}

#[test]
fn json_and_shape() {
    check("\"id\"", "\"motor-damage\",", "\"motor-damage\"", Code::TemplateJsonBroken, "\"version\"");
    check("\"line\"", "\"motor\"", "\"space\"", Code::TemplateValueWrong, "\"line\"");
    check("\"version\"", "1,", "\"one\",", Code::TemplateValueWrong, "\"version\"");
    check("\"version\"", "1,", "1, \"colour\": 2,", Code::TemplateKeyUnknown, "\"colour\"");
    check("\"version\"", "1,", "1, \"version\": 1,", Code::TemplateKeyDuplicate, "\"version\"");
    check("\"effective_from\"", "2026-01-01", "2026-02-30", Code::TemplateValueWrong, "\"effective_from\"");
    check("\"widget\"", "\"datetime\"", "\"clock\"", Code::TemplateValueWrong, "\"widget\"");
    check("\"clocks\"", "\"K4\"", "\"K99\"", Code::TemplateValueWrong, "\"K99\"");
    check("\"amount\"", "\"op\": \"subtract\"", "\"op\": \"divide\"", Code::TemplateValueWrong, "\"divide\"");
}

#[test]
fn languages() {
    check("\"name\"", ", \"en\": \"Own damage (motor)\"", "", Code::TemplateLanguageMissing, "\"name\"");
    check("\"name\"", "車損險", " ", Code::TemplateLanguageMissing, "\"zh-TW\"");
    check("\"name\"", "Own damage (motor)", "", Code::TemplateLanguageMissing, "\"name\"");
}

#[test]
fn head_and_dates() {
    check("\"id\"", "motor-damage", "Motor Damage", Code::TemplateIdInvalid, "\"id\"");
    check("\"version\"", "1,", "0,", Code::TemplateVersionInvalid, "\"version\"");
    check("\"effective_to\"", "null", "\"2025-12-31\"", Code::TemplateDatesReversed, "\"effective_to\"");
}

#[test]
fn schema_and_form() {
    check("\"schema\"", "\"date-time\"", "7", Code::TemplateSchemaBroken, "\"format\": 7");
    check("\"schema\"", "\\\\S", "(", Code::TemplateSchemaBroken, "\"(\"");
    check("\"schema\"", "Properties\": false", "Properties\": true", Code::TemplateSchemaOpen, "\"schema\"");
    check("\"schema\"", "\"vin\":", "\"wim\":", Code::TemplateFieldNotInSchema, "\"key\": \"vin\"");
    check(
        "\"schema\"",
        "\"vin\":",
        "\"extra\": {\"type\": \"boolean\"}, \"vin\":",
        Code::TemplateFieldNotInLayout,
        "\"extra\"",
    );
    check("\"key\": \"vin\"", "\"vin\"", "\"plate\"", Code::TemplateIdDuplicate, "\"key\": \"plate\"");
    check("\"key\": \"story\"", "\"textarea\"", "\"money\"", Code::TemplateWidgetMismatch, "\"money\"");
    check("\"key\": \"cause\"", "\"flood\":", "\"fluid\":", Code::TemplateOptionsDiffer, "\"options\"");
}

#[test]
fn conditions() {
    check(
        "\"key\": \"liability\"",
        "\"accident_kind\":",
        "\"kind\":",
        Code::TemplateConditionKeyUnknown,
        "\"kind\"",
    );
    check(
        "\"key\": \"liability\"",
        "\"multi\"",
        "\"many\"",
        Code::TemplateConditionChoiceUnknown,
        "\"many\"",
    );
    check("\"allOf\"", "\"other_plate\"", "\"another\"", Code::TemplateConditionKeyUnknown, "\"another\"");
    check(
        "\"id\": \"fire-proof\"",
        "\"fire\"}",
        "\"fires\"}",
        Code::TemplateConditionChoiceUnknown,
        "\"fires\"",
    );
    check(
        "\"id\": \"fire-proof\"",
        "\"const\": \"fire\"",
        "\"enum\": 5",
        Code::TemplateConditionBroken,
        "\"enum\": 5",
    );
    check(
        "\"id\": \"fire-proof\"",
        "\"answers\":",
        "\"answer\":",
        Code::TemplateConditionKeyUnknown,
        "\"answer\"",
    );
    check("\"id\": \"authority-letter\"", "\"agent\"", "\"agents\"", Code::TemplateRoleUnknown, "\"agents\"");
}

#[test]
fn papers_and_roles() {
    check("\"roles\"", "\"insured\"", "\"insurer\"", Code::TemplateRoleUnknown, "\"insurer\"");
    check(
        "\"roles\"",
        "\"driver\"",
        "\"reporter\"",
        Code::TemplateIdDuplicate,
        "\"reporter\", \"required\": false",
    );
    check(
        "\"documents\"",
        "\"applicant-id\"",
        "\"claim-form\"",
        Code::TemplateIdDuplicate,
        "\"claim-form\",\n      \"name\": {\"zh-CN\": \"申请人有效",
    );
    check(
        "\"id\": \"applicant-id\"",
        "\"count\": 1",
        "\"count\": 0",
        Code::TemplateDocumentCount,
        "\"count\": 0",
    );
    check(
        "\"clocks\"",
        "\"K5\"",
        "\"K4\"",
        Code::TemplateIdDuplicate,
        "\"K4\",\n      \"note\": {\n        \"zh-CN\": \"达成",
    );
    check(
        "\"convenience_fields\"",
        "\"vehicle_location\"",
        "\"nowhere\"",
        Code::TemplateFieldNotInSchema,
        "\"convenience",
    );
}

#[test]
fn amounts() {
    let steps = "\"steps\"";
    check(steps, "\"salvage\"", "\"sausage\"", Code::TemplateAmountKeyUnknown, "\"sausage\"");
    check(steps, "[\"net_loss\",", "[\"rescue_paid\",", Code::TemplateAmountKeyUnknown, "[\"rescue_paid\"");
    check(
        steps,
        "\"net_loss\", \"deductible_rate\"",
        "\"net_loss\", \"deductible\"",
        Code::TemplateAmountOperands,
        "\"net_loss\", \"deductible\"",
    );
    check(
        steps,
        "\"key\": \"net_loss\"",
        "\"key\": \"salvage\"",
        Code::TemplateIdDuplicate,
        "\"key\": \"salvage\"",
    );
    check("\"result\"", "\"payable\"", "\"nothing\"", Code::TemplateAmountKeyUnknown, "\"nothing\"");
    check(
        "\"key\": \"salvage\"",
        "\"default\": \"0\"",
        "\"default\": \"-1\"",
        Code::TemplateAmountDefault,
        "\"-1\"",
    );
}

#[test]
fn examples() {
    let example = "\"example\"";
    check(
        example,
        "\"accident_kind\": \"multi\"",
        "\"accident_kind\": \"many\"",
        Code::TemplateExampleRefused,
        "\"many\"",
    );
    check(example, "\"8650.00\"", "\"8650.001\"", Code::TemplateExampleRefused, "\"8650.001\"");
    check(example, "2026-05-18T", "2025-05-18T", Code::TemplateExampleRefused, "2025-05-18T");
    check(example, "2026-05-18T", "2027-05-18T", Code::TemplateExampleRefused, "2027-05-18T");
    check(example, "\"role\": \"driver\"", "\"role\": \"heir\"", Code::TemplateRoleUnknown, "\"heir\"");
    check(
        example,
        "\"role\": \"insured\"",
        "\"role\": \"claimant\"",
        Code::TemplateExampleRoleMissing,
        "\"parties\"",
    );
    check(
        example,
        "\"id\": \"claim-form\", \"received\": \"original\"",
        "\"id\": \"claim-form\", \"received\": \"copy\"",
        Code::TemplateExamplePaper,
        "\"id\": \"claim-form\", ",
    );
}

#[test]
fn too_large_a_file_is_not_read() {
    let problem = parse("x.json", &" ".repeat(1024 * 1024 + 1)).map(|_| ()).unwrap_err();
    assert_eq!((problem.refusal.code, problem.line), (Code::TemplateFileTooLarge, 1));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let windows = format!("\u{feff}{}", source().replace('\n', "\r\n"));
    assert!(parse("x.json", &windows).is_ok());
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let problem = parse("x.json", &deep).map(|_| ()).unwrap_err();
    assert_eq!(problem.refusal.code, Code::TemplateJsonBroken);
}
