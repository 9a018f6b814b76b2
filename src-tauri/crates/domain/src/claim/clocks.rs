//! A claim's file as the clocks of the law read it (domain page, C1: Insurance Law 22 to 25, 87; Interpretation II, 15).

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

use crate::clock::{Happening, moment};

/// A step of a claim's timeline: the command, when it was recorded, its own facts.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The command.
    pub command: &'a str,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// What it says.
    pub data: &'a Value,
}

/// What happened to a claim, by the names of `assets/clocks`. `listed` is when a receipt with the list of papers was
/// printed. What was recorded later than it happened counts from when it happened.
pub fn happenings<'a>(
    registered: DateTime<Utc>,
    steps: impl IntoIterator<Item = Told<'a>>,
    listed: Option<DateTime<Utc>>,
) -> Vec<Happening> {
    let mut found: Vec<Happening> = ["claim-applied", "claim-received", "claim-and-papers-received"]
        .map(|name| Happening { name, at: registered })
        .into();
    let mut add = |name, at| found.push(Happening { name, at });
    if let Some(at) = listed {
        add("paper-list-given", at);
    }
    for step in steps {
        let said =
            |field: &str| step.data.get(field).and_then(Value::as_str).and_then(|text| moment(text).ok());
        match step.command {
            "ask_supplement" => {
                add("paper-list-given", step.at);
                if let Some(at) = said("reached_at") {
                    add("supplement-notice-reached", at);
                }
            }
            "supplement_reached" => add("supplement-notice-reached", said("reached_at").unwrap_or(step.at)),
            "papers_complete" => {
                add("papers-received", step.at);
                add("supplements-received", step.at);
            }
            // Three days for the notice run from the assessment that nothing is owed, which is when it is refused.
            "refuse" => {
                add("assessment-made", step.at);
                add("amount-settled", step.at);
            }
            "notify_refusal" => {
                let at = said("notified_at").unwrap_or(step.at);
                add("refusal-sent", at);
                add("result-notified", at);
            }
            "notify_result" => add("result-notified", said("notified_at").unwrap_or(step.at)),
            "agree" => {
                let at = said("agreed_at").unwrap_or(step.at);
                add("amount-agreed", at);
                add("amount-settled", at);
            }
            "pay" => {
                let at = said("paid_at").unwrap_or(step.at);
                add("paid", at);
                add("undisputed-sum-paid", at);
            }
            _ => {}
        }
    }
    found
}

/// Which clock of keeping a contract has, and when it ended: five years for a contract of up to a year, else ten
/// (Insurance Law 87). None while its days are not known.
pub fn keeping(inception: Option<NaiveDate>, expiry: Option<NaiveDate>) -> Option<(&'static str, Happening)> {
    let (inception, expiry) = (inception?, expiry?);
    let year = inception.checked_add_months(Months::new(12))?;
    let rule = if expiry <= year { "K12-short" } else { "K12" };
    // The last day counts whole: it ended with the midnight after it, by Shanghai's clock.
    let ended = expiry.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    let ended = ended.and_local_timezone(chrono_tz::Asia::Shanghai).earliest()?.to_utc();
    Some((rule, Happening { name: "contract-ended", at: ended - chrono::TimeDelta::seconds(1) }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn each_step_is_what_the_law_counts_from() {
        let day = |day: u32| at(&format!("2026-06-{day:02}T10:00:00+08:00"));
        let reached = json!({ "reached_at": "2026-06-04T09:00:00+08:00" });
        let paid = json!({ "paid_at": "2026-06-19T09:00:00+08:00" });
        let nothing = json!({});
        let told = |command, day_of: u32, data| Told { command, at: day(day_of), data };
        let steps = [
            told("ask_supplement", 3, &nothing),
            told("supplement_reached", 5, &reached),
            told("papers_complete", 8, &nothing),
            told("assess", 10, &nothing),
            told("agree", 15, &nothing),
            told("pay", 20, &paid),
        ];
        let found = happenings(day(1), steps, None);
        let when = |name: &str| found.iter().find(|one| one.name == name).map(|one| one.at);
        assert_eq!(when("claim-and-papers-received"), Some(day(1)));
        assert_eq!(when("paper-list-given"), Some(day(3)), "a notice lists papers too");
        assert_eq!(
            when("supplement-notice-reached"),
            Some(at("2026-06-04T09:00:00+08:00")),
            "not when recorded"
        );
        assert_eq!(when("supplements-received"), Some(day(8)));
        assert_eq!(when("assessment-made"), None, "the three days are those of a refusal");
        assert_eq!(when("amount-settled"), Some(day(15)));
        assert_eq!(when("paid"), Some(at("2026-06-19T09:00:00+08:00")));
    }

    #[test]
    fn a_contract_of_a_year_is_kept_five_years_and_a_longer_one_ten() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let (rule, ended) = keeping(day("2026-03-01"), day("2027-02-28")).unwrap();
        assert_eq!((rule, ended.at), ("K12-short", at("2027-02-28T23:59:59+08:00")));
        assert_eq!(keeping(day("2026-03-01"), day("2027-03-01")).unwrap().0, "K12-short");
        assert_eq!(keeping(day("2026-03-01"), day("2027-03-02")).unwrap().0, "K12");
        assert_eq!(keeping(None, day("2027-03-02")), None);
    }
}
