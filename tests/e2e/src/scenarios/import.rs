//! What the core system knows, brought in through the window, and a claim taken on it without typing it again.

use anyhow::{Context, Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::sheet;
use crate::webdriver::Key;
use crate::window::Window;

/// An old system's name for the policy number, which no list of synonyms knows.
const ODD_COLUMN: &str = "合同编码";
const ADDRESS: &str = "北京市朝阳区示例路 1 号";

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let story = Story::of(window, "motor-damage")?;
    window.page()?.click("rail-import")?;
    window.page()?.find("import-drop")?;
    window.look("import")?;
    policies(window, &story)?;
    customers(window, &story)?;
    known_person(window, &story)?;
    claim_on_known_policy(window, &story)
}

fn policies(window: &mut Window<'_>, story: &Story) -> Result<()> {
    let plate = story.value("/policy/plate");
    let (no, name) = (story.value("/policy/no"), story.value("/policy/insured"));
    let (id_no, mobile) = (story.value("/parties/0/id_no"), story.value("/parties/0/mobile"));
    let (begins, ends) = (story.value("/policy/inception"), story.value("/policy/expiry"));
    let vin = story.value("/answers/vin");
    let file = sheet::workbook(&[
        &[
            ODD_COLUMN,
            "险种代码",
            "投保人",
            "被保险人",
            "被保险人证件号",
            "手机号码",
            "车牌号",
            "车架号",
            "起保日期",
            "终保日期",
            "保额",
        ],
        &[no, "MOTOR01", name, name, id_no, mobile, plate, vin, begins, ends, "180000.00"],
        &[
            "PDAA202611010500002",
            "MOTOR01",
            "𠮷田䶮",
            "𠮷田䶮",
            "",
            "",
            "京N5K908",
            "",
            begins,
            ends,
            "90000",
        ],
        // A day that no calendar has.
        &["PDAA202611010500003", "MOTOR01", "周明澈", "周明澈", "", "", "", "", "2026-02-30", ends, "90000"],
    ])?;
    let file = window.file("保单清单.xlsx", &file)?;
    let page = window.page()?;
    page.give_file("import-file", &file)?;
    page.find("import-mapping")?;
    // What nobody can guess is asked for, and until then nothing can be tried.
    page.css("[data-testid=import-dry-run][disabled]")?;
    page.fill("import-map-no", ODD_COLUMN)?;
    page.press(Key::Enter)?;
    page.css("[data-testid=import-dry-run]:not([disabled])")?;
    window.look("import-mapping")?;
    let page = window.page()?;
    page.click("import-dry-run")?;
    page.says("import-summary", "未写入任何数据")?;
    let rows = page.says("import-rows", "2026-02-30")?;
    ensure!(rows.contains("PDAA202611010500003"), "the refused row does not say which policy it is: {rows}");
    ensure!(!rows.contains(no), "a good row stands among those to look at: {rows}");
    window.look("import-dry-run")?;
    let page = window.page()?;
    page.click("import-run")?;
    let said = page.says("import-summary", "导入完成：")?;
    ensure!(said.contains("新增 2") && said.contains("未导入 1"), "the import says {said:?}");
    Ok(())
}

fn customers(window: &Window<'_>, story: &Story) -> Result<()> {
    let (name, id_no) = (story.value("/parties/0/name"), story.value("/parties/0/id_no"));
    let mobile = story.value("/parties/0/mobile");
    let text = format!(
        "客户号,姓名,证件号码,手机,联系地址\r\nC0001,{name},{id_no},{mobile},{ADDRESS}\r\n\
         C0002,阿依古丽·买买提,,13800001099,乌鲁木齐市示例路 2 号\r\n"
    );
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
    ensure!(!lossy && std::str::from_utf8(&bytes).is_err(), "the file would be no test of its encoding");
    let file = window.file("客户.csv", &bytes)?;
    let page = window.page()?;
    page.click("import-kind-customers")?;
    page.find("import-drop")?;
    page.give_file("import-file", &file)?;
    page.says("import-mapping", name)?;
    page.click("import-dry-run")?;
    page.says("import-summary", "将新增 2")?;
    page.click("import-run")?;
    page.says("import-summary", "导入完成：").map(drop)
}

/// The search that is always there finds both, by what a clerk would type.
fn known_person(window: &mut Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    page.press_with_control("k")?;
    // A name's initials.
    page.fill("palette-input", "lzr")?;
    page.find("palette-hit-party")?;
    window.look("palette")?;
    let page = window.page()?;
    page.click("palette-hit-party")?;
    page.says("person-name", story.value("/parties/0/name"))?;
    page.says("person", ADDRESS)?;
    let shown = page.says("person-policies", story.value("/policy/no"))?;
    ensure!(shown.contains(story.value("/policy/plate")), "the person's policies are {shown:?}");
    window.look("person")?;
    let page = window.page()?;
    page.click(&format!("policy-{}", story.value("/policy/no")))?;
    page.says("policy-no", story.value("/policy/no"))?;
    ensure!(!page.has("policy-unverified")?, "an imported policy counts as typed by hand");
    window.look("policy")?;
    Ok(())
}

/// By keyboard from F2 to the form; nothing that the policy holds is asked again.
fn claim_on_known_policy(window: &mut Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    page.press(Key::F2)?;
    // The tail of the number is what people read out.
    page.fill("who-search", "0500001")?;
    page.says("who-hits", story.value("/policy/insured"))?;
    window.look("who")?;
    let page = window.page()?;
    page.press(Key::Enter)?;
    page.find("templates")?;
    window.look("template")?;
    let page = window.page()?;
    page.click("template-motor-damage")?;
    page.says("policy-facts", story.value("/policy/plate"))?;
    for (field, pointer) in [
        ("field-parties-0-name", "/parties/1/name"),
        ("field-parties-0-id_no", "/parties/1/id_no"),
        ("field-parties-0-mobile", "/parties/1/mobile"),
        ("field-answers-plate", "/answers/plate"),
        ("field-answers-vin", "/answers/vin"),
    ] {
        page.holds(field, story.value(pointer)).with_context(|| format!("{field} has to be typed again"))?;
    }
    // The one who reports is the insured, here as most days.
    page.click("party-1-same-0")?;
    clerk::answer_all(window, story)?;
    clerk::to_documents(window)?;
    clerk::take_papers(window, story)?;
    clerk::to_register(window)?;
    let number = clerk::register(window)?;
    let page = window.page()?;
    page.click("rail-home")?;
    page.says("home-registered-today", "1")?;
    window.look("home-with-work")?;
    clerk::open_claim(window, &number)?;
    window.page()?.says("claim", story.value("/policy/no")).map(drop)
}
