//! Text in the three languages of the desk.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A language the desk speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// The three languages, default first.
    pub const ALL: [Language; 3] = [Language::ZhCn, Language::ZhTw, Language::En];
}

/// One sentence or name in all three languages; a data file without one of them is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW")]
    pub zh_tw: String,
    /// English.
    pub en: String,
}

impl Text {
    /// What reads alike in every language: names, numbers.
    pub fn same(text: impl Into<String>) -> Text {
        let text = text.into();
        Text { zh_cn: text.clone(), zh_tw: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh_cn,
            Language::ZhTw => &self.zh_tw,
            Language::En => &self.en,
        }
    }

    /// The text with every `{name}` replaced by its parameter; unknown names stay as they are.
    /// A parameter `name@en` is the `{name}` of that language only.
    pub fn fill(&self, params: &std::collections::BTreeMap<String, String>) -> Text {
        let fill = |source: &str, language: &str| {
            params.iter().fold(source.to_owned(), |text, (name, value)| match name.split_once('@') {
                None => text.replace(&format!("{{{name}}}"), value),
                Some((name, of)) if of == language => text.replace(&format!("{{{name}}}"), value),
                Some(_) => text,
            })
        };
        Text {
            zh_cn: fill(&self.zh_cn, "zh-CN"),
            zh_tw: fill(&self.zh_tw, "zh-TW"),
            en: fill(&self.en, "en"),
        }
    }
}
