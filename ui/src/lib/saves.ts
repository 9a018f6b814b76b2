/** What this page saved: how many saves are under way, and when the last one succeeded. */
import { useSyncExternalStore } from "react";

interface Saves {
  pending: number;
  /** Milliseconds since 1970; null until something was saved. */
  savedAt: number | null;
}

let saves: Saves = { pending: 0, savedAt: null };
const listeners = new Set<() => void>();

function put(next: Saves): void {
  saves = next;
  for (const listener of [...listeners]) listener();
}

/** Counts a save until it is answered. A refused one leaves the last success as it was. */
export async function countSave<T>(save: Promise<T>): Promise<T> {
  put({ ...saves, pending: saves.pending + 1 });
  try {
    const answer = await save;
    put({ ...saves, savedAt: Date.now() });
    return answer;
  } finally {
    put({ ...saves, pending: saves.pending - 1 });
  }
}

/** How many saves wait for their answer. */
export function savesUnderWay(): number {
  return saves.pending;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The saves of this page, as they are now. */
export function useSaves(): Saves {
  return useSyncExternalStore(subscribe, () => saves);
}
