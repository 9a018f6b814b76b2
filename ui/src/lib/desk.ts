/** The one way from the page to Rust: the generated commands, with what they throw made into DeskFailure. */
import { useTranslation } from "react-i18next";
import {
  type Code,
  commands,
  type DeskError,
  type Field,
  type Language,
  type Notice,
  type Status,
  type Text,
  type Value,
} from "@/generated/bindings";
import { textOf } from "@/lib/i18n";
import { countSave } from "@/lib/saves";

/** What a long command tells while it runs comes through one of these. */
export { Channel } from "@tauri-apps/api/core";
export type * from "@/generated/bindings";
/** Names that say on the page what the contract's short ones are of. */
export type JsonValue = Value;
export type ClaimStatus = Status;
export type FieldLayout = Field;

/** The page's own refusals, each with its sentence in `common:page`. */
type PageCode = "unreachable" | "file-too-large" | "file-unreadable";
type Thrown = Omit<DeskError, "code"> & { code: Code | `page.${PageCode}` };

/** A refusal or failure of a command. `text` says what would be right, in three languages. */
export class DeskFailure extends Error {
  readonly code: Thrown["code"];
  readonly text: Text;
  readonly field: string | null;
  readonly details: Notice[];

  constructor(error: Thrown) {
    super(error.code);
    this.name = "DeskFailure";
    this.code = error.code;
    this.text = error.message;
    this.field = error.field;
    this.details = error.details;
  }
}

/** A refusal that the page makes itself. */
export function pageFailure(code: PageCode, values: Record<string, string> = {}): DeskFailure {
  const message = textOf(`common:page.${code}`, values);
  return new DeskFailure({ code: `page.${code}`, message, field: null, details: [] });
}

function isDeskError(value: unknown): value is DeskError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Whatever was thrown, as a DeskFailure. No DeskError: the main process is gone or speaks another version. */
export function toFailure(thrown: unknown): DeskFailure {
  if (thrown instanceof DeskFailure) return thrown;
  return isDeskError(thrown) ? new DeskFailure(thrown) : pageFailure("unreachable");
}

/** The code that says the session is over: idle too long by the desk's own clock, or ended elsewhere. */
const SESSION_OVER: Code = "access.not-logged-in";

const sessionOver = new Set<() => void>();

/** Tells when the desk refuses because no one is logged in any more; returns how to stop listening. */
export function onSessionOver(listener: () => void): () => void {
  sessionOver.add(listener);
  return () => {
    sessionOver.delete(listener);
  };
}

type Commands = typeof commands;
type AnyCommand = (...args: never[]) => Promise<unknown>;

/** The commands that always keep what someone entered; the status line tells of them. */
const SAVES: ReadonlySet<string> = new Set<keyof Commands>([
  "accountChange",
  "accountCreate",
  "attachmentAdd",
  "attachmentVoid",
  "branchChange",
  "claimDo",
  "conflictDecide",
  "claimRegister",
  "draftOpen",
  "draftPrefill",
  "draftSave",
  "typedSave",
  "viewDelete",
  "viewSave",
]);

function saves(name: string, args: readonly unknown[]): boolean {
  const dryRun = args[2];
  return SAVES.has(name) || (name === "importRun" && dryRun === false);
}

function wrap<C extends AnyCommand>(name: string, command: C): C {
  const wrapped = async (...args: Parameters<C>) => {
    try {
      return await (saves(name, args) ? countSave(command(...args)) : command(...args));
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === SESSION_OVER) for (const listener of sessionOver) listener();
      throw failure;
    }
  };
  return wrapped as unknown as C;
}

/** Every command of the contract; a refusal arrives as DeskFailure. */
export const desk: Commands = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [name, wrap(name, command as AnyCommand)]),
) as Commands;

/** Picks a Text's sentence in a language, falling back to Simplified Chinese when it is empty. */
export function pickText(text: Text, language: string): string {
  const picked = text[language as Language];
  return picked ? picked : text["zh-CN"];
}

/** Picks Text by the page's current language: `const text = useText(); text(template.name)`. */
export function useText(): (text: Text | null | undefined) => string {
  const { i18n } = useTranslation();
  return (text) => (text ? pickText(text, i18n.language) : "");
}
