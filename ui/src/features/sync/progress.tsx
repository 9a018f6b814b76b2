/** How far the branch's records have come, with an estimate while many are still under way. */
import { Progress as Bar } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SyncReport } from "@/lib/desk";
import { minutesLeft, type Sample } from "./estimate";

/** The bar; a line of text once everything is here. */
export function Progress({ report }: { report: SyncReport }) {
  const { t } = useTranslation("sync");
  const first = useRef<Sample | null>(null);
  const now = { at: Date.now(), applied: report.applied };
  // Begun anew, and the hub's answer was not taken yet: numbers would say that nothing is here, and all of it is.
  if (report.rebuilding && report.head === 0) {
    return (
      <p className="quiet" data-testid="sync-rebuilding">
        {t("rebuildingSoon")}
      </p>
    );
  }
  if (report.applied >= report.head) {
    first.current = null;
    return (
      <p className="quiet" data-testid="sync-complete">
        {t(report.trouble ? "completeThen" : "complete", { applied: report.applied })}
      </p>
    );
  }
  first.current ??= now;
  const minutes = minutesLeft(first.current, now, report.head);
  const percent = Math.floor((100 * report.applied) / Math.max(1, report.head));
  return (
    <div data-testid="sync-progress">
      <Bar percent={percent} aria-label={t("progress", { applied: report.applied, head: report.head })} />
      <p className="quiet figures">
        {t(report.rebuilding ? "rebuilding" : "progress", { applied: report.applied, head: report.head })}
        {minutes !== null && ` · ${t("left", { count: minutes })}`}
      </p>
    </div>
  );
}
