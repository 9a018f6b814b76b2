//! Reading one row's cells by field, gathering what is wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::identity::{self, IdentityKind};
use domain::name::check_name;
use domain::party::{IdType, PartyKind, check_id_no};
use domain::text_rules::check_line;
use domain::width::half_width;
use domain::{Code, Refusal, money};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;

use super::{ParsedRow, RefusedRow, RowResult};
use crate::import::mapping::{Mapping, VOCABULARY};
use crate::import::values;

const CODE_LIMIT: usize = 64;
const SHOWN: usize = 60;

/// Field to place and name of its column.
pub(super) type Columns = BTreeMap<String, (usize, String)>;

pub(super) fn columns(mapping: &Mapping, headers: &[String]) -> Columns {
    mapping
        .iter()
        .filter_map(|(field, column)| {
            let at = headers.iter().position(|header| header == column)?;
            Some((field.clone(), (at, column.clone())))
        })
        .collect()
}

/// The cells of one row.
pub(super) struct Cells<'a> {
    row: &'a [String],
    columns: &'a Columns,
    today: NaiveDate,
    refusals: Vec<Refusal>,
    warnings: Vec<Refusal>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(row: &'a [String], columns: &'a Columns, today: NaiveDate) -> Self {
        Cells { row, columns, today, refusals: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn finish<T>(self, number: u32, value: Option<T>) -> RowResult<T> {
        match value {
            Some(value) if self.refusals.is_empty() => {
                Ok(ParsedRow { number, value, warnings: self.warnings })
            }
            _ => Err(RefusedRow { number, refusals: self.refusals }),
        }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    pub(super) fn refuse(&mut self, field: &str, refusal: Refusal) {
        self.refusals.push(refusal.at(field));
    }

    fn take<T>(&mut self, field: &str, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.refuse(field, refusal)).ok()
    }

    fn raw(&self, field: &str) -> Option<&'a str> {
        let (at, _) = self.columns.get(field)?;
        self.row.get(*at).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The column as the file calls it: that is where it will be mended.
    fn called(&self, field: &str) -> String {
        self.columns.get(field).map_or_else(|| field.to_owned(), |(_, column)| column.clone())
    }

    fn about(&self, code: Code, field: &str, value: &str) -> Refusal {
        Refusal::new(code)
            .with("field", self.called(field))
            .with("value", value.chars().take(SHOWN).collect::<String>())
    }

    fn required(&mut self, field: &str) -> Option<&'a str> {
        let value = self.raw(field);
        if value.is_none() {
            let missing = Refusal::new(Code::ImportValueMissing).with("field", self.called(field));
            self.refuse(field, missing);
        }
        value
    }

    pub(super) fn code(&mut self, field: &str) -> Option<String> {
        let value = self.required(field)?;
        self.as_code(field, value)
    }

    pub(super) fn optional_code(&mut self, field: &str) -> Option<String> {
        let value = self.raw(field)?;
        self.as_code(field, value)
    }

    fn as_code(&mut self, field: &str, value: &str) -> Option<String> {
        let code = half_width(value);
        let code = code.trim();
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '(' | ')');
        if code.chars().count() > CODE_LIMIT || !code.chars().all(allowed) {
            let refusal = self.about(Code::ImportCode, field, value).with("limit", CODE_LIMIT);
            self.refuse(field, refusal);
            return None;
        }
        Some(code.to_owned())
    }

    pub(super) fn name(&mut self, field: &str, kind: PartyKind) -> Option<String> {
        let value = self.required(field)?;
        self.take(field, check_name(kind, value))
    }

    pub(super) fn optional_name(&mut self, field: &str, kind: PartyKind) -> Option<String> {
        let value = self.raw(field)?;
        self.take(field, check_name(kind, value))
    }

    pub(super) fn line(&mut self, field: &str, limit: usize) -> Option<String> {
        // A cell may hold a line break where the screen has one line.
        let value = self.raw(field)?.split_whitespace().collect::<Vec<_>>().join(" ");
        self.take(field, check_line(&value, limit))
    }

    pub(super) fn date(&mut self, field: &str) -> Option<NaiveDate> {
        self.required(field)?;
        self.optional_date(field)
    }

    pub(super) fn optional_date(&mut self, field: &str) -> Option<NaiveDate> {
        let value = self.raw(field)?;
        let date = values::parse_date(value);
        if date.is_none() {
            let refusal = self.about(Code::ImportDate, field, value);
            self.refuse(field, refusal);
        }
        date
    }

    pub(super) fn amount(&mut self, field: &str) -> Option<Decimal> {
        let value = self.raw(field)?;
        self.take(field, money::parse_amount(value))
    }

    /// A choice whose column may be missing or empty; an unknown word is refused.
    pub(super) fn choice<T: DeserializeOwned>(&mut self, field: &str, choices: &str) -> Option<T> {
        let value = self.raw(field)?;
        let known = VOCABULARY.values.get(choices)?;
        let found = values::choice(known, value)
            .and_then(|key| serde_json::from_value(serde_json::Value::String(key.to_owned())).ok());
        if found.is_none() {
            let allowed: Vec<&str> =
                known.iter().map(|(key, words)| words.first().unwrap_or(key).as_str()).collect();
            let refusal =
                self.about(Code::ImportValueUnknown, field, value).with("allowed", allowed.join("、"));
            self.refuse(field, refusal);
        }
        found
    }

    pub(super) fn required_choice<T: DeserializeOwned>(&mut self, field: &str, choices: &str) -> Option<T> {
        self.required(field)?;
        self.choice(field, choices)
    }

    /// A paper and its number. Without a type the number itself tells, if it is a resident ID or a credit code.
    pub(super) fn identity(&mut self, type_field: &str, field: &str) -> (Option<IdType>, Option<String>) {
        let entered: Option<IdType> = self.choice(type_field, "id_type");
        let Some(value) = self.raw(field) else { return (entered, None) };
        if entered.is_none() && self.raw(type_field).is_some() {
            return (None, None);
        }
        let id_type = entered.unwrap_or_else(|| self.told_by(value));
        match check_id_no(id_type, value, self.today) {
            Ok(checked) => {
                if entered.is_none() && id_type == IdType::Other {
                    let warning =
                        Refusal::new(Code::ImportIdTypeUnclear).with("field", self.called(field)).at(field);
                    self.warnings.push(warning);
                }
                self.warnings.extend(checked.warnings.into_iter().map(|warning| warning.at(field)));
                (Some(id_type), Some(checked.normalized))
            }
            Err(refusal) => {
                self.refuse(field, refusal);
                (Some(id_type), None)
            }
        }
    }

    fn told_by(&self, value: &str) -> IdType {
        let fits = |id_type| check_id_no(id_type, value, self.today).is_ok();
        let compact = domain::width::compact(value);
        let digits = compact.chars().filter(char::is_ascii_digit).count();
        match compact.chars().count() {
            _ if fits(IdType::ResidentId) => IdType::ResidentId,
            _ if fits(IdType::Uscc) => IdType::Uscc,
            // As long as both and nearly all digits: a resident ID with a mistake. With letters: a credit code.
            18 if digits >= 17 => IdType::ResidentId,
            18 => IdType::Uscc,
            15 if digits == 15 => IdType::ResidentId,
            _ => IdType::Other,
        }
    }

    /// A value that is normalised when it holds, and kept as written with warnings when it does not.
    pub(super) fn kept(&mut self, field: &str, kind: IdentityKind) -> Option<String> {
        let value = self.raw(field)?;
        match identity::check(kind, value, self.today) {
            Ok(checked) => {
                self.warnings.extend(checked.warnings.into_iter().map(|warning| warning.at(field)));
                Some(checked.normalized)
            }
            Err(refusal) => {
                let kept = self.take(field, check_line(value, CODE_LIMIT))?;
                let warning = self.about(Code::ImportKeptUnchecked, field, value).at(field);
                self.warnings.push(warning);
                self.warnings.push(refusal.at(field));
                Some(kept)
            }
        }
    }
}
