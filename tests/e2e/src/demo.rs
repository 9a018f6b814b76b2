//! The demonstration walk: one motor and one inpatient visit, with pictures and prints left in a folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::clerk::{self, Story};
use crate::printer::Printer;
use crate::window::Window;
use crate::world::World;

/// Walks both visits. Fails when what should lie in the folder afterwards does not.
pub(crate) fn walk(world: &World, printer: &Printer, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut window = Window::new(world, folder.to_path_buf())?;
    let walked = visits(&mut window, printer);
    if walked.is_err() {
        let _ = window.keep_evidence();
    }
    walked?;
    let count = |end: &str| -> Result<usize> {
        let entries = fs::read_dir(folder)?.flatten();
        Ok(entries.filter(|entry| entry.path().extension().is_some_and(|found| found == end)).count())
    };
    let (pictures, prints) = (count("png")?, count("pdf")?);
    ensure!(
        pictures >= 5 && prints >= 3,
        "only {pictures} pictures and {prints} prints in {}",
        folder.display()
    );
    Ok(())
}

fn visits(window: &mut Window<'_>, printer: &Printer) -> Result<()> {
    clerk::set_up(window)?;
    window.photograph("log-in")?;
    clerk::log_in(window, clerk::ADMIN, clerk::PASSWORD)?;
    window.photograph("home")?;

    let motor = Story::of(window, "motor-damage")?;
    clerk::begin_visit(window, &motor)?;
    clerk::fill_form(window, &motor)?;
    window.photograph("motor-form")?;
    clerk::to_documents(window)?;
    clerk::take_papers(window, &motor)?;
    window.photograph("motor-documents")?;
    clerk::to_register(window)?;
    let number = clerk::register(window)?;
    clerk::previewed(window)?;
    window.photograph("motor-receipt")?;
    print_to(window, printer, "motor-receipt.pdf")?;
    clerk::preview(window, "application")?;
    print_to(window, printer, "motor-application.pdf")?;
    clerk::open_claim(window, &number)?;
    window.photograph("motor-claim")?;

    let inpatient = Story::of(window, "inpatient")?.without_paper("medical-invoice")?;
    clerk::begin_visit(window, &inpatient)?;
    clerk::fill_form(window, &inpatient)?;
    window.photograph("inpatient-form")?;
    clerk::to_documents(window)?;
    clerk::take_papers(window, &inpatient)?;
    window.photograph("inpatient-documents")?;
    clerk::to_register(window)?;
    window.photograph("inpatient-missing")?;
    clerk::register(window)?;
    clerk::previewed(window)?;
    print_to(window, printer, "inpatient-receipt.pdf")?;
    clerk::preview(window, "supplement")?;
    window.photograph("inpatient-supplement")?;
    print_to(window, printer, "inpatient-supplement.pdf")
}

fn print_to(window: &Window<'_>, printer: &Printer, name: &str) -> Result<()> {
    clerk::print(window)?;
    printer.take(&window.folder.join(name))
}
