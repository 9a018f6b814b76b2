/** The one way from the page to Rust: the generated commands, with what they throw made into DeskFailure. */
import { useTranslation } from "react-i18next";
import { commands, type DeskError, type Language, type Text } from "@/generated/bindings";

export type * from "@/generated/bindings";

/** A refusal or failure of a command. `text` says what would be right, in three languages. */
export class DeskFailure extends Error {
  readonly code: string;
  readonly text: Text;
  readonly field: string | null;
  readonly details: DeskError[];

  constructor(error: DeskError) {
    super(error.code);
    this.name = "DeskFailure";
    this.code = error.code;
    this.text = error.message;
    this.field = error.field;
    this.details = error.details;
  }
}

/** The page's own code for an answer that is no DeskError: the main process is gone or speaks another version. */
const UNREACHABLE: DeskError = {
  code: "page.unreachable",
  message: {
    "zh-CN": "程序内部没有应答。您填写的内容已逐项保存，请重新打开程序后继续。",
    "zh-TW": "程式內部沒有回應。您填寫的內容已逐項儲存，請重新開啟程式後繼續。",
    en: "The program did not answer. What you typed is saved field by field; reopen the program and go on.",
  },
  field: null,
  details: [],
};

function isDeskError(value: unknown): value is DeskError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Whatever was thrown, as a DeskFailure. */
export function toFailure(thrown: unknown): DeskFailure {
  if (thrown instanceof DeskFailure) return thrown;
  return new DeskFailure(isDeskError(thrown) ? thrown : UNREACHABLE);
}

/** The code that says the session is over: idle too long by the desk's own clock, or ended elsewhere. */
const SESSION_OVER = "access.not-logged-in";

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

function wrap<C extends AnyCommand>(command: C): C {
  const wrapped = async (...args: Parameters<C>) => {
    try {
      return await command(...args);
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
  Object.entries(commands).map(([name, command]) => [name, wrap(command as AnyCommand)]),
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
