import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import dayjs from "dayjs";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import Complaints from "@/features/complaints";
import Summary from "@/features/complaints/summary";
import { change, days, filterBehind, listBehind, part, presets } from "@/features/complaints/summary-words";
import type { ComplaintFilter, ComplaintSummary, SummaryQuery, SummaryRow, Text } from "@/lib/desk";
import { setLanguage } from "@/lib/i18n";
import { mockDesk, renderDesk } from "@/test/mock-desk";

const words = (text: string): Text => ({ "zh-CN": text, "zh-TW": text, en: text });
const row = (key: string, count: number): SummaryRow => ({
  key,
  name: words(key === "" ? "（未填写）" : key),
  figures: {
    count,
    told: 1,
    open: 1,
    median: 2160,
    ninth: 4320,
    first: { within: 1, of: 2 },
    house: { within: 1, of: 2 },
    plain: { within: 1, of: 2 },
    extended: { within: 0, of: 0 },
    overdue: 1,
    major: 0,
    repeated: 1,
    regulator: 0,
    satisfaction: 417,
    asked: 2,
    compensation: "1200.50",
  },
  before: 4,
  year_earlier: 0,
});
const summary: ComplaintSummary = {
  period: { from: "2026-10-01", to: "2026-12-31" },
  before: { from: "2026-07-01", to: "2026-09-30" },
  year_earlier: null,
  counted_at: "2026-11-25T10:00:00+08:00",
  counted_by: "周经理",
  left_out: 1,
  total: row("", 3),
  tables: [
    { dimension: "category", name: words("类别"), rows: [row("product.mis_selling", 2), row("", 1)] },
    { dimension: "handler", name: words("经办人"), rows: [row("郑投诉", 3)] },
  ],
  line: [
    { from: "2026-10-01", count: 1 },
    { from: "2026-10-08", count: 2 },
  ],
  hotspots: [{ cause: words("信息不对称"), branch: "历下支公司", count: 2 }],
  overdue: [],
};

describe("the summary of complaints", () => {
  beforeEach(() => setLanguage("zh-CN"));

  it("shows the quarter, changes its dimension and opens the list behind a number", async () => {
    const user = userEvent.setup();
    const asked: SummaryQuery[] = [];
    const filters: ComplaintFilter[] = [];
    mockDesk({
      complaint_summary: ({ query }: { query: unknown }) => {
        asked.push(query as SummaryQuery);
        return summary;
      },
      complaint_data: () => ({
        categories: [],
        channels: {},
        causes: {},
        priorities: {},
        matrix: {},
        fields: {},
      }),
      complaint_list: ({ filter }: { filter: unknown }) => {
        filters.push(filter as ComplaintFilter);
        return { total: 0, rows: [] };
      },
    });
    renderDesk(
      <Routes>
        <Route path="/complaints" element={<Complaints />} />
        <Route path="/complaints/summary" element={<Summary />} />
      </Routes>,
      { path: "/complaints/summary" },
    );
    expect((await screen.findByTestId("summary-tile-count")).textContent).toContain("3");
    expect(screen.getByTestId("summary-tile-before").textContent).toContain("−25.0%");
    expect(screen.getByTestId("summary-tile-year").textContent).toContain("—");
    expect(screen.getByTestId("summary-tile-median").textContent).toContain("1.5");
    expect(screen.getByTestId("trend").getAttribute("aria-label")).toContain("2026-10-08 2");
    const today = presets(dayjs()).quarter;
    expect(asked[0]).toEqual({
      from: today[0].format("YYYY-MM-DD"),
      to: today[1].format("YYYY-MM-DD"),
      by: [],
    });
    await user.click(screen.getByText("经办人"));
    await user.click(await screen.findByTestId("summary-count-郑投诉"));
    expect((await screen.findByTestId("complaints-behind")).textContent).toContain(
      "2026-10-01 至 2026-12-31",
    );
    expect(filters.at(-1)).toMatchObject({
      from: "2026-10-01",
      to: "2026-12-31",
      of: { dimension: "handler", key: "郑投诉" },
    });
    await user.click(screen.getByTestId("complaints-all"));
    expect(screen.queryByTestId("complaints-behind")).toBeNull();
  });

  it("says figures as people read them", () => {
    expect([part(1, 3), part(0, 0)]).toEqual(["33.3%", "—"]);
    expect([change(3, 4), change(4, 3), change(1, 0)]).toEqual(["−25.0%", "+33.3%", "—"]);
    expect([days(1440), days(null)]).toEqual(["1.0", "—"]);
  });

  it("knows the periods managers ask for", () => {
    const of = (name: keyof ReturnType<typeof presets>, day: string) =>
      presets(dayjs(day))[name].map((each) => each.format("YYYY-MM-DD"));
    expect(of("quarter", "2026-11-25")).toEqual(["2026-10-01", "2026-12-31"]);
    expect(of("lastQuarter", "2026-02-28")).toEqual(["2025-10-01", "2025-12-31"]);
    expect(of("lastMonth", "2026-03-31")).toEqual(["2026-02-01", "2026-02-28"]);
    expect(of("half", "2026-07-01")).toEqual(["2026-07-01", "2026-12-31"]);
    expect(of("lastYear", "2026-07-01")).toEqual(["2025-01-01", "2025-12-31"]);
  });

  it("finds its way back from an address", () => {
    const address = listBehind({ from: "2026-10-01", to: "2026-12-31" }, ["category", ""], true);
    expect(filterBehind(new URLSearchParams(address.split("?")[1]))).toEqual({
      from: "2026-10-01",
      to: "2026-12-31",
      major_only: true,
      of: { dimension: "category", key: "" },
    });
    expect(filterBehind(new URLSearchParams("by=category"))).toBeNull();
  });
});
