//! Amounts worked by hand, one table per template, and what holds for all inputs.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::{AmountKind, Library, worksheet};
use super::template;
use crate::code::Code;

fn inputs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn check(id: &str, pairs: &[(&str, &str)], expected: &str) {
    let sheet = worksheet(template(id), &inputs(pairs)).unwrap();
    assert_eq!(sheet.result.to_string(), expected, "{id} {pairs:?}: {:#?}", sheet.lines);
}

#[test]
fn motor() {
    // (8650 - 300 - 2000) x 0.85 - 500 = 5397.50 - 500 = 4897.50; + 400 towing
    let own = [
        ("repair_cost", "8650"),
        ("salvage", "300"),
        ("recovered", "2000"),
        ("deductible_rate", "15"),
        ("deductible", "500"),
        ("sum_insured", "126000"),
        ("rescue_cost", "400"),
    ];
    check("motor-damage", &own, "5297.50");
    check("motor-damage", &[("repair_cost", "90000"), ("sum_insured", "60000")], "60000.00");
    check("motor-damage", &[("repair_cost", "100"), ("sum_insured", "60000"), ("deductible", "500")], "0.00");
    // 2860 beyond the limit of 2000; with a share of 60 % of the limit 1200
    check("motor-compulsory-property", &[("vehicle_loss", "2560"), ("rescue_cost", "300")], "2000.00");
    check("motor-compulsory-property", &[("vehicle_loss", "2560"), ("share_percent", "60")], "1200.00");
    check("motor-compulsory-property", &[("vehicle_loss", "1680.55")], "1680.55");
    // medical 21000 -> 18000; 9600 + 150 x 30 + 2200.50 = 16300.50; less 5000 advanced
    let injury = [
        ("medical", "20000"),
        ("hospital_meals", "1000"),
        ("compensation", "9600"),
        ("nursing_daily", "150"),
        ("nursing_days", "30"),
        ("lost_income", "2200.50"),
        ("advanced", "5000"),
    ];
    check("motor-compulsory-injury", &injury, "29300.50");
    check("motor-compulsory-injury", &[("compensation", "1000000"), ("medical", "1000000")], "198000.00");
    // (18600 - 2000) x 70 % = 11620; x 95 % = 11039
    let third = [
        ("property_loss", "18600"),
        ("ctp_paid", "2000"),
        ("liability_percent", "70"),
        ("deductible_rate", "5"),
        ("limit", "1000000"),
    ];
    check("motor-third-party", &third, "11039.00");
    check(
        "motor-third-party",
        &[("property_loss", "1500"), ("ctp_paid", "2000"), ("limit", "1000000")],
        "0.00",
    );
    // min(128000, 150000) x 0.8 x 0.95 = 97280
    let theft = [
        ("actual_value", "128000"),
        ("sum_insured", "150000"),
        ("deductible_rate", "20"),
        ("missing_rate", "5"),
    ];
    check("motor-theft", &theft, "97280.00");
}

#[test]
fn property_and_liability() {
    // min(13500, 50000) + min(3200, 2000) = 15500 - 200 - 500 = 14800; + min(900, 600)
    let home = [
        ("fittings_loss", "13500"),
        ("fittings_limit", "50000"),
        ("contents_loss", "3200"),
        ("contents_limit", "2000"),
        ("salvage", "200"),
        ("deductible", "500"),
        ("rescue_cost", "900"),
        ("rescue_limit", "600"),
    ];
    check("home-property", &home, "15400.00");
    // (386000 + 42500 - 28500) x 80 % = 320000; deductible max(5000, 10 %) = 32000; 288000; + 1800 x 80 % = 1440
    let firm = [
        ("equipment_loss", "386000"),
        ("stock_loss", "42500"),
        ("salvage", "28500"),
        ("insured_percent", "80"),
        ("deductible", "5000"),
        ("deductible_rate", "10"),
        ("sum_insured", "2000000"),
        ("rescue_cost", "1800"),
    ];
    check("commercial-property", &firm, "289440.00");
    // min(46320.80, 40000) + 0 - 6320.80 = 33679.20; x 90 % = 30311.28; - 311.28; + min(8000, 5000)
    let liability = [
        ("injury_loss", "46320.80"),
        ("person_limit", "40000"),
        ("paid_elsewhere", "6320.80"),
        ("liability_percent", "90"),
        ("deductible", "311.28"),
        ("event_limit", "100000"),
        ("legal_cost", "8000"),
        ("legal_limit", "5000"),
    ];
    check("liability", &liability, "35000.00");
}

