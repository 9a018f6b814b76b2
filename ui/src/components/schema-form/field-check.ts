// What is told beside a field: from the widget's own reading at once, from Rust's checks when the field is left.

import { desk, type IdentityKind, type JsonValue, type Text } from "@/lib/desk";
import { parseDate, parseDateTime } from "./dates";
import { parseMoney } from "./money";

export type Widget =
  | "text"
  | "textarea"
  | "date"
  | "datetime"
  | "money"
  | "integer"
  | "select"
  | "radio"
  | "checkbox"
  | "plate"
  | "vin"
  | "mobile"
  | "id"
  | "uscc"
  | "bankcard"
  | "count";
/** Either a sentence of this page (a key of namespace forms) or one that Rust made. */
export type Told = { kind: "error" | "warning"; key: string } | { kind: "error" | "warning"; text: Text };

const IDENTITY = new Set<Widget>(["plate", "vin", "mobile", "id", "uscc", "bankcard"]);

export const isIdentity = (widget: Widget): widget is IdentityKind => IDENTITY.has(widget);

/** The value to store for what was typed: the exact form when it can be read, else the text itself. */
export function storedValue(widget: Widget, typed: string): JsonValue {
  const text = typed.trim();
  if (text === "") return null;
  if (widget === "money") return parseMoney(text) ?? typed;
  if (widget === "date") return parseDate(text) ?? typed;
  if (widget === "datetime") return parseDateTime(text) ?? typed;
  if (widget === "integer" || widget === "count") {
    const plain = text.replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
    return /^\d{1,9}$/.test(plain) ? Number(plain) : typed;
  }
  return isIdentity(widget) ? text : typed;
}

/** Why the stored value cannot be read as what the widget asks for; null when it can or is empty. */
export function shapeTold(widget: Widget, value: JsonValue): Told | null {
  if (value === null || value === "") return null;
  const text = String(value);
  if (widget === "money" && parseMoney(text) === null)
    return { kind: "error", key: text.includes("-") ? "wrong.money_negative" : "wrong.money" };
  if (widget === "date" && parseDate(text) !== text) return { kind: "error", key: "wrong.date" };
  if (widget === "datetime" && parseDateTime(text) === null) return { kind: "error", key: "wrong.datetime" };
  if ((widget === "integer" || widget === "count") && typeof value !== "number")
    return { kind: "error", key: "wrong.integer" };
  return null;
}

/** Rust's verdict on an identity value: what to tell, and the normal form to keep. */
export async function identityTold(
  kind: IdentityKind,
  value: string,
): Promise<{ told: Told | null; normalized: string | null }> {
  const result = await desk.checkValue(kind, value);
  if (!result.ok) {
    const text = result.message;
    return {
      told: text ? { kind: "error", text } : { kind: "error", key: "wrong.pattern" },
      normalized: null,
    };
  }
  const warning = result.warnings[0];
  return { told: warning ? { kind: "warning", text: warning.message } : null, normalized: result.normalized };
}
