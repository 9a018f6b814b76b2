import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import Settings from "@/features/settings";
import { setLanguage } from "@/lib/i18n";
import { clerk, mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const account = {
  id: "u1",
  user: "wangwei",
  display_name: "王伟",
  role: "counter_clerk",
  disabled: false,
};
const answers = {
  profile_status: {
    state: "ready",
    branch_code: "1",
    branch_name: "x",
    problem: null,
    warnings: [],
    version: "0.1.0",
  },
  status_line: {
    unsent: 0,
    sync: "offline",
    device_code: "K7QM",
    chain_head: "b7e1",
    clock: "2026-11-22T10:00:00Z",
  },
  account_list: [account],
  template_list: {
    templates: [],
    problems: [
      {
        file: "liability.json",
        line: 42,
        code: "template.unknown",
        message: { "zh-CN": "控件不存在", "zh-TW": "控制項不存在", en: "no such widget" },
      },
    ],
  },
};

describe("settings", () => {
  beforeEach(() => setLanguage("zh-CN"));

  it("creates an account, and keeps what was typed when the name is taken", async () => {
    let taken = true;
    const calls = mockDesk({
      ...answers,
      account_create: () => {
        if (taken) throw refusal("access.user-taken", "用户名「lina」已被使用，请换一个。", "user");
        return account;
      },
    });
    renderDesk(<Settings />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("settings-tab-accounts"));
    await user.click(await screen.findByTestId("account-new"));
    const first = await screen.findByTestId("account-user");
    await waitFor(() => expect(document.activeElement, "the first field has the focus").toBe(first));
    await user.type(first, "lina");
    await user.type(screen.getByTestId("account-name"), "李娜");
    await user.type(screen.getByTestId("account-password"), "goodpass-1");
    await user.click(screen.getByTestId("account-create"));
    expect(await screen.findByText("用户名「lina」已被使用，请换一个。")).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("account-name").value).toBe("李娜");
    taken = false;
    await user.type(screen.getByTestId("account-user"), "2");
    await user.click(screen.getByTestId("account-create"));
    await waitFor(() => expect(screen.queryByTestId("account-user")).toBeNull());
    expect(calls.filter((call) => call.command === "account_create").at(-1)?.args).toEqual({
      input: { user: "lina2", display_name: "李娜", role: "counter_clerk", password: "goodpass-1" },
    });
  });

  it("disables an account with a reason, and nothing else of it changes", async () => {
    const calls = mockDesk({ ...answers, account_change: { ...account, disabled: true } });
    renderDesk(<Settings />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("settings-tab-accounts"));
    await user.click(await screen.findByTestId("account-disable-wangwei"));
    await user.type(await screen.findByTestId("account-reason"), "离职{Enter}");
    await waitFor(() =>
      expect(calls.find((call) => call.command === "account_change")?.args).toEqual({
        change: { id: "u1", display_name: null, role: null, password: null, disabled: true, reason: "离职" },
      }),
    );
  });

  it("hides the accounts from whoever may not manage them", async () => {
    mockDesk(answers);
    renderDesk(<Settings />, { session: { ...clerk, rights: ["claim_read"] } });
    expect(await screen.findByTestId("settings-tab-about")).toBeTruthy();
    expect(screen.queryByTestId("settings-tab-accounts")).toBeNull();
  });

  it("names file, line and reason of a faulty template", async () => {
    mockDesk(answers);
    renderDesk(<Settings />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("settings-tab-templates"));
    const problems = await screen.findByTestId("template-problems");
    for (const part of ["liability.json", "42", "控件不存在"]) expect(problems.textContent).toContain(part);
  });

  it("says that nothing is backed up, and takes the first backup where someone chose", async () => {
    let folder: string | null = null;
    mockDesk({
      ...answers,
      backup_state: () => ({ folder, last_at: folder && "2026-11-23T09:00:00+08:00", due: false }),
      backup_choose: () => {
        folder = "/mnt/nas/backups";
        return { folder, snapshot: "desk-20261123-090000.db", kib: 2048, files: 3 };
      },
    });
    renderDesk(<Settings />, { session: { ...clerk, rights: ["settings"] } });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("settings-tab-backup"));
    expect(await screen.findByText(/尚未选择备份文件夹/)).toBeTruthy();
    expect(screen.queryByTestId("backup-now")).toBeNull();
    await user.click(screen.getByTestId("backup-choose"));
    expect((await screen.findByTestId("backup-made")).textContent).toContain("desk-20261123-090000.db");
    expect(await screen.findByText("/mnt/nas/backups")).toBeTruthy();
    expect(await screen.findByTestId("backup-now")).toBeTruthy();
  });

  it("switches the language at once and remembers it", async () => {
    mockDesk(answers);
    renderDesk(<Settings />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("language-en"));
    expect(await screen.findByText("Theme")).toBeTruthy();
    expect(localStorage.getItem("claims-desk.language")).toBe("en");
    expect(document.documentElement.lang).toBe("en");
  });
});
