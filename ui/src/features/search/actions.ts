/** The actions the search offers beside what it finds. */
import type { Right } from "@/lib/desk";

type ActionId = "visit" | "home" | "claims" | "import" | "sync" | "settings" | "changeUser" | "lock";

export interface PaletteAction {
  id: ActionId;
  path: string | null;
  right: Right | null;
}

export const ACTIONS: readonly PaletteAction[] = [
  { id: "visit", path: "/visit/new", right: "claim_register" },
  { id: "home", path: "/", right: null },
  { id: "claims", path: "/claims", right: "claim_read" },
  { id: "import", path: "/import", right: "import" },
  { id: "sync", path: "/sync", right: null },
  { id: "settings", path: "/settings", right: null },
  { id: "changeUser", path: null, right: null },
  { id: "lock", path: null, right: null },
];

/** Whether an action's name or one of its keywords (pinyin, initials, English) begins with or holds what was typed. */
export function actionMatches(query: string, label: string, keywords: string): boolean {
  const wanted = query.trim().toLowerCase().replace(/\s+/g, "");
  if (wanted === "") return true;
  if (label.toLowerCase().replace(/\s+/g, "").includes(wanted)) return true;
  return keywords.split(" ").some((keyword) => keyword.startsWith(wanted));
}
