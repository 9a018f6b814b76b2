//! A receipt on the screen and on paper: drawn in the window, sent to a real spooler, whole when it arrives.

use anyhow::{Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::window::Window;

pub(crate) fn run(window: &mut Window<'_>, printer: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    let story = Story::of(window, "motor-damage")?;
    let number = clerk::whole_visit(window, &story)?;
    clerk::previewed(window)?;
    clerk::print(window)?;
    window.look("receipt-printed")?;
    let print = window.folder.join("receipt.pdf");
    printer.take(&print)?;
    let size = std::fs::metadata(&print)?.len();
    ensure!(size > 5_000, "the print has {size} bytes: that is an empty sheet\n{}", printer.last_words());
    clerk::open_claim(window, &number)?;
    window.page()?.click("claim-tab-prints")?;
    for kind in ["application", "standard", "progress"] {
        clerk::preview(window, kind)?;
        window.look(&format!("print-{kind}"))?;
    }
    Ok(())
}
