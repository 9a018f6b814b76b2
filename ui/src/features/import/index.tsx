/** 导入: a file of the core system, its columns matched, tried without writing, then taken in. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Notices } from "@/components/failure";
import { readWhole } from "@/lib/base64";
import {
  Channel,
  desk,
  type ImportKind,
  type ImportOpened,
  type ImportProgress,
  type ImportReport,
} from "@/lib/desk";
import { FileDrop } from "./file-drop";
import "./import.css";
import { isComplete, Mapping } from "./mapping";
import { RunProgress } from "./progress";
import { Report } from "./report";

const KINDS: readonly ImportKind[] = ["policies", "customers", "products"];

/** The import screen. */
export default function Import() {
  const { t } = useTranslation("import");
  const client = useQueryClient();
  const [kind, setKind] = useState<ImportKind>("policies");
  const [opened, setOpened] = useState<ImportOpened | null>(null);
  const [mapping, setMapping] = useState<{ [field: string]: string }>({});
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);

  const open = useMutation({
    mutationFn: async (file: File) => desk.importOpen(kind, file.name, await readWhole(file)),
    onSuccess: (answer) => {
      setOpened(answer);
      setMapping(answer.mapping);
      setReport(null);
      run.reset();
    },
  });
  const run = useMutation({
    mutationFn: ({ token, dryRun }: { token: string; dryRun: boolean }) => {
      setProgress(null);
      return desk.importRun(token, mapping, dryRun, new Channel<ImportProgress>(setProgress));
    },
    onSuccess: (answer) => {
      setReport(answer);
      if (answer.dry_run) return;
      for (const queryKey of [["policy"], ["party"], ["search"], ["home"]])
        void client.invalidateQueries({ queryKey });
    },
  });

  const startOver = () => {
    setOpened(null);
    setReport(null);
    open.reset();
    run.reset();
  };
  const ready = opened !== null && isComplete(opened, mapping);
  // A cancelled import is taken up again by running it once more: what is there already changes nothing.
  const done = report !== null && !report.dry_run && !report.cancelled;

  return (
    <div className="screen-fixed" data-testid="import">
      <div className="row">
        <h1>{t("title")}</h1>
        <Segmented<ImportKind>
          aria-label={t("kind")}
          data-testid="import-kind"
          value={kind}
          disabled={open.isPending || run.isPending}
          onChange={(next) => {
            setKind(next);
            startOver();
          }}
          options={KINDS.map((one) => ({
            value: one,
            label: <span data-testid={`import-kind-${one}`}>{t(`kinds.${one}`)}</span>,
          }))}
        />
        <span className="quiet">{t(`kindHints.${kind}`)}</span>
      </div>
      <Failure error={open.error ?? run.error} testId="import-error" />
      {!opened && <FileDrop busy={open.isPending} onFile={(file) => open.mutate(file)} />}
      {opened && (
        <>
          <div className="row">
            <strong className="cut" data-testid="import-file-name">
              {opened.file_name}
            </strong>
            <span className="quiet figures">{t("rows", { count: opened.rows })}</span>
            {opened.mapping_remembered && <Tag>{t("remembered")}</Tag>}
            <span className="row row-end">
              <Button onClick={startOver} disabled={run.isPending} data-testid="import-another">
                {t("another")}
              </Button>
              {!done && (
                <>
                  <Button
                    disabled={!ready || run.isPending}
                    loading={run.isPending && run.variables.dryRun}
                    onClick={() => run.mutate({ token: opened.token, dryRun: true })}
                    type={report ? "default" : "primary"}
                    data-testid="import-dry-run"
                  >
                    {t("dryRun")}
                  </Button>
                  <Button
                    disabled={!ready || run.isPending}
                    loading={run.isPending && !run.variables.dryRun}
                    onClick={() => run.mutate({ token: opened.token, dryRun: false })}
                    type={report ? "primary" : "default"}
                    data-testid="import-run"
                  >
                    {t("run")}
                  </Button>
                </>
              )}
            </span>
          </div>
          <Notices notices={opened.notes} testId="import-notes" />
          {run.isPending && (
            <RunProgress token={opened.token} progress={progress ?? { done: 0, total: opened.rows }} />
          )}
          {report ? (
            <Report report={report} onMapping={report.dry_run ? () => setReport(null) : undefined} />
          ) : (
            <Mapping opened={opened} mapping={mapping} onChange={setMapping} />
          )}
        </>
      )}
    </div>
  );
}
