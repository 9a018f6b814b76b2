//! Amounts of money: reading what people type, writing what forms need. No floats.
//!
//! Capitals follow 支付结算办法 (银发〔1997〕393号) annex 1, 正确填写票据和结算凭证的基本规定, articles 1 to 4. Where the
//! annex allows two forms (article 4(3)), the one it names first is written.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::code::Code;
use crate::refusal::Refusal;
use crate::text::Language;
use crate::width::half_width;

/// The largest amount a field takes: 9,999,999,999,999.99.
pub const AMOUNT_LIMIT: Decimal = Decimal::from_parts(2_764_472_319, 232_830, 0, false, 2);

/// Reads an amount: digits, thousands separators in their places, at most two decimals, perhaps a currency sign.
/// The result carries exactly two decimals.
pub fn parse_amount(value: &str) -> Result<Decimal, Refusal> {
    let text: String = half_width(value).chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Err(Refusal::new(Code::IdentityEmpty));
    }
    let bare = text.strip_suffix('元').unwrap_or(&text);
    let negative = bare.starts_with(['-', '\u{2212}']) || (bare.starts_with('(') && bare.ends_with(')'));
    let bare = bare.trim_matches(['-', '\u{2212}', '(', ')']);
    let bare =
        ["¥", "￥", "RMB", "CNY", "人民币"].iter().find_map(|sign| bare.strip_prefix(sign)).unwrap_or(bare);
    let negative = negative || bare.starts_with('-');
    let bare = bare.trim_start_matches('-');

    let (whole, decimals) = bare.split_once('.').unwrap_or((bare, "0"));
    let format = || Refusal::new(Code::AmountFormat);
    let digits = without_separators(whole).ok_or_else(format)?;
    if decimals.is_empty() || !decimals.chars().all(|c| c.is_ascii_digit()) {
        return Err(format());
    }
    if negative {
        return Err(Refusal::new(Code::AmountNegative));
    }
    if decimals.len() > 2 {
        return Err(Refusal::new(Code::AmountDecimals).with("decimals", decimals.len()));
    }
    let significant = digits.trim_start_matches('0');
    let too_large = || Refusal::new(Code::AmountTooLarge).with("limit", "9,999,999,999,999.99");
    if significant.len() > 13 {
        return Err(too_large());
    }
    let mut amount: Decimal = format!("{digits}.{decimals}").parse().map_err(|_| format())?;
    amount.rescale(2);
    if amount > AMOUNT_LIMIT {
        return Err(too_large());
    }
    Ok(amount)
}

/// The whole part without its separators, which must group three digits from the right.
fn without_separators(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let well_grouped =
        rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || (1..=3).contains(&first.len()));
    let digits: String = std::iter::once(first).chain(rest).collect();
    (well_grouped && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then_some(digits)
}

/// The amount as it travels: two decimals, no separators.
pub fn plain(amount: Decimal) -> String {
    let mut cents = to_cents(amount);
    cents.rescale(2);
    cents.to_string()
}

/// The amount as people read it: `1,234,567.80`.
pub fn grouped(amount: Decimal) -> String {
    let text = plain(amount);
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{decimals}")
}

/// The amount in Chinese capitals: 1234.50 is 壹仟贰佰叁拾肆元伍角整. More than two decimals are rounded half up first.
pub fn capitals(amount: Decimal) -> String {
    capitals_in(amount, Language::ZhCn)
}

/// The amount in capitals of a language; English readers get the simplified form, which is the one that is valid.
pub fn capitals_in(amount: Decimal, language: Language) -> String {
    let script = if language == Language::ZhTw { &TRADITIONAL } else { &SIMPLIFIED };
    let cents = to_cents(amount);
    let whole = script.whole(u128::try_from(cents.abs().trunc().mantissa()).unwrap_or(0));
    let fraction = ((cents.abs() - cents.abs().trunc()) * Decimal::ONE_HUNDRED).trunc();
    let fraction = usize::try_from(fraction.mantissa()).unwrap_or(0);
    let (dimes, pennies) = (fraction / 10, fraction % 10);
    let ends_in_zero = (cents.abs().trunc() % Decimal::TEN).is_zero();

    let mut out = String::new();
    if cents.is_sign_negative() && !cents.is_zero() {
        out.push(script.negative);
    }
    if !whole.is_empty() {
        out.push_str(&whole);
        out.push('元');
    }
    match (whole.is_empty(), dimes, pennies) {
        (true, 0, 0) => out.push_str("零元整"),
        (false, 0, 0) => out.push('整'),
        (no_whole, 0, _) => {
            if !no_whole {
                out.push('零');
            }
            out.push(script.digit(pennies));
            out.push('分');
        }
        (no_whole, _, _) => {
            // Article 4(3): with 0 before 元 and a digit before 角 the annex's first form writes 零.
            if !no_whole && ends_in_zero {
                out.push('零');
            }
            out.push(script.digit(dimes));
            out.push('角');
            if pennies == 0 {
                out.push('整');
            } else {
                out.push(script.digit(pennies));
                out.push('分');
            }
        }
    }
    out
}

fn to_cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

struct Script {
    digits: [char; 10],
    negative: char,
    ten_thousand: char,
    hundred_million: char,
}

const SIMPLIFIED: Script = Script {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    negative: '负',
    ten_thousand: '万',
    hundred_million: '亿',
};

const TRADITIONAL: Script = Script {
    digits: ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'],
    negative: '負',
    ten_thousand: '萬',
    hundred_million: '億',
};

impl Script {
    fn digit(&self, value: usize) -> char {
        self.digits.get(value).copied().unwrap_or('零')
    }

    /// A whole number, nothing for zero. Splits at 亿, then at 万, so that 万亿 comes by itself.
    fn whole(&self, number: u128) -> String {
        for (size, unit) in [(100_000_000, self.hundred_million), (10_000, self.ten_thousand)] {
            if number >= size {
                let (high, low) = (number / size, number % size);
                let zero = if low > 0 && low < size / 10 { "零" } else { "" };
                return format!("{}{unit}{zero}{}", self.whole(high), self.whole(low));
            }
        }
        self.below_ten_thousand(number)
    }

    fn below_ten_thousand(&self, number: u128) -> String {
        let mut out = String::new();
        let mut zero = false;
        for (size, unit) in [(1000, Some('仟')), (100, Some('佰')), (10, Some('拾')), (1, None)] {
            let digit = usize::try_from(number / size % 10).unwrap_or(0);
            if digit == 0 {
                zero = !out.is_empty();
                continue;
            }
            if zero {
                out.push('零');
                zero = false;
            }
            out.push(self.digit(digit));
            out.extend(unit);
        }
        out
    }
}

#[cfg(test)]
mod tests;
