// Side-by-side comparison of what is being registered with a claim that looks the same.

import type { DuplicateRow, JsonValue } from "@/lib/desk";

export type CompareKey = "policy_no" | "incident_at" | "cause" | "holder" | "insured" | "story";
export type CompareLine = { key: CompareKey; mine: string; theirs: string; differs: boolean; known: boolean };

const KEYS: CompareKey[] = ["policy_no", "incident_at", "cause", "holder", "insured", "story"];

const squash = (text: string): string => text.replace(/\s+/g, "").toLowerCase();

/** Moments are compared to the minute, texts without blanks and case. An unknown side is no difference. */
function differs(key: CompareKey, mine: string, theirs: string): boolean {
  if (mine === "" || theirs === "") return false;
  if (key === "incident_at") return mine.slice(0, 16) !== theirs.slice(0, 16);
  return squash(mine) !== squash(theirs);
}

const text = (value: JsonValue | undefined): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** The draft's side of the comparison, from its fields. `cause` is shown by its option's label. */
export function mineOf(
  fields: { [path: string]: JsonValue },
  causeLabel: string,
): Record<CompareKey, string> {
  const insured = Object.entries(fields).find(
    ([path, value]) => /^parties\.\d+\.role$/.test(path) && value === "insured",
  )?.[0];
  const story =
    ["answers.incident_story", "answers.story", "answers.incident_description", "answers.description"]
      .map((path) => text(fields[path]))
      .find((value) => value !== "") ?? "";
  return {
    policy_no: text(fields["policy.no"]),
    incident_at: text(fields["answers.incident_at"]),
    cause: causeLabel,
    holder: text(fields["policy.holder"]),
    insured:
      text(fields["policy.insured"]) || (insured ? text(fields[insured.replace(/role$/, "name")]) : ""),
    story,
  };
}

export function compare(mine: Record<CompareKey, string>, other: DuplicateRow): CompareLine[] {
  return KEYS.map((key) => ({
    key,
    mine: mine[key],
    theirs: other[key],
    differs: differs(key, mine[key], other[key]),
    known: mine[key] !== "" && other[key] !== "",
  }));
}
