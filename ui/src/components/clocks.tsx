/** The time limits that run over a file: when each is due, how it stands, and how that came out. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { type ClockRow, type ClockStanding, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import "./clocks.css";

const COLOURS: { [state in ClockStanding]: string } = {
  running: "blue",
  paused: "default",
  near: "warning",
  met: "success",
  met_late: "error",
  breached: "error",
  elapsed: "default",
};

/** How a clock stands, in a word. */
export function ClockTag({ state }: { state: ClockStanding }) {
  const { t } = useTranslation("clocks");
  return <Tag color={COLOURS[state]}>{t(`state.${state}`)}</Tag>;
}

/** All of them, those that something has to be done before first. */
export function Clocks({ rows }: { rows: ClockRow[] }) {
  const { t } = useTranslation("clocks");
  if (rows.length === 0) return null;
  const ordered = [...rows].sort((one, two) => Number(one.keep) - Number(two.keep));
  return (
    <section data-testid="clocks">
      <p className="sf-title">{t("title")}</p>
      <ul className="plain-list clocks">
        {ordered.map((row) => (
          <ClockLine key={row.rule} row={row} />
        ))}
      </ul>
    </section>
  );
}

function ClockLine({ row }: { row: ClockRow }) {
  const { t } = useTranslation("clocks");
  const text = useText();
  const due = row.due ?? row.earliest;
  return (
    <li data-testid={`clock-${row.rule}`}>
      <details>
        <summary>
          <span className="clocks-name">{text(row.name)}</span>
          {row.problem === null && !row.keep && <ClockTag state={row.state} />}
          <span className="figures">
            {due !== null &&
              t(row.keep ? "kept" : row.due === null ? "earliest" : "due", { at: formatShort(due) })}
          </span>
          {row.unverified && <Tag color="warning">{t("unverified")}</Tag>}
          {!row.statutory && <Tag>{t("internal")}</Tag>}
          {row.no_calendar.length > 0 && (
            <Tag color="warning">{t("noCalendar", { years: row.no_calendar.join(", ") })}</Tag>
          )}
        </summary>
        <p className="quiet">{text(row.source)}</p>
        {row.problem !== null && <p>{text(row.problem.message)}</p>}
        <ol className="quiet">
          {row.explain.map((step) => (
            <li key={step.en}>{text(step)}</li>
          ))}
        </ol>
      </details>
    </li>
  );
}
