/** The claim list's filter and columns as values: in the address, in saved views, and back, whatever is found there. */
import type { ClaimFilter, ClaimStatus, JsonValue } from "@/lib/desk";

export const STATUSES: readonly ClaimStatus[] = [
  "registered",
  "papers_asked",
  "papers_complete",
  "assessing",
  "assessed",
  "decided",
  "notified",
  "agreed",
  "paid",
  "refused",
  "withdrawn",
];

export type ColumnKey =
  | "no"
  | "status"
  | "template"
  | "insured"
  | "reporter"
  | "policy"
  | "incident"
  | "registered"
  | "missing"
  | "claimed"
  | "clerk";

/** All columns in their order, with their widths; the number always stays. */
export const COLUMNS: readonly { key: ColumnKey; width: number }[] = [
  { key: "no", width: 188 },
  { key: "status", width: 132 },
  { key: "template", width: 136 },
  { key: "insured", width: 100 },
  { key: "reporter", width: 100 },
  { key: "policy", width: 188 },
  { key: "incident", width: 92 },
  { key: "registered", width: 128 },
  { key: "missing", width: 70 },
  { key: "claimed", width: 108 },
  { key: "clerk", width: 88 },
];

export const DEFAULT_COLUMNS: readonly ColumnKey[] = [
  "no",
  "status",
  "template",
  "insured",
  "policy",
  "incident",
  "registered",
  "missing",
  "claimed",
];

export const NO_FILTER: ClaimFilter = {
  status: [],
  template: [],
  from: null,
  to: null,
  mine: false,
  missing_only: false,
  text: null,
};

export interface View {
  filter: ClaimFilter;
  columns: ColumnKey[];
}

type Json = { [key: string]: JsonValue };

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function date(value: unknown): string | null {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
}

/** A view from stored JSON. What an older or newer version wrote and this one does not know is left out. */
export function viewFrom(value: unknown): View {
  const stored = object(value);
  const filter = object(stored.filter);
  const columns = strings(stored.columns);
  const known = COLUMNS.map((column) => column.key).filter((key) => key === "no" || columns.includes(key));
  return {
    filter: {
      status: STATUSES.filter((status) => strings(filter.status).includes(status)),
      template: strings(filter.template),
      from: date(filter.from),
      to: date(filter.to),
      mine: filter.mine === true,
      missing_only: filter.missing_only === true,
      text: typeof filter.text === "string" && filter.text.trim() !== "" ? filter.text : null,
    },
    columns: known.length > 1 ? known : [...DEFAULT_COLUMNS],
  };
}

/** A view as it is stored. */
export function viewJson(view: View): JsonValue {
  return { filter: { ...view.filter }, columns: [...view.columns] };
}

/** Whether anything is filtered at all. */
export function isFiltered(filter: ClaimFilter): boolean {
  return JSON.stringify(filter) !== JSON.stringify(NO_FILTER);
}

/** A view in the address, so that going back finds the list as it was left. */
export function viewToAddress(view: View): string {
  return JSON.stringify(viewJson(view));
}

/** The view of an address; a broken one is no view. */
export function viewFromAddress(value: string | null): View {
  if (!value) return viewFrom(null);
  try {
    return viewFrom(JSON.parse(value));
  } catch {
    return viewFrom(null);
  }
}
