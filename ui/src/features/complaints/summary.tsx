/** 统计汇总: complaints of a period counted; each number opens the list behind it. */
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Segmented, Spin, Table, type TableProps, Tabs } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ExportMenu } from "@/components/export-menu";
import { Failure } from "@/components/failure";
import { PrintLanguage, PrintSheet, usePrintLanguage } from "@/components/print/PrintSheet";
import {
  type ComplaintSummary,
  desk,
  type OverdueRow,
  type SummaryDimension,
  type SummaryHotspot,
  type SummaryQuery,
  type SummaryRow,
  useText,
} from "@/lib/desk";
import { formatMoney, formatShort } from "@/lib/format";
import { change, days, listBehind, part, presets, share } from "./summary-words";
import { Trend } from "./trend";
import "./complaints.css";

const DAY = "YYYY-MM-DD";

/** The screen. */
export default function Summary() {
  const { t } = useTranslation("complaints");
  const navigate = useNavigate();
  const [range, setRange] = useState<[Dayjs, Dayjs]>(() => presets(dayjs()).quarter);
  const [language, setLanguage] = usePrintLanguage();
  const query: SummaryQuery = { from: range[0].format(DAY), to: range[1].format(DAY), by: [] };
  const summary = useQuery({
    queryKey: ["complaint-summary", query],
    queryFn: () => desk.complaintSummary(query),
    retry: false,
  });
  return (
    <div className="screen" data-testid="complaint-summary">
      <div className="row">
        <h1>{t("summary.summary")}</h1>
        <DatePicker.RangePicker
          allowClear={false}
          value={range}
          aria-label={t("summary.period")}
          presets={Object.entries(presets(dayjs())).map(([name, value]) => ({
            label: <span data-testid={`summary-${name}`}>{t(`summary.preset.${name}`)}</span>,
            value,
          }))}
          onChange={(value) => {
            if (value?.[0] && value[1]) setRange([value[0], value[1]]);
          }}
          data-testid="summary-period"
        />
        <span className="row-end" />
        <ExportMenu
          name="summary"
          write={(format, spoken) => desk.complaintSummaryExport(query, format, spoken)}
          said={(written) => t("summary.exported", { count: written.rows, name: written.name })}
          disabled={!summary.data}
        />
        <Button onClick={() => void navigate("/complaints")}>{t("summary.back")}</Button>
      </div>
      <Failure error={summary.error} onRetry={() => void summary.refetch()} testId="summary-error" />
      <Tabs
        destroyOnHidden
        items={[
          {
            key: "figures",
            label: t("summary.figures"),
            children: summary.data ? (
              <Figures summary={summary.data} />
            ) : (
              <Spin spinning={summary.isPending} />
            ),
          },
          {
            key: "print",
            label: t("summary.print"),
            children: (
              <PrintSheet
                name={["complaint-summary", query, language]}
                load={() => desk.complaintSummaryPreview(query, language)}
              >
                <PrintLanguage value={language} onChange={setLanguage} />
              </PrintSheet>
            ),
          },
        ]}
      />
    </div>
  );
}

function Figures({ summary }: { summary: ComplaintSummary }) {
  const { t } = useTranslation("complaints");
  const [by, setBy] = useState<SummaryDimension>("category");
  const text = useText();
  const figures = summary.total.figures;
  const tile = (key: string, value: string, to?: string) => (
    <div className="summary-tile" key={key} data-testid={`summary-tile-${key}`}>
      <dt>{t(`summary.column.${key}`)}</dt>
      <dd className="figures">{to ? <Link to={to}>{value}</Link> : value}</dd>
    </div>
  );
  const between = (days: { from: string; to: string } | null) => (days ? `${days.from} – ${days.to}` : "—");
  const table = summary.tables.find((each) => each.dimension === by);
  return (
    <div className="summary">
      <p className="row quiet">
        <span>
          {t("summary.compared", { before: between(summary.before), year: between(summary.year_earlier) })}
        </span>
        {summary.left_out > 0 && <span>{t("summary.leftOut", { count: summary.left_out })}</span>}
      </p>
      <dl className="summary-tiles">
        {tile("count", String(figures.count), listBehind(summary.period, null))}
        {tile("before", change(figures.count, summary.total.before))}
        {tile("year", change(figures.count, summary.total.year_earlier))}
        {tile("open", String(figures.open))}
        {tile("median", days(figures.median))}
        {tile("ninth", days(figures.ninth))}
        {tile("first", share(figures.first))}
        {tile("house", share(figures.house))}
        {tile("plain", share(figures.plain))}
        {tile("extended", share(figures.extended))}
        {tile("overdue", String(figures.overdue))}
        {tile("major", String(figures.major), listBehind(summary.period, null, true))}
        {tile("repeated", String(figures.repeated))}
        {tile("regulator", String(figures.regulator), listBehind(summary.period, ["channel", "regulator"]))}
        {tile("satisfaction", figures.satisfaction === null ? "—" : (figures.satisfaction / 100).toFixed(2))}
        {tile("compensation", formatMoney(figures.compensation))}
      </dl>
      {figures.count === 0 && <p data-testid="summary-nothing">{t("summary.nothing")}</p>}
      <section className="panel panel-body">
        <h2>{t("summary.line")}</h2>
        <Trend points={summary.line} label={t("summary.line")} />
        <p className="quiet">{t("summary.points")}</p>
      </section>
      <section className="panel panel-body">
        <div className="row">
          <h2>{t("summary.by")}</h2>
          <Segmented<SummaryDimension>
            value={by}
            aria-label={t("summary.by")}
            options={summary.tables.map((each) => ({ value: each.dimension, label: text(each.name) }))}
            onChange={setBy}
            data-testid="summary-by"
          />
        </div>
        <Groups summary={summary} by={by} rows={table?.rows ?? []} />
        <p className="quiet">{t("summary.method")}</p>
      </section>
      <section className="panel panel-body">
        <h2>{t("summary.hotspots")}</h2>
        <Hotspots rows={summary.hotspots} />
      </section>
      <section className="panel panel-body">
        <h2>{t("summary.overdue")}</h2>
        <Overdue rows={summary.overdue} />
      </section>
    </div>
  );
}

