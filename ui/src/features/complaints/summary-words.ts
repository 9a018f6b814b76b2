/** Figures of a summary as people read them, the periods they ask for, and the list behind a number. */
import type { Dayjs } from "dayjs";
import type { ComplaintFilter, SummaryDimension, SummaryShare } from "@/lib/desk";

const DAY_MINUTES = 1440;
const NONE = "—";

/** A part in per cent. */
export function part(some: number, all: number): string {
  return all === 0 ? NONE : `${((some / all) * 100).toFixed(1)}%`;
}

/** A share in per cent. */
export function share(share: SummaryShare): string {
  return part(share.within, share.of);
}

/** How much more or less than before; nothing where there was nothing before. */
export function change(now: number, before: number): string {
  if (before === 0) return NONE;
  const per = ((now - before) / before) * 100;
  return `${per < 0 ? "−" : "+"}${Math.abs(per).toFixed(1)}%`;
}

/** Minutes in days. */
export function days(minutes: number | null): string {
  return minutes === null ? NONE : (minutes / DAY_MINUTES).toFixed(1);
}

/** The periods that managers ask for, as of a day. */
export function presets(today: Dayjs) {
  const months = (first: Dayjs, count: number): [Dayjs, Dayjs] => [
    first.startOf("month"),
    first.add(count - 1, "month").endOf("month"),
  ];
  const back = (length: number) => today.startOf("month").subtract(today.month() % length, "month");
  return {
    quarter: months(back(3), 3),
    lastQuarter: months(back(3).subtract(3, "month"), 3),
    month: months(today, 1),
    lastMonth: months(today.startOf("month").subtract(1, "month"), 1),
    half: months(back(6), 6),
    year: months(back(12), 12),
    lastYear: months(back(12).subtract(12, "month"), 12),
  };
}

/** The address of the list behind a number. */
export function listBehind(
  period: { from: string; to: string },
  of: [SummaryDimension, string] | null,
  major = false,
): string {
  const search = new URLSearchParams({ from: period.from, to: period.to });
  if (of) {
    search.set("by", of[0]);
    search.set("key", of[1]);
  }
  if (major) search.set("major", "1");
  return `/complaints?${search.toString()}`;
}

const DIMENSIONS: readonly SummaryDimension[] = [
  "branch",
  "category",
  "cause",
  "channel",
  "product_line",
  "handler",
  "area",
];

/** What an address of {@link listBehind} filters by; null when it is none. */
export function filterBehind(search: URLSearchParams): Partial<ComplaintFilter> | null {
  const [from, to] = [search.get("from"), search.get("to")];
  if (from === null || to === null) return null;
  const dimension = DIMENSIONS.find((each) => each === search.get("by")) ?? null;
  return {
    from,
    to,
    major_only: search.get("major") === "1",
    of: { dimension, key: search.get("key") ?? "" },
  };
}
