//! A made-up product catalogue, so that a branch without an export can try the desk. Every name and code says that it
//! is a sample.

use std::sync::LazyLock;

use domain::template::Line;
use serde::Deserialize;

use super::rows::{ProductRow, ProductStatus};

/// What every sample product's code begins with.
pub const SAMPLE_CODE_PREFIX: &str = "SAMPLE-";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    mark: String,
    code_prefix: String,
    series: Vec<String>,
    editions: Vec<String>,
    audiences: Vec<String>,
    products: Vec<Product>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    template: String,
    line: Line,
    short: String,
    name: String,
    #[serde(default)]
    audiences: Vec<String>,
}

pub(super) const PARTS_FILE: &str = include_str!("../../../../../assets/products/sample.json");

static PARTS: LazyLock<Parts> = LazyLock::new(|| serde_json::from_str(PARTS_FILE).unwrap_or_default());

/// The first `n` sample products; the same for the same `n`, each name and code once. Templates take turns, and every
/// twelfth product is no longer sold, as in a real catalogue.
pub fn sample_products(n: usize) -> Vec<ProductRow> {
    if PARTS.products.is_empty() {
        return Vec::new();
    }
    (0..n).filter_map(sample_product).collect()
}

fn sample_product(index: usize) -> Option<ProductRow> {
    let products = PARTS.products.len();
    let product = PARTS.products.get(index % products)?;
    let round = index / products;
    let audiences = if product.audiences.is_empty() { &PARTS.audiences } else { &product.audiences };
    let (series, round) = pick(&PARTS.series, round)?;
    let (audience, round) = pick(audiences, round)?;
    let (edition, round) = pick(&PARTS.editions, round)?;
    // When every combination has been used, the next year's issue of each begins.
    let issue = if round == 0 { String::new() } else { format!("（{}）", 2023 + round) };
    Some(ProductRow {
        code: format!("{}-{}-{:04}", PARTS.code_prefix, product.short, index / products + 1),
        name: format!("【{}】{series}{audience}{}{edition}{issue}", PARTS.mark, product.name),
        line: product.line,
        template: Some(product.template.clone()),
        status: if index % 12 == 11 { ProductStatus::Stopped } else { ProductStatus::OnSale },
    })
}

fn pick(parts: &[String], round: usize) -> Option<(&str, usize)> {
    let part = parts.get(round.checked_rem(parts.len())?)?;
    Some((part, round / parts.len()))
}
