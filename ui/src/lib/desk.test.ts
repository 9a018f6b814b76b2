import { describe, expect, it, vi } from "vitest";
import { DeskFailure, desk, onSessionOver, pickText, toFailure } from "@/lib/desk";
import { mockDesk, refusal } from "@/test/mock-desk";

describe("desk", () => {
  it("passes answers through and arguments under their names", async () => {
    const calls = mockDesk({ amount_capitals: "壹仟元整" });
    await expect(desk.amountCapitals("1000")).resolves.toBe("壹仟元整");
    expect(calls).toEqual([{ command: "amount_capitals", args: { value: "1000" } }]);
  });

  it("throws a refusal as DeskFailure with field and details", async () => {
    mockDesk({
      profile_create: () => {
        throw {
          ...refusal("access.password-weak", "密码至少 8 个字符", "password"),
          details: [refusal("access.user-taken", "c")],
        };
      },
    });
    const thrown = await desk
      .profileCreate(
        { branch_code: "1", branch_name: "2", admin_user: "3", admin_name: "4", password: "5" },
        "en",
      )
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(DeskFailure);
    expect(thrown).toMatchObject({
      code: "access.password-weak",
      field: "password",
      details: [{ code: "access.user-taken" }],
    });
  });

  it.each(["a string", null, undefined, new Error("boom"), {}])(
    "makes %s a failure with a sentence",
    (thrown) => {
      const failure = toFailure(thrown);
      expect(failure.code).toBe("page.unreachable");
      expect(failure.text["zh-CN"]).toContain("重新打开");
    },
  );

  it("says when the session is over, and to no one who stopped listening", async () => {
    mockDesk({
      home: () => {
        throw refusal("access.not-logged-in", "请先登录。");
      },
    });
    const heard = vi.fn();
    const stop = onSessionOver(heard);
    await desk.home().catch(() => {});
    stop();
    await desk.home().catch(() => {});
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("picks the language, and Simplified Chinese when it is missing", () => {
    const text = { "zh-CN": "简", "zh-TW": "", en: "E" };
    expect(pickText(text, "en")).toBe("E");
    expect(pickText(text, "zh-TW")).toBe("简");
    expect(pickText(text, "fr")).toBe("简");
  });
});
