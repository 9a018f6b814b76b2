import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { Gate, placeFor } from "@/features/access/gate";
import { Login } from "@/features/access/login";
import { Setup } from "@/features/access/setup";
import { Unlock } from "@/features/access/unlock";
import type { ProfileState } from "@/lib/desk";
import { clerk, mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const status = (state: ProfileState) => ({
  state,
  branch_code: "310104",
  branch_name: "上海徐汇支公司",
  problem: null,
  warnings: [],
  version: "0.1.0",
});

describe("placeFor", () => {
  it.each([
    ["absent", null, "/setup"],
    ["locked", null, "/unlock"],
    ["unreadable", null, "/unlock"],
    ["ready", null, "/login"],
    ["ready", clerk, "/"],
    // A session left over from before the key was lost opens nothing.
    ["locked", clerk, "/unlock"],
  ] as const)("%s leads to its place", (state, session, expected) => {
    expect(placeFor(status(state), session)).toBe(expected);
  });
});

describe("a branch that was open here before", () => {
  const kept = JSON.stringify({ branch_code: "310104", branch_name: "上海徐汇支公司" });
  afterEach(() => localStorage.removeItem("claims-desk.branch"));

  it("has its log-in drawn before the keyring answers", async () => {
    localStorage.setItem("claims-desk.branch", kept);
    mockDesk({ profile_status: () => new Promise(() => undefined), session_current: null });
    const { router } = renderDesk(<Gate>desk</Gate>, { path: "/" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
    renderDesk(<Login />, { path: "/login" });
    expect((await screen.findByRole("main")).textContent).toContain("上海徐汇支公司");
  });

  it("is forgotten when its key is gone", async () => {
    localStorage.setItem("claims-desk.branch", kept);
    mockDesk({ profile_status: status("locked") });
    const { router } = renderDesk(<Login />, { path: "/login" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(localStorage.getItem("claims-desk.branch")).toBeNull();
  });

  it("shows no log-in on a first run", async () => {
    mockDesk({ profile_status: status("absent") });
    const { router } = renderDesk(<Gate>desk</Gate>, { path: "/" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/setup"));
  });
});

describe("log-in", () => {
  it("logs in with Enter and goes to the desk", async () => {
    const calls = mockDesk({ profile_status: status("ready"), session_login: clerk });
    const { router } = renderDesk(<Login />, { path: "/login" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.type(await screen.findByTestId("login-user"), " lina ");
    await user.type(screen.getByTestId("login-password"), "goodpass-1{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(calls.find((call) => call.command === "session_login")?.args).toEqual({
      user: "lina",
      password: "goodpass-1",
    });
  });

  it("shows the desk's own sentence when refused, empties the password and keeps the user", async () => {
    mockDesk({
      profile_status: status("ready"),
      session_login: () => {
        throw refusal("access.back-off", "多次登录失败，请在 30 秒后再试。");
      },
    });
    const { router } = renderDesk(<Login />, { path: "/login" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.type(await screen.findByTestId("login-user"), "lina");
    await user.type(screen.getByTestId("login-password"), "wrong{Enter}");
    const error = await screen.findByTestId("login-error");
    expect(error.textContent).toContain("30 秒");
    expect(error.dataset.code).toBe("access.back-off");
    expect(screen.getByTestId<HTMLInputElement>("login-password").value).toBe("");
    expect(screen.getByTestId<HTMLInputElement>("login-user").value).toBe("lina");
    expect(router.state.location.pathname).toBe("/login");
  });
});

async function fillSetup(user: ReturnType<typeof userEvent.setup>) {
  await user.type(await screen.findByTestId("setup-branch-code"), "sh01");
  await user.type(screen.getByTestId("setup-branch-name"), "上海徐汇支公司{Enter}");
  await user.type(await screen.findByTestId("setup-admin-user"), "lina");
  await user.type(screen.getByTestId("setup-admin-name"), "李娜");
  await user.type(screen.getByTestId("setup-password"), "goodpass-1");
}

describe("set-up", () => {
  it("leads through three steps, and ends only when the code is kept", async () => {
    const calls = mockDesk({
      profile_status: status("absent"),
      profile_create: { code: "7K2M-Q9XD", pdf_base64: "" },
      recovery_save: "恢复码.pdf",
      recovery_print: null,
      printer_list: [
        { name: "Counter-Laser", is_default: true },
        { name: "Manager-Room", is_default: false },
      ],
      recovery_confirm: null,
    });
    const { router } = renderDesk(<Setup />, { path: "/setup" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await fillSetup(user);
    expect(screen.getByTestId<HTMLButtonElement>("setup-admin-next").disabled).toBe(true);
    await user.type(screen.getByTestId("setup-password-again"), "goodpass-1{Enter}");
    expect((await screen.findByTestId("setup-recovery-code")).textContent).toBe("7K2M-Q9XD");
    expect(calls.find((call) => call.command === "profile_create")?.args).toEqual({
      input: {
        branch_code: "SH01",
        branch_name: "上海徐汇支公司",
        admin_user: "lina",
        admin_name: "李娜",
        password: "goodpass-1",
      },
      language: "zh-CN",
    });
    const finish = screen.getByTestId<HTMLButtonElement>("setup-recovery-confirm");
    expect(finish.disabled).toBe(true);
    await user.click(screen.getByTestId("setup-recovery-save"));
    expect((await screen.findByTestId("setup-recovery-saved")).textContent).toContain("恢复码.pdf");
    await user.click(screen.getByTestId("setup-recovery-print"));
    expect((await screen.findByTestId("setup-recovery-printed")).textContent).toContain("Counter-Laser");
    expect(calls.find((call) => call.command === "recovery_print")?.args).toEqual({
      printer: "Counter-Laser",
    });
    await user.click(screen.getByTestId("setup-recovery-kept"));
    expect(finish.disabled).toBe(false);
    await user.click(finish);
    await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
    expect(calls.some((call) => call.command === "recovery_confirm")).toBe(true);
  });

  it("shows a refused password beside the field and keeps everything typed", async () => {
    mockDesk({
      profile_status: status("absent"),
      profile_create: () => {
        throw refusal("access.password-weak", "密码至少 8 个字符，并至少包含两类。", "password");
      },
    });
    renderDesk(<Setup />, { path: "/setup" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await fillSetup(user);
    await user.type(screen.getByTestId("setup-password-again"), "goodpass-1{Enter}");
    expect(await screen.findByText("密码至少 8 个字符，并至少包含两类。")).toBeTruthy();
    expect(screen.getByTestId("setup-password").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByTestId<HTMLInputElement>("setup-admin-name").value).toBe("李娜");
  });

  it("goes back to the branch when its code is refused", async () => {
    mockDesk({
      profile_status: status("absent"),
      profile_create: () => {
        throw refusal("access.branch-code-invalid", "机构代码应为 2 至 8 位大写字母或数字。", "branch_code");
      },
    });
    renderDesk(<Setup />, { path: "/setup" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await fillSetup(user);
    await user.type(screen.getByTestId("setup-password-again"), "goodpass-1{Enter}");
    expect(await screen.findByText("机构代码应为 2 至 8 位大写字母或数字。")).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("setup-branch-code").value).toBe("SH01");
  });

  it("says when the two passwords differ", async () => {
    mockDesk({ profile_status: status("absent") });
    renderDesk(<Setup />, { path: "/setup" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await fillSetup(user);
    await user.type(screen.getByTestId("setup-password-again"), "goodpass-2");
    expect(screen.getByText("两次输入的密码应当相同。")).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>("setup-admin-next").disabled).toBe(true);
  });
});

describe("unlocking", () => {
  it("says the data are intact, refuses a wrong code beside the field, and offers no deletion", async () => {
    mockDesk({
      profile_status: status("unreadable"),
      profile_unlock: () => {
        throw refusal("storage.recovery-code-wrong", "恢复码不对。", "recovery_code");
      },
    });
    renderDesk(<Unlock />, { path: "/unlock" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    expect(await screen.findByText(/数据都还在/)).toBeTruthy();
    await user.type(screen.getByTestId("unlock-code"), "AAAA{Enter}");
    expect(await screen.findByText("恢复码不对。")).toBeTruthy();
    const offered = screen.getAllByRole("button").map((button) => button.textContent);
    expect(offered.filter((label) => label?.includes("删除"))).toEqual([]);
  });

  it("goes on when the code opens the profile", async () => {
    mockDesk({ profile_status: status("locked"), profile_unlock: status("ready") });
    const { router } = renderDesk(<Unlock />, { path: "/unlock" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.type(await screen.findByTestId("unlock-code"), "7K2M-Q9XD{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  });
});