#[test]
fn persons() {
    // 23856.40 - 856.40 - 14320.75 = 8679.25; - 1000 = 7679.25; x 80 % = 6143.40
    let inpatient = [
        ("total_expense", "23856.40"),
        ("not_covered", "856.40"),
        ("social_paid", "14320.75"),
        ("deductible", "1000"),
        ("ratio", "80"),
        ("remaining_limit", "100000"),
    ];
    check("inpatient", &inpatient, "6143.40");
    // 1286.30 - 412.90 = 873.40; - 2 x 100 = 673.40; x 90 % = 606.06; limits 2 x 250 = 500
    let outpatient = [
        ("total_expense", "1286.30"),
        ("social_paid", "412.90"),
        ("visits", "2"),
        ("visit_deductible", "100"),
        ("ratio", "90"),
        ("visit_limit", "250"),
        ("remaining_limit", "5000"),
    ];
    check("outpatient", &outpatient, "500.00");
    // 300000 x 60 % = 180000; remaining 300000 - 90000 = 210000; - 1200 premium - 8800 loan
    let illness = [
        ("sum_insured", "300000"),
        ("benefit_percent", "60"),
        ("paid_before_amount", "90000"),
        ("premium_due", "1200"),
        ("loan", "8800"),
    ];
    check("critical-illness", &illness, "170000.00");
    // 500000 x 10 % = 50000; at most 500000 - 470000
    let disability = [("sum_insured", "500000"), ("grade_percent", "10"), ("paid_before_amount", "470000")];
    check("accident-disability", &disability, "30000.00");
    // max(200000, 213456.78) + 1543.22 - 15000 = 200000; x 33.33 % = 66660
    let death = [
        ("sum_insured", "200000"),
        ("cash_value", "213456.78"),
        ("dividend", "1543.22"),
        ("loan", "15000"),
        ("share_percent", "33.33"),
    ];
    check("death-benefit", &death, "66660.00");
    // 8 - 3 = 5 days x 200 = 1000; 2 days x 300 = 600
    let cash = [
        ("days", "8"),
        ("waiting_days", "3"),
        ("daily_benefit", "200"),
        ("icu_days", "2"),
        ("icu_daily", "300"),
    ];
    check("hospital-cash", &cash, "1600.00");
    check("hospital-cash", &[("days", "2"), ("waiting_days", "3"), ("daily_benefit", "200")], "0.00");
}

#[test]
fn half_a_fen_rounds_up() {
    // 0.05 x 50 % = 0.025 -> 0.03; 0.01 x 50 % = 0.005 -> 0.01; 0.01 x 49 % -> 0.00
    for (total, ratio, expected) in [("0.05", "50", "0.03"), ("0.01", "50", "0.01"), ("0.01", "49", "0.00")] {
        check("inpatient", &[("total_expense", total), ("ratio", ratio), ("remaining_limit", "1")], expected);
    }
}

#[test]
fn bad_inputs_are_refused_by_name() {
    for (key, value, code) in [
        ("total_expense", "-1", Code::TemplateAmountMoney),
        ("total_expense", "1.234", Code::TemplateAmountMoney),
        ("total_expense", "1e3", Code::TemplateAmountMoney),
        ("total_expense", "+1", Code::TemplateAmountMoney),
        ("total_expense", "１", Code::TemplateAmountMoney),
        ("total_expense", "", Code::TemplateAmountInputMissing),
        ("ratio", "100.01", Code::TemplateAmountPercent),
        ("ratio", "x", Code::TemplateAmountPercent),
        ("visits", "1.5", Code::TemplateAmountCount),
        ("visits", "1000000", Code::TemplateAmountCount),
        ("colour", "1", Code::TemplateAmountInputUnknown),
    ] {
        let mut inputs = inputs(&[("total_expense", "10"), ("visit_limit", "10"), ("remaining_limit", "10")]);
        inputs.insert(key.to_owned(), value.to_owned());
        let refusal = worksheet(template("outpatient"), &inputs).unwrap_err();
        assert_eq!((refusal.code, refusal.field), (code, Some(format!("inputs.{key}"))), "{value:?}");
    }
}

#[test]
fn lines_show_inputs_and_steps_in_order() {
    let sheet =
        worksheet(template("hospital-cash"), &inputs(&[("days", "8"), ("daily_benefit", " 200 ")])).unwrap();
    let written: Vec<String> =
        sheet.lines.iter().map(|line| format!("{}={}", line.key, line.value)).collect();
    assert_eq!(
        written,
        [
            "days=8",
            "waiting_days=0",
            "max_days=180",
            "remaining_days=180",
            "daily_benefit=200.00",
            "icu_days=0",
            "icu_daily=0.00",
            "net_days=8",
            "paid_days=8",
            "ward=1600.00",
            "icu_capped=0",
            "icu_benefit=0.00",
            "payable=1600.00",
        ]
    );
    let json = serde_json::to_value(&sheet).unwrap();
    assert_eq!(json["result"], "1600.00");
}

proptest! {
    #[test]
    fn no_line_is_negative_and_money_has_two_decimals(
        index in 0_usize..14,
        fen in proptest::collection::vec(0_u64..=999_999_999_999_999, 16),
    ) {
        let template = &Library::shipped().templates[index];
        let entered = template.amount.inputs.iter().zip(&fen).map(|(input, fen)| {
            let value = match input.kind {
                AmountKind::Money => Decimal::new(i64::try_from(*fen).unwrap(), 2).to_string(),
                AmountKind::Percent => Decimal::new(i64::try_from(*fen % 10_001).unwrap(), 2).to_string(),
                AmountKind::Count => (*fen % 1_000_000).to_string(),
            };
            (input.key.clone(), value)
        }).collect();
        let sheet = worksheet(template, &entered).unwrap();
        for line in &sheet.lines {
            prop_assert!(line.value >= Decimal::ZERO, "{} of {} is {}", line.key, template.id, line.value);
            let places = if line.kind == AmountKind::Count { 0 } else { 2 };
            prop_assert_eq!(line.value.scale(), places);
        }
        prop_assert_eq!(Some(sheet.result), sheet.lines.last().map(|line| line.value));
    }
}
