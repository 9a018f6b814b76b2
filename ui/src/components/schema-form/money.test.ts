import { describe, expect, it } from "vitest";
import { bareMoney, parseMoney, showMoney } from "./money";

describe("money", () => {
  it.each([
    ["1234.5", "1234.50"],
    ["1,234,567.89", "1234567.89"],
    ["￥１２３．４", "123.40"],
    ["¥ 0", "0.00"],
    ["007", "7.00"],
    ["12.", "12.00"],
    ["3000元", "3000.00"],
    ["9007199254740993.01", "9007199254740993.01"],
    ["-1", null],
    ["1.234", null],
    ["1e3", null],
    ["abc", null],
    ["", null],
  ])("reads %s as %s", (typed, expected) => {
    expect(parseMoney(typed)).toBe(expected);
  });

  it.each([
    ["1234567.80", "1,234,567.80"],
    ["9007199254740993.01", "9,007,199,254,740,993.01"],
    ["0.00", "0.00"],
    ["约三千", "约三千"],
  ])("shows %s as %s", (value, expected) => {
    expect(showMoney(value)).toBe(expected);
  });

  it("gives back what was typed without separators", () => {
    expect(bareMoney("1,234.50")).toBe("1234.50");
  });
});
