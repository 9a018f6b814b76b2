// A claim's answers as they are read: in the template's groups and words.

import type { ClaimFile, FieldLayout, JsonValue, Language, pickText } from "@/lib/desk";
import { formatDate, formatDateTime, formatMoney } from "@/lib/format";

type Say = (text: Parameters<typeof pickText>[0] | null | undefined) => string;

/** One answer in words; the empty string when it was not given. */
function answerText(
  field: FieldLayout,
  value: JsonValue | undefined,
  say: Say,
  language: Language,
  yesNo: { yes: string; no: string },
): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "boolean") return value ? yesNo.yes : yesNo.no;
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return JSON.stringify(value);
  if (field.widget === "money") return formatMoney(value);
  if (field.widget === "date") return formatDate(value, language);
  if (field.widget === "datetime") return formatDateTime(value, language);
  const option = field.options?.[value];
  return option ? say(option) : value;
}

export type AnswerGroup = {
  title: string;
  lines: { key: string; label: string; value: string; wide: boolean }[];
};

export function answerGroups(
  file: Pick<ClaimFile, "template" | "answers">,
  say: Say,
  language: Language,
  yesNo: { yes: string; no: string },
): AnswerGroup[] {
  return file.template.layout
    .map((group) => ({
      title: say(group.title),
      lines: group.fields
        .map((field) => ({
          key: field.key,
          label: say(field.label),
          value: answerText(field, file.answers[field.key], say, language, yesNo),
          wide: field.widget === "textarea" || field.span === 2,
        }))
        .filter((line) => line.value !== ""),
    }))
    .filter((group) => group.lines.length > 0);
}
