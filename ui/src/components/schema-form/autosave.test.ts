import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FieldSaver } from "./autosave";
import { DraftStore } from "./draft-store";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A desk whose saves fail as long as told, and take as long as told. */
function desk() {
  const saved: [string, unknown][] = [];
  const state = { failing: false, slow: 0 };
  const save = async (path: string, value: unknown): Promise<void> => {
    if (state.slow > 0) await new Promise((resolve) => setTimeout(resolve, state.slow));
    if (state.failing) throw { code: "storage.failed" };
    saved.push([path, value]);
  };
  return { saved, state, save };
}

describe("autosave", () => {
  it("saves the last of what is typed within 300 ms, once", async () => {
    const { saved, save } = desk();
    const saver = new FieldSaver(save);
    for (const text of ["追", "追尾", "追尾事故"]) saver.change("answers.story", text);
    expect(saver.state("answers.story")?.status).toBe("dirty");
    await vi.advanceTimersByTimeAsync(300);
    expect(saved).toEqual([["answers.story", "追尾事故"]]);
    expect(saver.state("answers.story")?.status).toBe("saved");
    expect(saver.totals().unsaved).toBe(0);
  });

  it("never waits longer than 300 ms, whatever delay is asked for", async () => {
    const { saved, save } = desk();
    new FieldSaver(save, { delay: 60_000 }).change("a", 1);
    await vi.advanceTimersByTimeAsync(300);
    expect(saved).toEqual([["a", 1]]);
  });

  it("keeps and shows what could not be saved, tries again by itself, and then is saved", async () => {
    const { saved, save, state } = desk();
    state.failing = true;
    const saver = new FieldSaver(save, { retryFirst: 1_000, retryLast: 4_000 });
    saver.change("answers.story", "不能丢的文字");
    await vi.advanceTimersByTimeAsync(300);
    expect(saver.state("answers.story")).toEqual({ status: "failed", error: { code: "storage.failed" } });
    expect(saver.totals()).toEqual({ unsaved: 1, failed: 1, error: { code: "storage.failed" } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saver.state("answers.story")?.status).toBe("failed");
    state.failing = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(saved).toEqual([["answers.story", "不能丢的文字"]]);
    expect(saver.totals()).toEqual({ unsaved: 0, failed: 0, error: null });
  });

  it("flush says truthfully whether everything is saved", async () => {
    const { saved, save, state } = desk();
    const saver = new FieldSaver(save);
    saver.change("a", "1");
    saver.change("b", "2");
    expect(await saver.flush()).toBe(true);
    expect(saved).toHaveLength(2);
    state.failing = true;
    saver.change("a", "3");
    expect(await saver.flush()).toBe(false);
    state.failing = false;
    expect(await saver.flush()).toBe(true);
    expect(saved.at(-1)).toEqual(["a", "3"]);
  });

  it("sends a newer value after an older one, never beside it", async () => {
    const { saved, save, state } = desk();
    state.slow = 1_000;
    const saver = new FieldSaver(save);
    saver.change("a", "old");
    await vi.advanceTimersByTimeAsync(300);
    saver.change("a", "new");
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(await flushed).toBe(true);
    expect(saved).toEqual([
      ["a", "old"],
      ["a", "new"],
    ]);
    expect(saver.state("a")?.status).toBe("saved");
  });

  it("a retry does not overwrite what was typed meanwhile", async () => {
    const { saved, save, state } = desk();
    state.failing = true;
    const saver = new FieldSaver(save, { retryFirst: 1_000 });
    saver.change("a", "old");
    await vi.advanceTimersByTimeAsync(300);
    saver.change("a", "new");
    state.failing = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved).toEqual([["a", "new"]]);
  });
});

describe("the draft's store", () => {
  it("saves on page hide what is still waiting", async () => {
    const { saved, save } = desk();
    const store = new DraftStore({}, save);
    const stop = store.flushWhenHidden(window);
    store.set("answers.story", "刚打的字");
    window.dispatchEvent(new Event("pagehide"));
    await vi.advanceTimersByTimeAsync(0);
    expect(saved).toEqual([["answers.story", "刚打的字"]]);
    stop();
  });

  it("does not save what did not change, and empties to null", async () => {
    const { saved, save } = desk();
    const store = new DraftStore({ "answers.a": "1" }, save);
    store.set("answers.a", "1");
    store.set("answers.b", "");
    await vi.advanceTimersByTimeAsync(400);
    expect(saved).toEqual([]);
    store.set("answers.a", "");
    await store.flush();
    expect(saved).toEqual([["answers.a", null]]);
    expect(store.answers()).toEqual({});
  });

  it("a prefill does not overwrite what waits to be saved", () => {
    const { save } = desk();
    const store = new DraftStore({ "policy.no": "OLD" }, save);
    store.set("policy.holder", "王建国");
    store.merge({ "policy.holder": "李四", "policy.no": "NEW" });
    expect(store.fields()).toEqual({ "policy.holder": "王建国", "policy.no": "NEW" });
  });
});
