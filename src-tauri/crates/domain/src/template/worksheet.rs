//! The amount worksheet (000-13): inputs and steps in exact decimals.
//!
//! Each step is rounded half up to fen and never falls below zero, so that every printed line adds up by hand.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::checks::Fault;
use super::model::{AmountInput, AmountKind, AmountOp, AmountRule, AmountStep, Template};
use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Text;

/// Money as text in schemas and inputs: no sign, at most 13 digits of yuan and two decimals.
pub const MONEY_PATTERN: &str = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$";

/// The worked-out amount, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Worksheet {
    /// Inputs, then steps.
    pub lines: Vec<WorksheetLine>,
    /// What is paid.
    #[specta(type = String)]
    pub result: Decimal,
}

/// One line of a worksheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WorksheetLine {
    /// Key of the input or step.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// What is done; none for an input.
    pub op: Option<AmountOp>,
    /// What it is done with; empty for an input.
    pub of: Vec<String>,
    /// What kind of number.
    pub kind: AmountKind,
    /// The number: two decimals, none for a count.
    #[specta(type = String)]
    pub value: Decimal,
}

/// Works the amount out. Missing inputs take their default.
///
/// # Errors
/// An input that is missing without default, unknown, or not a number of its kind; a result beyond all bounds.
pub fn worksheet(template: &Template, inputs: &BTreeMap<String, String>) -> Result<Worksheet, Refusal> {
    work_out(&template.amount, inputs)
}

fn work_out(rule: &AmountRule, inputs: &BTreeMap<String, String>) -> Result<Worksheet, Refusal> {
    if let Some(key) = inputs.keys().find(|key| !rule.inputs.iter().any(|input| input.key == **key)) {
        let known: Vec<&str> = rule.inputs.iter().map(|input| input.key.as_str()).collect();
        return Err(Refusal::new(Code::TemplateAmountInputUnknown)
            .at(format!("inputs.{key}"))
            .with("key", key)
            .with("known", known.join(", ")));
    }
    let mut lines: Vec<WorksheetLine> = Vec::with_capacity(rule.inputs.len() + rule.steps.len());
    for input in &rule.inputs {
        let entered = inputs.get(&input.key).map(|text| text.trim()).filter(|text| !text.is_empty());
        let Some(text) = entered.or(input.default.as_deref()) else {
            return Err(input_refusal(Code::TemplateAmountInputMissing, input));
        };
        let value = number(input.kind, text).ok_or_else(|| {
            let code = match input.kind {
                AmountKind::Money => Code::TemplateAmountMoney,
                AmountKind::Percent => Code::TemplateAmountPercent,
                AmountKind::Count => Code::TemplateAmountCount,
            };
            input_refusal(code, input)
        })?;
        lines.push(WorksheetLine {
            key: input.key.clone(),
            label: input.label.clone(),
            op: None,
            of: Vec::new(),
            kind: input.kind,
            value,
        });
    }
    for step in &rule.steps {
        let operands: Vec<(AmountKind, Decimal)> = step
            .of
            .iter()
            .filter_map(|key| lines.iter().find(|line| line.key == *key))
            .map(|line| (line.kind, line.value))
            .collect();
        let kinds: Vec<AmountKind> = operands.iter().map(|(kind, _)| *kind).collect();
        let values: Vec<Decimal> = operands.iter().map(|(_, value)| *value).collect();
        let kind = kind_of(step.op, &kinds)
            .filter(|_| values.len() == step.of.len())
            .ok_or_else(|| step_refusal(Code::TemplateAmountOperands, step))?;
        let value =
            apply(step.op, &values).ok_or_else(|| step_refusal(Code::TemplateAmountOverflow, step))?;
        lines.push(WorksheetLine {
            key: step.key.clone(),
            label: step.label.clone(),
            op: Some(step.op),
            of: step.of.clone(),
            kind,
            value: settle(kind, value),
        });
    }
    let result = lines.iter().find(|line| line.key == rule.result).map(|line| line.value);
    let result =
        result.ok_or_else(|| Refusal::new(Code::TemplateAmountKeyUnknown).with("key", &rule.result))?;
    Ok(Worksheet { lines, result })
}

/// Half up to fen, never below zero, written with the decimals of its kind.
fn settle(kind: AmountKind, value: Decimal) -> Decimal {
    let places = if kind == AmountKind::Count { 0 } else { 2 };
    let mut value =
        value.max(Decimal::ZERO).round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(places);
    value
}

