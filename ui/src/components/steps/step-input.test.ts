import { describe, expect, it } from "vitest";
import type { AmountInput, Step, StepField } from "@/lib/desk";
import { beginning, fieldsOf, lacking, stepInput } from "./step-input";
import { lineValue } from "./worksheet-value";

const words = { "zh-CN": "字", "zh-TW": "字", en: "word" };
const field = (key: string, kind: StepField["kind"], required: boolean): StepField => ({
  key,
  kind,
  required,
  options: null,
  label: words,
});
const step = (fields: StepField[], backward = false): Step => ({
  command: "assess",
  label: words,
  backward,
  primary: true,
  fields,
});
const INPUTS: AmountInput[] = [
  { key: "loss", label: words, kind: "money", default: null },
  { key: "share", label: words, kind: "percent", default: "100" },
];
const NOW = new Date("2026-11-22T03:04:00Z");

describe("a step's input", () => {
  it("begins with now for a required moment and the template's defaults in the worksheet", () => {
    const values = beginning(
      step([
        field("at", "datetime", true),
        field("maybe", "datetime", false),
        field("worksheet", "worksheet", true),
      ]),
      INPUTS,
      NOW,
      [],
    );
    expect(values).toEqual({
      at: "2026-11-22T11:04:00+08:00",
      maybe: "",
      worksheet: { loss: "", share: "100" },
    });
  });

  it("sends exact values and leaves out what is empty", () => {
    const fields = [
      field("worksheet", "worksheet", true),
      field("reasons", "list", true),
      field("note", "textarea", false),
      field("amount", "money", true),
    ];
    const values = {
      worksheet: { loss: "12,000.5", share: "70" },
      reasons: "条款第七条\n\n 未年检 ",
      note: " ",
      amount: "3000",
    };
    expect(stepInput(step(fields), values, INPUTS)).toEqual({
      worksheet: { loss: "12000.50", share: "70" },
      reasons: ["条款第七条", "未年检"],
      amount: "3000.00",
    });
  });

  it("a step backwards always asks for a reason", () => {
    expect(fieldsOf(step([], true)).map((each) => [each.key, each.required])).toEqual([["reason", true]]);
    expect(fieldsOf(step([field("reason", "textarea", false)], true)).map((each) => each.required)).toEqual([
      true,
    ]);
    expect(lacking(step([], true), { reason: "  " }, [])).toEqual(["reason"]);
    expect(lacking(step([], true), { reason: "材料有误" }, [])).toEqual([]);
  });

  it("names what is required and empty", () => {
    const fields = [
      field("worksheet", "worksheet", true),
      field("reasons", "list", true),
      field("how", "select", true),
      field("note", "text", false),
    ];
    expect(lacking(step(fields), {}, INPUTS)).toEqual(["worksheet", "reasons", "how"]);
  });
});

describe("a number of the worksheet", () => {
  it("carries the sign of its kind", () => {
    expect(lineValue({ kind: "money", value: "7785.00" })).toBe("¥7,785.00");
    expect(lineValue({ kind: "percent", value: "10.00" })).toBe("10%");
    expect(lineValue({ kind: "percent", value: "12.50" })).toBe("12.50%");
    expect(lineValue({ kind: "percent", value: "0.00" })).toBe("0%");
    expect(lineValue({ kind: "count", value: "30" })).toBe("30");
  });
});
