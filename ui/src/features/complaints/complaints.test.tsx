import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Navigate, Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import Complaints from "@/features/complaints";
import ComplaintScreen from "@/features/complaints/file";
import Intake from "@/features/complaints/intake";
import { EMPTY, inputOf, restored } from "@/features/complaints/intake-form";
import type { ComplaintData, ComplaintFile, ComplaintRow, Text } from "@/lib/desk";
import { setLanguage } from "@/lib/i18n";
import { mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const words = (text: string): Text => ({ "zh-CN": text, "zh-TW": text, en: text });
const data: ComplaintData = {
  categories: [
    {
      id: "business",
      name: words("业务办理"),
      children: [{ id: "business.claims", name: words("理赔纠纷"), national_code: null }],
    },
  ],
  causes: {},
  product_lines: {},
  channels: { walk_in: words("来访"), phone: words("电话"), letter: words("信函") },
  priorities: { "1": words("一级"), "3": words("三级") },
  matrix: {},
  fields: { complainant_name: words("投诉人姓名"), matter: words("投诉事项"), place: words("接待地点") },
  major_people: 20,
  most_representatives: 5,
};
const row: ComplaintRow = {
  id: "c1",
  no: "SH01-26-K7QM-000007-5",
  status: "investigating",
  channel: words("来访"),
  received_at: "2026-11-22T09:05:00+08:00",
  complainant: "欧阳明月",
  category: words("业务办理 / 理赔纠纷"),
  priority: 1,
  major: true,
  handler: "郑投诉",
  told_at: null,
};
const file: ComplaintFile = {
  id: "c1",
  no: row.no,
  status: "received",
  status_name: words("待审核"),
  received_at: row.received_at,
  clerk: "王柜员",
  major: false,
  priority: null,
  handler: null,
  claim_id: null,
  claim_no: null,
  facts: [{ key: "channel", name: words("渠道"), value: words("来访") }],
  matter: "理赔拖延",
  clocks: [],
  timeline: [
    {
      id: "e1",
      at: row.received_at,
      actor: "王柜员",
      role: "counter_clerk",
      command: "register",
      label: words("登记投诉"),
      to: words("待审核"),
      reason: null,
      said: [[words("送达时间"), words("2026-11-22T09:05:00+08:00")]],
    },
  ],
  steps: [
    {
      command: "accept",
      label: words("受理"),
      backward: false,
      primary: true,
      fields: [
        {
          key: "complete",
          kind: "select",
          required: true,
          options: { yes: words("是"), no: words("否") },
          label: words("信息完整"),
        },
      ],
    },
    { command: "withdraw", label: words("投诉人撤回"), backward: true, primary: false, fields: [] },
  ],
  conflicts: [],
};
const people = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

describe("complaints", () => {
  beforeEach(() => setLanguage("zh-CN"));

  it("lists them and asks again with what is typed", async () => {
    const calls = mockDesk({ complaint_list: { total: 1, rows: [row] }, complaint_data: data });
    renderDesk(<Complaints />);
    await waitFor(() => expect(screen.getByTestId("complaints-count").textContent).toContain("1"));
    await people().type(screen.getByTestId("complaints-text"), "欧阳");
    await waitFor(() => {
      const asked = calls.filter((call) => call.command === "complaint_list").at(-1)?.args;
      expect((asked as { filter: { text: string } }).filter.text).toBe("欧阳");
    });
  });

  it("takes one in, keeps what was typed when it is refused, and sends the same id again", async () => {
    let refuse = true;
    const calls = mockDesk({
      complaint_data: data,
      typed_get: null,
      typed_save: "2026-11-22T09:05:00+08:00",
      complaint_register: () => {
        if (refuse) throw { ...refusal("complaint.field-missing", "请填写「接待地点」。"), field: "place" };
        return { id: "c1", no: row.no, warnings: [] };
      },
    });
    renderDesk(
      <Routes>
        <Route path="/" element={<Intake />} />
        <Route path="/complaints/:id" element={<p data-testid="there" />} />
      </Routes>,
    );
    const user = people();
    await user.type(await screen.findByTestId("intake-name"), "欧阳明月");
    await user.type(screen.getByTestId("intake-matter"), "理赔拖延");
    await user.click(screen.getByTestId("intake-submit"));
    expect(await screen.findByText("请填写「接待地点」。")).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("intake-name").value).toBe("欧阳明月");
    refuse = false;
    await user.type(screen.getByTestId("intake-place"), "一号室");
    await user.click(screen.getByTestId("intake-submit"));
    expect(await screen.findByTestId("there")).toBeTruthy();
    const sent = calls.filter((call) => call.command === "complaint_register");
    const ids = sent.map((call) => (call.args as { input: { id: string } }).input.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("sends a channel's own fields with it alone, and a group's representatives by name", () => {
    const form = { ...EMPTY, id: "x", channel: "letter", place: "一号室", posted_on: "20261120", people: 3 };
    const input = inputOf({ ...form, representatives: "王一、李二, 赵三" });
    expect(input.place).toBeNull();
    expect(input.posted_on).toBe("2026-11-20");
    expect(input.representatives).toEqual(["王一", "李二", "赵三"]);
    expect(inputOf({ ...form, people: 1, representatives: "王一" }).representatives).toEqual([]);
    expect(restored({ name: "欧阳" }).name).toBe("欧阳");
    expect(restored(null).id).not.toBe("");
  });

  it("offers the steps, does one, and shows the file as it is afterwards", async () => {
    const calls = mockDesk({
      complaint_get: file,
      complaint_data: data,
      typed_get: null,
      typed_save: "2026-11-22T09:05:00+08:00",
      complaint_do: { ...file, status: "accepted", steps: [] },
    });
    renderDesk(
      <Routes>
        <Route path="/" element={<Navigate to="/complaints/c1" replace />} />
        <Route path="/complaints/:id" element={<ComplaintScreen />} />
      </Routes>,
    );
    const user = people();
    expect((await screen.findByTestId("complaint-matter")).textContent).toBe("理赔拖延");
    expect(screen.getByTestId("event-register").textContent).toContain("2026-11-22 09:05");
    expect(screen.queryByTestId("step-withdraw"), "what leads back lies in the list").toBeNull();
    await user.click(screen.getByTestId("step-accept"));
    await user.click(await screen.findByTestId("step-submit"));
    expect(await screen.findByTestId("told-step-complete")).toBeTruthy();
    await user.click(screen.getByRole("combobox"));
    await user.click(await screen.findByTestId("step-complete-yes"));
    await user.click(screen.getByTestId("step-submit"));
    await waitFor(() => expect(screen.getByTestId("complaint").dataset.status).toBe("accepted"));
    expect(calls.find((call) => call.command === "complaint_do")?.args).toMatchObject({
      command: "accept",
      input: { complete: "yes" },
    });
  });
});
