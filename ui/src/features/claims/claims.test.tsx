import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Claims from "@/features/claims";
import {
  DEFAULT_COLUMNS,
  isFiltered,
  NO_FILTER,
  viewFrom,
  viewFromAddress,
  viewJson,
  viewToAddress,
} from "@/features/claims/filter";
import type { ClaimRow } from "@/lib/desk";
import { mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const row = (index: number): ClaimRow => ({
  id: `c${index}`,
  no: `SH-2026-${index}`,
  template_name: { "zh-CN": "车损险", "zh-TW": "車損險", en: "Own damage" },
  policy_no: "P1",
  insured: "王建国",
  reporter: "李秀英",
  status: "registered",
  incident_at: "2026-11-20T10:00:00+08:00",
  registered_at: "2026-11-21T10:00:00+08:00",
  clerk: "李娜",
  missing: 2,
  claimed_amount: "1234.50",
});

const saved = {
  id: "v1",
  name: "待补",
  list: "claims",
  filter: { filter: { status: ["papers_asked"] }, columns: ["status", "insured"] },
};

function desk(rows: ClaimRow[], more: Parameters<typeof mockDesk>[0] = {}) {
  return mockDesk({
    ...more,
    claim_list: { total: rows.length, rows },
    template_list: { templates: [], problems: [] },
    view_list: [saved],
    view_save: saved,
    view_delete: null,
  });
}

const lists = (calls: ReturnType<typeof mockDesk>) => calls.filter((call) => call.command === "claim_list");

describe("the claim list", () => {
  it("lists, counts, and opens a claim", async () => {
    desk([row(1), row(2)]);
    const { router } = renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("claim-SH-2026-2"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/claims/c2"));
  });

  it("opens by keyboard alone", async () => {
    desk([row(1), row(2)]);
    const { router } = renderDesk(<Claims />, { path: "/claims" });
    await screen.findByTestId("claim-SH-2026-2");
    screen.getByTestId("claims-list").focus();
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/claims/c2"));
  });

  it("asks again with the filter, and clears it", async () => {
    const calls = desk([row(1)]);
    renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await screen.findByTestId("claim-SH-2026-1");
    await user.click(screen.getByTestId("claims-mine"));
    await user.type(screen.getByTestId("claims-text"), "王");
    await waitFor(() =>
      expect(lists(calls).at(-1)?.args).toEqual({
        filter: { ...NO_FILTER, mine: true, text: "王" },
        offset: 0,
        limit: 200,
      }),
    );
    await user.click(screen.getByTestId("claims-clear"));
    await waitFor(() => expect(lists(calls).at(-1)?.args.filter).toEqual(NO_FILTER));
  });

  it("exports what is seen: the filter, and the columns in their order", async () => {
    const calls = desk([row(1)], { claim_export: { name: "claims-2026-11-24.xlsx", rows: 1 } });
    renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await screen.findByTestId("claim-SH-2026-1");
    await user.click(screen.getByTestId("claims-mine"));
    await user.click(screen.getByTestId("claims-export"));
    await user.click(await screen.findByTestId("claims-export-xlsx"));
    expect((await screen.findByTestId("claims-exported")).textContent).toContain("claims-2026-11-24.xlsx");
    const args = calls.find((call) => call.command === "claim_export")?.args;
    expect(args).toMatchObject({ filter: { ...NO_FILTER, mine: true }, format: "xlsx", language: "zh-CN" });
    const columns = args?.columns as { key: string; title: string }[];
    expect(columns.map((column) => column.key)).toEqual(DEFAULT_COLUMNS);
    expect(columns[0]?.title).toBe("案件号");
  });

  it("says nothing when the person changed their mind, and why when the file cannot be written", async () => {
    let answer: () => unknown = () => null;
    const calls = desk([row(1)], { claim_export: () => answer() });
    renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await screen.findByTestId("claim-SH-2026-1");
    await user.click(screen.getByTestId("claims-export"));
    await user.click(await screen.findByTestId("claims-export-csv"));
    await waitFor(() => expect(calls.at(-1)?.command).toBe("claim_export"));
    await waitFor(() => expect(screen.getByTestId("claims-export").className).not.toContain("loading"));
    expect(screen.queryByTestId("claims-exported")).toBeNull();
    answer = () => {
      throw refusal("claim.export-failed", "未能写出文件。");
    };
    await user.click(screen.getByTestId("claims-export"));
    await user.click(await screen.findByTestId("claims-export-csv"));
    expect((await screen.findByTestId("claims-export-error")).textContent).toContain("未能写出");
  });

  it("says what would be here when there is nothing, and why when it fails", async () => {
    desk([]);
    renderDesk(<Claims />, { path: "/claims" });
    expect((await screen.findByTestId("claims-empty")).textContent).toContain("F2");
  });

  it("shows a failure with a way to try again", async () => {
    mockDesk({
      claim_list: () => {
        throw refusal("storage.database-damaged", "数据文件有一处读不出来。");
      },
      template_list: { templates: [], problems: [] },
      view_list: [],
    });
    renderDesk(<Claims />, { path: "/claims" });
    expect((await screen.findByTestId("claims-error")).textContent).toContain("读不出来");
    expect(screen.getByTestId("claims-error-retry")).toBeTruthy();
  });
});

describe("saved views", () => {
  it("opens one: its filter asks, its columns show", async () => {
    const calls = desk([row(1)]);
    renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("claims-views"));
    await user.click(await screen.findByTestId("view-open-待补"));
    await waitFor(() =>
      expect(lists(calls).at(-1)?.args.filter).toEqual({ ...NO_FILTER, status: ["papers_asked"] }),
    );
    const list = screen.getByTestId("claims-list");
    expect(within(list).queryByText("保单号")).toBeNull();
    expect(within(list).getAllByText("被保险人").length).toBeGreaterThan(0);
  });

  it("saves the present filter and columns under a name, and deletes one", async () => {
    const calls = desk([row(1)]);
    renderDesk(<Claims />, { path: "/claims" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("claims-missing"));
    await user.click(screen.getByTestId("claims-views"));
    await user.type(await screen.findByTestId("view-name"), "缺材料的{Enter}");
    await waitFor(() =>
      expect(calls.find((call) => call.command === "view_save")?.args).toEqual({
        list: "claims",
        name: "缺材料的",
        filter: { filter: { ...NO_FILTER, missing_only: true }, columns: [...DEFAULT_COLUMNS] },
      }),
    );
    await user.click(screen.getByTestId("view-delete-待补"));
    await waitFor(() =>
      expect(calls.find((call) => call.command === "view_delete")?.args).toEqual({ id: "v1" }),
    );
  });

  it("reads whatever is stored, and leaves out what it does not know", () => {
    expect(viewFrom(null)).toEqual({ filter: NO_FILTER, columns: [...DEFAULT_COLUMNS] });
    expect(viewFrom("x").filter).toEqual(NO_FILTER);
    const view = viewFrom({
      filter: {
        status: ["paid", "from-the-future"],
        from: "2026-01-01",
        to: "tomorrow",
        mine: "yes",
        text: "  ",
      },
      columns: ["insured", "from-the-future"],
    });
    expect(view.filter).toEqual({ ...NO_FILTER, status: ["paid"], from: "2026-01-01" });
    expect(view.columns).toEqual(["no", "insured"]);
  });

  it("survives the way through the address and the store", () => {
    const view = viewFrom({
      filter: { status: ["paid"], mine: true, text: "王 & #" },
      columns: ["status", "clerk"],
    });
    expect(viewFromAddress(viewToAddress(view))).toEqual(view);
    expect(viewFrom(viewJson(view))).toEqual(view);
    expect(viewFromAddress("{broken")).toEqual(viewFrom(null));
    expect(isFiltered(view.filter)).toBe(true);
    expect(isFiltered(NO_FILTER)).toBe(false);
  });
});
