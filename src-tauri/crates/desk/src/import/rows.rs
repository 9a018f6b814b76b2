//! One line of a table as a typed row, or everything that is wrong with it.
//!
//! The number that says who someone is decides: a row with a wrong resident ID or credit code is refused, because it
//! would be tied to the wrong person. A mobile, plate or VIN that breaks its rule is kept as it is written, with a
//! warning: the policy is needed at the counter, and the customer can be asked.

mod cell;

use chrono::NaiveDate;
use domain::identity::IdentityKind;
use domain::party::{IdType, PartyKind};
use domain::template::Line;
use domain::{Code, Refusal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::mapping::{ImportKind, Mapping, check_mapping};
use super::table::Table;
use cell::Cells;

/// Whether a policy is in force, as the core system says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PolicyStatus {
    /// 有效.
    #[default]
    InForce,
    /// 中止.
    Suspended,
    /// 终止.
    Terminated,
    /// 退保 or 解除.
    Surrendered,
}

/// Whether a customer record is in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// In use.
    #[default]
    Active,
    /// Closed by the core system.
    Inactive,
}

/// Whether a product is sold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// 在售.
    #[default]
    OnSale,
    /// 停售; its policies still bring claims.
    Stopped,
}

/// A policy of the core system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PolicyRow {
    /// Policy number.
    pub no: String,
    /// Code of the product in the catalogue.
    pub product_code: String,
    /// Policyholder.
    pub holder_name: String,
    /// Person or organisation, told by the paper.
    pub holder_kind: PartyKind,
    /// The policyholder's paper.
    pub holder_id_type: Option<IdType>,
    /// Its number.
    pub holder_id_no: Option<String>,
    /// Insured person or organisation.
    pub insured_name: Option<String>,
    /// Number of the insured's paper.
    pub insured_id_no: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Number plate.
    pub plate: Option<String>,
    /// Vehicle identification number.
    pub vin: Option<String>,
    /// First day of cover.
    #[specta(type = String)]
    pub inception: NaiveDate,
    /// Last day of cover.
    #[specta(type = String)]
    pub expiry: NaiveDate,
    /// Sum insured.
    #[specta(type = Option<String>)]
    pub sum_insured: Option<Decimal>,
    /// Whether it is in force.
    pub status: PolicyStatus,
    /// Premium.
    #[specta(type = Option<String>)]
    pub premium: Option<Decimal>,
}

/// A customer of the core system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CustomerRow {
    /// The core system's number.
    pub customer_no: String,
    /// Name.
    pub name: String,
    /// Person or organisation.
    pub kind: PartyKind,
    /// Paper.
    pub id_type: Option<IdType>,
    /// Its number.
    pub id_no: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Date of birth, from the file or from a resident ID.
    #[specta(type = Option<String>)]
    pub birth: Option<NaiveDate>,
    /// Whether the record is in use.
    pub status: CustomerStatus,
}

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ProductRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Line of business.
    pub line: Line,
    /// Claim template that its claims use; whether there is such a template is the caller's check.
    pub template: Option<String>,
    /// Whether it is sold.
    pub status: ProductStatus,
}

/// A row that can be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedRow<T> {
    /// Its number in the sheet, counted from one.
    pub number: u32,
    /// What it says.
    pub value: T,
    /// What someone should know about it.
    pub warnings: Vec<Refusal>,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRow {
    /// Its number in the sheet, counted from one.
    pub number: u32,
    /// Everything wrong with it; each carries the field's key.
    pub refusals: Vec<Refusal>,
}

/// What became of one row.
pub type RowResult<T> = Result<ParsedRow<T>, RefusedRow>;

/// Policies of a table, row by row. Refused as a whole only when the mapping does not fit.
pub fn policies<'a>(
    table: &'a Table,
    mapping: &Mapping,
    today: NaiveDate,
) -> Result<impl Iterator<Item = RowResult<PolicyRow>> + use<'a>, Vec<Refusal>> {
    parsed(ImportKind::Policies, table, mapping, today, policy)
}

/// Customers of a table, row by row.
pub fn customers<'a>(
    table: &'a Table,
    mapping: &Mapping,
    today: NaiveDate,
) -> Result<impl Iterator<Item = RowResult<CustomerRow>> + use<'a>, Vec<Refusal>> {
    parsed(ImportKind::Customers, table, mapping, today, customer)
}

