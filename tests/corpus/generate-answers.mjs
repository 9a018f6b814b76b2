// Writes tests/corpus/answers/<template>.json from the shipped templates' examples: one change to a good form each,
// with the verdict that follows from the change and not from a validator. Run: node tests/corpus/generate-answers.mjs
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const templates = join(root, "assets/templates");

const holds = (condition, answers) =>
  condition.required.every((key) => key in answers) &&
  Object.entries(condition.properties).every(([key, { const: value, enum: values }]) =>
    values ? values.includes(answers[key]) : answers[key] === value,
  );

/** What a form must have, from the lists of the schema alone. */
const missing = ({ required, allOf = [] }, answers) => {
  const needed = new Set(required);
  for (const rule of allOf) {
    if (holds(rule.if, answers)) rule.then.required.forEach((key) => needed.add(key));
  }
  return [...needed].filter((key) => !(key in answers));
};

const casesOf = ({ id, schema, layout, example, date_order: pairs = [] }) => {
  const cases = [];
  const good = example.answers;
  const fields = layout.flatMap((section) => section.fields);
  const widgetOf = (key) => fields.find((field) => field.key === key).widget;
  const add = (name, change, bad, extra = {}) => {
    const answers = { ...good, ...change };
    for (const [key, value] of Object.entries(change)) if (value === undefined) delete answers[key];
    const refused = [...new Set([...bad, ...missing(schema, answers)])].sort();
    cases.push({ template: id, name, answers, valid: refused.length === 0, fields: refused, ...extra });
  };

  add("the example", {}, []);
  for (const key of schema.required) add(`without ${key}`, { [key]: undefined }, [key]);
  for (const [index, rule] of (schema.allOf ?? []).entries()) {
    const trigger = {};
    for (const [key, { const: value, enum: values }] of Object.entries(rule.if.properties)) {
      trigger[key] = values ? values.at(-1) : value;
    }
    for (const key of rule.then.required) trigger[key] = undefined;
    add(`condition ${index + 1} holds and what it needs is absent`, trigger, rule.then.required);
  }
  for (const [key, property] of Object.entries(schema.properties)) {
    if (property.format === "date") {
      add(`${key} on a day that does not exist`, { [key]: "2026-02-30" }, [key]);
      add(`${key} with slashes`, { [key]: "2026/03/05" }, [key]);
    }
    if (property.type === "integer") {
      add(`${key} with a fraction`, { [key]: 1.5 }, [key]);
      add(`${key} as text`, { [key]: "3" }, [key]);
      add(`${key} below its minimum`, { [key]: property.minimum - 1 }, [key]);
      if ("maximum" in property) add(`${key} above its maximum`, { [key]: property.maximum + 1 }, [key]);
    }
    if (widgetOf(key) === "radio") add(`${key} with an unknown choice`, { [key]: "no-such-choice" }, [key]);
  }
  for (const [name, value] of [
    ["on 30 February", "2026-02-30T10:00:00+08:00"],
    ["at 25 o'clock", "2026-05-05T25:00:00+08:00"],
    ["without offset", "2026-05-05T10:00:00"],
    ["without time", "2026-05-05"],
    ["as a number", 20260505],
  ]) {
    add(`incident_at ${name}`, { incident_at: value }, ["incident_at"]);
  }
  add("an unknown cause", { cause: "no-such-cause" }, ["cause"]);
  for (const [name, value] of [
    ["negative", "-1.00"],
    ["with three decimals", "1.234"],
    ["with commas", "1,000.00"],
    ["as a number", 100],
    ["empty", ""],
    ["with a leading zero", "01.00"],
    ["of fourteen digits", "10000000000000"],
    ["in full-width digits", "１００"],
  ]) {
    add(`claimed_amount ${name}`, { claimed_amount: value }, ["claimed_amount"]);
  }
  add("claimed_amount zero", { claimed_amount: "0" }, []);
  add("claimed_amount at its largest", { claimed_amount: "9999999999999.99" }, []);
  add("claimed_amount not known", { claimed_amount: undefined }, []);
  add("an empty story", { story: "" }, ["story"]);
  add("a story of blanks", { story: " \n\t" }, ["story"]);
  add("a story as a list", { story: ["a"] }, ["story"]);
  add("a story as null", { story: null }, ["story"]);
  add("HTML and SQL in the story", { story: "<b onclick=x()>'; drop table claim; --</b>\u0007" }, []);
  add("rare characters and emoji", { story: "𠮷田与䶮、㛃先生·阿卜杜拉 🚗", incident_place: "㛃桥" }, []);
  add("a field that does not exist", { no_such_field: "x" }, ["no_such_field"]);
  if (id === "motor-damage") {
    add("a story of 10,000 characters outside the basic plane", { story: "𠮷".repeat(10_000) }, []);
    add("a story of 10,001 characters", { story: "中".repeat(10_001) }, ["story"]);
  }
  add("an incident that has not happened yet", { incident_at: "2999-01-01T00:00:00+08:00" }, ["incident_at"], {
    rust_only: true,
  });
  for (const [first, second] of pairs) {
    if (typeof good[first] !== "string" || !(second in good) || second === "incident_at") continue;
    const early = widgetOf(second) === "date" ? "2001-01-01" : "2001-01-01T00:00:00+08:00";
    add(`${second} before ${first}`, { [second]: early }, [second], { rust_only: true });
  }
  return cases;
};

let total = 0;
for (const file of readdirSync(templates).filter((name) => name.endsWith(".json")).sort()) {
  const cases = casesOf(JSON.parse(readFileSync(join(templates, file), "utf8")));
  total += cases.length;
  const lines = cases.map((item) => JSON.stringify(item)).join(",\n");
  writeFileSync(join(root, "tests/corpus/answers", file), `[\n${lines}\n]\n`);
}
process.stdout.write(`${total} cases\n`);
