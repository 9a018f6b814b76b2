//! The command-line twin of the desk: the same use cases for administrators, tests and benches.

mod arguments;
mod clock_arguments;
mod command;
mod failure;
mod input;
mod output;
mod profile;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use arguments::{Cli, sort_out_passwords};
use failure::Failure;
use output::Output;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(sort_out_passwords(std::env::args_os().collect())) {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            output::plain(&error.to_string());
            return ExitCode::SUCCESS;
        }
        Err(error) => return Failure::usage(&error.to_string()).report(),
    };
    let output = Output::new(cli.global.json);
    match command::run(cli, &output).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
