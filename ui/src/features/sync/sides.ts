/** A conflict turned round: one row per field, one column per operation that waits. */
import type { Conflict, ConflictSide, Text } from "@/lib/desk";

export interface Column {
  operation: string;
  side: ConflictSide;
}

export interface FieldRow {
  field: string;
  name: Text;
  standing: Text;
  /** By operation; a field the operation did not touch is absent. */
  wanted: Map<string, Text>;
}

/** The operations in the order they were given. */
export function columnsOf(conflict: Conflict): Column[] {
  const found = new Map<string, ConflictSide>();
  for (const side of conflict.sides) if (!found.has(side.operation)) found.set(side.operation, side);
  return [...found].map(([operation, side]) => ({ operation, side }));
}

/** The fields in the order they first appear. */
export function rowsOf(conflict: Conflict): FieldRow[] {
  const rows = new Map<string, FieldRow>();
  for (const side of conflict.sides) {
    const row = rows.get(side.field) ?? {
      field: side.field,
      name: side.field_name,
      standing: side.standing_text,
      wanted: new Map<string, Text>(),
    };
    row.wanted.set(side.operation, side.wanted_text);
    rows.set(side.field, row);
  }
  return [...rows.values()];
}

/** Whether an operation gives a field another value than one already taken: both cannot be. */
export function clashes(conflict: Conflict, taken: readonly string[], operation: string): boolean {
  const fields = (of: string) =>
    conflict.sides.filter((side) => side.operation === of).map((side) => side.field);
  const mine = new Set(fields(operation));
  return taken.some((other) => other !== operation && fields(other).some((field) => mine.has(field)));
}
