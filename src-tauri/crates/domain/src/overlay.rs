//! What a desk shows while its own work, which no page has brought back, stands over what the hub confirmed.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::record::Records;

/// Confirmed records with own unconfirmed fields over them.
#[derive(Debug, Default, PartialEq)]
pub struct Overlaid {
    /// What is shown.
    pub shown: Records,
    /// What lies under it, of records over which something stands.
    pub shadows: Records,
    /// Records over which nothing stands.
    pub clean: Vec<(String, Uuid)>,
}

/// The operations that wrote the fields of some records.
pub fn revisions(records: &Records) -> BTreeSet<Uuid> {
    records.values().flat_map(|record| record.fields.values().map(|field| field.revision)).collect()
}

/// Lays the fields of `local` that a `pending` operation wrote over `confirmed`.
pub fn overlay(confirmed: Records, local: &Records, pending: &BTreeSet<Uuid>) -> Overlaid {
    let mut overlaid = Overlaid::default();
    for (key, record) in confirmed {
        let own: Vec<_> = local
            .get(&key)
            .into_iter()
            .flat_map(|record| &record.fields)
            .filter(|(_, field)| pending.contains(&field.revision))
            .collect();
        if own.is_empty() {
            overlaid.clean.push(key.clone());
            overlaid.shown.insert(key, record);
            continue;
        }
        let mut over = record.clone();
        over.fields.extend(own.into_iter().map(|(name, field)| (name.clone(), field.clone())));
        overlaid.shadows.insert(key.clone(), record);
        overlaid.shown.insert(key, over);
    }
    overlaid
}
