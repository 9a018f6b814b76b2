// The parties of a draft as paths `parties.<i>.<field>`: which there are, who needs a guardian, and "same as".

import type { JsonValue, Template } from "@/lib/desk";

export type Fields = { [path: string]: JsonValue };

/** What describes a person and is copied by "same as"; the role stays. */
const IDENTITY_FIELDS = [
  "kind",
  "name",
  "id_type",
  "id_no",
  "mobile",
  "birth",
  "address",
  "bank_name",
  "bank_account",
] as const;
/** The identity papers of the core (domain `IdType`); a person has no credit code, an organisation nothing else. */
export const PERSON_ID_TYPES = [
  "resident-id",
  "passport",
  "hk-macao-permit",
  "taiwan-permit",
  "residence-permit",
  "other",
] as const;
export const ORGANISATION_ID_TYPES = ["uscc", "other"] as const;
export const RELATIONS = ["self", "spouse", "parent", "child", "employee", "other"] as const;

export const partyPath = (index: number, field: string): string => `parties.${index}.${field}`;

/** The indices in use, in order: those that have a role. */
export function partyIndices(fields: Fields): number[] {
  const indices = new Set<number>();
  for (const [path, value] of Object.entries(fields)) {
    const match = /^parties\.(\d+)\.role$/.exec(path);
    if (match && typeof value === "string" && value !== "") indices.add(Number(match[1]));
  }
  return [...indices].sort((left, right) => left - right);
}

/** The next unused index; a removed party's place is not used again, so nothing old shines through. */
export function nextIndex(fields: Fields): number {
  const used = Object.keys(fields).map((path) => Number(/^parties\.(\d+)\./.exec(path)?.[1] ?? -1));
  return Math.max(-1, ...used) + 1;
}

/** The required roles nobody has yet. */
export function missingRoles(template: Pick<Template, "roles">, fields: Fields): string[] {
  const present = new Set(partyIndices(fields).map((index) => fields[partyPath(index, "role")]));
  return template.roles.filter((role) => role.required && !present.has(role.role)).map((role) => role.role);
}

/** The date of birth inside an 18-character resident ID, or null. */
export function birthOfId(idNo: string): string | null {
  const match = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]$/.exec(idNo.trim());
  if (!match) return null;
  const date = `${match[1]}-${match[2]}-${match[3]}`;
  const moment = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date ? null : date;
}

/** Under 14 on the given day: the guardian must consent (PIPL article 31). */
export function underFourteen(birth: string, day: string): boolean {
  const match = /^(\d{4})(-\d{2}-\d{2})$/.exec(birth);
  if (!match) return false;
  return `${Number(match[1]) + 14}${match[2]}` > day;
}

/** The changes that make one party the same person as another. */
export function sameAs(fields: Fields, from: number, to: number): Fields {
  const changes: Fields = {};
  for (const field of IDENTITY_FIELDS) {
    const value = fields[partyPath(from, field)];
    if (value !== undefined && value !== null && value !== "") changes[partyPath(to, field)] = value;
  }
  return changes;
}

/** The draft's path of a refused field: Rust closes the gaps that removed parties left, and may write `parties[0]`. */
export function fieldOfRefusal(fields: Fields, named: string): string {
  const path = named.replace(/\[(\d+)\]/g, ".$1");
  const match = /^parties\.(\d+)(.*)$/.exec(path);
  const index = match ? partyIndices(fields)[Number(match[1])] : undefined;
  return match && index !== undefined ? `parties.${index}${match[2] ?? ""}` : path;
}

/** How people call the field of a draft's path; empty where it has no name of its own. */
export function labelOf(
  path: string,
  names: {
    answer: (key: string) => string;
    policy: (key: string) => string;
    party: (key: string) => string;
    role: (index: number) => string;
  },
): string {
  const [area = "", first = "", second = ""] = path.split(".");
  if (area === "answers") return names.answer(first);
  if (area === "policy") return names.policy(first);
  if (area !== "parties" || second === "") return "";
  return [names.role(Number(first)), names.party(second)].filter((name) => name !== "").join(" · ");
}
