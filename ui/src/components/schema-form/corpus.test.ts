// The corpus of answers that the Rust validator is tested with, put to the validator of this page.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonValue, Template } from "@/lib/desk";
import { checkAnswers } from "./conditions";

type Case = {
  template: string;
  name: string;
  answers: { [key: string]: JsonValue };
  valid: boolean;
  fields?: string[];
  rust_only?: boolean;
};

const ROOT = join(import.meta.dirname, "../../../..");
const CORPUS = join(ROOT, "tests/corpus/answers");
const read = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;
const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((file) => file.endsWith(".json")) : [];

describe("the shared corpus of answers", () => {
  it("is there, with cases for every template", () => {
    const templates = readdirSync(join(ROOT, "assets/templates")).filter((file) => file.endsWith(".json"));
    const covered = new Set(
      files.flatMap((file) => read<Case[]>(join(CORPUS, file)).map((each) => `${each.template}.json`)),
    );
    expect(templates.filter((file) => !covered.has(file))).toEqual([]);
  });

  const cases = files.flatMap((file) => read<Case[]>(join(CORPUS, file)));
  const rustOnly = cases.filter((each) => each.rust_only);
  const ours = cases.filter((each) => !each.rust_only);

  it("leaves only a small part to Rust alone", () => {
    expect(rustOnly.length).toBeLessThan(Math.max(1, ours.length / 2));
  });

  it.each(ours.map((each) => [each.template, each.name, each] as const))("%s: %s", (id, _name, each) => {
    const template = read<Template>(join(ROOT, "assets/templates", `${id}.json`));
    const problems = checkAnswers(template, each.answers);
    expect(problems.length === 0, JSON.stringify(problems)).toBe(each.valid);
    // Another engine may name more places of one fault; those it must name, it must.
    const named = new Set(problems.map((problem) => problem.key));
    expect(
      (each.fields ?? []).map((path) => path.replace(/^answers\./, "")).filter((key) => !named.has(key)),
    ).toEqual([]);
  });
});
