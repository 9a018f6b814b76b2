import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import Sync from "@/features/sync";
import ConflictScreen from "@/features/sync/conflict";
import { minutesLeft } from "@/features/sync/estimate";
import { clashes, columnsOf, rowsOf } from "@/features/sync/sides";
import type { Conflict, ConflictRow, ConflictSide, SyncReport, Text } from "@/lib/desk";
import { setLanguage } from "@/lib/i18n";
import { clerk, mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const words = (text: string): Text => ({ "zh-CN": text, "zh-TW": text, en: text });
const report: SyncReport = {
  hub: "http://hub",
  device_code: "K7QM",
  unsent: 2,
  oldest_unsent: "2026-11-20T09:05:00+08:00",
  carried: 0,
  applied: 40,
  head: 40,
  rebuilding: false,
  waiting_newer: 0,
  checkpoint: null,
  files_to_send: 1,
  files_to_fetch: 0,
  synced_at: "2026-11-22T09:05:00+08:00",
  trouble: null,
  parked: [],
  incidents: [],
  conflicts: 0,
  clock_offset_seconds: 0,
  clock_suspect: false,
};
const row: ConflictRow = {
  id: "x1",
  kind: "claim",
  kind_name: words("案件"),
  record: "c1",
  claim_id: "c1",
  claim_no: "SH-1",
  since: "2026-11-22T09:05:00+08:00",
  waiting: 1,
  open: true,
};
const side = (operation: string, field: string, wanted: string): ConflictSide => ({
  operation,
  command: "claim.withdraw",
  what: words("客户撤回"),
  by: "李娜",
  device_code: "B2B2",
  at: "2026-11-22T09:05:00+08:00",
  field,
  field_name: words(`字段${field}`),
  wanted,
  wanted_text: words(wanted),
  standing: "x",
  standing_text: words("现行"),
});
const conflict: Conflict = {
  row,
  sides: [side("o1", "status", "已撤回"), side("o1", "reason", "自愿"), side("o2", "status", "已受理")],
  standing: { what: words("材料齐全"), by: "王伟", at: "2026-11-22T09:00:00+08:00" },
  may_decide: true,
  taken: [],
  reason: null,
  decided_at: null,
  decided_by: null,
};
const answers = {
  sync_report: report,
  conflict_list: [row],
  device_list: [
    {
      id: "d1",
      code: "K7QM",
      own: true,
      incarnation: 1,
      seen_at: "2026-11-24T09:00:00+08:00",
      shut_out: false,
    },
    { id: "d2", code: "X4TN", own: false, incarnation: 1, seen_at: null, shut_out: true },
  ],
  unsent_list: { total: 0, rows: [] },
};
const people = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

describe("the sync screen", () => {
  beforeEach(() => setLanguage("zh-CN"));

  it("joins a hub by code, and keeps what was typed when the code is refused", async () => {
    let enrolled = false;
    const calls = mockDesk({
      ...answers,
      sync_report: () => ({ ...report, hub: enrolled ? "http://hub" : null }),
      sync_enrol: ({ code }: Record<string, unknown>) => {
        if (code !== "ABCD-EFGH-JKMN") throw refusal("sync.enrol-code", "加入码不对或已过期");
        enrolled = true;
        return report;
      },
    });
    renderDesk(<Sync />);
    const user = people();
    expect((await screen.findByTestId("sync-hub")).textContent).toContain("尚未加入");
    expect(screen.queryByTestId("sync-now"), "nothing to sync with").toBeNull();
    await user.type(screen.getByTestId("enrol-url"), "http://hub");
    await user.type(screen.getByTestId("enrol-code"), "wrong{Enter}");
    expect((await screen.findByTestId("enrol-failure")).textContent).toContain("加入码不对");
    expect(screen.getByTestId<HTMLInputElement>("enrol-url").value).toBe("http://hub");
    await user.clear(screen.getByTestId("enrol-code"));
    await user.type(screen.getByTestId("enrol-code"), "abcd-efgh-jkmn{Enter}");
    expect(await screen.findByTestId("sync-now")).toBeTruthy();
    expect(calls.filter((call) => call.command === "sync_enrol").at(-1)?.args).toEqual({
      url: "http://hub",
      code: "ABCD-EFGH-JKMN",
    });
  });

  it("says when each desk was last seen and which was shut out", async () => {
    mockDesk(answers);
    renderDesk(<Sync />);
    const own = await screen.findByTestId("device-K7QM");
    expect(own.textContent).toContain("最近同步：2026-11-24 09:00");
    expect(own.textContent).not.toContain("已停用");
    const other = screen.getByTestId("device-X4TN");
    expect(other.textContent).toContain("中心尚未见过");
    expect(other.textContent).toContain("已停用");
  });

  it("asks who was seen again after each exchange", async () => {
    let at = "2026-11-22T09:05:00+08:00";
    const calls = mockDesk({ ...answers, sync_report: () => ({ ...report, synced_at: at }) });
    renderDesk(<Sync />);
    await screen.findByTestId("device-K7QM");
    const asked = () => calls.filter((call) => call.command === "device_list").length;
    expect(asked()).toBe(1);
    at = "2026-11-22T09:06:00+08:00";
    await waitFor(() => expect(asked()).toBe(2), { timeout: 5000 });
  });

  it("shows long evidence when asked for, and never says that nothing is here while all is compared anew", async () => {
    const note = `claims-desk/68f2/SH01\n409\n${"x".repeat(200)}`;
    const incident = { kind: "log", detail: note, at: "2026-11-22T09:05:00+08:00" };
    const digest = { kind: "digest", detail: "SH01", at: "2026-11-21T09:05:00+08:00" };
    const anew = { applied: 0, head: 0, rebuilding: true };
    mockDesk({ ...answers, sync_report: { ...report, ...anew, incidents: [incident, digest] } });
    renderDesk(<Sync />);
    expect((await screen.findByTestId("sync-rebuilding")).textContent).toContain("照常使用");
    expect(screen.queryByTestId("sync-complete")).toBeNull();
    const incidents = screen.getByTestId("incidents");
    expect(incidents.querySelectorAll("details")).toHaveLength(1);
    expect(incidents.querySelector("pre")?.textContent).toBe(note);
    expect(incidents.textContent).toContain("SH01");
  });

  it("offers joining only to whoever may", async () => {
    mockDesk({ ...answers, sync_report: { ...report, hub: null } });
    renderDesk(<Sync />, { session: { ...clerk, rights: ["claim_read"] } });
    expect((await screen.findByTestId("sync")).textContent).toContain("请管理员");
    expect(screen.queryByTestId("enrol-url")).toBeNull();
    expect(screen.queryByTestId("devices")).toBeNull();
  });

  it("says why the last round failed, what is oldest, and that the clock is off", async () => {
    mockDesk({
      ...answers,
      sync_report: {
        ...report,
        trouble: { code: "sync.offline", message: words("离线：timeout"), field: null },
        clock_suspect: true,
        clock_offset_seconds: -720,
        applied: 10,
        parked: [{ id: "p", command: "claim.pay", what: words("赔付"), reason: "revoked", at: "" }],
      },
      sync_now: () => {
        throw refusal("sync.device-revoked", "本机已停用");
      },
    });
    renderDesk(<Sync />);
    expect((await screen.findByTestId("sync-trouble")).textContent).toContain("timeout");
    expect(screen.getByTestId("sync-clock").textContent).toContain("12 分钟");
    expect(screen.getByTestId("sync").textContent).toContain("最早一项 2026-11-20 09:05");
    expect(screen.getByTestId("sync-progress").textContent).toContain("10 / 40");
    expect(screen.getByTestId("parked").textContent).toContain("赔付 · 设备已停用");
    await people().click(screen.getByTestId("sync-now"));
    expect((await screen.findByTestId("sync-now-failure")).textContent).toContain("已停用");
  });

  it("takes in another desk's file and says how much it held", async () => {
    const calls = mockDesk({ ...answers, sync_import: 3 });
    renderDesk(<Sync />);
    await people().upload(await screen.findByTestId("carry-file"), new File(["abc"], "unsent.claims"));
    expect((await screen.findByTestId("carried-in")).textContent).toContain("3 项");
    expect(calls.find((call) => call.command === "sync_import")?.args).toEqual({
      fileName: "unsent.claims",
      dataBase64: "YWJj",
    });
  });
});

describe("a conflict", () => {
  beforeEach(() => setLanguage("zh-CN"));

  it("stands side by side and is decided with a reason", async () => {
    let decided = false;
    const calls = mockDesk({
      conflict_get: () =>
        decided
          ? {
              ...conflict,
              row: { ...row, open: false },
              taken: ["o1"],
              reason: "客户书面撤回",
              decided_by: "周经理",
            }
          : conflict,
      conflict_decide: () => {
        decided = true;
        return conflict;
      },
      typed_get: { taken: ["o1", "gone"], reason: "客户" },
      typed_save: "2026-11-22T11:03:00+08:00",
    });
    renderDesk(<ConflictScreen />, { path: "/sync/conflicts/x1", route: "/sync/conflicts/:id" });
    const user = people();
    const sides = await screen.findByTestId("conflict-sides");
    for (const said of ["现行", "材料齐全 · 王伟", "已撤回", "李娜 · 设备 B2B2"]) {
      expect(sides.textContent).toContain(said);
    }
    // What was chosen and typed before a kill, of what can still be chosen.
    const reason = await screen.findByTestId<HTMLTextAreaElement>("conflict-reason");
    expect(reason.value).toBe("客户");
    await user.clear(reason);
    expect(screen.getByTestId<HTMLButtonElement>("conflict-decide").disabled, "no reason yet").toBe(true);
    await user.type(reason, "客户书面撤回");
    await user.click(screen.getByTestId("conflict-decide"));
    expect((await screen.findByTestId("conflict-decision")).textContent).toContain("周经理");
    const after = screen.getByTestId("conflict-sides").textContent;
    expect(after).toContain("裁决前的值");
    expect(after).toContain("客户撤回 已采用");
    expect(calls.find((call) => call.command === "conflict_decide")?.args).toEqual({
      id: "x1",
      take: ["o1"],
      reason: "客户书面撤回",
    });
  });

  it("is only shown to whoever may not decide", async () => {
    mockDesk({ conflict_get: { ...conflict, may_decide: false } });
    renderDesk(<ConflictScreen />, { path: "/sync/conflicts/x1", route: "/sync/conflicts/:id" });
    expect(await screen.findByTestId("conflict-not-yours")).toBeTruthy();
    await waitFor(() => expect(screen.queryByTestId("conflict-decide")).toBeNull());
    expect(screen.queryByTestId("conflict-take-0")).toBeNull();
  });

  it("turns into fields and operations, and two values for one field are not both taken", () => {
    expect(columnsOf(conflict).map(({ operation }) => operation)).toEqual(["o1", "o2"]);
    expect(rowsOf(conflict).map(({ field, wanted }) => [field, [...wanted.keys()]])).toEqual([
      ["status", ["o1", "o2"]],
      ["reason", ["o1"]],
    ]);
    expect(clashes(conflict, ["o1"], "o2")).toBe(true);
    expect(clashes(conflict, ["o1"], "o1"), "it may be let go again").toBe(false);
    expect(clashes(conflict, [], "o2")).toBe(false);
  });
});

describe("the estimate", () => {
  it.each([
    [0, 0, 1000, 100, 1000, null],
    [0, 0, 60_000, 100, 1000, 9],
    [0, 0, 60_000, 0, 1000, null],
    [0, 500, 10_000, 999, 1000, 1],
  ])("from %i ms/%i to %i ms/%i of %i: %s", (at, applied, nowAt, nowApplied, head, minutes) => {
    expect(minutesLeft({ at, applied }, { at: nowAt, applied: nowApplied }, head)).toBe(minutes);
  });
});
