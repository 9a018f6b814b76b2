//! Imports from the core system into the store: policies, customers, the product catalogue.
//!
//! A row is one operation, a thousand rows one transaction. A row whose values are all there already is "same" and
//! writes nothing, so a file may be imported again, also after a run that stopped half-way.

mod run;
mod target;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::digest::Digest;
use domain::record::Record;
use domain::role::Right;
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use specta::Type;
use store::NewOperation;
use uuid::Uuid;

use crate::desk::{Actor, Desk, HeldItem};
use crate::error::{DeskError, Notice, notices};
use crate::import::{self, ImportKind, Mapping, RefusedRow, Table, sample_products};
use run::Run;
use target::{Line, Target};

/// An opened import file.
#[derive(Debug)]
pub(crate) struct HeldImport {
    kind: ImportKind,
    table: Table,
    /// Asked for while a run is under way.
    cancelled: AtomicBool,
}

impl HeldImport {
    fn new(kind: ImportKind, table: Table) -> Self {
        HeldImport { kind, table, cancelled: AtomicBool::new(false) }
    }

    /// What the file itself calls a row: its policy, customer or product number, which comes first among the fields.
    fn key_of(&self, number: u32, mapping: &Mapping) -> String {
        let cell = || {
            let column = mapping.get(&import::fields(self.kind).first()?.key)?;
            let column = self.table.headers.iter().position(|header| header == column)?;
            // Rows stand in the order of their numbers.
            let row = self.table.numbers.binary_search(&number).ok()?;
            self.table.rows.get(row)?.get(column)
        };
        cell().map(|key| key.chars().take(KEY_SHOWN).collect()).unwrap_or_default()
    }
}

/// A field that a column can fill.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ImportField {
    /// Its key in the mapping.
    pub key: String,
    /// What the screen calls it.
    pub label: Text,
    /// Whether a row without it is refused.
    pub required: bool,
}

/// A file just opened, with a proposal of which column is which field.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ImportOpened {
    /// Names the file in the run.
    pub token: String,
    /// Its name.
    pub file_name: String,
    /// Its columns.
    pub headers: Vec<String>,
    /// How many rows stand below them.
    pub rows: u32,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// The fields a column can fill.
    pub fields: Vec<ImportField>,
    /// Field to column.
    pub mapping: Mapping,
    /// The mapping is the one of the last import, not a guess.
    pub mapping_remembered: bool,
    /// How the file was read.
    pub notes: Vec<Notice>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Not taken.
    Refused,
    /// A new record.
    New,
    /// A record was updated.
    Changed,
    /// The record holds all of it already.
    Same,
}

/// One row of the report.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ImportRowResult {
    /// Its number in the sheet.
    pub row: u32,
    /// What became of it.
    pub result: RowOutcome,
    /// Policy number, customer number or product code.
    pub key: String,
    /// Why it was refused, or what someone should know.
    pub problems: Vec<Notice>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ImportReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// Someone stopped it: what was committed until then stays, the rest was not looked at.
    pub cancelled: bool,
    /// All rows of the file.
    pub total: u32,
    /// Rows a cancelled run did not come to.
    pub not_done: u32,
    /// New records.
    pub new: u32,
    /// Updated records.
    pub changed: u32,
    /// Rows that changed nothing.
    pub same: u32,
    /// Rows not taken.
    pub refused: u32,
    /// Refused rows first, then the others, as many as a screen can use; the counts are of all rows.
    pub rows: Vec<ImportRowResult>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct ImportProgress {
    /// Rows that have their outcome.
    pub done: u32,
    /// All rows of the file.
    pub total: u32,
}

/// Rows the report lists.
pub const LISTED: usize = 2_000;
/// Rows of one transaction.
const BATCH: usize = 1_000;
/// Characters of a refused row's key; a cell may hold anything.
const KEY_SHOWN: usize = 60;
/// Rows shown before the run.
const SAMPLE: usize = 8;
/// The generated catalogue's size.
pub const SAMPLE_PRODUCTS: usize = 1_260;

