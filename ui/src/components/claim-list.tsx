/** The claims of a person or a policy: few rows, no paging. */
import { Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ClaimStatusTag } from "@/components/claim-status";
import { type ClaimRow, useText } from "@/lib/desk";
import { formatMoney, formatShort } from "@/lib/format";

/** A short list of claims that open their files. */
export function ClaimList({ rows, empty }: { rows: ClaimRow[]; empty: string }) {
  const { t } = useTranslation("claims");
  const text = useText();
  if (rows.length === 0) return <p className="panel-body quiet">{empty}</p>;
  const columns: TableProps<ClaimRow>["columns"] = [
    {
      title: t("column.no"),
      render: (_, row) => (
        <Link
          to={`/claims/${encodeURIComponent(row.id)}`}
          className="figures"
          data-testid={`claim-${row.no}`}
        >
          {row.no}
        </Link>
      ),
    },
    { title: t("column.status"), render: (_, row) => <ClaimStatusTag status={row.status} /> },
    { title: t("column.template"), render: (_, row) => text(row.template_name) },
    { title: t("column.insured"), dataIndex: "insured" },
    {
      title: t("column.incident"),
      render: (_, row) => <span className="figures">{formatShort(row.incident_at)}</span>,
    },
    {
      title: t("column.registered"),
      render: (_, row) => <span className="figures">{formatShort(row.registered_at)}</span>,
    },
    {
      title: t("column.claimed"),
      align: "right",
      render: (_, row) => <span className="figures">{formatMoney(row.claimed_amount)}</span>,
    },
  ];
  return (
    <Table<ClaimRow>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={rows}
      pagination={false}
      scroll={{ x: "max-content" }}
    />
  );
}
