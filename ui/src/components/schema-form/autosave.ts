// Saves each field of a draft soon after it is typed. Holds every value until its save is confirmed, so a failed
// save loses nothing: it is shown, tried again, and sent at once on flush.

import type { JsonValue } from "@/lib/desk";

type SaveStatus = "dirty" | "saving" | "saved" | "failed";
export type FieldState = { status: SaveStatus; error: unknown };
export type SaveTotals = { unsaved: number; failed: number; error: unknown };

type Save = (path: string, value: JsonValue) => Promise<unknown>;
type Timer = ReturnType<typeof setTimeout>;
type Options = { delay?: number; retryFirst?: number; retryLast?: number };

type Entry = {
  value: JsonValue;
  version: number;
  savedVersion: number;
  failures: number;
  timer: Timer | null;
  running: Promise<void> | null;
  state: FieldState;
};

export class FieldSaver {
  readonly #save: Save;
  readonly #delay: number;
  readonly #retryFirst: number;
  readonly #retryLast: number;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #totals: SaveTotals = { unsaved: 0, failed: 0, error: null };

  constructor(save: Save, options: Options = {}) {
    this.#save = save;
    this.#delay = Math.min(options.delay ?? 250, 300);
    this.#retryFirst = options.retryFirst ?? 1_000;
    this.#retryLast = options.retryLast ?? 15_000;
  }

  /** Remembers the value and saves it after the delay; a newer value for the same path replaces it. */
  change(path: string, value: JsonValue): void {
    const entry = this.#entries.get(path) ?? {
      value,
      version: 0,
      savedVersion: 0,
      failures: 0,
      timer: null,
      running: null,
      state: { status: "dirty", error: null },
    };
    entry.value = value;
    entry.version += 1;
    entry.state = { status: "dirty", error: null };
    this.#entries.set(path, entry);
    this.#schedule(path, entry, this.#delay);
    this.#tell();
  }

  state(path: string): FieldState | null {
    return this.#entries.get(path)?.state ?? null;
  }

  totals(): SaveTotals {
    return this.#totals;
  }

  /** Saves what is waiting, now. True when everything (or the one path) is saved afterwards. */
  async flush(path?: string): Promise<boolean> {
    const paths = path === undefined ? [...this.#entries.keys()] : [path];
    await Promise.all(paths.map((each) => this.#drain(each)));
    return paths.every((each) => {
      const entry = this.#entries.get(each);
      return !entry || entry.savedVersion === entry.version;
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Stops the timers; what is still waiting is sent first. */
  dispose(): void {
    void this.flush();
    for (const entry of this.#entries.values()) {
      if (entry.timer) clearTimeout(entry.timer);
      entry.timer = null;
    }
    this.#listeners.clear();
  }

  #schedule(path: string, entry: Entry, delay: number): void {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      void this.#drain(path);
    }, delay);
  }

  async #drain(path: string): Promise<void> {
    const entry = this.#entries.get(path);
    if (!entry) return;
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    // A save under way may carry an older value: wait for it, then send the newest, never two at once.
    if (entry.running) await entry.running;
    if (entry.savedVersion === entry.version) return;
    entry.running ??= this.#send(path, entry).finally(() => {
      entry.running = null;
    });
    await entry.running;
  }

  async #send(path: string, entry: Entry): Promise<void> {
    const { value, version } = entry;
    entry.state = { status: "saving", error: null };
    this.#tell();
    try {
      await this.#save(path, value);
      entry.savedVersion = version;
      entry.failures = 0;
      if (entry.version === version) entry.state = { status: "saved", error: null };
    } catch (error) {
      entry.failures += 1;
      entry.state = { status: "failed", error };
      if (entry.version === version || !entry.timer) {
        this.#schedule(path, entry, Math.min(this.#retryFirst * 2 ** (entry.failures - 1), this.#retryLast));
      }
    }
    this.#tell();
  }

  #tell(): void {
    let unsaved = 0;
    let failed = 0;
    let error: unknown = null;
    for (const entry of this.#entries.values()) {
      if (entry.savedVersion !== entry.version) unsaved += 1;
      if (entry.state.status === "failed") {
        failed += 1;
        error = entry.state.error;
      }
    }
    this.#totals = { unsaved, failed, error };
    for (const listener of [...this.#listeners]) listener();
  }
}
