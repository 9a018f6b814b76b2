/** What no hub has acknowledged yet, the newest last: what was done, never what it says. */
import { Modal, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/failure";
import { desk, type UnsentRow, useText } from "@/lib/desk";
import { formatShort, formatSize } from "@/lib/format";
import { usePages } from "@/lib/use-pages";

const HEIGHT = 400;

/** The dialog behind the status line's count. */
export function UnsentList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("frame");
  const text = useText();
  const { pages, rows, total, onScroll } = usePages(["unsent"], (offset, limit) =>
    desk.unsentList(offset, limit),
  );
  const columns: TableProps<UnsentRow>["columns"] = [
    { title: t("unsentList.what"), width: 180, ellipsis: true, render: (_, row) => text(row.what) },
    {
      title: t("unsentList.claim"),
      width: 200,
      render: (_, row) =>
        row.claim_id && (
          <Link
            className="figures"
            to={`/claims/${encodeURIComponent(row.claim_id)}`}
            onClick={onClose}
            data-testid={`unsent-claim-${row.claim_no}`}
          >
            {row.claim_no}
          </Link>
        ),
    },
    {
      title: t("unsentList.at"),
      width: 140,
      render: (_, row) => <span className="figures">{formatShort(row.at)}</span>,
    },
    { title: t("unsentList.by"), width: 100, ellipsis: true, dataIndex: "by" },
    {
      title: t("unsentList.size"),
      width: 130,
      align: "right",
      render: (_, row) => (
        <span className="figures">
          {row.files > 0 && `${t("unsentList.files", { count: row.files })} · `}
          {formatSize(row.bytes)}
        </span>
      ),
    },
  ];
  return (
    <Modal
      open
      width={820}
      title={t("unsentList.title", { count: total })}
      footer={null}
      onCancel={onClose}
      data-testid="unsent-list"
    >
      {total > 0 && <p className="quiet">{t("unsentList.intro")}</p>}
      <Failure error={pages.error} onRetry={() => void pages.refetch()} testId="unsent-error" />
      {pages.data && rows.length === 0 ? (
        <p className="quiet" data-testid="unsent-empty">
          {t("unsentList.empty")}
        </p>
      ) : (
        <Table<UnsentRow>
          virtual
          size="small"
          rowKey="id"
          columns={columns}
          dataSource={rows}
          pagination={false}
          loading={pages.isPending}
          scroll={{ x: 750, y: HEIGHT }}
          onScroll={onScroll}
        />
      )}
    </Modal>
  );
}
