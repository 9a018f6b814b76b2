//! The day's work of whoever is logged in, the status line, and saved views.

use domain::claim::Status;
use domain::role::{Right, Role};
use domain::template::TemplateProblem;
use domain::{Code, Refusal, Text};
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use store::ClaimQuery;
use uuid::Uuid;

use crate::claim::list::ClaimRow;
use crate::desk::{Actor, Desk};
use crate::drafts::DraftRow;
use crate::error::{DeskError, Notice};

/// Home.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Home {
    /// Visits to resume.
    pub drafts: Vec<DraftRow>,
    /// Claims that wait for the customer.
    pub waiting_customer: Vec<ClaimRow>,
    /// Claims that wait for this role.
    pub to_do: Vec<ClaimRow>,
    /// Claims this account registered today.
    pub registered_today: u32,
    /// Open claims with papers missing.
    pub missing_open: u32,
}

/// Whether what is here is also elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Not enrolled at a hub, or not reachable.
    Offline,
    /// Something is on its way, or will be with the next round.
    Syncing,
    /// The hub, or this desk's disk, said no; the note says what would be right.
    Failed,
    /// The hub has everything, and said so.
    Synced,
}

/// The truth about saving and sync, in one line.
#[derive(Debug, Clone, Serialize, Type)]
pub struct StatusLine {
    /// Operations no hub has acknowledged.
    pub unsent: u32,
    /// Sync.
    pub sync: SyncState,
    /// Why, if it failed.
    pub sync_note: Option<Notice>,
    /// When the last round ended well.
    pub synced_at: Option<String>,
    /// Conflicts that wait for a decision.
    pub conflicts: u32,
    /// How many operations of the branch were applied; it moves when other desks' work has come in.
    pub applied: u32,
    /// This desk's code in case numbers.
    pub device_code: String,
    /// The start of the newest operation's hash.
    pub chain_head: String,
    /// The branch's time.
    pub clock: String,
}

/// A filter kept under a name.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SavedView {
    /// The view.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Which list it is for.
    pub list: String,
    /// The list's filter.
    pub filter: Value,
}

/// A template in the list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TemplateSummary {
    /// Its id.
    pub id: String,
    /// The version in effect today.
    pub version: u32,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub summary: Text,
    /// Line of business.
    pub line: domain::template::Line,
}

/// A template file that was refused.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RefusedTemplate {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Which rule.
    pub code: Code,
    /// What would be right.
    pub message: Text,
}

/// The templates in effect, and the files that were refused.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TemplateList {
    /// In the order a counter thinks of them.
    pub templates: Vec<TemplateSummary>,
    /// Refused files; the others still work.
    pub problems: Vec<RefusedTemplate>,
}

impl From<&TemplateProblem> for RefusedTemplate {
    fn from(problem: &TemplateProblem) -> Self {
        RefusedTemplate {
            file: problem.file.clone(),
            line: problem.line,
            code: problem.refusal.code,
            message: problem.refusal.message(),
        }
    }
}

/// The templates in effect on a day.
pub fn template_list(library: &domain::template::Library, day: chrono::NaiveDate) -> TemplateList {
    TemplateList {
        templates: library
            .all_current(day)
            .into_iter()
            .map(|template| TemplateSummary {
                id: template.id.clone(),
                version: template.version,
                name: template.name.clone(),
                summary: template.summary.clone(),
                line: template.line,
            })
            .collect(),
        problems: library.problems.iter().map(RefusedTemplate::from).collect(),
    }
}

/// How many claims a block of the home page shows.
const BLOCK: u32 = 20;

