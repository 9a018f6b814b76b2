// A visit by keyboard from the search to the receipt, and what happens when something is wrong on the way.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { describe, expect, it, vi } from "vitest";
import type { Draft, DraftCheck, JsonValue, Template } from "@/lib/desk";
import { mockDesk, refusal, renderDesk } from "@/test/mock-desk";
import VisitScreen from ".";

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
const policy = {
  id: "p1",
  no: "PDAA202611010500001",
  product_code: "M1",
  product_name: "机动车商业保险",
  template: "motor-damage",
  holder: "李卓然",
  insured: "李卓然",
  plate: "京A8F321",
  vin: null,
  inception: "2026-03-01",
  expiry: "2027-02-28",
  sum_insured: "186000.00",
  status: "in_force",
  verified: true,
};
const hit = { kind: "policy", id: "p1", no: policy.no, title: "李卓然 京A8F321", subtitle: "机动车商业保险" };

function aDraft(fields: { [path: string]: JsonValue } = {}, step = 2): Draft {
  return {
    id: "d1",
    template_id: template.id,
    template_version: template.version,
    title: "",
    fields,
    step,
    updated_at: "2026-11-22T11:00:00+08:00",
    attachments: [],
  };
}

const PREFILLED: { [path: string]: JsonValue } = {
  "policy.no": policy.no,
  "policy.insured": "李卓然",
  "policy.holder": "李卓然",
  "parties.0.role": "insured",
  "parties.0.kind": "person",
  "parties.0.name": "李卓然",
  "parties.0.id_type": "resident-id",
  "answers.plate": "京A8F321",
};
const FILLED: { [path: string]: JsonValue } = {
  ...PREFILLED,
  channel: "counter",
  "parties.1.role": "reporter",
  "parties.1.kind": "person",
  "parties.1.name": "李卓然",
  "parties.1.id_type": "resident-id",
  ...Object.fromEntries(
    Object.entries(template.example as { [key: string]: JsonValue }).flatMap(([key, value]) =>
      key === "answers"
        ? Object.entries(value as { [key: string]: JsonValue }).map(([name, answer]) => [
            `answers.${name}`,
            answer,
          ])
        : [],
    ),
  ),
};

/** A desk that holds one draft as Rust would, and registers it. */
function aDesk(draft: Draft, check: Partial<DraftCheck> = {}, more: Parameters<typeof mockDesk>[0] = {}) {
  const held = draft;
  const calls = mockDesk({
    search: [hit],
    policy_get: policy,
    template_list: {
      templates: [
        {
          id: template.id,
          version: template.version,
          name: template.name,
          summary: template.summary,
          line: template.line,
        },
      ],
      problems: [],
    },
    template_get: template,
    draft_open: () => held,
    draft_get: () => held,
    draft_save: ({ path, value }: { [key: string]: unknown }) => {
      held.fields = { ...held.fields, [String(path)]: value as JsonValue };
      return "2026-11-22T11:00:00+08:00";
    },
    draft_check: { refusals: [], warnings: [], checklist: [], duplicates: [], ...check },
    claim_register: {
      id: "c1",
      no: "310104-26-K7Q2-000018-3",
      missing: [{ id: "repair-invoice", name: words("维修发票") }],
    },
    check_value: { ok: true, code: null, message: null, warnings: [], normalized: null },
    print_preview: {
      token: "t",
      pdf_base64: "JVBERg==",
      pages: 1,
      hash: "ab",
      title: "受理回执",
      warnings: [],
    },
    printer_list: [{ name: "PDF", is_default: true }],
    ...more,
  });
  return { calls, held };
}

const show = (path: string) =>
  renderDesk(
    <Routes>
      <Route path="/visit/new" element={<VisitScreen />} />
      <Route path="/visit/:draftId" element={<VisitScreen />} />
    </Routes>,
    { path },
  );

