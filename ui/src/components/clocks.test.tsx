import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { Clocks } from "@/components/clocks";
import type { ClockRow, Text } from "@/lib/desk";
import { setLanguage } from "@/lib/i18n";
import { mockDesk, renderDesk } from "@/test/mock-desk";

const words = (text: string): Text => ({ "zh-CN": text, "zh-TW": text, en: text });
const row: ClockRow = {
  rule: "K4",
  name: words("复杂案件核定"),
  statutory: true,
  source: words("保险法 第二十三条"),
  unverified: false,
  keep: false,
  state: "near",
  started: "2026-11-22T09:30:00+08:00",
  due: "2026-12-22T23:59:59+08:00",
  earliest: null,
  no_calendar: [],
  explain: [words("期限 30 日")],
  problem: null,
};

describe("the time limits of a file", () => {
  beforeEach(() => {
    setLanguage("zh-CN");
    mockDesk({});
  });

  it("say when each is due, how it stands and why, what is kept last", async () => {
    const kept = { ...row, rule: "K12", name: words("保存"), keep: true, state: "running" as const };
    renderDesk(<Clocks rows={[kept, row]} />);
    const lines = screen.getAllByRole("listitem").map((line) => line.dataset.testid);
    expect(lines.filter(Boolean)).toEqual(["clock-K4", "clock-K12"]);
    const line = screen.getByTestId("clock-K4");
    expect(line.textContent).toContain("临近");
    expect(line.textContent).toContain("截止 2026-12-22 23:59");
    expect(screen.getByTestId("clock-K12").textContent).toContain("保存至");
    expect(screen.getByTestId("clock-K12").textContent).not.toContain("进行中");
    await userEvent.setup({ delay: null }).click(screen.getByText("复杂案件核定"));
    expect(line.textContent).toContain("期限 30 日");
  });

  it("say what is not sure", () => {
    const paused = { ...row, state: "paused" as const, due: null, earliest: "2026-12-24T23:59:59+08:00" };
    renderDesk(<Clocks rows={[{ ...paused, unverified: true, statutory: false, no_calendar: [2027] }]} />);
    const said = screen.getByTestId("clock-K4").textContent;
    for (const words of ["已暂停", "最早 2026-12-24", "未经核对", "内部目标", "2027"])
      expect(said).toContain(words);
  });
});
