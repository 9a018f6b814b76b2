//! What `clock` can be asked.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Everything under `clock`. None of it needs a profile, unless `--published` asks for what one received.
#[derive(Subcommand)]
pub(crate) enum Clock {
    /// When a clock is due, how it stands and why.
    Due(Due),
    /// The day that lies a number of workdays after another.
    Workdays {
        /// The day to count from, such as 2026-09-28; it is not counted itself.
        #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
        from: String,
        /// How many workdays.
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        add: String,
        #[command(flatten)]
        days: Days,
    },
    /// Whether a day is worked, and why.
    Isworkday {
        #[arg(allow_hyphen_values = true)]
        day: String,
        #[command(flatten)]
        days: Days,
    },
    /// The clocks there are.
    Rules {
        /// With those the organisation published to this profile.
        #[arg(long)]
        published: bool,
    },
    /// Calendar files.
    #[command(subcommand)]
    Calendar(CalendarFile),
}

/// A clock that began, and what happened since.
#[derive(Args)]
pub(crate) struct Due {
    /// K1 to K12; `clock rules` lists them.
    #[arg(long, value_name = "ID")]
    pub(crate) rule: String,
    /// When it began, such as 2026-09-28T10:00:00+08:00.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) start: String,
    /// pause@TIME, resume@TIME, extend-complex@TIME, extend-special@TIME, restart@TIME or end@TIME; in any order.
    #[arg(long, value_name = "NAME@TIME", allow_hyphen_values = true)]
    pub(crate) event: Vec<String>,
    /// The limit the contract sets, for a clock that allows it.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// How it stood then; now when left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: Option<String>,
    #[command(flatten)]
    pub(crate) days: Days,
}

/// Which days are worked, besides what is shipped.
#[derive(Args)]
pub(crate) struct Days {
    /// One more calendar; several may be named.
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Vec<PathBuf>,
    /// A branch's closing days and business hours.
    #[arg(long, value_name = "FILE")]
    pub(crate) branch: Option<PathBuf>,
    /// With the calendars and clocks the organisation published to this profile.
    #[arg(long)]
    pub(crate) published: bool,
}

impl Clock {
    /// Whether a profile is to be opened.
    pub(crate) fn wants_profile(&self) -> bool {
        match self {
            Clock::Due(due) => due.days.published,
            Clock::Workdays { days, .. } | Clock::Isworkday { days, .. } => days.published,
            Clock::Rules { published } => *published,
            Clock::Calendar(_) => false,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum CalendarFile {
    /// Check a calendar file.
    Check { file: PathBuf },
}
