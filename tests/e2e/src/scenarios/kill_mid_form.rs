//! The power goes while a form is half filled: every field that was told to be saved is there again.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::webdriver::by_id;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let story = Story::of(window, "motor-damage")?;
    clerk::begin_visit(window, &story)?;
    clerk::fill_form(window, &story)?;
    clerk::everything_saved(window)?;
    window.kill()?;
    window.open()?;
    clerk::log_in(window, clerk::ADMIN, clerk::PASSWORD)?;
    window.look("home-with-draft")?;
    let page = window.page()?;
    page.click_css("[data-testid^=home-draft-]")?;
    page.find("visit-form")?;
    for (field, pointer) in [
        ("field-policy-no", "/policy/no"),
        ("field-parties-0-name", "/parties/0/name"),
        ("field-parties-0-mobile", "/parties/0/mobile"),
        ("field-answers-story", "/answers/story"),
        ("field-answers-plate", "/answers/plate"),
        ("field-answers-vehicle_location", "/answers/vehicle_location"),
    ] {
        let found = page.css(&format!("input{0}, textarea{0}", by_id(field)))?.value()?;
        let expected = story.value(pointer);
        ensure!(found == expected, "{field} held {expected:?} before the kill and {found:?} after");
    }
    window.look("form-after-kill")?;
    // The visit goes on where it stopped.
    clerk::to_documents(window)?;
    clerk::take_papers(window, &story)?;
    clerk::to_register(window)?;
    clerk::register(window)?;
    // One process per profile: the command-line twin stands back while the window is open.
    ensure!(clerk::verify(window).is_err(), "deskctl opened a profile whose window is open");
    window.close()?;
    clerk::verify(window)
}
