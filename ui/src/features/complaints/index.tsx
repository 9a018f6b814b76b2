/** 投诉: the list of complaints, filtered, the newest first. */
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Select, Table, type TableProps, Tag } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { Failure } from "@/components/failure";
import { type ComplaintFilter, type ComplaintRow, type ComplaintStatus, desk, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { useMay } from "@/lib/session";
import { useBox } from "@/lib/use-box";
import { usePages } from "@/lib/use-pages";
import { ComplaintStatusTag, PriorityTag, STATUSES } from "./status";
import { filterBehind } from "./summary-words";
import "./complaints.css";

const HEAD = 34;
const WIDTH = 1080;
const TYPING_MS = 250;
const ALL: ComplaintFilter = {
  status: [],
  category: null,
  from: null,
  to: null,
  mine: false,
  major_only: false,
  of: null,
  text: null,
};

/** The list screen. */
export default function Complaints() {
  const { t } = useTranslation("complaints");
  const text = useText();
  const may = useMay();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const behind = useMemo(() => filterBehind(search), [search]);
  const [chosen, setFilter] = useState(ALL);
  const filter = useMemo(() => (behind ? { ...chosen, ...behind } : chosen), [chosen, behind]);
  const [typed, setTyped] = useState("");
  const data = useQuery({ queryKey: ["complaint-data"], queryFn: () => desk.complaintData() });
  const box = useRef<HTMLDivElement>(null);
  const size = useBox(box);
  useEffect(() => {
    const timer = setTimeout(
      () => setFilter((before) => ({ ...before, text: typed.trim() === "" ? null : typed })),
      TYPING_MS,
    );
    return () => clearTimeout(timer);
  }, [typed]);
  const { pages, rows, total, onScroll } = usePages(["complaints", filter], (offset, limit) =>
    desk.complaintList(filter, offset, limit),
  );
  const categories = (data.data?.categories ?? []).flatMap((group) => [
    { value: group.id, label: text(group.name) },
    ...group.children.map((child) => ({
      value: child.id,
      label: `${text(group.name)} / ${text(child.name)}`,
    })),
  ]);
  const columns: TableProps<ComplaintRow>["columns"] = [
    {
      title: t("column.no"),
      width: 210,
      render: (_, row) => (
        <Link
          to={`/complaints/${encodeURIComponent(row.id)}`}
          className="figures"
          data-testid={`complaint-${row.no}`}
        >
          {row.no}
        </Link>
      ),
    },
    { title: t("column.status"), width: 100, render: (_, row) => <ComplaintStatusTag status={row.status} /> },
    { title: t("column.complainant"), width: 120, ellipsis: true, dataIndex: "complainant" },
    { title: t("column.channel"), width: 100, render: (_, row) => text(row.channel) },
    {
      title: t("column.category"),
      ellipsis: true,
      render: (_, row) => row.category && text(row.category),
    },
    {
      title: t("column.priority"),
      width: 150,
      render: (_, row) => (
        <>
          <PriorityTag priority={row.priority} data={data.data} />
          {row.major && <Tag color="error">{t("major")}</Tag>}
        </>
      ),
    },
    { title: t("column.handler"), width: 100, ellipsis: true, render: (_, row) => row.handler },
    {
      title: t("column.received"),
      width: 140,
      render: (_, row) => <span className="figures">{formatShort(row.received_at)}</span>,
    },
  ];
  return (
    <div className="screen-fixed" data-testid="complaints">
      <div className="row">
        <h1>{t("title")}</h1>
        <span className="quiet" role="status" data-testid="complaints-count">
          {pages.data ? t("count", { count: total }) : t("common:loading")}
        </span>
        <span className="row-end" />
        {may("complaint_summary") && (
          <Button onClick={() => void navigate("/complaints/summary")} data-testid="complaints-summary">
            {t("summary.summary")}
          </Button>
        )}
        {may("complaint_register") && (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => void navigate("/complaints/new")}
            data-testid="complaints-new"
          >
            {t("take")}
          </Button>
        )}
      </div>
      {behind && (
        <Alert
          type="info"
          title={t("summary.behind", { from: filter.from, to: filter.to })}
          action={
            <Button size="small" type="link" onClick={() => setSearch({})} data-testid="complaints-all">
              {t("summary.all")}
            </Button>
          }
          data-testid="complaints-behind"
        />
      )}
      <search className="complaints-bar" aria-label={t("filters")}>
        <Input
          allowClear
          className="complaints-text"
          placeholder={t("search")}
          aria-label={t("search")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          data-testid="complaints-text"
        />
        <Select<ComplaintStatus[]>
          mode="multiple"
          maxTagCount={1}
          allowClear
          className="complaints-select"
          placeholder={t("column.status")}
          aria-label={t("column.status")}
          value={filter.status}
          onChange={(status) => setFilter({ ...chosen, status })}
          options={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
          data-testid="complaints-status"
        />
        <Select
          allowClear
          className="complaints-select"
          placeholder={t("column.category")}
          aria-label={t("column.category")}
          value={filter.category}
          onChange={(category: string | undefined) => setFilter({ ...chosen, category: category ?? null })}
          options={categories}
          popupMatchSelectWidth={false}
          data-testid="complaints-category"
        />
        <Checkbox
          checked={filter.mine}
          onChange={(event) => setFilter({ ...chosen, mine: event.target.checked })}
          data-testid="complaints-mine"
        >
          {t("mine")}
        </Checkbox>
        <Checkbox
          checked={filter.major_only}
          onChange={(event) => setFilter({ ...chosen, major_only: event.target.checked })}
          data-testid="complaints-major"
        >
          {t("majorOnly")}
        </Checkbox>
      </search>
      <Failure error={pages.error} onRetry={() => void pages.refetch()} testId="complaints-error" />
      <section ref={box} className="panel complaints-box" aria-label={t("title")}>
        {pages.data && rows.length === 0 ? (
          <p className="panel-body quiet" data-testid="complaints-empty">
            {t(filter === ALL ? "empty" : "emptyFiltered")}
          </p>
        ) : (
          <Table<ComplaintRow>
            virtual
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={rows}
            pagination={false}
            loading={pages.isPending}
            scroll={{ x: Math.max(WIDTH, size.width), y: Math.max(120, size.height - HEAD) }}
            onRow={(row) => ({ onClick: () => void navigate(`/complaints/${encodeURIComponent(row.id)}`) })}
            onScroll={onScroll}
          />
        )}
      </section>
    </div>
  );
}
