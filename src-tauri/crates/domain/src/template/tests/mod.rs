//! Tests of the shipped templates and of everything that checks them.

mod answers;
mod broken;
mod corpus;
mod shipped;
mod versions;
mod worksheets;

use super::{Library, Template};

/// A shipped template.
fn template(id: &str) -> &'static Template {
    let library = Library::shipped();
    library.templates.iter().find(|template| template.id == id).unwrap_or_else(|| panic!("{id} is shipped"))
}