function Groups({
  summary,
  by,
  rows,
}: {
  summary: ComplaintSummary;
  by: SummaryDimension;
  rows: SummaryRow[];
}) {
  const { t } = useTranslation("complaints");
  const text = useText();
  const all = summary.total.figures.count;
  const most = Math.max(1, ...rows.map((row) => row.figures.count));
  const column = (key: string, render: (row: SummaryRow) => string) => ({
    title: t(`summary.column.${key}`),
    align: "right" as const,
    className: "figures",
    render: (_: unknown, row: SummaryRow) => render(row),
  });
  const columns: TableProps<SummaryRow>["columns"] = [
    { title: t("summary.column.item"), width: 190, render: (_, row) => text(row.name) },
    {
      title: t("summary.column.count"),
      width: 130,
      // The whole cell is the target: a figure alone is too small to hit.
      render: (_, row) => (
        <Link
          to={listBehind(summary.period, [by, row.key])}
          className="summary-bar figures"
          data-testid={`summary-count-${row.key}`}
        >
          <span style={{ width: `${(row.figures.count / most) * 64}px` }} aria-hidden="true" />
          {row.figures.count}
        </Link>
      ),
    },
    column("share", (row) => part(row.figures.count, all)),
    column("before", (row) => change(row.figures.count, row.before)),
    column("year", (row) => change(row.figures.count, row.year_earlier)),
    column("median", (row) => days(row.figures.median)),
    column("ninth", (row) => days(row.figures.ninth)),
    column("first", (row) => share(row.figures.first)),
    column("house", (row) => share(row.figures.house)),
    column("plain", (row) => share(row.figures.plain)),
    column("extended", (row) => share(row.figures.extended)),
    column("overdue", (row) => String(row.figures.overdue)),
    column("major", (row) => String(row.figures.major)),
    column("compensation", (row) => formatMoney(row.figures.compensation)),
  ];
  return (
    <Table<SummaryRow>
      size="small"
      rowKey="key"
      pagination={rows.length > 50 ? { pageSize: 50 } : false}
      columns={columns}
      dataSource={rows}
      scroll={{ x: 1120 }}
    />
  );
}

function Hotspots({ rows }: { rows: SummaryHotspot[] }) {
  const { t } = useTranslation("complaints");
  const text = useText();
  if (rows.length === 0) return <p className="quiet">{t("summary.noHotspots")}</p>;
  return (
    <Table<SummaryHotspot>
      size="small"
      rowKey={(row) => `${row.branch} ${text(row.cause)}`}
      pagination={false}
      dataSource={rows}
      columns={[
        { title: t("summary.column.cause"), render: (_, row) => text(row.cause) },
        { title: t("summary.column.branch"), dataIndex: "branch" },
        { title: t("summary.column.count"), dataIndex: "count", align: "right", className: "figures" },
      ]}
    />
  );
}

function Overdue({ rows }: { rows: OverdueRow[] }) {
  const { t } = useTranslation("complaints");
  const text = useText();
  if (rows.length === 0) return <p className="quiet">{t("summary.noOverdue")}</p>;
  return (
    <Table<OverdueRow>
      size="small"
      rowKey="id"
      pagination={rows.length > 20 ? { pageSize: 20 } : false}
      dataSource={rows}
      columns={[
        {
          title: t("column.no"),
          render: (_, row) => (
            <Link to={`/complaints/${encodeURIComponent(row.id)}`} className="figures">
              {row.no}
            </Link>
          ),
        },
        {
          title: t("column.received"),
          className: "figures",
          render: (_, row) => formatShort(row.received_at),
        },
        { title: t("summary.column.due"), className: "figures", render: (_, row) => formatShort(row.due) },
        {
          title: t("summary.column.told"),
          className: "figures",
          render: (_, row) => (row.told_at ? formatShort(row.told_at) : "—"),
        },
        { title: t("column.status"), render: (_, row) => text(row.status) },
        { title: t("summary.column.cause"), render: (_, row) => (row.cause ? text(row.cause) : "—") },
        { title: t("column.handler"), render: (_, row) => row.handler ?? "—" },
      ]}
    />
  );
}
