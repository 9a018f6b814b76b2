// What may be attached, and how its bytes travel: refused by size before anything is read, then base64 in one go
// by the browser's own reader (no string arithmetic on 20 MiB).

export const LARGEST = 20 * 1024 * 1024;

export type FileRefusal = "empty" | "too_large" | "unreadable";

/** Why the file cannot be attached, known before it is read. */
export function refusalOf(file: Pick<File, "size">): FileRefusal | null {
  if (file.size === 0) return "empty";
  return file.size > LARGEST ? "too_large" : null;
}

/** The file's bytes as base64. Rejects when the file cannot be read. */
export function readBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.onload = () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(",") + 1));
    };
    reader.readAsDataURL(file);
  });
}

/** Bytes for a viewer. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The files of a drop or a paste, named when the clipboard has none. */
export function filesOf(data: DataTransfer | null, pastedName: string): File[] {
  if (!data) return [];
  return [...data.files].map((file) =>
    file.name && file.name !== "image.png"
      ? file
      : new File([file], `${pastedName}.${file.type.split("/")[1] ?? "png"}`, { type: file.type }),
  );
}
