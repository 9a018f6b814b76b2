import { describe, expect, it } from "vitest";
import { fileToBase64 } from "@/lib/base64";
import { bytesOf, filesOf, LARGEST, refusalOf } from "./bytes";

describe("attachments", () => {
  it("are refused by size before anything is read", () => {
    expect(refusalOf({ size: 0 })).toBe("empty");
    expect(refusalOf({ size: LARGEST })).toBeNull();
    expect(refusalOf({ size: LARGEST + 1 })).toBe("too_large");
    expect(refusalOf({ size: 3 * 1024 ** 3 })).toBe("too_large");
  });

  it("travel as base64 and come back byte by byte", async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const base64 = await fileToBase64(new Blob([bytes]));
    expect([...bytesOf(base64)]).toEqual([...bytes]);
  });

  it("from the clipboard get a name", () => {
    const pasted = new File(["x"], "image.png", { type: "image/png" });
    const dropped = new File(["x"], "驾驶证.jpg", { type: "image/jpeg" });
    const data = { files: [pasted, dropped] } as unknown as DataTransfer;
    expect(filesOf(data, "粘贴的图片").map((file) => file.name)).toEqual(["粘贴的图片.png", "驾驶证.jpg"]);
    expect(filesOf(null, "x")).toEqual([]);
  });
});
