// React's side of the draft store: each field re-renders only when its own value or state changes.

import { createContext, useContext, useSyncExternalStore } from "react";
import type { JsonValue } from "@/lib/desk";
import type { FieldState, SaveTotals } from "./autosave";
import type { Answers } from "./conditions";
import type { DraftStore, Fields } from "./draft-store";

const DraftContext = createContext<DraftStore | null>(null);

export const DraftProvider = DraftContext.Provider;

export function useDraft(): DraftStore {
  const store = useContext(DraftContext);
  if (!store) throw new Error("a draft field needs a DraftProvider around it");
  return store;
}

export function useDraftValue(path: string): JsonValue {
  const store = useDraft();
  return useSyncExternalStore(store.subscribe, () => store.value(path));
}

export function useDraftText(path: string): string {
  const value = useDraftValue(path);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function useFieldState(path: string): FieldState | null {
  const store = useDraft();
  return useSyncExternalStore(store.subscribe, () => store.state(path));
}

export function useAnswers(): Answers {
  const store = useDraft();
  return useSyncExternalStore(store.subscribe, store.answers);
}

/** The fields under one first word; typing elsewhere does not touch who shows them. */
export function useDraftSection(name: "parties" | "documents" | "policy"): Fields {
  const store = useDraft();
  return useSyncExternalStore(store.subscribe, () => store.section(name));
}

export function useSaveTotals(): SaveTotals {
  const store = useDraft();
  return useSyncExternalStore(store.subscribe, store.totals);
}
