// What may be attached, refused by size before anything is read, and bytes for a viewer.

export const LARGEST = 20 * 1024 * 1024;

export type FileRefusal = "empty" | "too_large" | "unreadable";

/** Why the file cannot be attached, known before it is read. */
export function refusalOf(file: Pick<File, "size">): FileRefusal | null {
  if (file.size === 0) return "empty";
  return file.size > LARGEST ? "too_large" : null;
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
