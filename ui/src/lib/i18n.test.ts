import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClaimStatus, Text } from "@/lib/desk";
import { LANGUAGES, resources } from "@/lib/i18n";

function flat(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...flat(inner, path ? `${path}.${key}` : key)]),
  );
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? "").sort();
}

const flow = JSON.parse(readFileSync(join(__dirname, "../../../assets/claim-flow.json"), "utf8")) as {
  statuses: { [status in ClaimStatus]: Text };
};
const base = flat(resources["zh-CN"]);

describe("the three languages", () => {
  it("are the ones offered", () => {
    expect(Object.keys(resources).sort()).toEqual([...LANGUAGES].sort());
    expect(base.size).toBeGreaterThan(200);
  });

  it.each(LANGUAGES)("%s has the same keys, each with a text", (language) => {
    const texts = flat(resources[language]);
    expect([...texts.keys()].sort()).toEqual([...base.keys()].sort());
    expect([...texts].filter(([, text]) => text.trim() === "").map(([key]) => key)).toEqual([]);
  });

  it.each(LANGUAGES)("%s calls the states of a claim as the prints do", (language) => {
    const common = resources[language]?.common as { status: { [status: string]: string } };
    expect(common.status).toEqual(
      Object.fromEntries(Object.entries(flow.statuses).map(([status, words]) => [status, words[language]])),
    );
  });

  it.each(LANGUAGES)("%s fills in the same values", (language) => {
    const texts = flat(resources[language]);
    const differing = [...base].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(texts.get(key) ?? "").join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });
});
