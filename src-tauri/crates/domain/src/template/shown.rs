//! Answers that count: a draft keeps what was typed into fields that are hidden now.

use serde_json::{Map, Value};

use super::model::Template;
use crate::refusal::Refusal;

/// The answers whose field the form shows. What belongs to a hidden field, or to another template the visit began
/// with, stays in the draft and out of the claim.
///
/// # Errors
/// When the template was not made by [`super::parse()`] and its conditions do not compile.
pub fn shown_answers(
    template: &Template,
    answers: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let conditions = &template.checks()?.fields;
    let facts = Value::Object(answers.clone());
    Ok(answers
        .iter()
        .filter(|(key, _)| template.field(key).is_some())
        .filter(|(key, _)| conditions.get(*key).is_none_or(|when| when.is_valid(&facts)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Library;

    #[test]
    fn every_example_is_shown_whole_and_foreign_answers_fall_away() {
        for template in &Library::shipped().templates {
            let Value::Object(answers) = template.example.answers.clone() else { panic!("{}", template.id) };
            assert_eq!(shown_answers(template, &answers).unwrap(), answers, "{}", template.id);
            let mut more = answers.clone();
            more.insert("of_another_template".into(), Value::Bool(true));
            assert_eq!(shown_answers(template, &more).unwrap(), answers, "{}", template.id);
        }
    }

    #[test]
    fn an_answer_of_a_hidden_field_does_not_count() {
        let hidden = Library::shipped().templates.iter().flat_map(|template| {
            template.fields().filter(|field| field.when.is_some()).map(move |field| (template, field))
        });
        let mut seen = 0;
        for (template, field) in hidden {
            let only = Map::from_iter([(field.key.clone(), Value::String("x".into()))]);
            if shown_answers(template, &only).unwrap().is_empty() {
                seen += 1;
            }
        }
        assert!(seen > 20, "only {seen} conditional fields hide without their condition");
    }
}
