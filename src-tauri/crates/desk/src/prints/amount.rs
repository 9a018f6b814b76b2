//! What was worked out and decided, as it is printed.

use domain::claim::Status;
use domain::money;
use domain::record::Record;
use domain::template::{AmountKind, Worksheet, WorksheetLine};
use report::data::{self, DecisionData, RefusalData, WorksheetData};
use rust_decimal::Decimal;
use serde_json::Value;

use super::words::Words;
use crate::claim::file::Loaded;

/// The worksheet with each step's formula, so that the customer can work it out again (000-13).
pub(super) fn worksheet(loaded: &Loaded, words: &Words) -> WorksheetData {
    let explain = Some(words.text(&loaded.template.amount.explain));
    let Some(worksheet) = loaded.worksheet() else {
        return WorksheetData { explain, ..WorksheetData::default() };
    };
    WorksheetData {
        lines: worksheet.lines.iter().map(|line| self::line(line, &worksheet, words)).collect(),
        result: Some(money::plain(worksheet.result)),
        result_capitals: Some(money::capitals_in(worksheet.result, words.language)),
        explain,
    }
}

fn line(line: &WorksheetLine, worksheet: &Worksheet, words: &Words) -> data::WorksheetLine {
    let label = words.text(&line.label);
    let (label, op) = match line.op {
        None => (label, None),
        Some(op) => {
            let op = serde_json::to_value(op).unwrap_or_default();
            let formula = formula(op.as_str().unwrap_or_default(), &line.of, worksheet, words);
            let slots = [("label", label.as_str()), ("formula", formula.as_str())];
            (words.filled("worksheet_line", "step", &slots), Some(words.word("worksheet_line", "op")))
        }
    };
    data::WorksheetLine { label: Some(label), op, value: Some(value(line.kind, line.value)) }
}

/// `核定修复费用 － 残值`: the operands by their labels, joined as the step joins them.
fn formula(op: &str, of: &[String], worksheet: &Worksheet, words: &Words) -> String {
    let label = |key: &String| {
        let line = worksheet.lines.iter().find(|line| line.key == *key);
        // The line itself carries the percent sign; in a formula it only hinders reading.
        let label = line.map(|line| words.text(&line.label)).unwrap_or_default();
        label.trim_end_matches("（%）").trim_end_matches("(%)").trim_end().to_owned()
    };
    let mut operands = of.iter().map(label);
    let first = operands.next().unwrap_or_default();
    operands.fold(first, |so_far, next| {
        words.filled("formula", op, &[("so_far", so_far.as_str()), ("next", next.as_str())])
    })
}

fn value(kind: AmountKind, value: Decimal) -> String {
    match kind {
        AmountKind::Money => money::plain(value),
        AmountKind::Percent => format!("{}%", value.normalize()),
        // The layout writes whatever reads as an amount with two decimals; days have none, and with the space
        // after it a count does not read as an amount.
        AmountKind::Count => format!("{} ", value.normalize()),
    }
}

/// The decision as it stands on the claim.
pub(super) fn decision(loaded: &Loaded, words: &Words) -> DecisionData {
    let claim = &loaded.claim;
    let Some(amount) = claim.optional("decided_amount").and_then(|amount| amount.parse::<Decimal>().ok())
    else {
        return DecisionData::default();
    };
    let claimed =
        claim.optional("answers.claimed_amount").and_then(|claimed| claimed.parse::<Decimal>().ok());
    // Without an amount asked for nobody can say whether this is all of it.
    let outcome = match claimed {
        None => "approved",
        Some(claimed) if amount < claimed => "pay_part",
        Some(_) => "pay",
    };
    DecisionData {
        outcome: Some(outcome.to_owned()),
        amount: Some(money::plain(amount)),
        amount_capitals: Some(money::capitals_in(amount, words.language)),
        reasons: Vec::new(),
        basis: claim.optional("decision_basis"),
        decided_at: claim.optional("decided_at"),
        decided_by: claim.optional("decided_by_name"),
    }
}

/// The refusal as it stands on the claim (Insurance Law 24).
pub(super) fn refusal(loaded: &Loaded) -> RefusalData {
    if loaded.status != Status::Refused {
        return RefusalData::default();
    }
    let claim = &loaded.claim;
    RefusalData {
        reasons: texts(claim, "refusal_reasons"),
        basis: claim.optional("refusal_basis"),
        decided_at: claim.optional("decided_at"),
        decided_by: claim.optional("decided_by_name"),
        ..RefusalData::default()
    }
}

fn texts(record: &Record, field: &str) -> Vec<String> {
    let list = record.get(field).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}
