//! An inpatient claim whose customer forgot two papers: registered all the same, told what is missing.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::webdriver::by_id;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let forgotten = ["medical-invoice", "surgery-record"];
    let mut story = Story::of(window, "inpatient")?;
    for paper in forgotten {
        story = story.without_paper(paper)?;
    }
    clerk::begin_visit(window, &story)?;
    clerk::fill_form(window, &story)?;
    clerk::to_documents(window)?;
    clerk::take_papers(window, &story)?;
    clerk::attach(
        window,
        "diagnosis",
        "诊断证明.png",
        include_bytes!("../../../../assets/icons/128x128.png"),
    )?;
    window.page()?.says("document-diagnosis", "诊断证明.png")?;
    // A program is a program whatever it is called.
    clerk::attach(
        window,
        "hospital-record",
        "病历.pdf",
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff",
    )?;
    window.page()?.find("attach-problems-hospital-record")?;
    window.look("documents-missing")?;
    clerk::to_register(window)?;
    window.look("register-missing")?;
    let number = clerk::register(window)?;
    window.page()?.find("receipt-missing")?;
    let missing = window.page()?.script(
        "return Array.from(document.querySelectorAll(arguments[0]), line => line.textContent)",
        &serde_json::json!([format!("{} li", by_id("receipt-missing"))]),
    )?;
    let expected = forgotten.iter().map(|paper| story.paper_name(paper)).collect::<Result<Vec<_>>>()?;
    ensure!(missing == serde_json::json!(expected), "missing are {missing}, expected {expected:?}");
    // The notice that names all missing papers at once can be printed at the counter.
    clerk::preview(window, "supplement")?;
    window.look("supplement-notice")?;
    clerk::open_claim(window, &number)?;
    let page = window.page()?;
    page.click("claim-tab-papers")?;
    page.find("tab-papers")?;
    for paper in forgotten {
        page.find(&format!("paper-{paper}"))?;
    }
    window.look("claim-papers-missing")?;
    Ok(())
}
