/** 同步: where the exchange with the hub stands, what waits for a person, and work carried by hand. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Notices } from "@/components/failure";
import { UnsentList } from "@/features/frame/unsent";
import { desk } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { useMay } from "@/lib/session";
import { Carry } from "./carry";
import { Conflicts } from "./conflicts";
import { Devices } from "./devices";
import { Enrol } from "./enrol";
import { Incidents, Parked } from "./kept";
import { Progress } from "./progress";
import "./sync.css";

const ASK_EVERY_MS = 2000;

/** The sync screen. */
export default function Sync() {
  const { t } = useTranslation("sync");
  const may = useMay();
  const client = useQueryClient();
  const [listing, setListing] = useState(false);
  const known = useQuery({
    queryKey: ["sync"],
    queryFn: async () => {
      // The line below says the same, at the same moment.
      void client.invalidateQueries({ queryKey: ["status"] });
      return desk.syncReport();
    },
    refetchInterval: ASK_EVERY_MS,
  });
  const now = useMutation({
    mutationFn: () => desk.syncNow(),
    // Other desks' work may be anywhere in what is shown.
    onSettled: () => client.invalidateQueries(),
  });
  const report = known.data;
  if (!report) {
    return known.error ? (
      <div className="screen">
        <Failure error={known.error} onRetry={() => void known.refetch()} testId="sync-failure" />
      </div>
    ) : (
      <Spin className="centred" />
    );
  }
  const facts: [string, string][] = [
    ["hub", report.hub ?? t("none")],
    ["device", report.device_code],
    ["syncedAt", report.synced_at ? formatShort(report.synced_at) : t("never")],
    ["filesToSend", String(report.files_to_send)],
    ["filesToFetch", String(report.files_to_fetch)],
    ...(report.carried > 0 ? ([["carried", String(report.carried)]] as [string, string][]) : []),
    ...(report.waiting_newer > 0 ? ([["newer", String(report.waiting_newer)]] as [string, string][]) : []),
  ];
  return (
    <div className="screen stack" data-testid="sync">
      <div className="row">
        <h1>{t("title")}</h1>
        <span className="row-end" />
        {report.hub && (
          <Button type="primary" loading={now.isPending} onClick={() => now.mutate()} data-testid="sync-now">
            {t("now")}
          </Button>
        )}
      </div>
      {now.error ? (
        <Failure error={now.error} testId="sync-now-failure" />
      ) : (
        report.trouble && <Notices notices={[report.trouble]} testId="sync-trouble" />
      )}
      {report.clock_suspect && (
        <Alert
          type="warning"
          showIcon
          title={t("clock", { minutes: Math.round(Math.abs(report.clock_offset_seconds ?? 0) / 60) })}
          data-testid="sync-clock"
        />
      )}
      <section className="panel panel-body stack-tight">
        <dl className="facts">
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{t(`fact.${key}`)}</dt>
              <dd className="sync-fact figures" data-testid={`sync-${key}`}>
                {value}
              </dd>
            </div>
          ))}
          <div>
            <dt>{t("fact.unsent")}</dt>
            <dd className="sync-fact figures">
              <Button
                type="link"
                size="small"
                className="sync-link"
                aria-haspopup="dialog"
                onClick={() => setListing(true)}
                data-testid="sync-unsent"
              >
                {t("unsent", { count: report.unsent })}
              </Button>
              {report.oldest_unsent && (
                <span className="quiet">{t("oldest", { at: formatShort(report.oldest_unsent) })}</span>
              )}
            </dd>
          </div>
        </dl>
        {report.hub && <Progress report={report} />}
      </section>
      {!report.hub && (may("settings") ? <Enrol /> : <p className="quiet">{t("enrol.askAdmin")}</p>)}
      {may("claim_read") && <Conflicts count={report.conflicts} />}
      {report.parked.length > 0 && <Parked rows={report.parked} />}
      {report.hub && may("claim_handle") && <Carry unsent={report.unsent} />}
      {may("settings") && <Devices syncedAt={report.synced_at} />}
      {report.incidents.length > 0 && <Incidents rows={report.incidents} />}
      {listing && <UnsentList onClose={() => setListing(false)} />}
    </div>
  );
}
