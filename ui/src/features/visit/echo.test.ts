import { describe, expect, it } from "vitest";
import { echoes, nameToldFor, offersOf } from "@/features/visit/echo";
import type { FieldLayout, Template } from "@/lib/desk";

const asking = (...keys: string[]): Pick<Template, "layout"> => ({
  layout: [
    { title: { "zh-CN": "", "zh-TW": "", en: "" }, fields: keys.map((key) => ({ key }) as FieldLayout) },
  ],
});
const people = {
  "parties.0.role": "reporter",
  "parties.1.role": "insured",
  "parties.2.role": "third_party",
};

describe("what is told once", () => {
  it("is filled in where the form asks it again", () => {
    const motor = asking("plate", "third_party_name");
    expect(echoes(motor, { "policy.plate": "沪A12345" }, "policy.plate")).toEqual({
      "answers.plate": "沪A12345",
    });
    expect(echoes(motor, { ...people, "policy.insured": "李卓然" }, "policy.insured")).toEqual({
      "parties.1.name": "李卓然",
    });
    expect(echoes(motor, { ...people, "parties.2.name": "周明澈" }, "parties.2.name")).toEqual({
      "answers.third_party_name": "周明澈",
    });
    expect(
      echoes(motor, { ...people, "answers.third_party_name": "周明澈" }, "answers.third_party_name"),
    ).toEqual({ "parties.2.name": "周明澈" });
  });

  it("never replaces what stands there, and asks no template for what it does not ask", () => {
    const told = { "policy.plate": "沪A12345", "answers.plate": "沪B00001" };
    expect(echoes(asking("plate"), told, "policy.plate")).toEqual({});
    expect(echoes(asking(), { "policy.plate": "沪A12345" }, "policy.plate")).toEqual({});
    expect(echoes(asking("plate"), { "policy.plate": " " }, "policy.plate")).toEqual({});
  });

  it("names a party that is added later", () => {
    expect(nameToldFor({ "answers.driver_name": "李卓然" }, "driver")).toBe("李卓然");
    expect(nameToldFor({ "policy.holder": "某厂" }, "policyholder")).toBe("某厂");
    expect(nameToldFor({}, "payee")).toBe("");
  });

  it("offers each person once, the insured first", () => {
    const same = {
      ...people,
      "parties.0.name": "李卓然",
      "parties.1.name": "李卓然",
      "parties.2.name": "周明澈",
    };
    expect(offersOf(same)).toEqual([{ role: "insured", name: "李卓然" }]);
    expect(offersOf({ ...same, "parties.0.name": "王小芳" })).toEqual([
      { role: "insured", name: "李卓然" },
      { role: "reporter", name: "王小芳" },
    ]);
  });
});
