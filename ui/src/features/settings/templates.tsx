/** The claim templates in use, and those refused with file, line and reason. */
import { useQuery } from "@tanstack/react-query";
import { Alert, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk, type RefusedTemplate, type TemplateSummary, useText } from "@/lib/desk";

/** Both lists; problems first, because someone has to act on them. */
export function Templates() {
  const { t } = useTranslation("settings");
  const text = useText();
  const list = useQuery({ queryKey: ["templates"], queryFn: () => desk.templateList() });
  const problemColumns: TableProps<RefusedTemplate>["columns"] = [
    { title: t("templates.file"), dataIndex: "file", width: 280 },
    { title: t("templates.line"), dataIndex: "line", width: 72, align: "right" },
    { title: t("templates.reason"), render: (_, problem) => text(problem.message) },
  ];
  const columns: TableProps<TemplateSummary>["columns"] = [
    { title: t("templates.name"), width: 200, render: (_, one) => text(one.name) },
    { title: t("templates.id"), width: 220, render: (_, one) => <code>{one.id}</code> },
    { title: t("templates.version"), dataIndex: "version", width: 72, align: "right" },
    { title: t("templates.summary"), render: (_, one) => <span className="quiet">{text(one.summary)}</span> },
  ];
  return (
    <div className="stack">
      <Failure error={list.error} onRetry={() => void list.refetch()} testId="templates-error" />
      {list.data && list.data.problems.length > 0 && (
        <section className="stack-tight" data-testid="template-problems">
          <Alert
            type="warning"
            showIcon
            title={t("templates.problems", { count: list.data.problems.length })}
          />
          <div className="panel">
            <Table<RefusedTemplate>
              size="small"
              rowKey={(problem) => `${problem.file}:${problem.line}:${problem.code}`}
              columns={problemColumns}
              dataSource={list.data.problems}
              pagination={false}
            />
          </div>
        </section>
      )}
      {list.data && (
        <div className="panel" data-testid="template-list">
          <Table<TemplateSummary>
            size="small"
            rowKey={(one) => `${one.id}@${one.version}`}
            columns={columns}
            dataSource={list.data.templates}
            pagination={false}
            locale={{ emptyText: t("templates.empty") }}
          />
        </div>
      )}
    </div>
  );
}
