/** Language and theme of this computer. */
import { Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { Language } from "@/lib/desk";
import { LANGUAGES, setLanguage } from "@/lib/i18n";
import { setPreferences, usePreferences } from "@/lib/preferences";
import { LOOKS, type Look } from "@/theme/tokens";

/** The two choices; both take effect at once. */
export function Looks() {
  const { t, i18n } = useTranslation("settings");
  const { look } = usePreferences();
  return (
    <div className="stack">
      <section className="stack-tight">
        <h2 id="settings-language">{t("language")}</h2>
        <Radio.Group
          aria-labelledby="settings-language"
          value={i18n.language}
          onChange={(event) => void setLanguage(event.target.value as Language)}
          options={LANGUAGES.map((language) => ({
            value: language,
            label: <span data-testid={`language-${language}`}>{t(`common:language.${language}`)}</span>,
          }))}
        />
      </section>
      <section className="stack-tight">
        <h2 id="settings-look">{t("look")}</h2>
        <Radio.Group
          aria-labelledby="settings-look"
          value={look}
          onChange={(event) => setPreferences({ look: event.target.value as Look })}
          options={LOOKS.map((one) => ({
            value: one,
            label: <span data-testid={`look-${one}`}>{t(`looks.${one}`)}</span>,
          }))}
        />
      </section>
      <section className="stack-tight">
        <h2>{t("zoom")}</h2>
        <p className="quiet">{t("zoomHint")}</p>
      </section>
    </div>
  );
}
