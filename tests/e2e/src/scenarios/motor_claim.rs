//! A motor claim from home to the receipt, with every paper at hand, and its file afterwards.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::webdriver::Key;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    // Characters beyond the basic plane, mark-up and SQL are text like any other.
    let told = "前车急刹，我来不及制动追尾。报警人𠮷先生 <b>不是标签</b> '; drop table claim; --";
    let story = Story::of(window, "motor-damage")?.with("/answers/story", told.into())?;
    clerk::begin_visit(window, &story)?;
    window.look("form-empty")?;
    clerk::fill_form(window, &story)?;
    window.page()?.press(Key::Escape)?;
    let kept = window.page()?.find("field-answers-story")?.value()?;
    ensure!(kept == told, "Esc changed the story to {kept:?}");
    window.look("form")?;
    clerk::to_documents(window)?;
    clerk::take_papers(window, &story)?;
    window.look("documents")?;
    clerk::to_register(window)?;
    window.look("register")?;
    let number = clerk::register(window)?;
    clerk::previewed(window)?;
    window.look("receipt")?;
    clerk::open_claim(window, &number)?;
    window.look("claim")?;
    let page = window.page()?;
    let said = page.find("claim")?.text()?;
    ensure!(said.contains(told), "the story is not shown as it was told: {said}");
    page.click("claim-tab-papers")?;
    page.find("tab-papers")?;
    window.look("claim-papers")?;
    let page = window.page()?;
    page.click("rail-claims")?;
    page.says("claims-list", &number)?;
    window.look("claims")?;
    // What was registered is there after a restart.
    window.kill()?;
    window.open()?;
    clerk::log_in(window, clerk::ADMIN, clerk::PASSWORD)?;
    clerk::open_claim(window, &number)
}
