// The file of a claim: what is masked, what is offered, and what each act sends.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configure, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ClaimFile, JsonValue, Template } from "@/lib/desk";
import { mockDesk, refusal, renderDesk } from "@/test/mock-desk";
import ClaimScreen from ".";

// Other work on the same machine may make a rendering slow; the waits are bounds, not expectations.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 60_000 });
vi.mock("@/components/pdf-preview", () => ({
  PdfPreview: ({ title }: { title: string }) => <div data-testid="pdf-page-1">{title}</div>,
}));

const root = join(import.meta.dirname, "../../../..");
const template = JSON.parse(
  readFileSync(join(root, "assets/templates/motor-damage.json"), "utf8"),
) as Template;
const words = (text: string) => ({ "zh-CN": text, "zh-TW": text, en: text });
const example = template.example as { answers: { [key: string]: JsonValue } };

const file: ClaimFile = {
  id: "c1",
  no: "310104-26-K7Q2-000018-3",
  status: "assessing",
  template,
  policy: {
    id: "p1",
    no: "PDAA1",
    product_code: "M",
    product_name: "车险",
    template: null,
    holder: "李卓然",
    insured: "李卓然",
    plate: null,
    vin: null,
    inception: "2026-03-01",
    expiry: "2027-02-28",
    sum_insured: null,
    status: "in_force",
    verified: false,
  },
  channel: "counter",
  registered_at: "2026-11-22T11:02:00+08:00",
  clerk: "李娜",
  parties: [
    {
      party_id: "pa1",
      role: "insured",
      kind: "person",
      name: "李卓然",
      id_type: "resident-id",
      id_no_masked: "110***********0210",
      mobile_masked: "138****1021",
      relation: "self",
      bank_name: null,
      bank_account_masked: null,
      address: null,
      minor: false,
    },
  ],
  answers: example.answers,
  checklist: [
    {
      id: "repair-invoice",
      name: words("维修发票"),
      form: "original",
      count: 1,
      required: true,
      if_none: words("请维修厂补开"),
      often_held: false,
      state: "missing",
      received_count: 0,
      note: null,
      attachments: [],
    },
  ],
  attachments: [],
  timeline: [
    {
      id: "e1",
      at: "2026-11-22T11:02:00+08:00",
      actor: "李娜",
      role: "counter_clerk",
      command: "register",
      label: words("受理"),
      from: null,
      to: "registered",
      reason: null,
      data: {},
    },
  ],
  worksheet: null,
  steps: [
    {
      command: "assess",
      label: words("提交核定结果"),
      backward: false,
      primary: true,
      fields: [
        { key: "worksheet", kind: "worksheet", required: true, options: null, label: words("赔款计算") },
        { key: "opinion", kind: "textarea", required: true, options: null, label: words("核定意见") },
      ],
    },
    { command: "return_to_papers", label: words("退回补材料"), backward: true, primary: false, fields: [] },
    { command: "record_contact", label: words("记录联系"), backward: false, primary: false, fields: [] },
  ],
  links: [],
  conflicts: [],
  suspects: [],
  files_waiting: [],
  overridden: [],
  clocks: [],
  prints: [],
  claimed_amount: "8650.00",
  decided_amount: null,
  warnings: [],
};

function show(more: Parameters<typeof mockDesk>[0] = {}) {
  const calls = mockDesk({
    claim_get: file,
    claim_do: file,
    worksheet_try: {
      lines: [{ key: "loss", label: words("核定损失"), op: "input", value: "8000.00" }],
      result: "8000.00",
    },
    party_reveal: "110105198804160210",
    print_preview: ({ kind }: { [key: string]: unknown }) => ({
      token: `t-${String(kind)}`,
      pdf_base64: "JVBERg==",
      pages: 1,
      hash: "ab",
      title: String(kind),
      warnings: [],
    }),
    printer_list: [{ name: "PDF", is_default: true }],
    print_send: null,
    typed_get: null,
    typed_save: "2026-11-22T11:03:00+08:00",
    ...more,
  });
  renderDesk(<ClaimScreen />, { path: "/claims/c1", route: "/claims/:id" });
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  return {
    calls,
    user,
    done: (command: string) => calls.filter((call) => call.command === command).map((call) => call.args),
  };
}

const tab = async (user: ReturnType<typeof userEvent.setup>, key: string) =>
  user.click(await screen.findByTestId(`claim-tab-${key}`));

