// What still keeps a form from being complete, as field paths in the order of the screen.

import { shownGroups, validateAnswers } from "@/components/schema-form/conditions";
import type { Fields } from "@/components/schema-form/draft-store";
import type { JsonValue, Template } from "@/lib/desk";
import { partyIndices, partyPath } from "./parties";

const blank = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

export function formProblems(
  template: Template,
  fields: Fields,
  answers: { [key: string]: JsonValue },
): string[] {
  const paths: string[] = [];
  if (blank(fields["policy.no"])) paths.push("policy.no");
  for (const index of partyIndices(fields)) {
    if (blank(fields[partyPath(index, "name")])) paths.push(partyPath(index, "name"));
  }
  const wrong = new Set(validateAnswers(template, answers).map((problem) => problem.key));
  const shown = shownGroups(template, answers).flatMap((group) => group.fields.map((field) => field.key));
  return [...paths, ...shown.filter((key) => wrong.has(key)).map((key) => `answers.${key}`)];
}
