//! What the core system exports, read into typed rows: policies, customers, products.
//!
//! Three steps, each usable alone: [`read_table`] turns the bytes of an .xlsx or CSV file into a [`Table`] of text,
//! [`guess`] and [`check_mapping`] tie its columns to fields, and [`policies`], [`customers`], [`products`] give one
//! typed row or its refusals per line. Nothing here writes.

mod archive;
mod delimited;
mod header;
mod mapping;
mod rows;
mod sample;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod workbook;

pub use mapping::{FieldRule, ImportKind, Mapping, check_mapping, fields, guess};
pub use rows::{
    CustomerRow, CustomerStatus, ParsedRow, PolicyRow, PolicyStatus, ProductRow, ProductStatus, RefusedRow,
    RowResult, customers, policies, products,
};
pub use sample::{SAMPLE_CODE_PREFIX, sample_products};
pub use table::{MAX_COLUMNS, MAX_FILE, MAX_ROWS, Table, read_file, read_table};
