// What a customer tells once is filled in wherever the form asks it again, as long as that place is still empty.

import type { Template } from "@/lib/desk";
import { type Fields, partyIndices, partyPath } from "./parties";

/** Answers that name a person, and the roles that person stands in among the parties. */
const NAMED: { [answer: string]: readonly string[] } = {
  driver_name: ["driver"],
  injured_name: ["injured"],
  third_party_name: ["third_party"],
  victim_name: ["injured", "third_party"],
};
/** The policy's own people among the parties. */
const OF_POLICY: { [field: string]: string } = { insured: "insured", holder: "policyholder" };
/** Answers that are as a rule given by one of the people already named: offered, never filled in. */
const OFFERED = new Set(["driver_name", "site_contact"]);
const OFFERING = new Set(["insured", "reporter"]);

type Asked = Pick<Template, "layout">;

const textAt = (fields: Fields, path: string): string => {
  const value = fields[path];
  return typeof value === "string" ? value.trim() : "";
};

const asks = (template: Asked, key: string): boolean =>
  template.layout.some((group) => group.fields.some((field) => field.key === key));

const inRole = (fields: Fields, role: string): number[] =>
  partyIndices(fields).filter((index) => fields[partyPath(index, "role")] === role);

/** The other places where what stands at the path is asked. */
function placesOf(template: Asked, fields: Fields, path: string): string[] {
  const [area = "", first = "", second = ""] = path.split(".");
  const names = (role: string): string[] => inRole(fields, role).map((index) => partyPath(index, "name"));
  if (area === "policy") {
    const role = OF_POLICY[first];
    if (role) return names(role);
    return first === "plate" && asks(template, "plate") ? ["answers.plate"] : [];
  }
  if (area === "answers") return (NAMED[first] ?? []).flatMap(names);
  if (area !== "parties" || second !== "name") return [];
  const role = textAt(fields, partyPath(Number(first), "role"));
  const answers = Object.keys(NAMED).filter((key) => NAMED[key]?.includes(role) && asks(template, key));
  const policy = Object.keys(OF_POLICY).filter((field) => OF_POLICY[field] === role);
  return [...answers.map((key) => `answers.${key}`), ...policy.map((field) => `policy.${field}`)];
}

/** What a field that was just left says about fields that are still empty. */
export function echoes(template: Asked, fields: Fields, path: string): Fields {
  const told = textAt(fields, path);
  if (told === "") return {};
  const empty = placesOf(template, fields, path).filter((place) => textAt(fields, place) === "");
  return Object.fromEntries(empty.map((place) => [place, told]));
}

/** The name a party in this role has been given elsewhere; empty when nobody said. */
export function nameToldFor(fields: Fields, role: string): string {
  const answers = Object.keys(NAMED).filter((key) => NAMED[key]?.includes(role));
  const policy = Object.keys(OF_POLICY).filter((field) => OF_POLICY[field] === role);
  const places = [...policy.map((field) => `policy.${field}`), ...answers.map((key) => `answers.${key}`)];
  return places.map((place) => textAt(fields, place)).find((name) => name !== "") ?? "";
}

export const isOffered = (key: string): boolean => OFFERED.has(key);

/** Who may be meant by an answer that names a person: the insured first, and nobody twice. */
export function offersOf(fields: Fields): { role: string; name: string }[] {
  const found = partyIndices(fields)
    .map((index) => ({
      role: textAt(fields, partyPath(index, "role")),
      name: textAt(fields, partyPath(index, "name")),
    }))
    .filter((offer) => OFFERING.has(offer.role) && offer.name !== "")
    .sort((left, right) => left.role.localeCompare(right.role));
  return found.filter((offer, at) => found.findIndex((other) => other.name === offer.name) === at);
}
