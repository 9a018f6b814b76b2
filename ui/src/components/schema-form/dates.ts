// Dates and times as a person types them ("1122 930", "2026年11月22日"), and the form in which they travel.

const OFFSET = "+08:00";

type DateParts = { year: number; month: number; day: number };

const pad = (value: number, size = 2): string => String(value).padStart(size, "0");

function plain(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/[：]/g, ":")
    .trim();
}

function existing(year: number, month: number, day: number): DateParts | null {
  if (month < 1 || month > 12 || day < 1 || year < 1800 || year > 2999) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day > last ? null : { year, month, day };
}

const isoDate = (parts: DateParts): string => `${pad(parts.year, 4)}-${pad(parts.month)}-${pad(parts.day)}`;

/** Today in the branch's time zone, which is the same for the whole country. */
export function today(now: Date = new Date()): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

function datePart(text: string, now: Date): string | null {
  const year = Number(today(now).slice(0, 4));
  let match =
    /^(\d{4})\D{0,2}(\d{2})\D{0,2}(\d{2})\D?$/.exec(text) ??
    /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D?$/.exec(text);
  if (match) {
    const parts = existing(Number(match[1]), Number(match[2]), Number(match[3]));
    return parts && isoDate(parts);
  }
  match = /^(\d{2})(\d{2})$/.exec(text) ?? /^(\d{1,2})\D+(\d{1,2})\D?$/.exec(text);
  if (!match) return null;
  const parts = existing(year, Number(match[1]), Number(match[2]));
  return parts && isoDate(parts);
}

/** `YYYY-MM-DD`, or null when the text is no day of the calendar. A missing year means this year. */
export function parseDate(text: string, now: Date = new Date()): string | null {
  return datePart(plain(text), now);
}

/** RFC 3339 with offset, or null. Takes `2026-11-22 14:30`, `1122 1430`, `11月22日 9:05` and the RFC form itself. */
export function parseDateTime(text: string, now: Date = new Date()): string | null {
  const bare = plain(text);
  const full = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(bare);
  const split = full
    ? [full[1] ?? "", `${full[2]}:${full[3]}`]
    : [bare.replace(/[\sT]+\S*$/, ""), /[\sT]+(\S*)$/.exec(bare)?.[1] ?? ""];
  const date = datePart(split[0] ?? "", now);
  const time =
    /^(\d{1,2})[:时点](\d{1,2})(?::\d{1,2})?分?$/.exec(split[1] ?? "") ??
    /^(\d{1,2})(\d{2})$/.exec(split[1] ?? "");
  if (!date || !time) return null;
  const hour = Number(time[1]);
  const minute = Number(time[2]);
  if (hour > 23 || minute > 59) return null;
  return `${date}T${pad(hour)}:${pad(minute)}:00${OFFSET}`;
}

/** How a stored value stands in the input: `2026-11-22` or `2026-11-22 14:30`; anything else as it is. */
export function showDateTime(value: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(value);
  return match ? `${match[1]} ${match[2]}` : value;
}
