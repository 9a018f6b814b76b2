// Instant conditions and validation of a template's answers by an eval-free JSON Schema 2020-12 validator.
// Rust holds the one truth (draft_check); this tells the clerk earlier, and never hides a value for good.

import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { DocumentRule, FieldLayout, JsonValue, Template } from "@/lib/desk";

export type Answers = { [key: string]: JsonValue };
export type FieldProblem = { key: string; keyword: string; limit: JsonValue | null };

const validators = new WeakMap<object, Validator>();

function validator(schema: object): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = new Validator(schema as Schema, "2020-12", false);
  validators.set(schema, made);
  return made;
}

/** Whether the sub-schema holds for the facts; no condition always holds. */
export function holds(when: JsonValue | null | undefined, facts: { [key: string]: JsonValue }): boolean {
  if (when === false) return false;
  if (when === null || typeof when !== "object") return true;
  return validator(when).validate(facts).valid;
}

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** The answers that count: filled, and shown. A field that depends on a hidden one is hidden with it. */
export function countedAnswers(template: Pick<Template, "layout">, answers: Answers): Answers {
  const conditions = new Map(
    template.layout.flatMap((group) => group.fields.map((field) => [field.key, field.when] as const)),
  );
  let counted: Answers = Object.fromEntries(Object.entries(answers).filter(([, value]) => !isEmpty(value)));
  for (let round = 0; round <= conditions.size; round += 1) {
    const next = Object.fromEntries(
      Object.entries(counted).filter(([key]) => holds(conditions.get(key), counted)),
    );
    const stable = Object.keys(next).length === Object.keys(counted).length;
    counted = next;
    if (stable) break;
  }
  return counted;
}

/** The fields to show for these answers, in order, group by group; empty groups are left out. */
export function shownGroups(
  template: Pick<Template, "layout">,
  answers: Answers,
): { index: number; fields: FieldLayout[] }[] {
  const counted = countedAnswers(template, answers);
  return template.layout
    .map((group, index) => ({ index, fields: group.fields.filter((field) => holds(field.when, counted)) }))
    .filter((group) => group.fields.length > 0);
}

/** The documents this claim needs. Their conditions speak of `{answers, parties_roles}`. */
export function neededDocuments(
  template: Pick<Template, "layout" | "documents">,
  answers: Answers,
  roles: string[],
): DocumentRule[] {
  const facts = { answers: countedAnswers(template, answers), parties_roles: roles };
  return template.documents.filter((document) => holds(document.when, facts));
}

/** The key a missing-value refusal speaks of. */
function requiredOf(unit: OutputUnit): string | null {
  return unit.keyword === "required" ? (/"([^"]+)"/.exec(unit.error)?.[1] ?? null) : null;
}

function limitOf(schema: JsonValue, key: string, keyword: string): JsonValue | null {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return null;
  const properties = schema.properties;
  if (
    properties === null ||
    typeof properties !== "object" ||
    Array.isArray(properties) ||
    properties === undefined
  )
    return null;
  const property = properties[key];
  if (property === null || typeof property !== "object" || Array.isArray(property) || property === undefined)
    return null;
  return property[keyword] ?? null;
}

const CONTAINERS = new Set([
  "properties",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "then",
  "else",
  "not",
  "$ref",
  "dependentSchemas",
  "additionalProperties",
  "unevaluatedProperties",
  "items",
  "false",
  "prefixItems",
]);

function schemaProblems(schema: object, answers: Answers): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  for (const unit of validator(schema).validate(answers).errors) {
    const missing = requiredOf(unit);
    const at = unit.instanceLocation.replace(/^#\/?/, "").split("/")[0] ?? "";
    const key =
      missing && at === "" ? missing : decodeURIComponent(at).replace(/~1/g, "/").replace(/~0/g, "~");
    if (key === "") continue;
    const known = problems.get(key);
    if (known && !CONTAINERS.has(known.keyword)) continue;
    problems.set(key, {
      key,
      keyword: missing ? "required" : unit.keyword,
      limit: limitOf(schema as { [key: string]: JsonValue }, key, unit.keyword),
    });
  }
  return [...problems.values()];
}

/** What the schema refuses in the answers as they are; one problem per field. */
export function checkAnswers(template: Pick<Template, "schema">, answers: Answers): FieldProblem[] {
  return template.schema === null || typeof template.schema !== "object"
    ? []
    : schemaProblems(template.schema, answers);
}

/** What the schema refuses in the counted answers. A field that is not shown is not asked for. */
export function validateAnswers(
  template: Pick<Template, "layout" | "schema">,
  answers: Answers,
): FieldProblem[] {
  const counted = countedAnswers(template, answers);
  const conditions = new Map(
    template.layout.flatMap((group) => group.fields.map((field) => [field.key, field.when] as const)),
  );
  return checkAnswers(template, counted).filter(
    (problem) => problem.keyword !== "required" || holds(conditions.get(problem.key), counted),
  );
}