impl Desk {
    /// Opens an import file given as bytes.
    ///
    /// # Errors
    /// Without the right, and whatever keeps the file from being read as a table.
    pub async fn import_open(
        &self,
        actor: &Actor,
        kind: ImportKind,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<ImportOpened, DeskError> {
        actor.need(Right::Import)?;
        let table = on_thread(move || import::read_table(&bytes)).await??;
        self.hold_import(kind, file_name, table).await
    }

    /// Opens an import file on disk; one that is too large is refused unread.
    ///
    /// # Errors
    /// As [`Desk::import_open`], and [`Code::ImportFileUnreadable`].
    pub async fn import_open_file(
        &self,
        actor: &Actor,
        kind: ImportKind,
        path: &Path,
    ) -> Result<ImportOpened, DeskError> {
        actor.need(Right::Import)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = path.to_owned();
        let table = on_thread(move || import::read_file(&path)).await??;
        self.hold_import(kind, &name, table).await
    }

    async fn hold_import(
        &self,
        kind: ImportKind,
        name: &str,
        table: Table,
    ) -> Result<ImportOpened, DeskError> {
        let remembered = self.remembered_mapping(kind, &table.headers).await?;
        let opened = ImportOpened {
            file_name: name.to_owned(),
            headers: table.headers.clone(),
            rows: count(table.rows.len()),
            sample: table.rows.iter().take(SAMPLE).cloned().collect(),
            fields: import::fields(kind)
                .iter()
                .map(|field| ImportField {
                    key: field.key.clone(),
                    label: field.label.clone(),
                    required: field.required,
                })
                .collect(),
            mapping_remembered: remembered.is_some(),
            mapping: remembered.unwrap_or_else(|| import::guess(kind, &table.headers)),
            notes: notices(&table.notes),
            token: self.held.put(HeldItem::Import(HeldImport::new(kind, table))).to_string(),
        };
        Ok(opened)
    }

    /// The mapping of the last import of this kind, if the file still has its columns.
    async fn remembered_mapping(
        &self,
        kind: ImportKind,
        headers: &[String],
    ) -> Result<Option<Mapping>, DeskError> {
        let record = self.store.record("import_mapping", mapping_record(kind)).await?;
        let mapping = record.as_ref().and_then(|record| record.get("mapping")).cloned();
        let mapping = mapping.and_then(|mapping| serde_json::from_value::<Mapping>(mapping).ok());
        Ok(mapping
            .map(|mapping| mapping.into_iter().filter(|(_, column)| headers.contains(column)).collect())
            .filter(|mapping: &Mapping| import::check_mapping(kind, mapping, headers).is_ok()))
    }

    /// Imports an opened file. A dry run says what would happen and writes nothing.
    ///
    /// Of two rows with one key the later is refused: which of them is right is the core system's to say.
    ///
    /// # Errors
    /// Without the right, an unknown token, a mapping that does not fit, a disk that refuses. What was committed
    /// before the disk refused stays; importing the file again completes it.
    pub async fn import_run(
        &self,
        actor: &Actor,
        token: &str,
        mapping: Mapping,
        dry_run: bool,
    ) -> Result<ImportReport, DeskError> {
        self.import_run_told(actor, token, mapping, dry_run, |_| {}).await
    }

    /// [`Desk::import_run`], telling how far it is after every batch. [`Desk::import_cancel`] stops it there.
    ///
    /// # Errors
    /// As [`Desk::import_run`].
    pub async fn import_run_told(
        &self,
        actor: &Actor,
        token: &str,
        mapping: Mapping,
        dry_run: bool,
        tell: impl Fn(ImportProgress) + Send + Sync,
    ) -> Result<ImportReport, DeskError> {
        actor.need(Right::Import)?;
        let held = self.held.get(token).ok_or(Code::ImportTokenUnknown)?;
        let HeldItem::Import(opened) = held.as_ref() else { return Err(Code::ImportTokenUnknown.into()) };
        opened.cancelled.store(false, Ordering::Relaxed);
        let cancelled = || opened.cancelled.load(Ordering::Relaxed);
        let total = count(opened.table.rows.len());
        let mut lines = target::lines(opened.kind, &opened.table, &mapping, self.today())?;
        let mut run = Run::new(dry_run);
        tell(ImportProgress { done: 0, total });
        while !cancelled() {
            let mut batch = Vec::with_capacity(BATCH);
            // Rows are counted before their refusals, so that a file of refused rows is told about and can be stopped.
            let mut seen = 0;
            for line in lines.by_ref().take(BATCH) {
                seen += 1;
                match line {
                    Ok((number, line, warnings)) => {
                        batch.extend(run.accept(number, self.target(line, &mapping), warnings));
                    }
                    Err(RefusedRow { number, refusals }) => {
                        run.refuse(number, opened.key_of(number, &mapping), &refusals);
                    }
                }
            }
            if seen == 0 {
                break;
            }
            self.import_batch(actor, &mut run, batch).await?;
            tell(ImportProgress { done: run.done(), total });
        }
        let cancelled = cancelled() && run.done() < total;
        if !dry_run {
            self.remember_mapping(actor, opened.kind, &mapping).await?;
        }
        Ok(run.report(total, cancelled))
    }

    /// Stops a run under way after the batch it is at; a file that is not being imported is left as it is.
    ///
    /// # Errors
    /// Without the right, or an unknown token.
    pub fn import_cancel(&self, actor: &Actor, token: &str) -> Result<(), DeskError> {
        actor.need(Right::Import)?;
        match self.held.get(token).as_deref() {
            Some(HeldItem::Import(opened)) => {
                opened.cancelled.store(true, Ordering::Relaxed);
                Ok(())
            }
            _ => Err(Code::ImportTokenUnknown.into()),
        }
    }

    /// Puts the generated sample catalogue into the profile, every product marked as sample.
    ///
    /// # Errors
    /// Without the right, or a disk that refuses.
    pub async fn import_sample_products(&self, actor: &Actor) -> Result<ImportReport, DeskError> {
        actor.need(Right::Import)?;
        let mapping: Mapping = import::fields(ImportKind::Products)
            .iter()
            .map(|field| (field.key.clone(), field.key.clone()))
            .collect();
        let mut run = Run::new(false);
        let mut batch = Vec::with_capacity(BATCH);
        for (index, product) in sample_products(SAMPLE_PRODUCTS).into_iter().enumerate() {
            let target = self.target(Line::Product(product), &mapping);
            batch.extend(run.accept(count(index + 1), target, Vec::new()));
        }
        while !batch.is_empty() {
            let rest = batch.split_off(batch.len().min(BATCH));
            self.import_batch(actor, &mut run, batch).await?;
            batch = rest;
        }
        let total = run.done();
        Ok(run.report(total, false))
    }

    fn target(&self, line: Line, mapping: &Mapping) -> Result<Target, Refusal> {
        if let Line::Product(product) = &line
            && let Some(template) = &product.template
            && !self.reference().library.templates.iter().any(|known| known.id == *template)
        {
            return Err(Refusal::new(Code::TemplateUnknown).with("id", template).at("template"));
        }
        Ok(Target::of(line, mapping))
    }

    async fn remember_mapping(
        &self,
        actor: &Actor,
        kind: ImportKind,
        mapping: &Mapping,
    ) -> Result<(), DeskError> {
        let id = mapping_record(kind);
        let mut operation = self.operation(actor, "import.mapping");
        operation.set("import_mapping", id, "kind", kind.as_str());
        operation.set("import_mapping", id, "mapping", json!(mapping));
        self.store.commit(operation).await?;
        Ok(())
    }

    /// One transaction of rows.
    async fn import_batch(
        &self,
        actor: &Actor,
        run: &mut Run,
        batch: Vec<(u32, Target, Vec<Refusal>)>,
    ) -> Result<(), DeskError> {
        if batch.is_empty() {
            return Ok(());
        }
        // A registration at the same moment may state a policy that this batch brings.
        let _step = self.steps.lock().await;
        let targets: Vec<&Target> = batch.iter().map(|(_, target, _)| target).collect();
        let ids = self.find_targets(&targets).await?;
        let kind = targets.first().map_or("policy", |target| target.kind);
        let known: HashMap<Uuid, Record> = self.store.records_of(kind, &ids).await?.into_iter().collect();
        let mut operations = Vec::new();
        for ((number, target, warnings), id) in batch.into_iter().zip(ids) {
            let record = known.get(&id);
            let edits = target.edits(record);
            let outcome = match (record, edits.is_empty()) {
                (None, _) => RowOutcome::New,
                (Some(_), false) => RowOutcome::Changed,
                (Some(_), true) => RowOutcome::Same,
            };
            if !run.dry_run && !edits.is_empty() {
                operations.push(self.import_operation(actor, &target, id, edits));
            }
            run.take(number, outcome, target.key, &warnings);
        }
        self.store.commit_all(operations).await?;
        Ok(())
    }

    fn import_operation(
        &self,
        actor: &Actor,
        target: &Target,
        id: Uuid,
        edits: Vec<(&'static str, Value)>,
    ) -> NewOperation {
        let mut operation = self.operation(actor, &format!("import.{}", target.kind));
        for (field, value) in edits {
            operation.set(target.kind, id, field, value);
        }
        operation
    }

    /// The record of each row: the one that is there, or one whose id follows from the key, so that two desks
    /// importing one file meet in one record.
    async fn find_targets(&self, targets: &[&Target]) -> Result<Vec<Uuid>, DeskError> {
        let keys: Vec<String> = targets.iter().map(|target| target.key.clone()).collect();
        let own = |target: &&Target| stable_id(target.kind, &target.key);
        match targets.first().map(|target| target.kind) {
            Some("policy") => {
                let known: HashMap<String, Uuid> =
                    self.store.policies_by_no(&keys).await?.into_iter().collect();
                Ok(targets
                    .iter()
                    .map(|target| known.get(&target.key).copied().unwrap_or_else(|| own(target)))
                    .collect())
            }
            Some("product") => {
                let known: HashMap<String, Uuid> =
                    self.store.products_by_code(&keys).await?.into_iter().collect();
                Ok(targets
                    .iter()
                    .map(|target| known.get(&target.key).copied().unwrap_or_else(|| own(target)))
                    .collect())
            }
            _ => self.find_customers(targets).await,
        }
    }

    /// A customer is the person of that customer number; else the one whom the counter met first, known by identity
    /// number and name, or by name and mobile, and who has no customer number yet.
    async fn find_customers(&self, targets: &[&Target]) -> Result<Vec<Uuid>, DeskError> {
        let own: Vec<Uuid> = targets.iter().map(|target| stable_id(target.kind, &target.key)).collect();
        let imported: HashMap<Uuid, Record> =
            self.store.records_of("party", &own).await?.into_iter().collect();
        let id_nos: Vec<String> = targets.iter().filter_map(|target| target.text("id_no")).collect();
        let met = self.store.parties_by_id_no(&id_nos).await?;
        let met_ids: Vec<Uuid> = met.iter().map(|(_, _, id)| *id).collect();
        let records: HashMap<Uuid, Record> =
            self.store.records_of("party", &met_ids).await?.into_iter().collect();
        let mut by_id_no: HashMap<String, Vec<(String, Uuid)>> = HashMap::new();
        for (id_no, name, id) in met {
            by_id_no.entry(id_no).or_default().push((name, id));
        }
        let mut taken = std::collections::HashSet::new();
        let mut found = Vec::with_capacity(targets.len());
        for (target, own) in targets.iter().zip(own) {
            let name = target.text("name").unwrap_or_default();
            let free = |id: &Uuid| {
                records.get(id).is_none_or(|record| {
                    let number = record.text("customer_no");
                    number.is_empty() || number == target.key
                })
            };
            let id = if imported.contains_key(&own) {
                own
            } else if let Some(id_no) = target.text("id_no") {
                let same = by_id_no.get(&id_no).into_iter().flatten();
                let same: Vec<Uuid> = same
                    .filter(|(known, id)| {
                        free(id)
                            && !taken.contains(id)
                            && (*known == name
                                || records
                                    .get(id)
                                    .is_some_and(|record| record.text("customer_no") == target.key))
                    })
                    .map(|(_, id)| *id)
                    .collect();
                same.first().copied().unwrap_or(own)
            } else if let Some(mobile) = target.text("mobile") {
                let person = self.store.party_by_name_and_mobile(&name, &mobile).await?;
                let other = match person {
                    Some(id) => self
                        .store
                        .record("party", id)
                        .await?
                        .map(|record| record.text("customer_no").to_owned()),
                    None => None,
                };
                let fits = other.is_none_or(|number| number.is_empty() || number == target.key);
                person.filter(|id| fits && !taken.contains(id)).unwrap_or(own)
            } else {
                own
            };
            taken.insert(id);
            found.push(id);
        }
        Ok(found)
    }
}

fn mapping_record(kind: ImportKind) -> Uuid {
    stable_id("import_mapping", kind.as_str())
}

/// An id that follows from what the record is called.
pub(crate) fn stable_id(kind: &str, key: &str) -> Uuid {
    let digest = Digest::of(format!("{kind}/{key}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.0).for_each(|(byte, value)| *byte = value);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A large workbook takes seconds to read, which must not hold up the runtime.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    let failed = |_| Refusal::new(Code::StorageFailed).with("reason", "thread");
    Ok(tokio::task::spawn_blocking(work).await.map_err(failed)?)
}
