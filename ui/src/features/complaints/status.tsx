/** Where a complaint stands, and how soon it is to be looked at. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { type ComplaintData, type ComplaintStatus, useText } from "@/lib/desk";
import "@/components/claim-status.css";

const TONE: { [status in ComplaintStatus]: "work" | "wait" | "done" | "closed" } = {
  received: "work",
  awaiting_more: "wait",
  accepted: "work",
  assessed: "work",
  assigned: "work",
  investigating: "work",
  proposed: "wait",
  negotiating: "work",
  decided: "work",
  told: "wait",
  followed_up: "work",
  closed: "done",
  archived: "done",
  not_a_complaint: "closed",
  withdrawn: "closed",
  merged: "closed",
};

/** Every status, in order of the flow. */
export const STATUSES = Object.keys(TONE) as ComplaintStatus[];

/** Always its word, with a mark whose colour only repeats it. */
export function ComplaintStatusTag({ status }: { status: ComplaintStatus }) {
  const { t } = useTranslation("complaints");
  return (
    <span
      className={`claim-status claim-status-${TONE[status]}`}
      data-testid="complaint-status"
      data-status={status}
    >
      {t(`status.${status}`)}
    </span>
  );
}

const COLOURS: { [priority: number]: string } = { 1: "error", 2: "warning" };

/** The priority by its name in the data. */
export function PriorityTag({
  priority,
  data,
}: {
  priority: number | null;
  data: ComplaintData | undefined;
}) {
  const text = useText();
  const name = data?.priorities[String(priority)];
  if (priority === null || !name) return null;
  return <Tag color={COLOURS[priority] ?? "default"}>{text(name)}</Tag>;
}
