//! Categories, causes, channels and the matrix of priorities, from `assets/complaints.json` (001-17, 002-06, 002-07).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::text::Text;

/// A second-level category.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename = "ComplaintCategory")]
pub struct Category {
    /// Such as `business.claims`.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// Its code in GB/T 43568-2023; filled from the published standard.
    pub national_code: Option<String>,
}

/// A first-level category (001-17).
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename = "ComplaintGroup")]
pub struct Group {
    /// Such as `business`.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// Its parts.
    pub children: Vec<Category>,
}

/// What complaints are sorted by.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename = "ComplaintData")]
pub struct Data {
    /// Two levels.
    pub categories: Vec<Group>,
    /// Root causes (001-05).
    pub causes: BTreeMap<String, Text>,
    /// How a complaint came in (001-18, 002-01 to 002-04).
    pub channels: BTreeMap<String, Text>,
    /// Lines of products, as templates name them.
    pub product_lines: BTreeMap<String, Text>,
    /// What a priority is called.
    pub priorities: BTreeMap<String, Text>,
    /// Severity, then urgency, to priority; 1 comes first (002-07).
    pub matrix: BTreeMap<String, BTreeMap<String, u8>>,
    /// What the fields of a complaint are called.
    pub fields: BTreeMap<String, Text>,
    /// So many people complaining together are a major complaint (Order 2020-3, art. 22).
    pub major_people: u32,
    /// A group sends no more representatives (Order 2020-3, art. 12).
    pub most_representatives: u32,
}

impl Data {
    /// The data that comes with the program.
    pub fn shipped() -> &'static Data {
        static SHIPPED: LazyLock<Data> = LazyLock::new(|| {
            serde_json::from_str(include_str!("../../../../../assets/complaints.json")).unwrap_or_default()
        });
        &SHIPPED
    }

    /// What a field is called.
    pub fn field(&self, key: &str) -> Text {
        self.fields.get(key).cloned().unwrap_or_default()
    }

    /// The priority of a severity and an urgency.
    pub fn priority(&self, severity: &str, urgency: &str) -> Option<u8> {
        self.matrix.get(severity)?.get(urgency).copied()
    }

    /// What a code in a field is called: categories, causes, channels and product lines.
    pub fn named(&self, field: &str, code: &str) -> Option<Text> {
        match field {
            "category" => self.category_names().remove(code),
            "cause" => self.causes.get(code).cloned(),
            "channel" => self.channels.get(code).cloned(),
            "product_line" => self.product_lines.get(code).cloned(),
            _ => None,
        }
    }

    /// Second-level categories by id, named with their first level.
    pub fn category_names(&self) -> BTreeMap<String, Text> {
        let named = |group: &Group, child: &Category| Text {
            zh_cn: format!("{} / {}", group.name.zh_cn, child.name.zh_cn),
            zh_tw: format!("{} / {}", group.name.zh_tw, child.name.zh_tw),
            en: format!("{} / {}", group.name.en, child.name.en),
        };
        let all =
            self.categories.iter().flat_map(|group| group.children.iter().map(move |child| (group, child)));
        all.map(|(group, child)| (child.id.clone(), named(group, child))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_whole_and_never_falls_with_what_is_worse() {
        let data = Data::shipped();
        let levels = ["low", "medium", "high"];
        let at = |severity: &str, urgency: &str| data.priority(severity, urgency).unwrap();
        for severity in levels {
            for pair in levels.windows(2) {
                assert!(at(severity, pair[1]) <= at(severity, pair[0]), "more urgent is not later");
                assert!(at(pair[1], severity) <= at(pair[0], severity), "graver is not later");
            }
        }
        assert_eq!((at("high", "high"), at("low", "low")), (1, 3));
    }

    #[test]
    fn every_line_of_the_templates_has_a_name() {
        for template in &crate::template::Library::shipped().templates {
            let line = serde_json::to_value(template.line).unwrap();
            assert!(Data::shipped().product_lines.contains_key(line.as_str().unwrap()), "{line}");
        }
    }

    #[test]
    fn the_four_classes_of_the_source_are_there_with_their_parts() {
        let data = Data::shipped();
        let ids: Vec<&str> = data.categories.iter().map(|group| group.id.as_str()).collect();
        assert_eq!(ids, ["product", "business", "staff", "technology"], "001-17");
        assert!(data.category_names().contains_key("business.claims"), "002-06");
        assert_eq!((data.major_people, data.most_representatives), (20, 5));
    }
}
