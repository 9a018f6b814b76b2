//! The words of clocks, from `assets/clocks/words.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::rule::Unit;
use crate::text::Text;

macro_rules! words {
    ($($name:ident),* $(,)?) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Words {
            units: Units,
            $(pub(super) $name: Text,)*
        }
    };
}

words![
    workday,
    weekend,
    make_up,
    holiday,
    closed,
    duration,
    count,
    start_day,
    start_hour,
    restart,
    limit,
    contract,
    extension,
    pause_days,
    pause_time,
    pause_idle,
    pause_open,
    paused,
    skipped,
    counted,
    last,
    moved,
    closes,
    midnight,
    no_calendar,
    result,
    result_open,
    ended,
];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    hours: Text,
    business_hours: Text,
    calendar_days: Text,
    working_days: Text,
    years: Text,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| read().unwrap_or_default());

/// The file as it is; a test holds that it can be read.
pub(super) fn read() -> Result<Words, serde_json::Error> {
    serde_json::from_str(include_str!("../../../../../assets/clocks/words.json"))
}

impl Words {
    pub(super) fn unit(&self, unit: Unit) -> &Text {
        match unit {
            Unit::Hours => &self.units.hours,
            Unit::BusinessHours => &self.units.business_hours,
            Unit::CalendarDays => &self.units.calendar_days,
            Unit::WorkingDays => &self.units.working_days,
            Unit::Years => &self.units.years,
        }
    }
}

/// A sentence with its names filled in: the same in each language, or a text with its own in each.
pub(super) fn filled(sentence: &Text, same: &[(&str, &str)], texts: &[(&str, &Text)]) -> Text {
    let mut params: BTreeMap<String, String> =
        same.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for (name, text) in texts {
        params.insert(format!("{name}@zh-CN"), text.zh_cn.clone());
        params.insert(format!("{name}@zh-TW"), text.zh_tw.clone());
        params.insert(format!("{name}@en"), text.en.clone());
    }
    sentence.fill(&params)
}
