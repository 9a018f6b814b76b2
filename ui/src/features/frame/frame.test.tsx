import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Frame } from "@/features/frame";
import { placeOf } from "@/features/frame/places";
import { ScreenFailure } from "@/features/frame/screen-failure";
import { actionMatches } from "@/features/search/actions";
import { desk, type UnsentRow } from "@/lib/desk";
import { clerk, mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const line = {
  unsent: 12,
  sync: "offline",
  sync_note: null,
  synced_at: null,
  conflicts: 0,
  applied: 7,
  device_code: "K7QM",
  chain_head: "b7e1",
  clock: "2026-11-22T10:35:00+08:00",
};
const answers = {
  status_line: line,
  draft_save: ({ id }: { [key: string]: unknown }) => {
    if (id !== "d1") throw refusal("storage.disk-full", "磁盘已满");
    return "2026-11-22T10:32:05+08:00";
  },
  session_logout: null,
  session_touch: null,
  session_login: clerk,
  search: [
    { kind: "party", id: "x1", no: "x1", title: "王建国", subtitle: "310***********0017" },
    { kind: "claim", id: "c1", no: "SH-2026-1", title: "王建国 车损险", subtitle: "已受理" },
  ],
};

describe("the frame", () => {
  afterEach(() => vi.useRealTimers());

  it("offers only the places of the role", async () => {
    mockDesk(answers);
    renderDesk(<Frame />, { session: { ...clerk, role: "auditor", rights: ["claim_read", "audit"] } });
    expect(await screen.findByTestId("rail-claims")).toBeTruthy();
    expect(screen.getByTestId("rail-settings")).toBeTruthy();
    expect(screen.queryByTestId("rail-visit")).toBeNull();
    expect(screen.queryByTestId("rail-import")).toBeNull();
  });

  it("tells the truth about saving and sync", async () => {
    mockDesk(answers);
    renderDesk(<Frame />);
    await waitFor(() => expect(screen.getByTestId("status-device").textContent).toContain("K7QM"));
    expect(screen.getByTestId("status-saving").textContent).toContain("没有待保存的内容");
    vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-22T10:32:05+08:00"));
    await act(() => desk.draftSave("d1", "answers.story", "x"));
    expect(screen.getByTestId("status-saving").textContent).toContain("已保存 10:32");
    vi.restoreAllMocks();
    await act(() => desk.draftSave("d2", "answers.story", "x").catch(() => {}));
    expect(screen.getByTestId("status-saving").textContent, "a refused save is none").toContain("10:32");
    expect(screen.getByTestId("status-sync").textContent).toContain("离线");
    expect(screen.getByTestId("status-unsent").textContent).toContain("12");
    expect(screen.getByTestId("status-clock").textContent).toContain("2026年11月22日");
  });

  it("says synced only with the hub's receipt, and why it failed", async () => {
    const note = {
      code: "sync.device-revoked",
      message: { "zh-CN": "已停用", "zh-TW": "", en: "" },
      field: null,
    };
    const said = (over: object) => ({ ...answers, status_line: { ...line, unsent: 0, ...over } });
    mockDesk(said({ sync: "synced", synced_at: "2026-11-22T09:05:00+08:00" }));
    const first = renderDesk(<Frame />);
    await waitFor(() => expect(screen.getByTestId("status-sync").textContent).toContain("已同步 09:05"));
    first.unmount();
    mockDesk(said({ sync: "failed", sync_note: note }));
    renderDesk(<Frame />);
    await waitFor(() => expect(screen.getByTestId("status-sync").textContent).toContain("同步失败：已停用"));
  });

  it("shows what waits for a decision, and reads the page again when other desks' work came in", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let applied = 7;
    mockDesk({ ...answers, status_line: () => ({ ...line, conflicts: 2, applied }) });
    const { client } = renderDesk(<Frame />);
    expect((await screen.findByTestId("status-conflicts")).textContent).toContain("2");
    client.setQueryData(["claims"], []);
    client.setQueryData(["draft", "d1"], {});
    const stale = (key: string[]) => client.getQueryState(key)?.isInvalidated;
    await act(() => vi.advanceTimersByTimeAsync(6000));
    expect(stale(["claims"]), "nothing came").toBe(false);
    applied = 8;
    await act(() => vi.advanceTimersByTimeAsync(6000));
    expect(stale(["claims"])).toBe(true);
    expect(stale(["draft", "d1"]), "what is being typed stays").toBe(false);
  });

  it("opens the list behind the unsent count, and a claim from it", async () => {
    const row = (id: string, claim: string | null): UnsentRow => ({
      id,
      what: { "zh-CN": "受理", "zh-TW": "受理", en: "Register" },
      claim_id: claim && "c1",
      claim_no: claim,
      at: "2026-11-22T10:32:05+08:00",
      by: "李娜",
      bytes: 2048,
      files: claim ? 2 : 0,
    });
    const rows = [row("o1", null), row("o2", "SH-2026-1")];
    const calls = mockDesk({ ...answers, unsent_list: { total: 2, rows } });
    const { router } = renderDesk(<Frame />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("status-unsent"));
    const link = await screen.findByTestId("unsent-claim-SH-2026-1");
    expect(calls.find((call) => call.command === "unsent_list")?.args).toEqual({ offset: 0, limit: 200 });
    const dialog = screen.getByRole("dialog");
    expect(dialog.textContent).toContain("2 个文件 · 2 KB");
    expect(dialog.textContent).toContain("2026-11-22 10:32");
    await user.click(link);
    await waitFor(() => expect(router.state.location.pathname).toBe("/claims/c1"));
    await waitFor(() => expect(screen.queryByTestId("unsent-claim-SH-2026-1")).toBeNull());
  });

  it("says so when nothing is unsent", async () => {
    mockDesk({ ...answers, unsent_list: { total: 0, rows: [] } });
    renderDesk(<Frame />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("status-unsent"));
    expect(await screen.findByTestId("unsent-empty")).toBeTruthy();
  });

  it("opens F2 as a new claim, and only for whoever may take one", async () => {
    mockDesk(answers);
    const { router } = renderDesk(<Frame />);
    await screen.findByTestId("frame");
    fireEvent.keyDown(window, { key: "F2" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/visit/new"));
  });

  it("finds by keyboard: Ctrl+K, type, arrow, Enter", async () => {
    const calls = mockDesk(answers);
    const { router } = renderDesk(<Frame />);
    await screen.findByTestId("frame");
    fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.type(await screen.findByTestId("palette-input"), "王");
    await screen.findByTestId("palette-hit-party");
    // Claims stand before people.
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/people/x1"));
    expect(screen.queryByTestId("palette")).toBeNull();
    expect(calls.find((call) => call.command === "search")?.args).toEqual({
      query: "王",
      kind: null,
      limit: 20,
    });
  });

  it("locks, keeps the page beneath, refuses a wrong password and resumes with the right one", async () => {
    let right = false;
    mockDesk({
      ...answers,
      session_login: () => {
        if (!right) throw refusal("access.wrong-password", "用户名或密码不对。");
        return clerk;
      },
    });
    renderDesk(<Frame />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("top-lock"));
    await user.type(await screen.findByTestId("lock-password"), "bad{Enter}");
    expect((await screen.findByTestId("lock-error")).textContent).toContain("不对");
    expect(screen.getByTestId("frame")).toBeTruthy();
    right = true;
    await user.type(screen.getByTestId("lock-password"), "goodpass-1{Enter}");
    await waitFor(() => expect(screen.queryByTestId("lock-overlay")).toBeNull());
  });

  it("lets a save finish before the session is closed", async () => {
    let finish = () => {};
    const calls = mockDesk({
      ...answers,
      view_delete: () =>
        new Promise<null>((resolve) => {
          finish = () => resolve(null);
        }),
    });
    renderDesk(<Frame />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await screen.findByTestId("top-lock");
    let deleted: Promise<null> | null = null;
    act(() => {
      deleted = desk.viewDelete("v1");
    });
    expect(screen.getByTestId("status-saving").textContent).toContain("正在保存");
    await user.click(screen.getByTestId("top-lock"));
    await act(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(calls.some((call) => call.command === "session_logout")).toBe(false);
    finish();
    await act(async () => void (await deleted));
    await waitFor(() => expect(calls.some((call) => call.command === "session_logout")).toBe(true));
  });

  it("locks by itself after the time without input, and any key puts it off", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    mockDesk(answers);
    renderDesk(<Frame />, { session: { ...clerk, idle_lock_seconds: 60 } });
    await screen.findByTestId("frame");
    await act(() => vi.advanceTimersByTimeAsync(50_000));
    fireEvent.keyDown(window, { key: "a" });
    await act(() => vi.advanceTimersByTimeAsync(50_000));
    expect(screen.queryByTestId("lock-overlay")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    expect(screen.queryByTestId("lock-overlay")).not.toBeNull();
  });

  it("lets another person in from the lock", async () => {
    const calls = mockDesk(answers);
    const { router } = renderDesk(<Frame />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("top-lock"));
    await user.click(await screen.findByTestId("lock-change-user"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
    expect(calls.some((call) => call.command === "session_logout")).toBe(true);
  });
});

function Broken(): never {
  throw new Error("drawn wrongly");
}

describe("a screen that breaks", () => {
  it("says so in the language of the page and leads back to the day's work", async () => {
    const router = createMemoryRouter(
      [
        { path: "/claims", element: <Broken />, errorElement: <ScreenFailure /> },
        { path: "/", element: <p>home</p> },
      ],
      { initialEntries: ["/claims"] },
    );
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    render(<RouterProvider router={router} />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    expect((await screen.findByTestId("screen-failure")).textContent).toContain("已填写的内容都保存着");
    await user.click(screen.getByTestId("screen-failure-home"));
    expect(await screen.findByText("home")).toBeTruthy();
    told.mockRestore();
  });
});

describe("places and actions", () => {
  it.each([
    ["/", "home"],
    ["/visit/new", "visit"],
    ["/visit/0199", "visit"],
    ["/claims/0199", "claims"],
    ["/people/1", null],
    ["/nowhere", null],
  ])("%s lies in %s", (path, expected) => {
    expect(placeOf(path)).toBe(expected);
  });

  it.each([
    ["", true],
    ["受理", true],
    ["slp", true],
    ["shouli li", true],
    ["SHOU", true],
    ["daoru", false],
    ["理赔x", false],
  ])("the action 受理理赔 answers to %j: %s", (query, expected) => {
    expect(actionMatches(query, "受理理赔", "shoulilipei slp claim")).toBe(expected);
  });
});
