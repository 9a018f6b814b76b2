//! The open desk: what every use case works on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, FixedOffset, NaiveDate};
use domain::role::{Right, Role};
use domain::{Code, Refusal};
use store::{NewOperation, Store};
use uuid::Uuid;

use crate::clock::{Clock, day, local};
use crate::clocks::OpenFiles;
use crate::error::DeskError;
use crate::reference::Reference;
use crate::templates::library;

/// Who acts. Made only by a log-in, so holding one proves that somebody logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(crate) account: Uuid,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) role: Role,
}

impl Actor {
    /// The account's id.
    pub fn account(&self) -> Uuid {
        self.account
    }

    /// The user name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The name shown and printed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The role acted in.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Refuses what the role does not allow. Every use case that writes, prints or reveals asks first.
    pub(crate) fn need(&self, right: Right) -> Result<(), Refusal> {
        if self.role.may(right) {
            return Ok(());
        }
        Err(Refusal::new(Code::AccessDenied)
            .with_text("role", &self.role.text())
            .with_text("right", &right.text()))
    }
}

/// An open profile with what it works by and its clock.
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) reference: RwLock<Arc<Reference>>,
    pub(crate) clock: Arc<dyn Clock>,
    /// One claim step at a time: between reading a claim and writing it nothing else may change it.
    pub(crate) steps: tokio::sync::Mutex<()>,
    /// One round of sync at a time: the background and a person's "now" would send the same twice.
    pub(crate) rounds: tokio::sync::Mutex<()>,
    pub(crate) held: Held,
    pub(crate) open_files: OpenFiles,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Desk").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Desk {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Desk {
            reference: RwLock::new(Arc::new(Reference::new(library(Some(store.folder().path())), &[]))),
            store,
            clock,
            steps: tokio::sync::Mutex::new(()),
            rounds: tokio::sync::Mutex::new(()),
            held: Held::default(),
            open_files: OpenFiles::default(),
        }
    }

    /// The moment, as it is recorded.
    pub(crate) fn now(&self) -> DateTime<FixedOffset> {
        local(self.clock.now())
    }

    /// The day at the branch.
    pub(crate) fn today(&self) -> NaiveDate {
        day(self.clock.now())
    }

    /// The day at the branch, as it stands in a file's name.
    pub fn day(&self) -> String {
        self.today().to_string()
    }

    /// An operation of `actor` at this moment.
    pub(crate) fn operation(&self, actor: &Actor, command: &str) -> NewOperation {
        NewOperation::new(actor.account, actor.role, command, self.now())
    }

    /// The branch's code and name.
    pub(crate) async fn branch(&self) -> Result<Branch, DeskError> {
        let branches = self.store.records("branch").await?;
        let (id, record) = branches.into_iter().next().ok_or(Code::StorageProfileAbsent)?;
        let text = |field: &str| record.optional(field);
        Ok(Branch {
            id,
            code: record.text("code").to_owned(),
            name: record.text("name").to_owned(),
            phone: text("phone"),
            address: text("address"),
        })
    }

    /// The branch's code and name, for the window's title bar before anyone has logged in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn branch_name(&self) -> Result<(String, String), DeskError> {
        let branch = self.branch().await?;
        Ok((branch.code, branch.name))
    }

    /// Closes the profile's files.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Walks the operation log (the deskctl command `verify`).
    ///
    /// # Errors
    /// When the database cannot be read; what does not hold is in the result.
    pub async fn verify(&self) -> Result<store::Verification, DeskError> {
        Ok(self.store.verify().await?)
    }
}

/// The branch of this profile.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) address: Option<String>,
}

/// Bytes a caller may name by a token: rendered prints and opened import files. No path passes the window's page.
#[derive(Debug, Default)]
pub(crate) struct Held {
    items: Mutex<BTreeMap<Uuid, Arc<HeldItem>>>,
}

/// What a token stands for.
#[derive(Debug)]
pub(crate) enum HeldItem {
    /// A rendered print.
    Print(crate::prints::HeldPrint),
    /// An opened import file.
    Import(crate::import_run::HeldImport),
}

/// More than anyone has open at once; the oldest goes first.
const HELD_LIMIT: usize = 16;

impl Held {
    pub(crate) fn put(&self, item: HeldItem) -> Uuid {
        let token = Uuid::now_v7();
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        while items.len() >= HELD_LIMIT {
            items.pop_first();
        }
        items.insert(token, Arc::new(item));
        token
    }

    pub(crate) fn get(&self, token: &str) -> Option<Arc<HeldItem>> {
        let token = Uuid::parse_str(token).ok()?;
        self.items.lock().unwrap_or_else(PoisonError::into_inner).get(&token).cloned()
    }
}