impl Desk {
    /// Home.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn home(&self, actor: &Actor) -> Result<Home, DeskError> {
        let claims = async |statuses: &[Status]| {
            let statuses: Vec<String> = statuses.iter().map(|status| status.as_str().to_owned()).collect();
            if statuses.is_empty() || !actor.role.may(Right::ClaimRead) {
                return Ok(Vec::new());
            }
            let query = ClaimQuery { statuses, ..ClaimQuery::default() };
            Ok::<_, DeskError>(self.claim_page(&query, 0, BLOCK).await?.rows)
        };
        let today = ClaimQuery {
            from: Some(format!("{}T00:00:00+08:00", self.today())),
            clerk: Some(actor.account),
            ..ClaimQuery::default()
        };
        let open = [Status::Registered, Status::PapersAsked];
        let missing = ClaimQuery {
            statuses: open.iter().map(|status| status.as_str().to_owned()).collect(),
            missing_only: true,
            ..ClaimQuery::default()
        };
        Ok(Home {
            drafts: self.draft_list(actor).await?,
            waiting_customer: claims(&[Status::PapersAsked, Status::Notified]).await?,
            to_do: claims(awaited(actor.role)).await?,
            registered_today: self.claim_page(&today, 0, 1).await?.total,
            missing_open: self.claim_page(&missing, 0, 1).await?.total,
        })
    }

    /// The status line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn status_line(&self) -> Result<StatusLine, DeskError> {
        let (unsent, head) = self.store.log_head().await?;
        let facts = self.store.sync_facts().await?;
        let (sync, sync_note) = crate::sync::in_a_word(&facts);
        Ok(StatusLine {
            unsent,
            sync,
            sync_note,
            synced_at: facts.synced_at,
            applied: u32::try_from(facts.cursor).unwrap_or(u32::MAX),
            conflicts: u32::try_from(self.open_conflicts().await?).unwrap_or(u32::MAX),
            device_code: self.store.device_code().await?,
            chain_head: head.hex().chars().take(12).collect(),
            clock: self.now().to_rfc3339(),
        })
    }

    /// The templates in effect today.
    pub fn templates(&self) -> TemplateList {
        template_list(&self.reference().library, self.today())
    }

    /// The account's saved views of a list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn view_list(&self, actor: &Actor, list: &str) -> Result<Vec<SavedView>, DeskError> {
        let owner = actor.account.to_string();
        let views = self.store.records("view").await?.into_iter().filter(|(_, record)| {
            record.text("account") == owner && record.text("list") == list && !record.flag("void")
        });
        Ok(views
            .map(|(id, record)| SavedView {
                id: id.to_string(),
                name: record.text("name").to_owned(),
                list: list.to_owned(),
                filter: record.get("filter").cloned().unwrap_or_default(),
            })
            .collect())
    }

    /// Keeps a filter under a name; the same name again replaces it.
    ///
    /// # Errors
    /// An empty name, or a disk that refuses.
    pub async fn view_save(
        &self,
        actor: &Actor,
        list: &str,
        name: &str,
        filter: Value,
    ) -> Result<SavedView, DeskError> {
        let name = domain::text_rules::check_line(name.trim(), 60).map_err(|refusal| refusal.at("name"))?;
        if name.is_empty() {
            return Err(Refusal::new(Code::IdentityEmpty).at("name").into());
        }
        let same = self.view_list(actor, list).await?.into_iter().find(|view| view.name == name);
        let id = same.and_then(|view| Uuid::parse_str(&view.id).ok()).unwrap_or_else(Uuid::now_v7);
        let mut operation = self.operation(actor, "view.save");
        operation.set("view", id, "account", actor.account.to_string());
        operation.set("view", id, "list", list);
        operation.set("view", id, "name", name.clone());
        operation.set("view", id, "filter", filter.clone());
        self.store.commit(operation).await?;
        Ok(SavedView { id: id.to_string(), name, list: list.to_owned(), filter })
    }

    /// Forgets a saved view.
    ///
    /// # Errors
    /// A disk that refuses; a view that is not there is forgotten already.
    pub async fn view_delete(&self, actor: &Actor, id: &str) -> Result<(), DeskError> {
        let Ok(id) = Uuid::parse_str(id) else { return Ok(()) };
        let Some(record) = self.store.record("view", id).await? else { return Ok(()) };
        if record.text("account") == actor.account.to_string() {
            let mut operation = self.operation(actor, "view.delete");
            operation.set("view", id, "void", true);
            self.store.commit(operation).await?;
        }
        Ok(())
    }
}

/// The statuses that wait for a role.
fn awaited(role: Role) -> &'static [Status] {
    match role {
        Role::CounterClerk | Role::Administrator => &[Status::Registered, Status::Decided, Status::Refused],
        Role::ClaimsAssessor => &[Status::PapersComplete, Status::Assessing],
        Role::Manager => &[Status::Assessed, Status::Agreed],
        Role::SuperiorApprover => &[Status::Assessed],
        _ => &[],
    }
}
