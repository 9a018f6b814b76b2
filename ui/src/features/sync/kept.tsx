/** What the hub keeps for review, and what did not fit: told, never dropped. */
import { useTranslation } from "react-i18next";
import { type IncidentRow, type ParkedRow, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";

/** Own operations the hub took without applying them. */
export function Parked({ rows }: { rows: ParkedRow[] }) {
  const { t } = useTranslation("sync");
  const text = useText();
  return (
    <section className="panel" data-testid="parked">
      <div className="panel-head">
        <h2>{t("parked.title", { count: rows.length })}</h2>
      </div>
      <div className="panel-body stack-tight">
        <p className="quiet">{t("parked.intro")}</p>
        <ul className="sync-devices">
          {rows.map((row) => (
            <li key={row.id}>
              {text(row.what)} · {t(`parked.${row.reason}`, { defaultValue: row.reason })} ·{" "}
              <span className="quiet figures">{formatShort(row.at)}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Longer than this it is evidence, shown when asked for. */
const SHORT = 80;

/** What was found not to fit and put right. */
export function Incidents({ rows }: { rows: IncidentRow[] }) {
  const { t } = useTranslation("sync");
  return (
    <section className="panel" data-testid="incidents">
      <div className="panel-head">
        <h2>{t("incidents.title")}</h2>
      </div>
      <div className="panel-body">
        <ul className="sync-devices">
          {rows.map((row) => (
            <li key={`${row.at}${row.kind}${row.detail}`}>
              {t(`incidents.${row.kind}`, { defaultValue: row.kind })}{" "}
              <span className="quiet figures">
                {formatShort(row.at)} {row.detail.length < SHORT && row.detail}
              </span>
              {row.detail.length >= SHORT && (
                <details>
                  <summary className="quiet">{t("incidents.evidence")}</summary>
                  <pre className="sync-evidence">{row.detail}</pre>
                </details>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
