// Money as a person types it and as it travels: an exact string with two decimals, never a float.

const FULL_WIDTH_ZERO = 0xff10;

/** Full-width digits and marks become the plain ones, since input methods produce both. */
function halfWidth(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - FULL_WIDTH_ZERO))
    .replace(/[．。]/g, ".")
    .replace(/，/g, ",")
    .replace(/－/g, "-");
}

/** What was typed without separators, sign of currency and blanks. */
export function bareMoney(text: string): string {
  return halfWidth(text).replace(/[,\s¥￥元]/g, "");
}

/** The exact string with two decimals, or null when the text is no amount (negative, three decimals, letters). */
export function parseMoney(text: string): string | null {
  const match = /^0*(\d{1,16})(?:\.(\d{0,2}))?$/.exec(bareMoney(text));
  if (!match) return null;
  return `${match[1]}.${(match[2] ?? "").padEnd(2, "0")}`;
}

/** Thousands separators for display; text that is no amount is shown as it is. */
export function showMoney(value: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(value);
  if (!match) return value;
  const whole = (match[2] ?? "").replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${match[1] ?? ""}${whole}${match[3] ?? ""}`;
}
