/** A claim's state: always its word, with a mark whose colour only repeats it. */
import { useTranslation } from "react-i18next";
import type { ClaimStatus } from "@/lib/desk";
import "./claim-status.css";

const TONE: Record<ClaimStatus, "work" | "wait" | "done" | "closed"> = {
  registered: "work",
  papers_asked: "wait",
  papers_complete: "work",
  assessing: "work",
  assessed: "work",
  decided: "work",
  notified: "wait",
  agreed: "work",
  paid: "done",
  refused: "closed",
  withdrawn: "closed",
};

/** The state in a list or a heading. */
export function ClaimStatusTag({ status }: { status: ClaimStatus }) {
  const { t } = useTranslation();
  return (
    <span
      className={`claim-status claim-status-${TONE[status]}`}
      data-testid="claim-status"
      data-status={status}
    >
      {t(`status.${status}`)}
    </span>
  );
}
