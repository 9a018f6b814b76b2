// A worksheet's number as people read it: money with its sign, a rate with its own, a count bare.

import type { WorksheetLine } from "@/lib/desk";
import { formatMoney } from "@/lib/format";

export function lineValue(line: Pick<WorksheetLine, "kind" | "value">): string {
  if (line.kind === "money") return formatMoney(line.value);
  if (line.kind === "percent") return `${line.value.replace(/\.00$/, "")}%`;
  return line.value;
}
