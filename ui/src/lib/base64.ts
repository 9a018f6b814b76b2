/** A file's bytes as base64, the way they travel to Rust. */
import { pageFailure } from "@/lib/desk";

/** Reads a chosen or dropped file in one go by the browser's own reader: no string arithmetic on megabytes. */
export function fileToBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => {
      const url = typeof reader.result === "string" ? reader.result : "";
      resolve(url.slice(url.indexOf(",") + 1));
    };
    reader.readAsDataURL(file);
  });
}

/** Larger files are not read into the page at all; the desk's own limits are lower and say so themselves. */
const READ_AT_MOST = 256 * 1024 * 1024;

/** Reads a file of any kind, or says what would be right. */
export async function readWhole(file: File): Promise<string> {
  if (file.size > READ_AT_MOST) throw pageFailure("file-too-large");
  return fileToBase64(file).catch(() => {
    throw pageFailure("file-unreadable", { name: file.name });
  });
}