fn apply(op: AmountOp, values: &[Decimal]) -> Option<Decimal> {
    let (first, rest) = values.split_first()?;
    let fold = |each: fn(Decimal, Decimal) -> Option<Decimal>| {
        rest.iter().try_fold(*first, |so_far, value| each(so_far, *value))
    };
    match op {
        AmountOp::Sum => fold(Decimal::checked_add),
        AmountOp::Subtract => fold(Decimal::checked_sub),
        AmountOp::Percent => {
            fold(|so_far, percent| so_far.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED))
        }
        AmountOp::LessPercent => fold(|so_far, percent| {
            so_far.checked_mul(Decimal::ONE_HUNDRED.checked_sub(percent)?)?.checked_div(Decimal::ONE_HUNDRED)
        }),
        AmountOp::Multiply => fold(Decimal::checked_mul),
        AmountOp::Cap => fold(|so_far, limit| Some(so_far.min(limit))),
        AmountOp::Max => fold(|so_far, other| Some(so_far.max(other))),
    }
}

/// The kind a step gives, or none when its operands do not belong together: nobody adds days to yuan.
fn kind_of(op: AmountOp, kinds: &[AmountKind]) -> Option<AmountKind> {
    let (first, rest) = kinds.split_first()?;
    let fits = match op {
        AmountOp::Sum => rest.iter().all(|kind| kind == first),
        AmountOp::Subtract | AmountOp::Cap | AmountOp::Max => {
            !rest.is_empty() && rest.iter().all(|kind| kind == first)
        }
        AmountOp::Percent | AmountOp::LessPercent => {
            *first == AmountKind::Money
                && !rest.is_empty()
                && rest.iter().all(|kind| *kind == AmountKind::Percent)
        }
        AmountOp::Multiply => {
            *first == AmountKind::Money
                && !rest.is_empty()
                && rest.iter().all(|kind| *kind == AmountKind::Count)
        }
    };
    fits.then_some(*first)
}

/// Reads a number of its kind; signs, blanks within, exponents and a third decimal are none.
fn number(kind: AmountKind, text: &str) -> Option<Decimal> {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let most = match kind {
        AmountKind::Money => 13,
        AmountKind::Percent => 3,
        AmountKind::Count => 6,
    };
    let plain = digits(whole)
        && whole.len() <= most
        && (whole == "0" || !whole.starts_with('0'))
        && decimals.is_none_or(|decimals| digits(decimals) && decimals.len() <= 2);
    let value: Decimal = Some(text).filter(|_| plain)?.parse().ok()?;
    let fits = match kind {
        AmountKind::Money => true,
        AmountKind::Percent => value <= Decimal::ONE_HUNDRED,
        AmountKind::Count => decimals.is_none(),
    };
    fits.then(|| settle(kind, value))
}

fn input_refusal(code: Code, input: &AmountInput) -> Refusal {
    Refusal::new(code).at(format!("inputs.{}", input.key)).with_text("label", &input.label)
}

fn step_refusal(code: Code, step: &AmountStep) -> Refusal {
    Refusal::new(code).with("key", &step.key).with_text("label", &step.label)
}

/// Checks the rule itself: unique keys, operands that exist and belong together, defaults that are numbers.
pub(super) fn check_amount(rule: &AmountRule) -> Result<(), Fault> {
    let mut known: BTreeMap<&str, AmountKind> = BTreeMap::new();
    for (index, input) in rule.inputs.iter().enumerate() {
        let pointer = format!("/amount/inputs/{index}");
        if input.default.as_deref().is_some_and(|text| number(input.kind, text).is_none()) {
            let refusal = Refusal::new(Code::TemplateAmountDefault).with("key", &input.key);
            return Err(Fault::new(format!("{pointer}/default"), refusal));
        }
        if known.insert(&input.key, input.kind).is_some() {
            return Err(taken(format!("{pointer}/key"), &input.key));
        }
    }
    for (index, step) in rule.steps.iter().enumerate() {
        let pointer = format!("/amount/steps/{index}");
        let mut kinds = Vec::new();
        for (place, key) in step.of.iter().enumerate() {
            match known.get(key.as_str()) {
                Some(kind) => kinds.push(*kind),
                None => return Err(unknown(format!("{pointer}/of/{place}"), key)),
            }
        }
        let kind = kind_of(step.op, &kinds).ok_or_else(|| {
            Fault::new(format!("{pointer}/of"), step_refusal(Code::TemplateAmountOperands, step))
        })?;
        if known.insert(&step.key, kind).is_some() {
            return Err(taken(format!("{pointer}/key"), &step.key));
        }
    }
    let is_money_step = rule.steps.iter().any(|step| step.key == rule.result)
        && known.get(rule.result.as_str()) == Some(&AmountKind::Money);
    if is_money_step { Ok(()) } else { Err(unknown("/amount/result".to_owned(), &rule.result)) }
}

fn taken(pointer: String, key: &str) -> Fault {
    Fault::new(pointer, Refusal::new(Code::TemplateIdDuplicate).with("id", key))
}

fn unknown(pointer: String, key: &str) -> Fault {
    Fault::new(pointer, Refusal::new(Code::TemplateAmountKeyUnknown).with("key", key))
}
