// The file of a claim: facts and the next steps above, tabs below, the timeline at the right.

import { Alert, Button, Spin, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ClaimStatusTag } from "@/components/claim-status";
import { Failure } from "@/components/failure";
import { StepBar } from "@/components/steps/step-bar";
import { useSteps } from "@/components/steps/use-steps";
import { type ClaimFile, type PrintKind, type Step, useText } from "@/lib/desk";
import { formatMoney, formatShort } from "@/lib/format";
import { useMay } from "@/lib/session";
import { Assessment } from "./Assessment";
import { ClaimTimeline } from "./ClaimTimeline";
import { Links } from "./Links";
import { Overview } from "./Overview";
import { Papers } from "./Papers";
import { Parties } from "./Parties";
import { Prints } from "./Prints";
import { useAct, useClaim } from "./use-claim";
import "@/components/schema-form/schema-form.css";
import "../visit/visit.css";
import "./claim.css";

export default function ClaimScreen() {
  const { id = "" } = useParams();
  const { t } = useTranslation("claim");
  const claim = useClaim(id);
  if (claim.error) {
    return (
      <div className="screen">
        <Failure error={claim.error} onRetry={() => void claim.refetch()} testId="claim-failure" />
      </div>
    );
  }
  if (!claim.data) return <Spin className="centred" description={t("common:loading")} />;
  return <File key={id} file={claim.data} />;
}

/** What is written into the timeline is offered beside it, not among the steps that move the claim on. */
function isLog(step: Step): boolean {
  return step.command === "record_contact" || step.command === "record_enquiry";
}

function File({ file }: { file: ClaimFile }) {
  const { t } = useTranslation("claim");
  const text = useText();
  const may = useMay();
  const [tab, setTab] = useState("overview");
  const [print, setPrint] = useState<PrintKind | null>(null);
  const act = useAct(file.id);
  const about = { id: file.id, amount: file.template.amount, checklist: file.checklist };
  const steps = useSteps({ place: `claim/${file.id}`, about, act, onDone: () => setTab("overview") });
  const missing = file.checklist.filter((row) => row.required && row.state === "missing").length;
  const links =
    file.suspects.length > 0 ? "tab.links_suspect" : file.links.length > 0 ? "tab.links_count" : "tab.links";
  const tabs = [
    { key: "overview", label: t("tab.overview"), children: <Overview file={file} /> },
    { key: "parties", label: t("tab.parties"), children: <Parties file={file} /> },
    {
      key: "papers",
      label: missing > 0 ? t("tab.papers_missing", { count: missing }) : t("tab.papers"),
      children: <Papers file={file} />,
    },
    { key: "assessment", label: t("tab.assessment"), children: <Assessment file={file} /> },
    ...(may("print")
      ? [{ key: "prints", label: t("tab.prints"), children: <Prints file={file} first={print} /> }]
      : []),
    {
      key: "links",
      label: t(links, { count: file.suspects.length || file.links.length }),
      children: <Links file={file} />,
    },
  ];
  return (
    <div className="claim" data-testid="claim" data-status={file.status}>
      <Header file={file} onStep={steps.open} />
      {file.conflicts.map((id) => (
        <Alert
          key={id}
          banner
          type="warning"
          title={t("contested")}
          data-testid="claim-contested"
          action={
            <Link to={`/sync/conflicts/${id}`} data-testid="claim-conflict">
              {t("contested_open")}
            </Link>
          }
        />
      ))}
      <div className="claim-main">
        <div className="claim-tabs">
          <Tabs
            activeKey={tab}
            onChange={setTab}
            items={tabs.map((each) => ({
              ...each,
              label: <span data-testid={`claim-tab-${each.key}`}>{each.label}</span>,
            }))}
            destroyOnHidden
          />
        </div>
        <aside className="claim-side" aria-label={t("timeline.title")}>
          <div className="claim-side-head">
            <h2>{t("timeline.title")}</h2>
            <span className="row-end" />
            {file.steps.filter(isLog).map((step) => (
              <Button
                key={step.command}
                size="small"
                onClick={() => steps.open(step)}
                data-testid={`step-${step.command}`}
              >
                {text(step.label)}
              </Button>
            ))}
            {may("print") && (
              <Button
                size="small"
                onClick={() => {
                  setPrint("progress");
                  setTab("prints");
                }}
                data-testid="progress-print"
              >
                {t("progress_print")}
              </Button>
            )}
          </div>
          <ClaimTimeline file={file} />
        </aside>
      </div>
      {steps.dialog}
    </div>
  );
}

function Header({ file, onStep }: { file: ClaimFile; onStep: (step: Step) => void }) {
  const { t } = useTranslation("claim");
  const text = useText();
  const onward = file.steps.filter((step) => !step.backward && !isLog(step));
  const backward = file.steps.filter((step) => step.backward);
  const waiting = file.conflicts.length > 0 ? t("contested") : null;
  const insured = file.policy.insured || (file.parties.find((party) => party.role === "insured")?.name ?? "");
  const facts: [string, string][] = [
    ["template", text(file.template.name)],
    ["insured", insured],
    ["policy", file.policy.no],
    ["registered_at", formatShort(file.registered_at)],
    ["clerk", file.clerk],
    ["channel", t(`visit:channel.${file.channel}`, { defaultValue: file.channel })],
    ["claimed", formatMoney(file.claimed_amount)],
    ["decided", formatMoney(file.decided_amount)],
  ];
  return (
    <header className="claim-head">
      <div className="row">
        <h1 className="claim-no" data-testid="claim-no">
          {file.no}
        </h1>
        <ClaimStatusTag status={file.status} />
        <StepBar shown={onward} more={backward} others={t("steps_more")} waiting={waiting} onStep={onStep} />
      </div>
      <dl className="claim-facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([key, value]) => (
            <div key={key}>
              <dt>{t(`fact.${key}`)}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
      </dl>
    </header>
  );
}
