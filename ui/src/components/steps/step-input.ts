// What is typed into a step's dialog, and the input its command takes.

import { parseDate, parseDateTime, today } from "@/components/schema-form/dates";
import { parseMoney } from "@/components/schema-form/money";
import type { AmountInput, JsonValue, Step, StepField } from "@/lib/desk";
import { textOf } from "@/lib/i18n";

export type StepValue = string | string[] | { [key: string]: string };
export type StepValues = { [key: string]: StepValue };

/** Moments default to now and worksheets to the template's defaults; everything else begins empty. */
export function beginning(step: Step, inputs: AmountInput[], now: Date, documents: string[]): StepValues {
  const clock = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
  return Object.fromEntries(
    step.fields.map((field): [string, StepValue] => {
      if (field.kind === "worksheet")
        return [field.key, Object.fromEntries(inputs.map((input) => [input.key, input.default ?? ""]))];
      if (field.kind === "documents") return [field.key, documents];
      if (field.kind === "datetime" && field.required) return [field.key, `${today(now)}T${clock}:00+08:00`];
      if (field.kind === "date" && field.required) return [field.key, today(now)];
      return [field.key, ""];
    }),
  );
}

/** What differs from how the dialog began: a moment that was "now" is not kept as what someone typed. */
export function typedOnly(begun: StepValues, values: StepValues): StepValues | null {
  const typed = Object.entries(values).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(begun[key] ?? ""),
  );
  return typed.length > 0 ? Object.fromEntries(typed) : null;
}

/** The beginning with what was typed before. */
export function withTyped(begun: StepValues, kept: JsonValue): StepValues {
  return kept === null || typeof kept !== "object" || Array.isArray(kept)
    ? begun
    : { ...begun, ...(kept as StepValues) };
}

const lines = (value: StepValue): string[] =>
  typeof value === "string"
    ? value
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "")
    : [];

/** The exact worksheet inputs that are filled; what cannot be read is sent as typed, and Rust says what is wrong. */
export function worksheetInput(
  value: StepValue | undefined,
  inputs: AmountInput[],
): { [key: string]: string } {
  if (value === undefined || typeof value === "string" || Array.isArray(value)) return {};
  const kinds = new Map(inputs.map((input) => [input.key, input.kind]));
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, typed]): [string, string] => [
        key,
        kinds.get(key) === "money" ? (parseMoney(typed) ?? typed.trim()) : typed.trim(),
      ])
      .filter(([, typed]) => typed !== ""),
  );
}

function inputOf(field: StepField, value: StepValue | undefined, inputs: AmountInput[]): JsonValue {
  if (field.kind === "worksheet") return worksheetInput(value, inputs);
  if (value === undefined) return null;
  if (field.kind === "documents") return Array.isArray(value) ? value : [];
  if (field.kind === "list") return lines(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  if (field.kind === "money") return parseMoney(value) ?? value;
  if (field.kind === "date") return parseDate(value) ?? value;
  if (field.kind === "datetime") return parseDateTime(value) ?? value;
  return value.trim();
}

/** The command's input. A field left empty is left out, and a backward step always carries its reason. */
export function stepInput(
  step: Step,
  values: StepValues,
  inputs: AmountInput[],
): { [key: string]: JsonValue } {
  return Object.fromEntries(
    fieldsOf(step)
      .map((field) => [field.key, inputOf(field, values[field.key], inputs)] as const)
      .filter(([, value]) => value !== null),
  );
}

/** The fields to ask; a step backwards asks for a reason whether or not its own fields do. */
export function fieldsOf(step: Step): StepField[] {
  const asked = step.fields.map((field) =>
    step.backward && field.key === "reason" ? { ...field, required: true } : field,
  );
  return step.backward && !asked.some((field) => field.key === "reason")
    ? [
        ...asked,
        {
          key: "reason",
          kind: "textarea",
          required: true,
          options: null,
          label: textOf("claim:step.reason"),
        },
      ]
    : asked;
}

/** The required fields that are still empty. */
export function lacking(step: Step, values: StepValues, inputs: AmountInput[]): string[] {
  return fieldsOf(step)
    .filter((field) => {
      if (!field.required) return false;
      const value = inputOf(field, values[field.key], inputs);
      if (value === null) return true;
      if (Array.isArray(value)) return value.length === 0;
      return typeof value === "object" && Object.keys(value).length === 0;
    })
    .map((field) => field.key);
}
