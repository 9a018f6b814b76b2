//! The journeys. Each stands alone on a profile of its own.

mod complaint;
mod duplicate;
mod first_run;
mod import;
mod inpatient_missing;
mod kill_mid_form;
mod login;
mod motor_claim;
mod preview_print;
mod refusal;
mod second_instance;
mod settings;
mod settlement;
mod sync;
mod wrong_value;

use anyhow::Result;

use crate::printer::Printer;
use crate::window::Window;

/// A journey with its name as the command line takes it.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Window<'_>, &Printer) -> Result<()>,
}

/// All journeys, the shortest first.
pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "first_run", run: first_run::run },
    Scenario { name: "login", run: login::run },
    Scenario { name: "second_instance", run: second_instance::run },
    Scenario { name: "settings", run: settings::run },
    Scenario { name: "import", run: import::run },
    Scenario { name: "motor_claim", run: motor_claim::run },
    Scenario { name: "inpatient_missing", run: inpatient_missing::run },
    Scenario { name: "duplicate", run: duplicate::run },
    Scenario { name: "wrong_value", run: wrong_value::run },
    Scenario { name: "preview_print", run: preview_print::run },
    Scenario { name: "settlement", run: settlement::run },
    Scenario { name: "refusal", run: refusal::run },
    Scenario { name: "complaint", run: complaint::run },
    Scenario { name: "sync", run: sync::run },
    Scenario { name: "kill_mid_form", run: kill_mid_form::run },
];
