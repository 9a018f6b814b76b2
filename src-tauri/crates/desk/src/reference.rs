//! What a desk works by besides its records: shipped with the program, the branch's own, published by the organisation.
//!
//! Templates: shipped, then the branch's folder, then published; of one id and version the first stands. Calendars: of a
//! year the highest version. Clocks: a published one takes over. Products: those of the branch, then published ones.
//! Categories, layouts and targets are received and kept; nothing here reads them yet.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use domain::clock::{Branch, Calendar, Packs, Rules};
use domain::reference::{self, Product, Published, RECORD, ReferenceKind};
use domain::template::Library;
use serde::Serialize;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::templates::library;

/// Something the organisation published, as this desk received it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferenceRow {
    /// `template`, `calendar` and so on; a kind of a newer version keeps its name.
    pub kind: String,
    /// Which one of its kind.
    pub key: String,
    /// Its version.
    pub version: u32,
    /// The file it was published from.
    pub file: String,
    /// Whether this version of the program works with that kind; it is kept either way.
    pub in_use: bool,
}

/// Everything a desk works by.
#[derive(Debug)]
pub struct Reference {
    /// The claim templates.
    pub library: Library,
    /// The time limits.
    pub rules: Rules,
    /// The days that are worked, without the branch's own closing days.
    pub calendar: Calendar,
    /// The packs it is made of.
    pub packs: Packs,
    products: BTreeMap<String, Product>,
    published: Vec<ReferenceRow>,
}

impl Reference {
    /// What a desk without a hub works by: the shipped set and a profile's own templates.
    pub(crate) fn new(library: Library, published: &[Published]) -> Self {
        let mut made = Reference {
            library,
            rules: Rules::shipped().clone(),
            calendar: Calendar::shipped().clone(),
            packs: Packs::shipped().clone(),
            products: BTreeMap::new(),
            published: published.iter().map(row).collect(),
        };
        for one in published {
            match ReferenceKind::named(&one.kind) {
                Some(ReferenceKind::Template) => made.library.add(&one.file, &one.source),
                Some(ReferenceKind::Calendar) => made.packs.add(&one.file, &one.source),
                _ => {}
            }
        }
        if published.iter().any(|one| one.kind == ReferenceKind::Calendar.as_str()) {
            made.calendar = Calendar::new(&made.packs, Branch::default());
        }
        for clock in reference::newest(published, ReferenceKind::Clock) {
            made.rules.put(&clock.file, &clock.source);
        }
        for product in reference::newest(published, ReferenceKind::Product) {
            match serde_json::from_str::<Product>(&product.source) {
                Ok(read) => drop(made.products.insert(read.code.clone(), read)),
                Err(error) => tracing::warn!(%error, "a published product cannot be read"),
            }
        }
        made
    }

    /// A published product's name and template.
    pub(crate) fn product(&self, code: &str) -> Option<(String, Option<String>)> {
        self.products.get(code).map(|product| (product.name.clone(), product.template.clone()))
    }
}

fn row(one: &Published) -> ReferenceRow {
    ReferenceRow {
        kind: one.kind.clone(),
        key: one.key.clone(),
        version: one.version,
        file: one.file.clone(),
        in_use: ReferenceKind::named(&one.kind).is_some_and(ReferenceKind::in_use),
    }
}

impl Desk {
    /// What the desk works by at this moment; a sync may bring more.
    pub fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.reference.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the organisation published and this desk received.
    pub fn reference_list(&self) -> Vec<ReferenceRow> {
        self.reference().published.clone()
    }

    /// Reads again what was received.
    pub(crate) async fn reload_reference(&self) -> Result<(), DeskError> {
        let mut published: Vec<Published> = self
            .store
            .references(RECORD)
            .await?
            .iter()
            .filter_map(|(_, record)| Published::of(record))
            .collect();
        published
            .sort_by(|one, two| (&one.kind, &one.key, one.version).cmp(&(&two.kind, &two.key, two.version)));
        let made = Reference::new(library(Some(self.store.folder().path())), &published);
        *self.reference.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made);
        Ok(())
    }
}
