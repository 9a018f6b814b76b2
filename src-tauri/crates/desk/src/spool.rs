//! The operating system's print spooler.
//!
//! CUPS takes PDF as it is. Windows' spooler passes the bytes on to the printer, which must understand PDF itself.

use std::io::Write as _;

use domain::{Code, Refusal};
use printers::common::base::job::PrinterJobOptions;
use serde::Serialize;
use specta::Type;

/// A printer as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PrinterRow {
    /// Its name at the spooler; [`send`] takes it.
    pub name: String,
    /// The one the system would choose.
    pub is_default: bool,
}

/// The printers of this computer, the default first. Without a spooler there are none.
pub async fn printers() -> Vec<PrinterRow> {
    let mut rows = tokio::task::spawn_blocking(|| {
        let found = printers::get_printers().into_iter();
        found
            .map(|printer| PrinterRow { name: printer.system_name, is_default: printer.is_default })
            .collect()
    })
    .await
    .unwrap_or_else(|_| Vec::new());
    rows.sort_by(|one, other| {
        (other.is_default, one.name.as_str()).cmp(&(one.is_default, other.name.as_str()))
    });
    rows
}

/// Hands a PDF to the spooler and waits until it has taken it, not until the paper is out.
///
/// # Errors
/// [`Code::PrintNoPrinter`] when there is no printer of this name, [`Code::PrintFailed`] when the spooler does not
/// take the job.
pub async fn send(
    printer: &str,
    title: &str,
    bytes: impl AsRef<[u8]> + Send + 'static,
) -> Result<(), Refusal> {
    let (name, title) = (printer.to_owned(), one_line(title));
    let work = tokio::task::spawn_blocking(move || hand_over(&name, &title, bytes.as_ref()));
    work.await.unwrap_or_else(|_| Err(failed("thread")))
}

fn hand_over(name: &str, title: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let unknown = || Refusal::new(Code::PrintNoPrinter).with("printer", name).at("printer");
    let printer = printers::get_printers().into_iter().find(|printer| printer.system_name == name);
    let printer = printer.ok_or_else(unknown)?;
    // The crate's own way from bytes leaves a readable copy in the temporary folder for good. This file is readable
    // for its owner only and gone when the spooler has taken it.
    let mut file =
        tempfile::Builder::new().prefix("claims-desk-").suffix(".pdf").tempfile().map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(failed)?;
    let path = file.path().to_str().ok_or_else(|| failed("the temporary folder's name is not Unicode"))?;
    let options = PrinterJobOptions { name: Some(title), ..PrinterJobOptions::none() };
    match printer.print_file(path, options) {
        Ok(_) => Ok(()),
        Err(error) => Err(failed(error.message)),
    }
}

fn failed(reason: impl ToString) -> Refusal {
    Refusal::new(Code::PrintFailed).with("reason", reason)
}

/// A job's title is shown in the printer's queue: one line without control characters.
fn one_line(title: &str) -> String {
    title.chars().filter(|letter| !letter.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line() {
        assert_eq!(one_line("受理\n回执\0"), "受理回执");
        assert_eq!(one_line(&"字".repeat(500)).chars().count(), 120);
    }
}
