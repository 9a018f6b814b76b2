/** A complaint's file: the next steps above, facts and time limits at the left, what happened at the right. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Spin, Tabs, Tag, Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Clocks } from "@/components/clocks";
import { Failure } from "@/components/failure";
import { PrintPane } from "@/components/print/PrintPane";
import { StepBar } from "@/components/steps/step-bar";
import { useSteps } from "@/components/steps/use-steps";
import {
  type ComplaintEvent,
  type ComplaintFile,
  desk,
  type JsonValue,
  type PrintKind,
  type Step,
  useText,
} from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { useMay } from "@/lib/session";
import { ComplaintStatusTag, PriorityTag } from "./status";
import "@/components/schema-form/schema-form.css";
import "../claim/claim.css";

type Act = { command: string; input: JsonValue };

/** The screen. */
export default function ComplaintScreen() {
  const { id = "" } = useParams();
  const { t } = useTranslation("complaints");
  const complaint = useQuery({
    queryKey: ["complaint", id],
    queryFn: () => desk.complaintGet(id),
    retry: false,
  });
  if (complaint.error) {
    return (
      <div className="screen">
        <Failure
          error={complaint.error}
          onRetry={() => void complaint.refetch()}
          testId="complaint-failure"
        />
      </div>
    );
  }
  if (!complaint.data) return <Spin className="centred" description={t("common:loading")} />;
  return <File key={id} file={complaint.data} />;
}

function File({ file }: { file: ComplaintFile }) {
  const { t } = useTranslation("complaints");
  const may = useMay();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: ({ command, input }: Act) => desk.complaintDo(file.id, command, input),
    onSuccess: (after: ComplaintFile) => {
      client.setQueryData(["complaint", file.id], after);
      for (const key of ["complaints", "due", "home"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const printed = () => void client.invalidateQueries({ queryKey: ["complaint", file.id] });
  const tab = (key: string) => <span data-testid={`complaint-tab-${key}`}>{t(`tab.${key}`)}</span>;
  const steps = useSteps({ place: `complaint/${file.id}`, about: null, act, onDone: () => undefined });
  return (
    <div className="claim" data-testid="complaint" data-status={file.status}>
      <Header file={file} onStep={steps.open} />
      {file.conflicts.map((id) => (
        <Alert
          key={id}
          banner
          type="warning"
          title={t("claim:contested")}
          action={<Link to={`/sync/conflicts/${id}`}>{t("claim:contested_open")}</Link>}
        />
      ))}
      <div className="claim-main">
        <div className="claim-tabs">
          <Tabs
            destroyOnHidden
            items={[
              { key: "overview", label: tab("overview"), children: <Overview file={file} /> },
              ...(may("print")
                ? [
                    {
                      key: "prints",
                      label: tab("prints"),
                      children: <PrintPane claimId={file.id} kinds={printsOf(file)} onPrinted={printed} />,
                    },
                  ]
                : []),
            ]}
          />
        </div>
        <aside className="claim-side" aria-label={t("course")}>
          <div className="claim-side-head">
            <h2>{t("course")}</h2>
          </div>
          <Timeline
            className="claim-timeline"
            data-testid="timeline"
            items={[...file.timeline].reverse().map((event) => ({
              key: event.id,
              color: event.to ? "blue" : "gray",
              content: <Event event={event} />,
            }))}
          />
        </aside>
      </div>
      {steps.dialog}
    </div>
  );
}

/** What is known, the limits first. */
function Overview({ file }: { file: ComplaintFile }) {
  const { t } = useTranslation("complaints");
  const text = useText();
  return (
    <div className="stack" data-testid="tab-overview">
      <Clocks rows={file.clocks} />
      <section>
        <p className="sf-title">{t("matter")}</p>
        <p className="claim-text" data-testid="complaint-matter">
          {file.matter}
        </p>
      </section>
      <section>
        <p className="sf-title">{t("facts")}</p>
        <dl className="claim-answers">
          {file.claim_id !== null && (
            <div>
              <dt>{t("claim")}</dt>
              <dd>
                <Link to={`/claims/${encodeURIComponent(file.claim_id)}`} className="figures">
                  {file.claim_no}
                </Link>
              </dd>
            </div>
          )}
          {file.facts.map((fact) => (
            <div key={fact.key} className={text(fact.value).length > 40 ? "sf-span" : ""}>
              <dt>{text(fact.name)}</dt>
              <dd data-testid={`fact-${fact.key}`}>{text(fact.value)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

/** The papers that make sense now, the likeliest first. */
function printsOf(file: ComplaintFile): PrintKind[] {
  const did = (command: string) => file.timeline.some((event) => event.command === command);
  const kinds: PrintKind[] = [];
  if (did("decide")) kinds.push("complaint_decision");
  if (did("extend_complex") || did("extend_special")) kinds.push("complaint_extension");
  if (file.status === "awaiting_more") kinds.push("complaint_more");
  if (did("accept")) kinds.push("complaint_accepted");
  kinds.push("complaint_record");
  return kinds;
}

/** Steps beside the next one that stay in sight; the others lie in the list. */
const IN_SIGHT = 3;

function Header({ file, onStep }: { file: ComplaintFile; onStep: (step: Step) => void }) {
  const { t } = useTranslation("complaints");
  const data = useQuery({ queryKey: ["complaint-data"], queryFn: () => desk.complaintData() });
  const waiting = file.conflicts.length > 0 ? t("contested") : null;
  const onward = file.steps.filter((step) => !step.backward);
  const ordered = [...onward].sort((one, two) => Number(two.primary) - Number(one.primary));
  const shown = ordered.slice(0, IN_SIGHT);
  const more = [...ordered.slice(IN_SIGHT), ...file.steps.filter((step) => step.backward)];
  const facts: [string, string][] = [
    ["received", formatShort(file.received_at)],
    ["clerk", file.clerk],
    ["handler", file.handler ?? ""],
  ];
  return (
    <header className="claim-head">
      <div className="row">
        <h1 className="claim-no" data-testid="complaint-no">
          {file.no}
        </h1>
        <ComplaintStatusTag status={file.status} />
        <PriorityTag priority={file.priority} data={data.data} />
        {file.major && <Tag color="error">{t("major")}</Tag>}
        <StepBar shown={shown} more={more} others={t("more")} waiting={waiting} onStep={onStep} />
      </div>
      <dl className="claim-facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([key, value]) => (
            <div key={key}>
              <dt>{t(`head.${key}`)}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
      </dl>
    </header>
  );
}

function Event({ event }: { event: ComplaintEvent }) {
  const { t } = useTranslation("complaints");
  const text = useText();
  return (
    <div data-testid={`event-${event.command}`}>
      <div>
        <strong>{text(event.label)}</strong>
        {event.to && <span className="quiet"> → {text(event.to)}</span>}
      </div>
      <div className="quiet figures timeline-when">
        {formatShort(event.at)} · {event.actor}
      </div>
      {event.said.map(([name, value]) => (
        <div key={name.en}>
          <span className="quiet">{text(name)}</span> {said(text(value))}
        </div>
      ))}
      {event.reason && <div>{t("reason", { reason: event.reason })}</div>}
    </div>
  );
}

/** A moment as people write it; anything else as it is. */
function said(value: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? formatShort(value) : value;
}
