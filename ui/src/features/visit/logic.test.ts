import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DuplicateRow } from "@/lib/desk";
import { asAsked, choose, noteOf, owed } from "./documents";
import { compare, mineOf } from "./duplicates";
import { numberKeys } from "./number-keys";
import {
  birthOfId,
  fieldOfRefusal,
  labelOf,
  missingRoles,
  nextIndex,
  partyIndices,
  sameAs,
  underFourteen,
} from "./parties";

const words = { "zh-CN": "字", "zh-TW": "字", en: "word" };
const earlier: DuplicateRow = {
  claim_id: "c1",
  no: "310104-26-K7Q2-000017-5",
  template_name: words,
  policy_no: "PDAA2026001",
  incident_at: "2026-11-20T14:30:00+08:00",
  cause: "碰撞",
  holder: "王建国",
  insured: "王建国",
  registered_at: "2026-11-20T16:00:00+08:00",
  status: "registered",
  story: "倒车时碰到立柱",
};

describe("comparison with a similar claim", () => {
  const fields = {
    "policy.no": "PDAA2026001",
    "policy.holder": "王建国",
    "policy.insured": "王建国",
    "answers.incident_at": "2026-11-20T14:30:59+08:00",
    "answers.incident_story": "被追尾",
  };
  it("marks what differs and nothing else", () => {
    const lines = compare(mineOf(fields, "碰撞"), earlier);
    expect(lines.filter((line) => line.differs).map((line) => line.key)).toEqual(["story"]);
  });
  it("an unknown side is no difference, blanks and case are none either", () => {
    const lines = compare(mineOf({ "policy.no": "pdaa 2026001" }, ""), earlier);
    expect(lines.some((line) => line.differs)).toBe(false);
  });
  it("a minute more is a difference", () => {
    const lines = compare(
      mineOf({ ...fields, "answers.incident_at": "2026-11-20T14:31:00+08:00" }, "碰撞"),
      earlier,
    );
    expect(lines.find((line) => line.key === "incident_at")?.differs).toBe(true);
  });
  it("takes the insured from the parties when the policy names none", () => {
    expect(mineOf({ "parties.2.role": "insured", "parties.2.name": "赵敏" }, "").insured).toBe("赵敏");
  });
});

describe("number keys", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const typed = (count: number, digits: string, wait = 700): number[] => {
    const chosen: number[] = [];
    const keys = numberKeys(
      () => count,
      (place) => chosen.push(place),
      700,
    );
    for (const digit of digits) keys.press(digit);
    vi.advanceTimersByTime(wait);
    return chosen;
  };
  it("choose at once where no longer number is possible, else after a moment", () => {
    expect(typed(9, "3", 0)).toEqual([3]);
    expect(typed(14, "2", 0)).toEqual([2]);
    expect(typed(14, "1", 0)).toEqual([]);
    expect(typed(14, "1")).toEqual([1]);
    expect(typed(14, "12", 0)).toEqual([12]);
    expect(typed(14, "15", 0)).toEqual([5]);
    expect(typed(14, "0")).toEqual([]);
  });
});

describe("parties", () => {
  const fields = {
    "parties.0.role": "reporter",
    "parties.0.name": "赵敏",
    "parties.0.mobile": "13800138000",
    "parties.0.relation": "spouse",
    "parties.3.role": "insured",
    "parties.4.role": null,
    "parties.4.name": null,
  };
  it("are those with a role; a removed place is not used again", () => {
    expect(partyIndices(fields)).toEqual([0, 3]);
    expect(nextIndex(fields)).toBe(5);
    expect(nextIndex({})).toBe(0);
  });
  it("say which required role nobody has", () => {
    const roles = [
      { role: "reporter", required: true },
      { role: "insured", required: true },
      { role: "payee", required: true },
      { role: "driver", required: false },
    ];
    expect(missingRoles({ roles }, fields)).toEqual(["payee"]);
  });
  it("finds the field of a refusal, past the gap of a removed party", () => {
    expect(fieldOfRefusal(fields, "parties.1.id_no")).toBe("parties.3.id_no");
    expect(fieldOfRefusal(fields, "parties[0].name")).toBe("parties.0.name");
    expect(fieldOfRefusal(fields, "answers.incident_at")).toBe("answers.incident_at");
    expect(fieldOfRefusal(fields, "parties.9.name")).toBe("parties.9.name");
  });
  it("same as copies the person, not role and relation", () => {
    expect(sameAs(fields, 0, 3)).toEqual({ "parties.3.name": "赵敏", "parties.3.mobile": "13800138000" });
  });
  it("knows a birthday from an ID and who is under fourteen", () => {
    expect(birthOfId("11010519491231002X")).toBe("1949-12-31");
    expect(birthOfId("110105194913310021")).toBeNull();
    expect(underFourteen("2012-11-22", "2026-11-21")).toBe(true);
    expect(underFourteen("2012-11-22", "2026-11-22")).toBe(false);
    expect(underFourteen("", "2026-11-22")).toBe(false);
  });
});

describe("the name of a field", () => {
  const names = {
    answer: (key: string) => (key === "story" ? "经过" : ""),
    policy: (key: string) => (key === "no" ? "保单号" : ""),
    party: (key: string) => (key === "id_no" ? "证件号码" : ""),
    role: (index: number) => (index === 2 ? "被保险人" : ""),
  };
  it("is what people call it, and nothing where it has none", () => {
    expect(labelOf("parties.2.id_no", names)).toBe("被保险人 · 证件号码");
    expect(labelOf("policy.no", names)).toBe("保单号");
    expect(labelOf("answers.story", names)).toBe("经过");
    expect(labelOf("parties", names)).toBe("");
    expect(labelOf("channel", names)).toBe("");
  });
});

describe("documents of a draft", () => {
  const rule = { form: "original", count: 2, required: true } as const;
  it("are owed until enough of the right form came, or waived with a reason, or held", () => {
    expect(owed(noteOf(null), rule)).toBe(true);
    expect(owed({ received: "original", count: 1, reason: "" }, rule)).toBe(true);
    expect(owed({ received: "copy", count: 2, reason: "" }, rule)).toBe(true);
    expect(owed({ received: "original", count: 2, reason: "" }, rule)).toBe(false);
    expect(owed({ received: "waived", count: 0, reason: " " }, rule)).toBe(true);
    expect(owed({ received: "waived", count: 0, reason: "经理同意" }, rule)).toBe(false);
    expect(owed({ received: "held", count: 0, reason: "" }, rule)).toBe(false);
    expect(owed(noteOf(null), { ...rule, required: false })).toBe(false);
  });
  it("count as many as asked for until told otherwise", () => {
    expect(choose(noteOf(null), "original", rule)).toEqual({ received: "original", count: 2, reason: "" });
    expect(choose({ received: "original", count: 2, reason: "" }, "missing", rule).count).toBe(0);
    expect(asAsked({ form: "copy", count: 1 })).toEqual({ received: "copy", count: 1, reason: "" });
  });
});
