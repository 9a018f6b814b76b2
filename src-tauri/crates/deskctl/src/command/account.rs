//! `account`.

use desk::{AccountInput, Desk};
use domain::role::Role;
use domain::{Code, Refusal};
use serde_json::json;

use crate::arguments::{Account, Global};
use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use crate::profile;

pub(super) async fn run(
    global: &Global,
    desk: &Desk,
    account: Account,
    output: &Output,
) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    match account {
        Account::Add { user, name, role, new_password_file } => {
            let password = input::secret(&new_password_file)?;
            let role = parse_role(&role)?;
            let input = AccountInput { user, display_name: name, role, password: password.to_string() };
            let row = desk.account_create(&actor, input).await?;
            output
                .answer(&json!(row), || format!("{}\t{}\t{}", row.user, row.display_name, row.role.as_str()));
        }
        Account::List => {
            let rows = desk.accounts(&actor).await?;
            output.answer(&json!({ "accounts": rows }), || {
                let line = |row: &desk::AccountRow| {
                    format!("{}\t{}\t{}", row.user, row.display_name, row.role.as_str())
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            });
        }
    }
    Ok(())
}

fn parse_role(text: &str) -> Result<Role, Refusal> {
    Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
        let known = Role::ALL.map(Role::as_str).join(" / ");
        Refusal::new(Code::ClaimInputInvalid).with("field", "--role").with("expected", known)
    })
}
