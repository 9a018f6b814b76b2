import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isKnownCode, severityOf } from "@/lib/severity";

const MESSAGES = join(__dirname, "../../../assets/messages");

describe("severityOf", () => {
  it.each([
    ["claim.duplicate-suspected", "warning"],
    ["access.denied", "error"],
    ["access.back-off", "warning"],
    ["storage.disk-full", "error"],
    ["storage.repaired", "info"],
    ["from-a-newer-version.unheard-of", "error"],
    ["nothing", "error"],
    ["constructor", "error"],
    ["", "error"],
  ])("%s speaks as %s", (code, expected) => {
    expect(severityOf(code)).toBe(expected);
  });

  it("knows every code the desk has a sentence for", () => {
    const codes = readdirSync(MESSAGES)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(MESSAGES, file), "utf8"))));
    expect(codes.length, "the message files were found").toBeGreaterThan(50);
    expect(codes.filter((code) => !isKnownCode(code))).toEqual([]);
  });
});
