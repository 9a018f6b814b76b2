import { describe, expect, it } from "vitest";
import { formatDate, formatDateTime, formatMoney, formatShort, formatSize, formatTime } from "@/lib/format";

describe("dates", () => {
  it.each([
    ["2026-11-22", "zh-CN", "2026年11月22日"],
    ["2026-01-05", "zh-TW", "2026年1月5日"],
    ["2026-11-22", "en", "22 Nov 2026"],
    ["2026-11-22T23:30:00+08:00", "zh-CN", "2026年11月22日"],
    // Late evening in UTC is the next day at the counter.
    ["2026-11-22T18:30:00Z", "zh-CN", "2026年11月23日"],
    ["not a date", "zh-CN", "not a date"],
    ["", "zh-CN", ""],
    [null, "en", ""],
  ] as const)("%s in %s is %s", (value, language, expected) => {
    expect(formatDate(value, language)).toBe(expected);
  });

  it("gives times in Shanghai", () => {
    expect(formatDateTime("2026-11-22T01:05:00Z", "zh-CN")).toBe("2026年11月22日 09:05");
    expect(formatDateTime("2026-11-22T16:05:00Z", "en")).toBe("23 Nov 2026 00:05");
    expect(formatTime("2026-11-22T01:05:09Z")).toBe("09:05");
    expect(formatShort("2026-11-22T09:05:00+08:00")).toBe("2026-11-22 09:05");
    expect(formatShort("2026-11-22")).toBe("2026-11-22");
  });
});

describe("money", () => {
  it.each([
    ["0", "¥0.00"],
    ["1234.5", "¥1,234.50"],
    ["1234567.89", "¥1,234,567.89"],
    ["-12.30", "-¥12.30"],
    // Larger than a float holds exactly.
    ["90071992547409931.07", "¥90,071,992,547,409,931.07"],
    ["abc", "abc"],
    ["", ""],
    [null, ""],
  ])("%s is %s", (value, expected) => {
    expect(formatMoney(value)).toBe(expected);
  });
});

it("gives sizes people can judge", () => {
  expect(formatSize(12)).toBe("12 B");
  expect(formatSize(2048)).toBe("2 KB");
  expect(formatSize(3 * 1024 * 1024)).toBe("3.0 MB");
});
