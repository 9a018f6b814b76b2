//! The sample catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::{ProductStatus, SAMPLE_CODE_PREFIX, sample_products};

const TEMPLATES: [&str; 14] = [
    "accident-disability",
    "commercial-property",
    "critical-illness",
    "death-benefit",
    "home-property",
    "hospital-cash",
    "inpatient",
    "liability",
    "motor-compulsory-injury",
    "motor-compulsory-property",
    "motor-damage",
    "motor-theft",
    "motor-third-party",
    "outpatient",
];

#[test]
fn the_catalogue_is_large_repeatable_and_marked() {
    let products = sample_products(1300);
    assert_eq!(products.len(), 1300);
    assert_eq!(sample_products(1300), products, "the same each time");
    assert_eq!(sample_products(20), products[..20], "a shorter one is its beginning");
    for product in &products {
        assert!(product.code.starts_with(SAMPLE_CODE_PREFIX), "{}", product.code);
        assert!(product.name.contains("样例"), "{}", product.name);
    }
    let stopped = products.iter().filter(|product| product.status == ProductStatus::Stopped).count();
    assert_eq!(stopped, 1300 / 12);
}

#[test]
fn names_and_codes_stay_unique_beyond_all_combinations() {
    let products = sample_products(6000);
    let codes: BTreeSet<&str> = products.iter().map(|product| product.code.as_str()).collect();
    let names: BTreeSet<&str> = products.iter().map(|product| product.name.as_str()).collect();
    assert_eq!((codes.len(), names.len()), (6000, 6000));
}

#[test]
fn every_template_has_its_products_on_its_own_line() {
    let mut lines = BTreeMap::new();
    for product in sample_products(1200) {
        let template = product.template.unwrap();
        assert_eq!(*lines.entry(template).or_insert(product.line), product.line);
    }
    assert_eq!(lines.keys().map(String::as_str).collect::<Vec<_>>(), TEMPLATES);
}