/// Products of a table, row by row.
pub fn products<'a>(
    table: &'a Table,
    mapping: &Mapping,
    today: NaiveDate,
) -> Result<impl Iterator<Item = RowResult<ProductRow>> + use<'a>, Vec<Refusal>> {
    parsed(ImportKind::Products, table, mapping, today, product)
}

fn parsed<'a, T: 'a>(
    kind: ImportKind,
    table: &'a Table,
    mapping: &Mapping,
    today: NaiveDate,
    read: fn(&mut Cells<'_>) -> Option<T>,
) -> Result<impl Iterator<Item = RowResult<T>> + use<'a, T>, Vec<Refusal>> {
    check_mapping(kind, mapping, &table.headers)?;
    let columns = cell::columns(mapping, &table.headers);
    Ok(table.rows.iter().zip(&table.numbers).map(move |(row, number)| {
        let mut cells = Cells::new(row, &columns, today);
        let value = read(&mut cells);
        cells.finish(*number, value)
    }))
}

fn policy(cells: &mut Cells<'_>) -> Option<PolicyRow> {
    let no = cells.code("no");
    let product_code = cells.code("product_code");
    let (holder_id_type, holder_id_no) = cells.identity("holder_id_type", "holder_id_no");
    let holder_kind = kind_of(holder_id_type);
    let holder_name = cells.name("holder_name", holder_kind);
    let (insured_id_type, insured_id_no) = cells.identity("insured_id_type", "insured_id_no");
    let insured_name = cells.optional_name("insured_name", kind_of(insured_id_type));
    let mobile = cells.kept("mobile", IdentityKind::Mobile);
    let plate = cells.kept("plate", IdentityKind::Plate);
    let vin = cells.kept("vin", IdentityKind::Vin);
    let inception = cells.date("inception");
    let expiry = cells.date("expiry");
    let sum_insured = cells.amount("sum_insured");
    let premium = cells.amount("premium");
    let status = cells.choice("status", "policy_status");
    if let (Some(inception), Some(expiry)) = (inception, expiry)
        && expiry < inception
    {
        cells.refuse(
            "expiry",
            Refusal::new(Code::ImportExpiryBeforeInception)
                .with("expiry", expiry)
                .with("inception", inception),
        );
    }
    Some(PolicyRow {
        no: no?,
        product_code: product_code?,
        holder_name: holder_name?,
        holder_kind,
        holder_id_type,
        holder_id_no,
        insured_name,
        insured_id_no,
        mobile,
        plate,
        vin,
        inception: inception?,
        expiry: expiry?,
        sum_insured,
        status: status.unwrap_or_default(),
        premium,
    })
}

fn customer(cells: &mut Cells<'_>) -> Option<CustomerRow> {
    let customer_no = cells.code("customer_no");
    let (id_type, id_no) = cells.identity("id_type", "id_no");
    let kind = cells.choice("kind", "kind").unwrap_or_else(|| kind_of(id_type));
    let name = cells.name("name", kind);
    let mobile = cells.kept("mobile", IdentityKind::Mobile);
    let address = cells.line("address", 200);
    let birth = cells.optional_date("birth");
    let known = id_no.as_deref().and_then(domain::identity::resident_id_facts).map(|facts| facts.birth);
    match (known, birth) {
        (Some(known), Some(birth)) if known != birth => {
            cells.refuse("birth", Refusal::new(Code::PartyBirthDiffers).with("birth", known));
        }
        (None, Some(birth)) if birth > cells.today() => {
            cells.refuse("birth", Refusal::new(Code::PartyBirthFuture).with("today", cells.today()));
        }
        _ => {}
    }
    let status = cells.choice("status", "customer_status");
    Some(CustomerRow {
        customer_no: customer_no?,
        name: name?,
        kind,
        id_type,
        id_no,
        mobile,
        address,
        birth: known.or(birth),
        status: status.unwrap_or_default(),
    })
}

fn product(cells: &mut Cells<'_>) -> Option<ProductRow> {
    let code = cells.code("code");
    let name = cells.name("name", PartyKind::Organisation);
    let line = cells.required_choice("line", "line");
    let template = cells.optional_code("template");
    let status = cells.choice("status", "product_status");
    Some(ProductRow { code: code?, name: name?, line: line?, template, status: status.unwrap_or_default() })
}

fn kind_of(id_type: Option<IdType>) -> PartyKind {
    if id_type == Some(IdType::Uscc) { PartyKind::Organisation } else { PartyKind::Person }
}
