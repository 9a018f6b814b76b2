//! The words of codes, dates and amounts in the language of a print, from `assets/layouts/common.json`.

use domain::{Language, Text};
use report::layout::{Common, format};

use crate::error::DeskError;

/// The shared words in one language.
#[derive(Clone, Copy)]
pub(super) struct Words {
    common: &'static Common,
    pub(super) language: Language,
}

impl Words {
    pub(super) fn new(language: Language) -> Result<Self, DeskError> {
        let common = Common::shipped().map_err(|error| super::broken("common", &error))?;
        Ok(Words { common, language })
    }

    /// A code's word; the code itself when there is none, so that a gap is seen and not swallowed.
    pub(super) fn word(&self, group: &str, code: &str) -> String {
        let word = self.common.words.get(group).and_then(|words| words.get(code));
        word.map_or_else(|| code.to_owned(), |word| self.text(word))
    }

    /// A code's word with its `{name}` slots filled.
    pub(super) fn filled(&self, group: &str, code: &str, slots: &[(&str, &str)]) -> String {
        // Split at the braces, so that braces in a filled value stay text.
        let pattern = self.word(group, code);
        let mut rest = pattern.as_str();
        let mut text = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            let value = slots.iter().find(|(slot, _)| *slot == name);
            text.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    pub(super) fn text(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }

    pub(super) fn yes_no(&self, yes: bool) -> String {
        self.text(if yes { &self.common.yes } else { &self.common.no })
    }

    pub(super) fn join(&self, parts: &[String]) -> String {
        parts.join(self.common.list_separator.get(self.language))
    }

    pub(super) fn date(&self, text: &str) -> String {
        format::date(self.common, text, self.language)
    }

    pub(super) fn moment(&self, text: &str) -> String {
        format::date_time(self.common, text, self.language)
    }
}

/// A code's word in all languages; the code itself when there is none, so that a gap is seen.
pub(crate) fn word(group: &str, code: &str) -> Text {
    let found = Common::shipped().ok().and_then(|common| common.words.get(group)?.get(code).cloned());
    found.unwrap_or_else(|| Text::same(code))
}

#[cfg(test)]
mod tests {
    use domain::claim::{Status, labels};
    use domain::party::{IdType, PartyRole};
    use domain::template::Library;

    use super::*;

    fn has(group: &str, code: &str) {
        let common = Common::shipped().unwrap();
        let word = common.words.get(group).and_then(|words| words.get(code));
        let word = word.unwrap_or_else(|| panic!("{group} has no word for {code}"));
        assert!(Language::ALL.iter().all(|language| !word.get(*language).is_empty()), "{group} {code}");
    }

    #[test]
    fn every_code_has_its_word() {
        for status in Status::ALL {
            has("status", status.as_str());
            has("next", status.as_str());
        }
        PartyRole::ALL.iter().for_each(|role| has("role", role.as_str()));
        IdType::ALL.iter().for_each(|id_type| has("id_type", id_type.as_str()));
        for step in ["ask_supplement", "supplement_reached", "notify_result", "notify_refusal"] {
            let fields = labels::named(step).map(|named| named.fields.as_slice()).unwrap_or_default();
            let how = fields.iter().find(|field| field.key == "how").and_then(|field| field.options.as_ref());
            how.expect(step).keys().for_each(|how| has("how", how));
        }
        for template in &Library::shipped().templates {
            for clock in &template.clocks {
                has("clock", &format!("{:?}", clock.rule));
                has("limit", &format!("{:?}", clock.rule));
            }
            for step in &template.amount.steps {
                has("formula", serde_json::to_value(step.op).unwrap().as_str().unwrap());
            }
        }
    }

    #[test]
    fn braces_of_a_value_stay_text() {
        let words = Words::new(Language::ZhCn).unwrap();
        let text = words.filled("formula", "sum", &[("so_far", "{next}"), ("next", "乙")]);
        assert_eq!(text, "{next} ＋ 乙");
        assert_eq!(words.word("formula", "no-such"), "no-such", "a gap is seen");
    }
}
