/** What an import did, or would do: counts, and a result for each row. */
import { Alert, Button, Segmented, Table, type TableProps } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ImportReport, type ImportRowResult, useText } from "@/lib/desk";
import { useBox } from "@/lib/use-box";

type Result = ImportRowResult["result"];
const RESULTS: readonly Result[] = ["new", "changed", "same", "refused"];
const HEAD = 34;

/** The report; `onMapping` leads back to the columns while nothing was written. */
export function Report({ report, onMapping }: { report: ImportReport; onMapping: (() => void) | undefined }) {
  const { t } = useTranslation("import");
  const text = useText();
  const [only, setOnly] = useState<Result | "all">(report.refused > 0 ? "refused" : "all");
  const box = useRef<HTMLDivElement>(null);
  const size = useBox(box);
  const rows = only === "all" ? report.rows : report.rows.filter((row) => row.result === only);
  const columns: TableProps<ImportRowResult>["columns"] = [
    {
      title: t("row"),
      width: 80,
      align: "right",
      render: (_, row) => <span className="figures">{row.row}</span>,
    },
    { title: t("result"), width: 96, render: (_, row) => t(`results.${row.result}`) },
    {
      title: t("key"),
      width: 240,
      ellipsis: true,
      render: (_, row) => <span className="figures">{row.key}</span>,
    },
    {
      title: t("problems"),
      ellipsis: true,
      render: (_, row) => {
        const all = row.problems.map((problem) => text(problem.message)).join(" ");
        return <span title={all}>{all}</span>;
      },
    },
  ];
  const summary = {
    total: report.total,
    created: report.new,
    changed: report.changed,
    same: report.same,
    refused: report.refused,
    left: report.not_done,
  };
  const ended = report.cancelled ? "Cancelled" : "";
  return (
    <>
      <Alert
        type={report.refused > 0 || report.cancelled ? "warning" : "success"}
        showIcon
        role="status"
        title={t(report.dry_run ? `summaryDry${ended}` : `summaryDone${ended}`, summary)}
        data-testid="import-summary"
        action={
          onMapping && (
            <Button size="small" onClick={onMapping} data-testid="import-back-to-mapping">
              {t("backToMapping")}
            </Button>
          )
        }
      />
      <div>
        <Segmented<Result | "all">
          aria-label={t("filter")}
          value={only}
          onChange={setOnly}
          options={[
            { value: "all" as const, label: t("resultsAll", { count: report.total - report.not_done }) },
            ...RESULTS.map((result) => ({
              value: result,
              label: (
                <span
                  data-testid={`import-only-${result}`}
                >{`${t(`results.${result}`)} ${report[result]}`}</span>
              ),
            })),
          ]}
        />
      </div>
      <div className="panel import-rows" ref={box} data-testid="import-rows">
        {rows.length === 0 ? (
          <p className="panel-body quiet">{t("rowsEmpty")}</p>
        ) : (
          <Table<ImportRowResult>
            virtual
            size="small"
            rowKey="row"
            columns={columns}
            dataSource={rows}
            pagination={false}
            scroll={{ x: Math.max(720, size.width), y: Math.max(120, size.height - HEAD) }}
          />
        )}
      </div>
    </>
  );
}
