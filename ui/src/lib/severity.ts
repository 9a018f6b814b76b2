/** How loudly each code speaks. A code of an unknown area speaks as an error, with the sentence it brought. */

export type Severity = "info" | "warning" | "error";

/** What someone can put right at the counter is a warning; what needs an administrator or a repair is an error. */
const BY_AREA: Readonly<Record<string, Severity>> = {
  identity: "warning",
  template: "warning",
  claim: "warning",
  complaint: "warning",
  party: "warning",
  policy: "warning",
  attachment: "warning",
  import: "warning",
  print: "warning",
  access: "warning",
  clock: "warning",
  sync: "warning",
  storage: "error",
  command: "error",
  page: "error",
};

/** Codes that speak otherwise than their area. */
const BY_CODE: Readonly<Record<string, Severity>> = {
  "access.denied": "error",
  "import.note-merged": "info",
  "import.note-formulas": "info",
  "import.note-other-sheets": "info",
  "import.zip-bomb": "error",
  "attachment.executable": "error",
  "print.layout-broken": "error",
  "storage.repaired": "info",
  "storage.keyring-unavailable": "warning",
  "storage.recovery-code-wrong": "warning",
  "storage.recovery-code-mistyped": "warning",
  "storage.profile-busy": "warning",
  "storage.profile-moved": "warning",
  "storage.backup-inside": "warning",
  "storage.backup-none": "warning",
  "storage.backup-no-folder": "warning",
  "sync.diverged": "error",
  "sync.log-rewritten": "error",
  "sync.hub-changed": "error",
  "storage.no-key": "warning",
  "page.file-too-large": "warning",
  "page.file-unreadable": "warning",
};

function areaOf(code: string): string {
  return code.slice(0, Math.max(0, code.indexOf(".")));
}

/** Whether the table knows the code's area or the code itself. */
export function isKnownCode(code: string): boolean {
  return Object.hasOwn(BY_CODE, code) || Object.hasOwn(BY_AREA, areaOf(code));
}

/** The severity of a code. */
export function severityOf(code: string): Severity {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? "error";
  const area = areaOf(code);
  return Object.hasOwn(BY_AREA, area) ? (BY_AREA[area] ?? "error") : "error";
}
