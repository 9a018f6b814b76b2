// The fields of one open draft: what the screen shows, and the saver behind it. Framework-free.

import type { JsonValue } from "@/lib/desk";
import { FieldSaver, type FieldState, type SaveTotals } from "./autosave";
import type { Answers } from "./conditions";

export type Fields = { [path: string]: JsonValue };

const ANSWERS = "answers.";

export class DraftStore {
  #fields: Fields;
  #answers: Answers;
  /** What stands under one first word (`parties`, `documents`, …), kept until something under it changes. */
  readonly #sections = new Map<string, Fields>();
  readonly #saver: FieldSaver;
  readonly #listeners = new Set<() => void>();

  constructor(fields: Fields, save: (path: string, value: JsonValue) => Promise<unknown>, delay = 250) {
    this.#fields = { ...fields };
    this.#answers = answersOf(this.#fields);
    this.#saver = new FieldSaver(save, { delay });
  }

  value = (path: string): JsonValue => this.#fields[path] ?? null;
  fields = (): Fields => this.#fields;
  answers = (): Answers => this.#answers;

  section = (name: string): Fields => {
    const known = this.#sections.get(name);
    if (known) return known;
    const found = Object.fromEntries(
      Object.entries(this.#fields).filter(([path]) => path.startsWith(`${name}.`)),
    );
    this.#sections.set(name, found);
    return found;
  };
  state = (path: string): FieldState | null => this.#saver.state(path);
  totals = (): SaveTotals => this.#saver.totals();

  /** Takes a value as typed. An emptied field is saved as null. */
  set = (path: string, value: JsonValue): void => {
    const stored = value === "" ? null : value;
    if (JSON.stringify(this.#fields[path] ?? null) === JSON.stringify(stored)) return;
    this.#put({ [path]: stored });
    this.#saver.change(path, stored);
  };

  /** Takes what Rust holds now (after a prefill), except where something newer waits to be saved. */
  merge = (fields: Fields): void => {
    const waiting = (path: string): boolean => {
      const state = this.#saver.state(path);
      return state !== null && state.status !== "saved";
    };
    this.#put(Object.fromEntries(Object.entries(fields).filter(([path]) => !waiting(path))));
  };

  flush = (path?: string): Promise<boolean> => this.#saver.flush(path);

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    const stop = this.#saver.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  };

  /** Sends what waits when the window is hidden, closed or loses the focus. Returns the undo. */
  flushWhenHidden(target: Window): () => void {
    const send = (): void => void this.flush();
    const hidden = (): void => {
      if (target.document.visibilityState === "hidden") send();
    };
    target.addEventListener("pagehide", send);
    target.addEventListener("beforeunload", send);
    target.addEventListener("blur", send);
    target.document.addEventListener("visibilitychange", hidden);
    return () => {
      target.removeEventListener("pagehide", send);
      target.removeEventListener("beforeunload", send);
      target.removeEventListener("blur", send);
      target.document.removeEventListener("visibilitychange", hidden);
      send();
    };
  }

  #put(changes: Fields): void {
    this.#fields = { ...this.#fields, ...changes };
    for (const path of Object.keys(changes)) this.#sections.delete(path.split(".", 1)[0] ?? "");
    if (Object.keys(changes).some((path) => path.startsWith(ANSWERS)))
      this.#answers = answersOf(this.#fields);
    for (const listener of [...this.#listeners]) listener();
  }
}

function answersOf(fields: Fields): Answers {
  const answers: Answers = {};
  for (const [path, value] of Object.entries(fields)) {
    if (path.startsWith(ANSWERS) && value !== null) answers[path.slice(ANSWERS.length)] = value;
  }
  return answers;
}
