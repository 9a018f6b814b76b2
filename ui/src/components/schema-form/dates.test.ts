import { describe, expect, it } from "vitest";
import { parseDate, parseDateTime, showDateTime, today } from "./dates";

const NOW = new Date("2026-11-22T03:00:00Z");

describe("dates", () => {
  it.each([
    ["20261122", "2026-11-22"],
    ["2026-11-2", "2026-11-02"],
    ["2026年1月9日", "2026-01-09"],
    ["1122", "2026-11-22"],
    ["11/22", "2026-11-22"],
    ["２０２６１１２２", "2026-11-22"],
    ["2026-02-30", null],
    ["2024-02-29", "2024-02-29"],
    ["2025-02-29", null],
    ["13-01", null],
    ["昨天", null],
    ["", null],
  ])("reads %s as %s", (typed, expected) => {
    expect(parseDate(typed, NOW)).toBe(expected);
  });

  it.each([
    ["2026-11-22 14:30", "2026-11-22T14:30:00+08:00"],
    ["1122 930", "2026-11-22T09:30:00+08:00"],
    ["11月22日 9:05", "2026-11-22T09:05:00+08:00"],
    ["20261122 0000", "2026-11-22T00:00:00+08:00"],
    ["2026-11-22T14:30:00+08:00", "2026-11-22T14:30:00+08:00"],
    ["2026-11-22", null],
    ["2026-11-22 25:00", null],
    ["2026-02-30 10:00", null],
  ])("reads the moment %s as %s", (typed, expected) => {
    expect(parseDateTime(typed, NOW)).toBe(expected);
  });

  it("knows today by the branch's clock, not by UTC", () => {
    expect(today(new Date("2026-11-22T17:00:00Z"))).toBe("2026-11-23");
  });

  it("shows a stored moment as it is typed, and leaves other text alone", () => {
    expect(showDateTime("2026-11-22T14:30:00+08:00")).toBe("2026-11-22 14:30");
    expect(showDateTime("大概中午")).toBe("大概中午");
  });
});
