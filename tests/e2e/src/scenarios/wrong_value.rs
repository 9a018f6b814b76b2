//! A mistyped identity number: told beside its field what would be right, and found again from the last look.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::webdriver::{Key, by_id};
use crate::window::Window;

/// The example's own number with another last place; the right one is what GB 11643 works out.
const FIELD: &str = "field-parties-0-id_no";

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let story = Story::of(window, "motor-damage")?;
    let right = story.value("/parties/0/id_no").to_owned();
    let (kept, last) = right.split_at(right.len() - 1);
    let wrong = format!("{kept}{}", if last == "3" { '4' } else { '3' });
    clerk::begin_visit(window, &story)?;
    let page = window.page()?;
    page.fill(FIELD, &wrong)?;
    page.press(Key::Tab)?;
    let told = page.find("told-parties-0-id_no")?.text()?;
    ensure!(told.contains(&format!("应为 {last}")), "beside the field stands {told:?}");
    window.look("wrong-number")?;
    // Whoever insists gets as far as the last look, which tells everything at once, each by its name.
    let page = window.page()?;
    page.click("visit-next")?;
    page.click("visit-next")?;
    page.find("documents")?;
    page.click("visit-next")?;
    page.find("refusals")?;
    window.look("refusals")?;
    let page = window.page()?;
    let said = page.find("refusals")?.text()?;
    for words in ["证件号码", "保单号", "被保险人", "事故经过"] {
        ensure!(said.contains(words), "{words} is not among what is refused: {said}");
    }
    ensure!(!said.contains("parties"), "a raw field name is shown: {said}");
    page.click_css(&format!("{} [data-code='identity.id-check-character']", by_id("refusals")))?;
    page.find("visit-form")?;
    page.css(&format!("{}:focus", by_id(FIELD)))?;
    window.look("back-at-the-field")?;
    let page = window.page()?;
    page.fill(FIELD, &right)?;
    page.press(Key::Tab)?;
    page.gone("told-parties-0-id_no")
}
