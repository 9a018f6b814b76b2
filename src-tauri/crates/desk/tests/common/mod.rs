//! A branch with one person in each of the counter's roles, in a folder of its own.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "each test file uses its own part"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use desk::claim::input::from_value;
use desk::claim::intake::Registered;
use desk::{AccountInput, Actor, Desk, ProfileCreateInput};
use domain::role::Role;
use domain::template::{Library, Template};
use serde_json::Value;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Everything the tests do happens at this moment, after the incidents of the shipped examples.
pub(crate) const NOW: &str = "2026-11-22T09:30:00+08:00";
const PASSWORD: &str = "counter-2026";

/// The people of the branch: user name, name, role. The administrator makes the others.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("admin", "周管理", Role::Administrator),
    ("clerk", "王柜员", Role::CounterClerk),
    ("assessor", "赵核定", Role::ClaimsAssessor),
    ("manager", "孙经理", Role::Manager),
    ("auditor", "吴审计", Role::Auditor),
];

/// A clock that a test sets.
struct SetClock(Mutex<DateTime<Utc>>);

impl desk::Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the clock")
    }
}

/// An open desk and its people.
pub(crate) struct Branch {
    pub(crate) desk: Desk,
    pub(crate) recovery_code: Zeroizing<String>,
    folder: TempDir,
    clock: Arc<SetClock>,
    actors: BTreeMap<&'static str, Actor>,
}

impl Branch {
    /// `admin`, `clerk`, `assessor`, `manager` or `auditor`.
    pub(crate) fn actor(&self, user: &str) -> &Actor {
        &self.actors[user]
    }

    /// Sets the desk's clock.
    pub(crate) fn at(&self, moment: &str) {
        let moment = DateTime::parse_from_rfc3339(moment).expect("a moment");
        *self.clock.0.lock().expect("the clock") = moment.to_utc();
    }

    /// The folder that holds the profile and ends with the branch.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Registers the example that comes with a template.
    pub(crate) async fn register_example(&self, template: &str) -> Registered {
        self.register_changed(template, |_| {}).await
    }

    /// Registers the example after a change.
    pub(crate) async fn register_changed(
        &self,
        template: &str,
        change: impl FnOnce(&mut Value),
    ) -> Registered {
        let template = shipped(template);
        let mut input = serde_json::to_value(&template.example).expect("the example is JSON");
        change(&mut input);
        let input = from_value(input).expect("the example has the input's shape");
        self.desk.register(self.actor("clerk"), template, input).await.expect("the example registers")
    }
}

/// A template as shipped.
pub(crate) fn shipped(id: &str) -> &'static Template {
    Library::shipped().templates.iter().find(|template| template.id == id).expect("the template is shipped")
}

/// A new branch with its people logged in.
pub(crate) async fn branch() -> Branch {
    let folder = tempfile::tempdir().expect("a folder");
    let now = DateTime::parse_from_rfc3339(NOW).expect("a moment").with_timezone(&Utc);
    let input = ProfileCreateInput {
        branch_code: "3701".to_owned(),
        branch_name: "安和财产保险股份有限公司济南市历下支公司".to_owned(),
        admin_user: PEOPLE[0].0.to_owned(),
        admin_name: PEOPLE[0].1.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let clock = Arc::new(SetClock(Mutex::new(now)));
    let created =
        Desk::create(&folder.path().join("profile"), input, false, Arc::<SetClock>::clone(&clock)).await;
    let created = created.expect("the profile is created");
    let desk = created.desk;
    let mut actors = BTreeMap::new();
    for (user, name, role) in PEOPLE {
        if let Some(admin) = actors.get(PEOPLE[0].0) {
            let input = AccountInput {
                user: user.to_owned(),
                display_name: name.to_owned(),
                role,
                password: PASSWORD.to_owned(),
            };
            desk.account_create(admin, input).await.expect("the account is created");
        }
        let actor = desk.login(user, Zeroizing::new(PASSWORD.to_owned())).await.expect("the login works");
        actors.insert(user, actor);
    }
    Branch { desk, recovery_code: created.recovery_code, folder, clock, actors }
}

/// What a PDF says, without the white space of its setting.
pub(crate) fn words_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("print.pdf");
    std::fs::write(&file, pdf).expect("the file is written");
    let output =
        Command::new("pdftotext").arg(&file).arg("-").output().expect("pdftotext (poppler-utils) runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect()
}
