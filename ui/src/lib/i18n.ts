/** Languages of the page. Each file under src/locales/<language>/ is a namespace; all are in the bundle. */
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import "dayjs/locale/zh-tw";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language, Text } from "@/lib/desk";

export const LANGUAGES: readonly Language[] = ["zh-CN", "zh-TW", "en"];

const STORED = "claims-desk.language";

const files = import.meta.glob<Record<string, unknown>>("../locales/*/*.json", {
  eager: true,
  import: "default",
});

/** `{language: {namespace: {...}}}` from the files. */
export const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, content] of Object.entries(files)) {
  const [language, file] = path.split("/").slice(-2);
  if (!language || !file) continue;
  resources[language] ??= {};
  resources[language][file.replace(/\.json$/, "")] = content;
}

function stored(): Language {
  const value = localStorage.getItem(STORED);
  return LANGUAGES.find((language) => language === value) ?? "zh-CN";
}

const DAYJS_LOCALE: Record<Language, string> = { "zh-CN": "zh-cn", "zh-TW": "zh-tw", en: "en" };

function follow(language: Language) {
  dayjs.locale(DAYJS_LOCALE[language]);
  document.documentElement.lang = language;
}

/** Switches the page's language and remembers it for this computer. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  follow(language);
  await i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  resources,
  lng: stored(),
  fallbackLng: "zh-CN",
  defaultNS: "common",
  ns: Object.keys(resources["zh-CN"] ?? {}),
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
});
follow(stored());

/** A sentence of the page in all languages, as the desk sends its own: `textOf("common:page.unreachable")`. */
export function textOf(key: string, values: Record<string, string> = {}): Text {
  const said = (language: Language): string => i18next.getFixedT(language)(key, values);
  return { "zh-CN": said("zh-CN"), "zh-TW": said("zh-TW"), en: said("en") };
}
