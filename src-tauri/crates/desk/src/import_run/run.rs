//! Counts and lists rows while an import runs.

use std::collections::{BTreeMap, HashMap};

use domain::{Code, Refusal};

use super::target::Target;
use super::{ImportReport, ImportRowResult, LISTED, RowOutcome};
use crate::error::notices;

/// What is known of the rows so far.
pub(super) struct Run {
    pub(super) dry_run: bool,
    seen: HashMap<String, u32>,
    counts: BTreeMap<RowOutcome, u32>,
    refused: Vec<ImportRowResult>,
    noted: Vec<ImportRowResult>,
    plain: Vec<ImportRowResult>,
}

impl Run {
    pub(super) fn new(dry_run: bool) -> Self {
        Run {
            dry_run,
            seen: HashMap::new(),
            counts: BTreeMap::new(),
            refused: Vec::new(),
            noted: Vec::new(),
            plain: Vec::new(),
        }
    }

    /// A row that may go into a batch, unless its key stands in an earlier row.
    pub(super) fn accept(
        &mut self,
        number: u32,
        target: Result<Target, Refusal>,
        warnings: Vec<Refusal>,
    ) -> Option<(u32, Target, Vec<Refusal>)> {
        let target = match target {
            Ok(target) => target,
            Err(refusal) => {
                self.refuse(number, String::new(), &[refusal]);
                return None;
            }
        };
        if let Some(first) = self.seen.get(&target.key) {
            let refusal = Refusal::new(Code::ImportDuplicateRow).with("key", &target.key).with("row", first);
            self.refuse(number, target.key, &[refusal]);
            return None;
        }
        self.seen.insert(target.key.clone(), number);
        Some((number, target, warnings))
    }

    pub(super) fn refuse(&mut self, row: u32, key: String, refusals: &[Refusal]) {
        self.take(row, RowOutcome::Refused, key, refusals);
    }

    pub(super) fn take(&mut self, row: u32, result: RowOutcome, key: String, problems: &[Refusal]) {
        *self.counts.entry(result).or_default() += 1;
        let list = match result {
            RowOutcome::Refused => &mut self.refused,
            _ if !problems.is_empty() => &mut self.noted,
            _ => &mut self.plain,
        };
        if list.len() < LISTED {
            list.push(ImportRowResult { row, result, key, problems: notices(problems) });
        }
    }

    /// How many rows have their outcome.
    pub(super) fn done(&self) -> u32 {
        self.counts.values().sum()
    }

    /// The report of a run over `total` rows; one that was cancelled leaves some of them without an outcome.
    pub(super) fn report(self, total: u32, cancelled: bool) -> ImportReport {
        let of = |outcome| self.counts.get(&outcome).copied().unwrap_or_default();
        ImportReport {
            dry_run: self.dry_run,
            cancelled,
            total,
            not_done: total.saturating_sub(self.done()),
            new: of(RowOutcome::New),
            changed: of(RowOutcome::Changed),
            same: of(RowOutcome::Same),
            refused: of(RowOutcome::Refused),
            rows: self.refused.into_iter().chain(self.noted).chain(self.plain).take(LISTED).collect(),
        }
    }
}
