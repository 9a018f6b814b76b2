/** What this computer remembers about its looks. Nothing here is about a person or a claim. */
import { useSyncExternalStore } from "react";
import { LOOKS, type Look } from "@/theme/tokens";

interface Preferences {
  look: Look;
  railNarrow: boolean;
}

const STORED = "claims-desk.preferences";
const listeners = new Set<() => void>();

function read(): Preferences {
  const initial: Preferences = { look: "light", railNarrow: false };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    if (typeof kept !== "object" || kept === null) return initial;
    const look = LOOKS.find((one) => "look" in kept && one === kept.look);
    return { look: look ?? initial.look, railNarrow: "railNarrow" in kept && kept.railNarrow === true };
  } catch {
    return initial;
  }
}

let current = read();

/** Changes some preferences and remembers them. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(STORED, JSON.stringify(current));
  for (const listener of listeners) listener();
}

/** The preferences, followed by whoever shows them. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
