import { describe, expect, it } from "vitest";
import type { FieldLayout, JsonValue, Template } from "@/lib/desk";
import { countedAnswers, holds, neededDocuments, shownGroups, validateAnswers } from "./conditions";

const words = { "zh-CN": "字", "zh-TW": "字", en: "word" };
const field = (key: string, when: JsonValue | null = null): FieldLayout => ({
  key,
  label: words,
  guidance: words,
  widget: "text",
  span: 1,
  when,
});
const has = (key: string, value: JsonValue): JsonValue => ({
  properties: { [key]: { const: value } },
  required: [key],
});

const template: Pick<Template, "layout" | "schema" | "documents"> = {
  layout: [
    {
      title: words,
      fields: [
        field("cause"),
        field("other_plate", has("cause", "collision")),
        field("other_insurer", { required: ["other_plate"] }),
      ],
    },
    { title: words, fields: [field("story", has("cause", "other"))] },
  ],
  schema: {
    type: "object",
    properties: {
      cause: { type: "string", enum: ["collision", "other"] },
      other_plate: { type: "string", minLength: 7 },
      amount: { type: "string", pattern: "^\\d+\\.\\d{2}$" },
    },
    required: ["cause"],
    if: { properties: { cause: { const: "other" } }, required: ["cause"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ["story"] },
    additionalProperties: true,
  },
  documents: [
    {
      id: "licence",
      name: words,
      form: "copy",
      count: 1,
      required: true,
      when: null,
      if_none: words,
      often_held: false,
    },
    {
      id: "other-licence",
      name: words,
      form: "copy",
      count: 1,
      required: true,
      when: { properties: { answers: has("cause", "collision") } },
      if_none: words,
      often_held: false,
    },
    {
      id: "authority",
      name: words,
      form: "original",
      count: 1,
      required: true,
      when: { properties: { parties_roles: { contains: { const: "agent" } } } },
      if_none: words,
      often_held: false,
    },
  ],
};

describe("conditions", () => {
  it("no condition always holds, false never, a missing one is none", () => {
    expect([holds(null, {}), holds(undefined, {}), holds(true, {}), holds(false, {})]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("shows a field as soon as its condition holds and leaves out empty groups", () => {
    const keys = (answers: { [key: string]: JsonValue }) =>
      shownGroups(template, answers).map((group) => group.fields.map((each) => each.key));
    expect(keys({})).toEqual([["cause"]]);
    expect(keys({ cause: "collision" })).toEqual([["cause", "other_plate"]]);
    expect(keys({ cause: "collision", other_plate: "沪A12345" })).toEqual([
      ["cause", "other_plate", "other_insurer"],
    ]);
    expect(keys({ cause: "other" })).toEqual([["cause"], ["story"]]);
  });

  it("a hidden field keeps its value but does not count, nor what hangs on it", () => {
    const answers = { cause: "other", other_plate: "沪A12345", other_insurer: "某公司" };
    expect(countedAnswers(template, answers)).toEqual({ cause: "other" });
    expect(answers.other_plate).toBe("沪A12345");
  });

  it("names each wrong field once", () => {
    expect(validateAnswers(template, {})).toEqual([{ key: "cause", keyword: "required", limit: null }]);
    expect(validateAnswers(template, { cause: "other" })).toEqual([
      { key: "story", keyword: "required", limit: null },
    ]);
    expect(validateAnswers(template, { cause: "collision", other_plate: "沪A" })).toEqual([
      { key: "other_plate", keyword: "minLength", limit: 7 },
    ]);
    expect(
      validateAnswers(template, { cause: "collision", amount: "1.234" }).map((problem) => problem.key),
    ).toEqual(["amount"]);
    expect(validateAnswers(template, { cause: "collision" })).toEqual([]);
  });

  it("asks for documents by answers and roles", () => {
    const ids = (answers: { [key: string]: JsonValue }, roles: string[]) =>
      neededDocuments(template, answers, roles).map((document) => document.id);
    expect(ids({}, [])).toEqual(["licence"]);
    expect(ids({ cause: "collision" }, ["insured", "agent"])).toEqual([
      "licence",
      "other-licence",
      "authority",
    ]);
  });
});
