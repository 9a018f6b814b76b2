//! A typed row as the record it becomes.

use chrono::NaiveDate;
use domain::Refusal;
use domain::money::plain;
use domain::record::Record;
use serde::Serialize;
use serde_json::{Value, json};

use crate::import::{self, CustomerRow, ImportKind, Mapping, PolicyRow, ProductRow, RefusedRow, Table};

/// A row of any kind.
pub(super) enum Line {
    Policy(PolicyRow),
    Customer(CustomerRow),
    Product(ProductRow),
}

/// A row's number, content and warnings.
pub(super) type Parsed = Result<(u32, Line, Vec<Refusal>), RefusedRow>;

/// The rows of a table one by one.
pub(super) fn lines<'a>(
    kind: ImportKind,
    table: &'a Table,
    mapping: &Mapping,
    today: NaiveDate,
) -> Result<Box<dyn Iterator<Item = Parsed> + Send + 'a>, Vec<Refusal>> {
    fn as_line<T>(make: fn(T) -> Line) -> impl Fn(import::RowResult<T>) -> Parsed {
        move |row| row.map(|row| (row.number, make(row.value), row.warnings))
    }
    Ok(match kind {
        ImportKind::Policies => Box::new(import::policies(table, mapping, today)?.map(as_line(Line::Policy))),
        ImportKind::Customers => {
            Box::new(import::customers(table, mapping, today)?.map(as_line(Line::Customer)))
        }
        ImportKind::Products => {
            Box::new(import::products(table, mapping, today)?.map(as_line(Line::Product)))
        }
    })
}

/// When a value of a row is written.
#[derive(Clone, Copy, PartialEq)]
enum When {
    /// Always; an empty cell of a mapped column empties the field.
    Given { mapped: bool },
    /// Only into a new record: the file has no such column, so the value is a default.
    Default,
}

/// What a row asks of its record.
pub(super) struct Target {
    pub(super) kind: &'static str,
    pub(super) key: String,
    fields: Vec<(&'static str, Value, When)>,
}

impl Target {
    pub(super) fn of(line: Line, mapping: &Mapping) -> Target {
        match line {
            Line::Policy(row) => policy(row, mapping),
            Line::Customer(row) => customer(row, mapping),
            Line::Product(row) => product(row, mapping),
        }
    }

    /// A text value of the row.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        let value = self.fields.iter().find(|(name, _, _)| *name == field)?;
        value.1.as_str().map(str::to_owned)
    }

    /// What must be written so that the record says what the row says.
    pub(super) fn edits(&self, record: Option<&Record>) -> Vec<(&'static str, Value)> {
        let before = |field: &str| record.and_then(|record| record.get(field)).unwrap_or(&Value::Null);
        self.fields
            .iter()
            .filter(|(field, value, when)| {
                let before = before(field);
                match (when, value) {
                    (When::Default, _) if before != &Value::Null => false,
                    (When::Given { mapped: false }, Value::Null) => false,
                    _ => before != value,
                }
            })
            .map(|(field, value, _)| (*field, value.clone()))
            .collect()
    }
}

struct Fields<'a> {
    mapping: &'a Mapping,
    list: Vec<(&'static str, Value, When)>,
}

impl<'a> Fields<'a> {
    fn new(mapping: &'a Mapping) -> Self {
        Fields { mapping, list: Vec::new() }
    }

    fn value(&mut self, field: &'static str, value: impl Serialize) {
        let mapped = self.mapping.contains_key(field);
        self.list.push((field, json!(value), When::Given { mapped }));
    }

    /// A value that is a default when the file has no column for it.
    fn or_default(&mut self, field: &'static str, value: impl Serialize) {
        let mapped = self.mapping.contains_key(field);
        let when = if mapped { When::Given { mapped } } else { When::Default };
        self.list.push((field, json!(value), when));
    }
}

fn policy(row: PolicyRow, mapping: &Mapping) -> Target {
    let mut fields = Fields::new(mapping);
    fields.value("no", &row.no);
    fields.value("product_code", row.product_code);
    fields.value("holder_name", row.holder_name);
    fields.value("holder_id_type", row.holder_id_type.map(|kind| kind.as_str()));
    fields.value("holder_id_no", row.holder_id_no);
    fields.value("insured_name", row.insured_name);
    fields.value("insured_id_no", row.insured_id_no);
    fields.value("mobile", row.mobile);
    fields.value("plate", row.plate);
    fields.value("vin", row.vin);
    fields.value("inception", row.inception.to_string());
    fields.value("expiry", row.expiry.to_string());
    fields.value("sum_insured", row.sum_insured.map(plain));
    fields.value("premium", row.premium.map(plain));
    fields.or_default("status", row.status);
    fields.value("verified", true);
    Target { kind: "policy", key: row.no, fields: fields.list }
}

fn customer(row: CustomerRow, mapping: &Mapping) -> Target {
    let mut fields = Fields::new(mapping);
    fields.value("customer_no", &row.customer_no);
    fields.value("name", row.name);
    if row.id_type.is_some() {
        // Told by the paper, so it is no default.
        fields.value("kind", row.kind);
    } else {
        fields.or_default("kind", row.kind);
    }
    fields.value("id_type", row.id_type.map(|kind| kind.as_str()));
    fields.value("id_no", row.id_no);
    fields.value("mobile", row.mobile);
    fields.value("address", row.address);
    fields.value("birth", row.birth.map(|birth| birth.to_string()));
    fields.or_default("status", row.status);
    Target { kind: "party", key: row.customer_no, fields: fields.list }
}

fn product(row: ProductRow, mapping: &Mapping) -> Target {
    let mut fields = Fields::new(mapping);
    fields.value("code", &row.code);
    fields.value("name", row.name);
    fields.value("line", row.line);
    fields.value("template", row.template);
    fields.or_default("status", row.status);
    Target { kind: "product", key: row.code, fields: fields.list }
}
