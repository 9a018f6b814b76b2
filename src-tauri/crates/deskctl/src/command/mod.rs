//! One file for each group of commands.

mod account;
mod backup;
mod claim;
mod clock;
mod complaint;
mod import;
mod init;
mod print;
mod register;
mod search;
mod seed;
mod sync;
mod template;
mod value;

use crate::arguments::{Cli, Command};
use crate::failure::Failure;
use crate::output::Output;
use crate::profile;

/// Does what the command line asks.
pub(crate) async fn run(cli: Cli, output: &Output) -> Result<(), Failure> {
    let global = cli.global;
    match cli.command {
        Command::Init(init) => return init::run(&global, init, output).await,
        Command::Template(template) => return template::run(&global, template, output),
        Command::Restore { folder, snapshot } => {
            return backup::restore(&global, &folder, snapshot.as_deref(), output).await;
        }
        Command::Check { kind, value } => return value::check(&kind, &value, output),
        Command::Amount { value } => return value::amount(&value, output),
        Command::Clock(clock) => return clock::run(&global, clock, output).await,
        _ => {}
    }
    let (desk, warnings) = profile::open(&global).await?;
    let done = match cli.command {
        Command::Import(import) => import::run(&global, &desk, import, output).await,
        Command::Claim(claim) => claim::run(&global, &desk, claim, output).await,
        Command::Search { query, kind, limit } => {
            search::run(&global, &desk, &query, kind.as_deref(), limit, output).await
        }
        Command::Print(print) => print::run(&global, &desk, print, output).await,
        Command::Seed { claims, complaints, seed } => {
            seed::run(&global, &desk, (claims, complaints, seed), output).await
        }
        Command::Backup { folder } => backup::make(&global, &desk, &folder, output).await,
        Command::Complaint(complaint) => complaint::run(&global, &desk, complaint, output).await,
        Command::Due => claim::due(&global, &desk, output).await,
        Command::Verify => seed::verify(&desk, output).await,
        Command::Sync(sync) => sync::run(&global, &desk, sync, output).await,
        Command::Conflicts(conflicts) => sync::conflicts(&global, &desk, conflicts, output).await,
        Command::Reference => {
            sync::reference(&desk, output);
            Ok(())
        }
        Command::StateDigest => sync::state_digest(&desk, output).await,
        Command::Account(account) => account::run(&global, &desk, account, output).await,
        Command::Init(_)
        | Command::Restore { .. }
        | Command::Template(_)
        | Command::Check { .. }
        | Command::Amount { .. }
        | Command::Clock(_) => Ok(()),
    };
    desk.close().await;
    if done.is_ok() {
        output.warn(&warnings);
    }
    done
}
