/** What is typed into a form that is no visit: the desk keeps it until the form is sent, so that a kill takes no word. */
import { FieldSaver } from "@/components/schema-form/autosave";
import { desk, type JsonValue } from "@/lib/desk";

const saver = new FieldSaver((place, value) => desk.typedSave(place, value));
for (const event of ["pagehide", "beforeunload", "blur"])
  window.addEventListener(event, () => void saver.flush());

/** Keeps what is typed at a place, soon; `null` forgets it. */
export function keepTyped(place: string, value: JsonValue): void {
  saver.change(place, value);
}

/** What was typed there before. A desk that cannot say is no reason to keep anyone from typing. */
export async function typedAt(place: string): Promise<JsonValue> {
  await saver.flush(place);
  return desk.typedGet(place).catch(() => null);
}
