import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Import from "@/features/import";
import { isComplete, sampleOf } from "@/features/import/mapping";
import type { Channel, ImportOpened, ImportProgress, ImportReport } from "@/lib/desk";
import { mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const text = (sentence: string) => ({ "zh-CN": sentence, "zh-TW": sentence, en: sentence });
const opened: ImportOpened = {
  token: "t1",
  file_name: "保单.csv",
  headers: ["保单号", "车牌"],
  rows: 3,
  sample: [
    ["P1", "沪A12345"],
    ["P2", ""],
  ],
  fields: [
    { key: "no", label: text("保单号"), required: true },
    { key: "plate", label: text("车牌号"), required: false },
  ],
  mapping: { no: "保单号" },
  mapping_remembered: true,
  notes: [],
};
const report = (dry: boolean): ImportReport => ({
  dry_run: dry,
  cancelled: false,
  not_done: 0,
  total: 3,
  new: 2,
  changed: 0,
  same: 0,
  refused: 1,
  rows: [
    { row: 2, result: "new", key: "P1", problems: [] },
    { row: 3, result: "new", key: "P2", problems: [] },
    {
      row: 4,
      result: "refused",
      key: "P3",
      problems: [{ code: "import.date", message: text("起保日期应写作 2026-11-22"), field: "inception" }],
    },
  ],
});

describe("import", () => {
  it("opens a file, tries it, shows the refused rows, then takes it in", async () => {
    const calls = mockDesk({
      import_open: opened,
      import_run: (args: Record<string, unknown>) => report(args.dryRun === true),
    });
    renderDesk(<Import />, { path: "/import" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.upload(await screen.findByTestId("import-file"), new File(["保单号,车牌\n"], "保单.csv"));
    await user.click(await screen.findByTestId("import-dry-run"));
    expect((await screen.findByTestId("import-summary")).textContent).toContain("未写入任何数据");
    const rows = screen.getByTestId("import-rows");
    expect(within(rows).getByText(/起保日期应写作/)).toBeTruthy();
    expect(within(rows).queryByText("P1"), "only the refused rows are shown first").toBeNull();
    await user.click(screen.getByTestId("import-run"));
    await waitFor(() => expect(screen.getByTestId("import-summary").textContent).toContain("导入完成："));
    expect(screen.queryByTestId("import-run"), "a file is taken in once").toBeNull();
    expect(calls.map((call) => call.command)).toEqual(["import_open", "import_run", "import_run"]);
    expect(calls[0]?.args).toMatchObject({ kind: "policies", fileName: "保单.csv" });
    expect(calls[2]?.args).toMatchObject({ token: "t1", mapping: { no: "保单号" }, dryRun: false });
  });

  it("shows how far it is, stops when asked, and says what was done and what is left", async () => {
    let end = (_: ImportReport) => {};
    let told: Channel<ImportProgress> | undefined;
    const calls = mockDesk({
      import_open: { ...opened, rows: 3000 },
      import_run: (args: Record<string, unknown>) => {
        told = args.progress as Channel<ImportProgress>;
        return new Promise<ImportReport>((resolve) => {
          end = resolve;
        });
      },
      import_cancel: null,
    });
    renderDesk(<Import />, { path: "/import" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.upload(await screen.findByTestId("import-file"), new File(["保单号,车牌\n"], "保单.csv"));
    await user.click(await screen.findByTestId("import-run"));
    expect((await screen.findByTestId("import-progress-rows")).textContent).toContain("0 / 3000");
    act(() => told?.onmessage({ done: 1000, total: 3000 }));
    expect(screen.getByTestId("import-progress-rows").textContent).toContain("1000 / 3000");
    await user.click(screen.getByTestId("import-cancel"));
    expect(calls.at(-1)).toEqual({ command: "import_cancel", args: { token: "t1" } });
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("import-cancel").disabled).toBe(true));
    await act(async () => {
      end({ ...report(false), cancelled: true, total: 3000, new: 999, refused: 1, not_done: 2000 });
    });
    const summary = (await screen.findByTestId("import-summary")).textContent;
    expect(summary).toContain("已停止");
    expect(summary).toContain("2000 行未处理");
    expect(screen.queryByTestId("import-progress")).toBeNull();
    expect(screen.getByTestId("import-run"), "the rest can still be taken in").toBeTruthy();
  });

  it("shows why a dropped file was refused, and stays ready for another", async () => {
    mockDesk({
      import_open: () => {
        throw refusal("import.old-excel", "这是旧版 .xls，请另存为 .xlsx。");
      },
    });
    renderDesk(<Import />, { path: "/import" });
    const drop = await screen.findByTestId("import-drop");
    fireEvent.drop(drop, { dataTransfer: { files: [new File(["x"], "a.xls")] } });
    expect((await screen.findByTestId("import-error")).textContent).toContain(".xlsx");
    expect(await screen.findByTestId("import-choose")).toBeTruthy();
  });

  it("judges a mapping complete by its required fields", () => {
    expect(isComplete(opened, { no: "保单号" })).toBe(true);
    expect(isComplete(opened, { plate: "车牌" })).toBe(false);
  });

  it("shows the first values of a column", () => {
    expect(sampleOf(opened, "保单号")).toBe("P1、P2");
    expect(sampleOf(opened, "车牌")).toBe("沪A12345");
    expect(sampleOf(opened, undefined)).toBe("");
    expect(sampleOf(opened, "没有这列")).toBe("");
  });
});