describe("a visit", () => {
  it("goes from the search to the receipt by keyboard", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    const { calls, held } = aDesk(aDraft(PREFILLED));
    show("/visit/new");
    await user.type(await screen.findByTestId("who-search"), "ljr");
    await screen.findByTestId("who-hit-0");
    await user.keyboard("{Enter}");
    await screen.findByTestId("template-motor-damage");
    await user.keyboard("1");
    await screen.findByTestId("visit-form");
    expect(calls.find((call) => call.command === "draft_open")?.args).toEqual({
      templateId: "motor-damage",
      fromHit: hit,
    });
    expect(await screen.findByTestId("policy-verified")).toBeTruthy();

    const fields: { [path: string]: string } = {
      "parties-1-name": "李卓然",
      "answers-incident_at": "20261120 1430",
      "answers-incident_place": "徐汇区漕溪北路",
      "answers-story": "倒车时碰到立柱",
      "answers-driver_name": "李卓然",
      "answers-damage_parts": "右后门",
      "answers-claimed_amount": "8,650.5",
    };
    for (const [name, value] of Object.entries(fields)) {
      await user.click(screen.getByTestId(`field-${name}`));
      await user.paste(value);
    }
    await user.click(screen.getByTestId("field-answers-accident_kind-single"));
    const cause = within(screen.getByTestId("field-answers-cause")).getByRole("combobox");
    await user.click(cause);
    await user.click(await screen.findByTestId("field-answers-cause-rollover"));
    await waitFor(() => expect(held.fields["answers.cause"]).toBe("rollover"));
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByTestId("documents");
    expect(held.fields["answers.incident_at"]).toBe("2026-11-20T14:30:00+08:00");
    expect(held.fields["answers.claimed_amount"]).toBe("8650.50");
    expect(held.fields["answers.accident_kind"]).toBe("single");

    await user.click(screen.getByTestId("document-claim-form-original"));
    await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
    await screen.findByTestId("register-ready");
    expect(held.fields["documents.claim-form"]).toEqual({ received: "original", count: 1, reason: "" });
    expect(held.fields["ui.step"]).toBe(4);
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect((await screen.findByTestId("case-no")).textContent).toBe("310104-26-K7Q2-000018-3");
    expect(screen.getByTestId("receipt-missing").textContent).toContain("维修发票");
    expect((await screen.findByTestId("pdf-page-1")).textContent).toBe("受理回执");
    expect(calls.find((call) => call.command === "claim_register")?.args).toEqual({
      input: { draft_id: "d1", not_duplicate_reason: null, linked_claim_id: null },
    });
  });

  it("leads to the first missing field and tells beside it, and does not go on", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    aDesk(aDraft(PREFILLED));
    show("/visit/d1");
    const name = await screen.findByTestId("field-parties-1-name");
    await waitFor(() => expect(document.activeElement).toBe(name));
    await user.keyboard("{Enter}");
    expect((await screen.findByTestId("told-parties-1-name")).textContent).toBe("请填写此项");
    expect(document.activeElement).toBe(name);
    expect(screen.getByTestId("visit").dataset.step).toBe("form");
  });

  it("tells a wrong identity number in the words of the core, and keeps it", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    const { held } = aDesk(
      aDraft(FILLED),
      {},
      {
        check_value: {
          ok: false,
          code: "identity.id-check-character",
          message: words("身份证号第18位校验不符，应为 X"),
          warnings: [],
          normalized: null,
        },
      },
    );
    show("/visit/d1");
    await user.click(await screen.findByTestId("field-parties-1-id_no"));
    await user.paste("110105194912310021");
    await user.tab();
    expect((await screen.findByTestId("told-parties-1-id_no")).textContent).toBe(
      "身份证号第18位校验不符，应为 X",
    );
    await waitFor(() => expect(held.fields["parties.1.id_no"]).toBe("110105194912310021"));
  });

  it("tells a wrong amount and a day that does not exist", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    aDesk(aDraft(FILLED));
    show("/visit/d1");
    const amount = await screen.findByTestId("field-answers-claimed_amount");
    await user.clear(amount);
    await user.paste("-5");
    await user.tab();
    expect((await screen.findByTestId("told-answers-claimed_amount")).textContent).toContain("不能为负");
    const at = screen.getByTestId("field-answers-incident_at");
    await user.clear(at);
    await user.paste("2026-02-30 10:00");
    await user.tab();
    expect((await screen.findByTestId("told-answers-incident_at")).textContent).toContain("2026-11-22 14:30");
    expect((at as HTMLInputElement).value).toBe("2026-02-30 10:00");
  });

  it("resumes with every field and the step", async () => {
    aDesk(aDraft({ ...FILLED, "documents.claim-form": { received: "copy", count: 1, reason: "" } }, 3));
    show("/visit/d1");
    expect(await screen.findByTestId("documents")).toBeTruthy();
    expect((screen.getByTestId("document-claim-form-copy") as HTMLInputElement).checked).toBe(true);
    expect(screen.getByTestId("document-claim-form-if-none").textContent).toContain("要求原件");
  });

  it("a refusal is a link to its field", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    aDesk(aDraft(FILLED, 4), {
      refusals: [
        { code: "identity.id-length", message: words("报案人的身份证号应为18位"), field: "parties.1.id_no" },
      ],
    });
    show("/visit/d1");
    expect((await screen.findByTestId("visit-next")).hasAttribute("disabled")).toBe(true);
    await user.click(await screen.findByTestId("refusal-0"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("field-parties-1-id_no")));
  });

  it("a duplicate needs a reason or a link before the number is given", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    const duplicate = {
      claim_id: "c0",
      no: "310104-26-K7Q2-000017-5",
      template_name: words("车损险"),
      policy_no: policy.no,
      incident_at: "2026-05-18T18:40:00+08:00",
      cause: "碰撞",
      holder: "李卓然",
      insured: "李卓然",
      registered_at: "2026-11-20T16:00:00+08:00",
      status: "registered" as const,
      story: "倒车碰柱",
    };
    const { calls } = aDesk(aDraft(FILLED, 4), { duplicates: [duplicate] });
    show("/visit/d1");
    await screen.findByTestId("duplicate-c0");
    expect(screen.getByTestId("compare-story").dataset.differs).toBe("true");
    expect(screen.getByTestId("compare-policy_no").dataset.differs).toBe("false");
    const register = screen.getByTestId("visit-next");
    expect(register.hasAttribute("disabled")).toBe(true);
    await user.click(screen.getByTestId("duplicate-different"));
    expect(register.hasAttribute("disabled")).toBe(true);
    await user.type(screen.getByTestId("duplicate-reason"), "另一次事故");
    await user.click(register);
    await screen.findByTestId("case-no");
    expect(calls.find((call) => call.command === "claim_register")?.args).toEqual({
      input: { draft_id: "d1", not_duplicate_reason: "另一次事故", linked_claim_id: null },
    });
  });

  it("shows what could not be saved and does not go to the check with it", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    aDesk(
      aDraft(FILLED, 3),
      {},
      {
        draft_save: () => {
          throw refusal("storage.failed", "磁盘已满");
        },
      },
    );
    show("/visit/d1");
    await user.click(await screen.findByTestId("document-claim-form-original"));
    await user.click(screen.getByTestId("visit-next"));
    expect((await screen.findByTestId("visit-save-failed")).textContent).toContain("磁盘已满");
    expect(screen.getByTestId("visit").dataset.step).toBe("documents");
    expect((screen.getByTestId("document-claim-form-original") as HTMLInputElement).checked).toBe(true);
  });

  it("takes a dropped file on its row and refuses an empty one with a sentence", async () => {
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    const { calls } = aDesk(
      aDraft(FILLED, 3),
      {},
      {
        attachment_add: ({ fileName, documentId }: { [key: string]: unknown }) => ({
          id: "a1",
          name: fileName,
          mime: "text/plain",
          size: 3,
          sha256: "ab",
          document_id: documentId,
          added_at: "2026-11-22T11:00:00+08:00",
          added_by: "李娜",
          void_reason: null,
        }),
      },
    );
    show("/visit/d1");
    const input = await screen.findByTestId("attach-input-claim-form");
    await user.upload(input, [
      new File(["abc"], "申请书.txt", { type: "text/plain" }),
      new File([], "空.txt", { type: "text/plain" }),
    ]);
    expect((await screen.findByTestId("attachment-a1")).textContent).toContain("申请书.txt");
    expect((await screen.findByTestId("attach-problems-claim-form")).textContent).toContain("0 字节");
    expect(calls.filter((call) => call.command === "attachment_add").map((call) => call.args)).toEqual([
      { owner: "d1", documentId: "claim-form", fileName: "申请书.txt", dataBase64: "YWJj" },
    ]);
  });
});
