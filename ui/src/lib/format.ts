/** Dates, times and money as people read them. Wire values: YYYY-MM-DD, RFC 3339, decimals as strings. */
import type { Language } from "@/lib/desk";

const ZONE = "Asia/Shanghai";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Parts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
}

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function parts(value: string): Parts | null {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (plain) {
    const [, year = "", month = "", day = ""] = plain;
    return { year, month, day, hour: "00", minute: "00" };
  }
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) return null;
  const found = Object.fromEntries(clock.formatToParts(instant).map((part) => [part.type, part.value]));
  return {
    year: found.year ?? "",
    month: found.month ?? "",
    day: found.day ?? "",
    hour: found.hour ?? "",
    minute: found.minute ?? "",
  };
}

function dateOf(found: Parts, language: Language): string {
  if (language === "en") return `${Number(found.day)} ${MONTHS[Number(found.month) - 1] ?? ""} ${found.year}`;
  return `${found.year}年${Number(found.month)}月${Number(found.day)}日`;
}

/** 2026年11月22日, or 22 Nov 2026. A value that is no date is shown as it is. */
export function formatDate(value: string | null | undefined, language: Language): string {
  if (!value) return "";
  const found = parts(value);
  return found ? dateOf(found, language) : value;
}

/** 2026年11月22日 09:05, in Shanghai time wherever the computer thinks it is. */
export function formatDateTime(value: string | null | undefined, language: Language): string {
  if (!value) return "";
  const found = parts(value);
  return found ? `${dateOf(found, language)} ${found.hour}:${found.minute}` : value;
}

/** 2026-11-22 09:05 for dense tables, the same in every language. */
export function formatShort(value: string | null | undefined): string {
  if (!value) return "";
  const found = parts(value);
  if (!found) return value;
  const date = `${found.year}-${found.month}-${found.day}`;
  return value.length > 10 ? `${date} ${found.hour}:${found.minute}` : date;
}

/** 09:05 in Shanghai. */
export function formatTime(value: string | null | undefined): string {
  if (!value) return "";
  const found = parts(value);
  return found ? `${found.hour}:${found.minute}` : value;
}

/** ¥12,345.60. Works on the digits, so no amount passes through a float. */
export function formatMoney(value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "";
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) return value;
  const [, sign = "", whole = "0", fraction = ""] = match;
  return `${sign}¥${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${fraction.padEnd(2, "0")}`;
}

/** 1.2 MB. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
