// Everything that happened to a claim, the newest first: who, when, from where to where, and why.

import { Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { type ClaimFile, type JsonValue, type TimelineEvent, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";

export function ClaimTimeline({ file }: { file: ClaimFile }) {
  const events = [...file.timeline].sort((left, right) => right.at.localeCompare(left.at));
  return (
    <Timeline
      className="claim-timeline"
      data-testid="timeline"
      items={events.map((event) => ({
        key: event.id,
        color: colourOf(event),
        content: <Event event={event} />,
      }))}
    />
  );
}

function colourOf(event: TimelineEvent): string {
  if (event.to === "refused" || event.to === "withdrawn") return "red";
  if (event.to === "paid") return "green";
  return event.to && event.to !== event.from ? "blue" : "gray";
}

const TOLD = ["summary", "with", "told", "asked_by", "how", "count"];

function factsOf(data: JsonValue): { [key: string]: JsonValue } {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
}

function plain(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function Event({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation("claim");
  const text = useText();
  const said = TOLD.map((key) => plain(factsOf(event.data)[key])).filter((value) => value !== "");
  const words = said.map((value) => t(`means.${value}`, { defaultValue: value }));
  return (
    <div data-testid={`event-${event.command}`}>
      <div>
        <strong>{text(event.label)}</strong>
        {event.to !== null && event.to !== event.from && (
          <span className="quiet"> → {t(`common:status.${event.to}`)}</span>
        )}
      </div>
      <div className="quiet figures timeline-when">
        {formatShort(event.at)} · {event.actor}
      </div>
      {words.length > 0 && <div>{words.join(" · ")}</div>}
      {event.reason && <div>{t("timeline.reason", { reason: event.reason })}</div>}
    </div>
  );
}
