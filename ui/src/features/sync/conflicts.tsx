/** The inbox of what two desks did differently, the open ones first. */
import { useQuery } from "@tanstack/react-query";
import { Table, type TableProps, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/failure";
import { type ConflictRow, desk, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";

/** The list; `count` is how many are open, and asks anew when it changes. */
export function Conflicts({ count }: { count: number }) {
  const { t } = useTranslation("sync");
  const text = useText();
  const list = useQuery({
    queryKey: ["conflicts", count],
    queryFn: () => desk.conflictList(false),
    placeholderData: (before) => before,
  });
  const columns: TableProps<ConflictRow>["columns"] = [
    {
      title: t("conflict.about"),
      render: (_, row) => (
        <Link to={`/sync/conflicts/${row.id}`} data-testid={`conflict-${row.open ? "open" : "decided"}`}>
          {text(row.kind_name)} <span className="figures">{row.claim_no}</span>
        </Link>
      ),
    },
    {
      title: t("conflict.since"),
      width: 150,
      render: (_, row) => <span className="figures">{formatShort(row.since)}</span>,
    },
    { title: t("conflict.waiting"), width: 160, align: "right", dataIndex: "waiting" },
    {
      title: t("conflict.state"),
      width: 110,
      render: (_, row) =>
        row.open ? <Tag color="red">{t("conflict.open")}</Tag> : <Tag>{t("conflict.decided")}</Tag>,
    },
  ];
  const rows = list.data ?? [];
  return (
    <section className="panel" data-testid="conflicts">
      <div className="panel-head">
        <h2>{t("conflict.title")}</h2>
        {count > 0 && <Tag color="red">{t("conflict.count", { count })}</Tag>}
      </div>
      <Failure error={list.error} onRetry={() => void list.refetch()} testId="conflicts-failure" />
      {list.data && rows.length === 0 ? (
        <p className="quiet panel-body" data-testid="conflicts-none">
          {t("conflict.none")}
        </p>
      ) : (
        <Table<ConflictRow>
          size="small"
          rowKey="id"
          columns={columns}
          dataSource={rows}
          loading={list.isPending}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
        />
      )}
    </section>
  );
}
