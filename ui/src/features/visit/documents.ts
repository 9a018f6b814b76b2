// What is noted about a document in a draft, and whether that is enough.

import type { DocumentRule, JsonValue } from "@/lib/desk";

export type Received = "original" | "copy" | "held" | "waived" | "missing";
export type DocumentNote = { received: Received; count: number; reason: string };

export const RECEIVED: Received[] = ["original", "copy", "held", "waived", "missing"];

export function noteOf(value: JsonValue | undefined): DocumentNote {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return { received: "missing", count: 0, reason: "" };
  const received = RECEIVED.find((each) => each === value.received) ?? "missing";
  return {
    received,
    count: typeof value.count === "number" ? value.count : 0,
    reason: typeof value.reason === "string" ? value.reason : "",
  };
}

/** The note after a choice: a paper received counts as many as asked for until told otherwise. */
export function choose(
  note: DocumentNote,
  received: Received,
  rule: Pick<DocumentRule, "count">,
): DocumentNote {
  const taken = received === "original" || received === "copy";
  return { received, count: taken ? note.count || Math.max(1, rule.count) : 0, reason: note.reason };
}

/** Whether the paper is still owed: not there, too few, the wrong form, or waived without a reason. */
export function owed(note: DocumentNote, rule: Pick<DocumentRule, "form" | "count" | "required">): boolean {
  if (!rule.required && note.received === "missing") return false;
  if (note.received === "held") return false;
  if (note.received === "waived") return note.reason.trim() === "";
  if (note.received === "missing") return true;
  return note.count < rule.count || (rule.form === "original" && note.received === "copy");
}

/** What "received as asked" means for a rule. */
export const asAsked = (rule: Pick<DocumentRule, "form" | "count">): DocumentNote => ({
  received: rule.form === "copy" ? "copy" : "original",
  count: Math.max(1, rule.count),
  reason: "",
});
