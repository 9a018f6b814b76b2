/** A desk for tests: answers of the Rust side by command name, and a render inside the page's providers. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { mockIPC } from "@tauri-apps/api/mocks";
import { render } from "@testing-library/react";
import { ConfigProvider } from "antd";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import type { Code, DeskError, Session } from "@/generated/bindings";
import { SessionContext } from "@/lib/session";
import { themeOf } from "@/theme/tokens";

type Answer = unknown | ((args: Record<string, unknown>) => unknown);

/** Answers commands by their snake_case name; returns what was called, in order. Throwing in an answer is a refusal. */
export function mockDesk(
  answers: Record<string, Answer>,
): { command: string; args: Record<string, unknown> }[] {
  const calls: { command: string; args: Record<string, unknown> }[] = [];
  mockIPC((command, payload) => {
    const args = (payload ?? {}) as Record<string, unknown>;
    calls.push({ command, args });
    if (!(command in answers)) throw refusal("storage.failed", `unexpected command ${command}`);
    const answer = answers[command];
    return typeof answer === "function" ? (answer as (a: Record<string, unknown>) => unknown)(args) : answer;
  });
  return calls;
}

/** A DeskError with the same sentence in all three languages. */
export function refusal(code: Code, sentence: string, field: string | null = null): DeskError {
  return { code, message: { "zh-CN": sentence, "zh-TW": sentence, en: sentence }, field, details: [] };
}

export const clerk: Session = {
  account_id: "0199a000-0000-7000-8000-000000000001",
  user: "lina",
  display_name: "李娜",
  role: "administrator",
  rights: [
    "claim_register",
    "claim_handle",
    "claim_assess",
    "claim_decide",
    "claim_pay",
    "claim_read",
    "party_reveal",
    "import",
    "accounts",
    "print",
    "audit",
    "settings",
  ],
  branch_code: "310104",
  branch_name: "上海徐汇支公司",
  idle_lock_seconds: 600,
};

/** Renders at a path, with the session of `clerk` unless told otherwise. */
export function renderDesk(
  ui: ReactNode,
  { path = "/", route = "*", session = clerk as Session | null } = {},
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createMemoryRouter([{ path: route, element: ui }], { initialEntries: [path] });
  const view = render(
    <QueryClientProvider client={client}>
      {/* No style sheets: jsdom matches every rule for every element, and a test looks at none of them. */}
      <ConfigProvider theme={{ ...themeOf("light"), zeroRuntime: true }}>
        <SessionContext value={session}>
          <RouterProvider router={router} />
        </SessionContext>
      </ConfigProvider>
    </QueryClientProvider>,
  );
  return { ...view, client, router };
}
