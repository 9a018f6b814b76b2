/** The quiet page around set-up, unlocking and log-in. */
import { Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Language } from "@/lib/desk";
import { LANGUAGES, setLanguage } from "@/lib/i18n";
import "./access.css";

/** A centred card with the program's name and the choice of language. */
export function AccessShell({
  wide = false,
  subtitle,
  children,
}: {
  wide?: boolean;
  subtitle?: string | undefined;
  children: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  return (
    <main className="centred access-page">
      <div className={wide ? "panel access-card access-card-wide" : "panel access-card"}>
        <div className="access-brand">
          <h1>{t("app")}</h1>
          {subtitle && <span className="quiet">{subtitle}</span>}
        </div>
        {children}
      </div>
      <div className="access-language">
        <Select<Language>
          size="small"
          variant="borderless"
          aria-label={t("access:language")}
          data-testid="access-language"
          value={i18n.language as Language}
          onChange={(language) => void setLanguage(language)}
          options={LANGUAGES.map((language) => ({ value: language, label: t(`language.${language}`) }))}
          popupMatchSelectWidth={false}
          // Inside the lock's dialog a popup elsewhere would lie beneath it.
          getPopupContainer={(trigger) => trigger.parentElement ?? document.body}
        />
      </div>
    </main>
  );
}
