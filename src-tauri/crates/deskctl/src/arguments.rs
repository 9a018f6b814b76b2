//! What can be asked for. Passwords and codes come from files, never from arguments: arguments are seen by everyone
//! on the machine.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::clock_arguments::Clock;

/// The whole command line.
#[derive(Parser)]
#[command(name = "deskctl", version, about = "Command line of the claims desk")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
pub(crate) struct Global {
    /// The profile's folder.
    #[arg(long, global = true, env = "CLAIMS_DESK_PROFILE", value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    /// Who acts.
    #[arg(long = "as", global = true, value_name = "USER")]
    pub(crate) actor: Option<String>,
    /// A file with that user's password.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// A file with the recovery code, to open the profile without the keyring.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) recovery_code_file: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a profile: branch, first administrator (password from --password-file), recovery code.
    Init(Init),
    /// Claim templates; needs no profile.
    #[command(subcommand)]
    Template(Template),
    /// Check a number (id, uscc, mobile, plate, vin, bankcard); needs no profile.
    Check {
        kind: String,
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// An amount in Chinese capitals; needs no profile.
    Amount {
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Time limits: when something is due and why, and which days are worked.
    #[command(subcommand)]
    Clock(Clock),
    /// What the organisation published and this desk received, used or kept.
    Reference,
    /// Import policies, customers or products from .xlsx or CSV.
    Import(Import),
    /// Claims.
    #[command(subcommand)]
    Claim(Claim),
    /// Search claims, people and policies.
    Search {
        query: String,
        /// claim, complaint, party or policy.
        #[arg(long)]
        kind: Option<String>,
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Print a claim's or complaint's document as PDF, or a summary as PDF, .xlsx or .csv.
    Print(Print),
    /// Write a synthetic branch.
    Seed {
        #[arg(long, default_value_t = 0)]
        claims: u32,
        #[arg(long, default_value_t = 0)]
        complaints: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Copy the profile into a folder while it stays in use; sealed like the profile itself.
    Backup { folder: PathBuf },
    /// Make the profile of --profile from a backup; needs --recovery-code-file.
    Restore {
        folder: PathBuf,
        /// One of its copies, such as desk-20261123-090000.db; the newest when left out.
        #[arg(long, value_name = "NAME")]
        snapshot: Option<String>,
    },
    /// Complaints.
    #[command(subcommand)]
    Complaint(Complaint),
    /// What is due of every open file, and what ran out.
    Due,
    /// Walk the operation log.
    Verify,
    /// Exchange with the hub.
    #[command(subcommand)]
    Sync(Sync),
    /// What two desks wanted of one record, and decisions about it.
    #[command(subcommand)]
    Conflicts(Conflicts),
    /// The sum over all confirmed records: equal on two desks exactly when the records are.
    StateDigest,
    /// Accounts.
    #[command(subcommand)]
    Account(Account),
}

#[derive(Args)]
pub(crate) struct Init {
    /// Two to eight capital letters or digits.
    #[arg(long)]
    pub(crate) branch: String,
    /// The branch's name.
    #[arg(long)]
    pub(crate) name: String,
    /// User name of the first administrator.
    #[arg(long)]
    pub(crate) admin: String,
    /// That person's name; the user name when left out.
    #[arg(long)]
    pub(crate) admin_name: Option<String>,
    /// Where the recovery code goes.
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_out: PathBuf,
    /// Leave the keyring alone.
    #[arg(long)]
    pub(crate) no_keyring: bool,
}

#[derive(Subcommand)]
pub(crate) enum Template {
    /// The templates in effect.
    List,
    /// A template.
    Show { id: String },
    /// Check a template file.
    Check { file: PathBuf },
    /// An invented visit that registers.
    Example { id: String },
}

#[derive(Args)]
pub(crate) struct Import {
    /// policies, customers or products; `sample-products` for the generated catalogue.
    pub(crate) kind: String,
    #[arg(required_unless_present_any = ["sample"])]
    pub(crate) file: Option<PathBuf>,
    /// The generated sample catalogue instead of a file (products only).
    #[arg(long, conflicts_with = "file")]
    pub(crate) sample: bool,
    /// Say what would happen and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// A JSON file: field to column.
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Claim {
    /// Register claims.
    Register {
        #[arg(long)]
        template: String,
        /// JSON; `-` reads one value after the other from standard input and answers each when it is durable.
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
        /// Walk the log first and answer with what was found.
        #[arg(long, hide = true)]
        verify_first: bool,
    },
    /// A claim's file.
    Show { no: String },
    /// Record a paper of the checklist, with or without a file.
    Document {
        no: String,
        /// Its id in the template, or its name.
        #[arg(long)]
        name: String,
        /// original, copy, held, waived or missing.
        #[arg(long)]
        received: String,
        #[arg(long, default_value_t = 1)]
        count: u32,
        #[arg(long)]
        reason: Option<String>,
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Take a step.
    Do {
        no: String,
        command: String,
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
    },
    /// Claims, newest first.
    List {
        #[arg(long)]
        status: Vec<String>,
        #[arg(long)]
        text: Option<String>,
        #[arg(long)]
        missing_only: bool,
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

#[derive(Subcommand)]
pub(crate) enum Complaint {
    /// Take a complaint in.
    Register {
        /// JSON; one with an `id` is recorded once however often it is sent.
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
    /// A complaint's file.
    Show { no: String },
    /// Take a step of the flow.
    Do {
        no: String,
        command: String,
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
    },
    /// Complaints, newest first.
    List {
        /// Such as investigating; may be repeated.
        #[arg(long)]
        status: Vec<String>,
        /// A category of either level, such as business or business.claims.
        #[arg(long)]
        category: Option<String>,
        #[arg(long)]
        text: Option<String>,
        #[arg(long)]
        major_only: bool,
        #[arg(long, default_value_t = 0)]
        offset: u32,
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

#[derive(Args)]
pub(crate) struct Print {
    /// Of a claim: application, receipt, supplement, progress, standard, worksheet, decision or refusal. Of a complaint:
    /// complaint-record, complaint-accepted, complaint-more, complaint-extension or complaint-decision. Of a period:
    /// complaint-summary, with --from and --to instead of a number.
    pub(crate) kind: String,
    #[arg(required_unless_present_all = ["from", "to"])]
    pub(crate) no: Option<String>,
    /// First day of a summary.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "to", conflicts_with = "no")]
    pub(crate) from: Option<String>,
    /// Last day of a summary.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "from", conflicts_with = "no")]
    pub(crate) to: Option<String>,
    /// What a summary counts by, such as branch,category; all when left out.
    #[arg(long, value_name = "LIST", requires = "from", default_value = "")]
    pub(crate) by: String,
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// customer or internal.
    #[arg(long, default_value = "customer")]
    pub(crate) copy: String,
    /// zh-CN, zh-TW or en.
    #[arg(long, default_value = "zh-CN")]
    pub(crate) language: String,
}

#[derive(Subcommand)]
pub(crate) enum Sync {
    /// Join a hub with its administrator's one-time code.
    Enrol {
        /// https://host or http://host:port.
        #[arg(long, value_name = "URL")]
        hub: String,
        #[arg(long)]
        code: String,
    },
    /// One round: what is unsent goes, what others did comes, files follow.
    Now,
    /// Where sync stands.
    Status,
    /// The desks of the branch, when the hub last saw each, and which it shut out.
    Devices,
    /// Unsent work into a file that another desk of the branch brings to the hub.
    Export { file: PathBuf },
    /// Take such a file.
    Import { file: PathBuf },
}

#[derive(Subcommand)]
pub(crate) enum Conflicts {
    /// Conflicts, open ones first.
    List {
        #[arg(long)]
        open_only: bool,
    },
    /// A conflict with what each side wanted.
    Show { id: String },
    /// Decide: the named operations' values are taken, everything else stays as it stands.
    Decide {
        id: String,
        /// An operation whose values are taken; none keeps what stands.
        #[arg(long, value_name = "OPERATION")]
        take: Vec<String>,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Account {
    /// Create an account; a --password-file after `add` is the new account's.
    Add {
        #[arg(long)]
        user: String,
        #[arg(long)]
        name: String,
        /// counter_clerk, claims_assessor, … manager, administrator.
        #[arg(long)]
        role: String,
        #[arg(long, value_name = "FILE")]
        new_password_file: PathBuf,
    },
    /// All accounts.
    List,
}

/// `account add` takes two passwords under one name: the actor's before `add`, the new account's after it. The last
/// one after `add` is the new account's.
pub(crate) fn sort_out_passwords(mut arguments: Vec<OsString>) -> Vec<OsString> {
    const NAME: &str = "--password-file";
    let is = |at: usize, word: &str| arguments.get(at).is_some_and(|argument| argument == word);
    let add = (1..arguments.len()).find(|at| is(*at, "add") && is(at - 1, "account"));
    let own = |argument: &OsString| {
        argument == NAME || argument.to_str().is_some_and(|text| text.starts_with("--password-file="))
    };
    if let Some(add) = add
        && let Some(last) = arguments.iter().skip(add).rposition(own).map(|at| at + add)
        && let Some(argument) = arguments.get_mut(last)
        && let Some(text) = argument.to_str()
    {
        *argument = text.replacen(NAME, "--new-password-file", 1).into();
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_password_after_add_is_the_new_account_s() {
        let check = |line: &str, expect: &str| {
            let sorted = sort_out_passwords(line.split(' ').map(OsString::from).collect());
            assert_eq!(sorted.join(std::ffi::OsStr::new(" ")).to_string_lossy(), expect, "{line}");
        };
        check(
            "d --as a --password-file 1 account add --password-file 2",
            "d --as a --password-file 1 account add --new-password-file 2",
        );
        check(
            "d account add --as a --password-file 1 --password-file=2",
            "d account add --as a --password-file 1 --new-password-file=2",
        );
        check("d init --password-file 1", "d init --password-file 1");
    }
}
