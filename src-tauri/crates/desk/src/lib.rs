//! The use cases of the claims desk. The window's commands, deskctl and the tests call nothing else.
//!
//! Rights are checked here, rules in `domain`; every write hands the store one operation.

mod accounts;
pub mod attachments;
mod backup;
mod branch;
pub mod claim;
mod clock;
mod clocks;
pub mod complaint;
mod desk;
mod drafts;
mod error;
mod export;
mod home;
pub mod import;
mod import_run;
mod people;
mod photo;
mod prints;
mod reference;
mod search;
mod seed;
mod setup;
pub mod spool;
mod step_input;
pub mod sync;
mod templates;
mod typed;
mod unsent;

pub use accounts::{AccountChange, AccountInput, AccountRow, IDLE_LOCK_SECONDS, Session};
pub use backup::{BackupMade, BackupState};
pub use branch::BranchFacts;
pub use clock::{Clock, FixedClock, SystemClock, today};
pub use clocks::{ClockRow, DueList, DueRow};
pub use desk::{Actor, Desk};
pub use drafts::{Draft, DraftCheck, DraftRow, RegisterInput};
pub use error::{DeskError, Notice};
pub use export::{ExportFormat, ExportedList};
pub use home::{
    Home, RefusedTemplate, SavedView, StatusLine, SyncState, TemplateList, TemplateSummary, template_list,
};
pub use import_run::{
    ImportField, ImportOpened, ImportProgress, ImportReport, ImportRowResult, LISTED, RowOutcome,
    SAMPLE_PRODUCTS,
};
pub use people::{CheckResult, PartyView, PolicyView, check_value};
pub use prints::{PrintCopy, PrintKind, PrintPreview, recovery_sheet};
pub use reference::{Reference, ReferenceRow};
pub use search::Hit;
pub use seed::SeedReport;
pub use setup::{CreatedDesk, OpenedDesk, ProfileCreateInput, ProfileState, profile_present};
pub use spool::PrinterRow;
pub use sync::{CarriedFile, DeviceRow, IncidentRow, Overridden, ParkedRow, SyncReport};
pub use templates::library;
pub use unsent::{UnsentPage, UnsentRow};
