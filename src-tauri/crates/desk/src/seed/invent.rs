//! Invented people, numbers, vehicles and stories, from a generator that gives the same for the same seed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate};
use domain::case_number::COUNTER_LIMIT;
use domain::digest::Digest;
use domain::template::Line;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize)]
pub(super) struct People {
    surnames: Vec<String>,
    given: Vec<String>,
    rare: Vec<String>,
    dotted: Vec<[String; 2]>,
    organisations: Vec<String>,
    pub(super) clerks: Vec<String>,
    mobile_prefixes: Vec<String>,
    places: Vec<Place>,
    streets: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    pub(super) region: String,
    pub(super) plate: String,
    pub(super) name: String,
}

/// Compiled in; the seed's test reads every list.
pub(super) static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../../assets/seed/people.json")).unwrap_or_default()
});

static STORIES: LazyLock<BTreeMap<String, Vec<Vec<String>>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../../assets/seed/stories.json")).unwrap_or_default()
});

/// Words of the records that are not names.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Words {
    pub(super) product_prefix: String,
    pub(super) withdrawal: String,
    branch: String,
    pub(super) office: String,
    pub(super) matters: Vec<String>,
    pub(super) asked: String,
    pub(super) decided: String,
    pub(super) based: String,
    pub(super) extended: String,
    pub(super) approver: String,
    pub(super) proof: String,
    pub(super) summary: String,
}

pub(super) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../../../assets/seed/words.json")).unwrap_or_default()
    });
    &WORDS
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `end` - 1; the bias of the remainder does not matter here.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.roll() % end.max(1)
    }

    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(items.len() as u64)).unwrap_or_default();
        items.get(at)
    }

    pub(super) fn text<'a>(&mut self, items: &'a [String]) -> &'a str {
        self.pick(items).map(String::as_str).unwrap_or_default()
    }

    fn letters(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count).filter_map(|_| self.pick(&alphabet).copied()).collect()
    }

    /// The dice of a name: the same for the same name.
    pub(super) fn named(name: &str) -> Self {
        let digest = Digest::of(name.as_bytes());
        Dice(digest.0.iter().take(8).fold(0, |start, byte| (start << 8) | u64::from(*byte)))
    }

    /// Codes of as many devices as so many cases need, none of those that are taken.
    pub(super) fn devices(&mut self, cases: u32, taken: &[String]) -> Vec<String> {
        let mut devices: Vec<String> = Vec::new();
        let wanted = cases as usize / COUNTER_LIMIT as usize + 1;
        while devices.len() < wanted {
            let device = self.device_code();
            if !taken.contains(&device) && !devices.contains(&device) {
                devices.push(device);
            }
        }
        devices
    }

    /// Ids that rise with the synthetic time, so that tables grow at their end.
    pub(super) fn id(&mut self, at: DateTime<FixedOffset>) -> Uuid {
        let mut random = [0; 10];
        let (one, two) = (self.roll().to_be_bytes(), self.roll().to_be_bytes());
        random.iter_mut().zip(one.into_iter().chain(two)).for_each(|(byte, value)| *byte = value);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn device_code(&mut self) -> String {
        self.letters(domain::case_number::DEVICE_ALPHABET, 4)
    }

    /// Mostly two or three characters; now and then a rare one, or a name with a middle dot.
    pub(super) fn name(&mut self) -> String {
        let people = &*PEOPLE;
        if self.percent(2)
            && let Some([given, family]) = self.pick(&people.dotted)
        {
            return format!("{given}·{family}");
        }
        let mut name = self.text(&people.surnames).to_owned();
        name.push_str(self.text(&people.given));
        if self.below(1000) < 4 {
            name.push_str(self.text(&people.rare));
        } else if self.percent(75) {
            name.push_str(self.text(&people.given));
        }
        name
    }

    pub(super) fn organisation(&mut self) -> String {
        let number = self.below(9000) + 1000;
        format!(
            "{}{}",
            self.text(&PEOPLE.organisations),
            words().branch.replace("{number}", &number.to_string())
        )
    }

    pub(super) fn place(&mut self) -> Option<&'static Place> {
        self.pick(&PEOPLE.places)
    }

    pub(super) fn street(&mut self, place: &str) -> String {
        let number = self.below(980) + 1;
        format!("{place}{}{number}号", self.text(&PEOPLE.streets))
    }

    pub(super) fn birth(&mut self) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
        first.checked_add_days(Days::new(self.below(19_500))).unwrap_or(first)
    }

    /// A resident ID number with its check character (GB 11643-1999).
    pub(super) fn resident_id(&mut self, region: &str, birth: NaiveDate) -> String {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let body = format!(
            "{region}{:04}{:02}{:02}{:03}",
            birth.year(),
            birth.month(),
            birth.day(),
            self.below(999) + 1
        );
        let sum: u32 =
            body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
        let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('1');
        format!("{body}{check}")
    }

    /// A unified social credit code with its check character (GB 32100-2015).
    pub(super) fn credit_code(&mut self, region: &str) -> String {
        const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        let body = format!("91{region}{}", self.letters(ALPHABET, 9));
        let mut weight = 1;
        let mut sum = 0;
        for letter in body.chars() {
            sum += ALPHABET.chars().position(|known| known == letter).unwrap_or(0) * weight;
            weight = weight * 3 % 31;
        }
        let check = ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
        format!("{body}{check}")
    }

    pub(super) fn mobile(&mut self) -> String {
        let prefix = self.text(&PEOPLE.mobile_prefixes);
        format!("{prefix}{:08}", self.below(100_000_000))
    }

    /// Five places without the letters I and O (GA 36-2018).
    pub(super) fn plate(&mut self, head: &str) -> String {
        let letter = self.letters("ABCDEFGHJKLMNPQRSTUVWXYZ", 1);
        format!("{head}{letter}{:04}", self.below(10_000))
    }

    pub(super) fn story(&mut self, line: Line) -> String {
        let key = match line {
            Line::Motor => "motor",
            Line::Property => "property",
            Line::Liability => "liability",
            Line::Health => "health",
            Line::Accident => "accident",
            Line::Life => "life",
        };
        let parts: Vec<&str> =
            STORIES.get(key).into_iter().flatten().map(|choices| self.text(choices)).collect();
        format!("{}。", parts.join("，"))
    }

    /// 120.00 to 60,119.99, small amounts more often.
    pub(super) fn amount(&mut self) -> String {
        let (one, two) = (self.below(6_000_000), self.below(6_000_000));
        let cents = one.min(two) + 12_000;
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}