describe("the file of a claim", () => {
  it("shows the answers in the template's words", async () => {
    show();
    expect((await screen.findByTestId("answer-cause")).textContent).toBe("碰撞");
    expect(screen.getByTestId("answer-claimed_amount").textContent).toBe("¥8,650.00");
    expect(screen.getByTestId("claim-status").textContent).toBe("核定中");
    expect(screen.getByTestId("event-register").textContent).toContain("受理");
  });

  it("keeps in sight what another desk's later value replaced, beside the field", async () => {
    const paper = file.checklist[0]?.id ?? "";
    const lost = { place: "", by: null, at: null };
    const { user } = show({
      claim_get: {
        ...file,
        policy: { ...file.policy, plate: "沪A12345" },
        checklist: file.checklist.map((row) => ({ ...row, note: "后写的备注" })),
        overridden: [
          { ...lost, kind: "policy", field: "plate", field_name: words("车牌号"), lost: words("沪A54321") },
          {
            kind: "document",
            place: paper,
            field: "note",
            field_name: words("材料备注"),
            lost: words("先写的备注"),
            by: "王柜员",
            at: "2026-11-22T10:00:00+08:00",
          },
          {
            ...lost,
            kind: "document",
            place: "other",
            field: "note",
            field_name: words(""),
            lost: words("别处"),
          },
        ],
      },
    });
    const badge = await screen.findByTestId("overridden-policy-plate");
    expect(badge.textContent).toBe("另一值：沪A54321");
    expect(badge.parentElement?.textContent).toContain("沪A12345");
    await tab(user, "papers");
    const note = await screen.findByTestId("overridden-document-note");
    expect(note.closest(`[data-testid="paper-${paper}"]`)).not.toBeNull();
    await user.hover(note);
    expect((await screen.findByRole("tooltip")).textContent).toMatch(/先写的备注.*王柜员/);
  });

  it("shows a masked number only after a reason", async () => {
    const { user, done } = show();
    await tab(user, "parties");
    expect((await screen.findByTestId("party-pa1-id_no")).textContent).toBe("110***********0210");
    await user.click(screen.getByTestId("party-pa1-id_no-show"));
    expect((await screen.findByTestId("reveal-submit")).hasAttribute("disabled")).toBe(true);
    await user.type(screen.getByTestId("reveal-reason"), "核对证件");
    await user.click(screen.getByTestId("reveal-submit"));
    await waitFor(() => expect(screen.getByTestId("party-pa1-id_no").textContent).toBe("110105198804160210"));
    expect(done("party_reveal")).toEqual([
      { claimId: "c1", partyId: "pa1", field: "id_no", reason: "核对证件" },
    ]);
  });

  it("works the amount out as it is typed, and keeps what was typed when refused", async () => {
    const { user, done } = show({
      claim_do: () => {
        throw refusal("claim.step-not-now", "案件状态已变化，请刷新");
      },
    });
    await user.click(await screen.findByTestId("step-assess"));
    const first = template.amount.inputs[0]?.key ?? "";
    await user.type(await screen.findByTestId(`step-worksheet-${first}`), "8,000");
    expect((await screen.findByTestId("worksheet-result")).textContent).toBe("¥8,000.00");
    await user.type(screen.getByTestId("step-opinion"), "属实");
    await user.click(screen.getByTestId("step-submit"));
    expect((await screen.findByTestId("step-failure")).textContent).toContain("请刷新");
    expect((screen.getByTestId("step-opinion") as HTMLTextAreaElement).value).toBe("属实");
    expect(done("claim_do")[0]).toMatchObject({
      id: "c1",
      command: "assess",
      input: { opinion: "属实", worksheet: { [first]: "8000.00" } },
    });
  });

  it("keeps what is typed into a step, and forgets it once the step is done", async () => {
    const { user, done } = show({ typed_get: { opinion: "上次写到这里" } });
    await user.click(await screen.findByTestId("step-assess"));
    const opinion = await screen.findByTestId<HTMLTextAreaElement>("step-opinion");
    expect(opinion.value).toBe("上次写到这里");
    await user.type(opinion, "，属实");
    const place = "claim/c1/assess";
    await waitFor(() =>
      expect(done("typed_save").at(-1)).toEqual({ place, value: { opinion: "上次写到这里，属实" } }),
    );
    const first = template.amount.inputs[0]?.key ?? "";
    await user.type(screen.getByTestId(`step-worksheet-${first}`), "8000");
    await user.click(screen.getByTestId("step-submit"));
    await waitFor(() => expect(done("typed_save").at(-1)).toEqual({ place, value: null }));
  });

  it("asks for a reason on the way back", async () => {
    const { user, done } = show();
    await user.click(await screen.findByTestId("steps-more"));
    await user.click(await screen.findByTestId("step-return_to_papers"));
    await user.click(await screen.findByTestId("step-submit"));
    expect((await screen.findByTestId("told-step-reason")).textContent).toContain("理由");
    expect(done("claim_do")).toEqual([]);
    await user.type(screen.getByTestId("step-reason"), "缺发票");
    await user.click(screen.getByTestId("step-submit"));
    await waitFor(() =>
      expect(done("claim_do")).toEqual([
        { id: "c1", command: "return_to_papers", input: { reason: "缺发票" } },
      ]),
    );
  });

  it("takes a paper, and waives one only with a reason", async () => {
    const { user, done } = show();
    await tab(user, "papers");
    await user.click(await screen.findByTestId("paper-repair-invoice-original"));
    await user.click(await screen.findByTestId("paper-repair-invoice-save"));
    await waitFor(() => expect(done("claim_do")).toHaveLength(1));
    await user.click(screen.getByTestId("paper-repair-invoice-waived"));
    expect(screen.getByTestId("paper-repair-invoice-save").hasAttribute("disabled")).toBe(true);
    await user.type(screen.getByTestId("paper-repair-invoice-reason"), "金额小");
    await user.click(screen.getByTestId("paper-repair-invoice-save"));
    await waitFor(() => expect(done("claim_do")).toHaveLength(2));
    expect(done("claim_do").map((args) => [args.command, args.input])).toEqual([
      ["receive_document", { document_id: "repair-invoice", received: "original", count: 1 }],
      ["waive_document", { document_id: "repair-invoice", reason: "金额小" }],
    ]);
  });

  it("prints the progress slip to the printer", async () => {
    const { user, done } = show();
    await user.click(await screen.findByTestId("progress-print"));
    expect((await screen.findByTestId("pdf-page-1")).textContent).toBe("progress");
    await user.click(screen.getByTestId("print-send"));
    expect((await screen.findByTestId("print-said")).textContent).toContain("PDF");
    expect(done("print_send")).toEqual([{ token: "t-progress", printer: "PDF" }]);
  });

  it("logs a contact and links a claim with a reason", async () => {
    const { user, done } = show();
    await tab(user, "links");
    await user.type(await screen.findByTestId("link-no"), "310104-26-K7Q2-000017-5");
    await user.type(screen.getByTestId("link-reason"), "同一事故");
    await user.click(screen.getByTestId("link-add"));
    await waitFor(() =>
      expect(done("claim_do")).toEqual([
        {
          id: "c1",
          command: "link",
          input: { claim_no: "310104-26-K7Q2-000017-5", kind: "related", reason: "同一事故" },
        },
      ]),
    );
    expect(screen.getAllByText("记录联系"), "it is offered in one place").toHaveLength(1);
    await user.click(screen.getByTestId("step-record_contact"));
    expect(await screen.findByTestId("step-dialog-record_contact")).toBeTruthy();
  });

  it("does a step that needs nothing by Enter alone", async () => {
    const bare = { command: "papers_complete", label: words("确认材料齐全"), backward: false, primary: true };
    const note = {
      key: "note",
      kind: "textarea" as const,
      required: false,
      options: null,
      label: words("说明"),
    };
    const { user, done } = show({ claim_get: { ...file, steps: [{ ...bare, fields: [note] }] } });
    await user.click(await screen.findByTestId("step-papers_complete"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("step-submit")));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(done("claim_do")).toHaveLength(1));
  });

  it("puts the focus where something must be filled in", async () => {
    const { user } = show();
    await user.click(await screen.findByTestId("step-record_contact"));
    await screen.findByTestId("step-dialog-record_contact");
    await user.keyboard("{Escape}");
    await user.click(screen.getByTestId("step-assess"));
    const first = `step-worksheet-${template.amount.inputs[0]?.key}`;
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(first)));
  });

  it("holds its steps back while a conflict waits, and leads to it", async () => {
    show({ claim_get: { ...file, conflicts: ["x1"] } });
    expect((await screen.findByTestId("claim-contested")).textContent).toContain("后续步骤暂停");
    expect(screen.getByTestId("claim-conflict").getAttribute("href")).toBe("/sync/conflicts/x1");
    expect(screen.getByTestId<HTMLButtonElement>("step-assess").disabled).toBe(true);
    expect(screen.getByTestId<HTMLButtonElement>("steps-more").disabled).toBe(true);
    expect(screen.getByTestId<HTMLButtonElement>("step-record_contact").disabled, "a note is no step").toBe(
      false,
    );
  });

  it("shows a claim of the same loss until someone answers", async () => {
    const suspect = {
      claim_id: "c2",
      no: "310104-26-B2B2-000004-7",
      template_name: words("车损险"),
      policy_no: "PDAA1",
      incident_at: "2026-11-20T10:00:00+08:00",
      cause: "collision",
      holder: "李卓然",
      insured: "李卓然",
      registered_at: "2026-11-22T11:30:00+08:00",
      status: "registered" as const,
      story: "追尾",
    };
    show({ claim_get: { ...file, suspects: [suspect] } });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    const tab = await screen.findByTestId("claim-tab-links");
    expect(tab.textContent).toContain("疑似重复 1");
    await user.click(tab);
    expect((await screen.findByTestId("suspects")).textContent).toContain("追尾");
    await user.click(screen.getByTestId(`suspect-${suspect.no}-answer`));
    expect(screen.getByTestId<HTMLInputElement>("link-no").value).toBe(suspect.no);
  });
});
