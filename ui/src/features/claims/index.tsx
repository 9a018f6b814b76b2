/** 理赔: the list of claims, filtered, dense, drawn only where it is seen. */
import { Table, type TableProps } from "antd";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { ClaimStatusTag } from "@/components/claim-status";
import { ExportMenu } from "@/components/export-menu";
import { Failure } from "@/components/failure";
import { type ClaimRow, desk, type Text, useText } from "@/lib/desk";
import { formatMoney, formatShort } from "@/lib/format";
import { useBox } from "@/lib/use-box";
import { AHEAD, usePages } from "@/lib/use-pages";
import { COLUMNS, type ColumnKey, isFiltered, type View, viewFromAddress, viewToAddress } from "./filter";
import { FilterBar } from "./filter-bar";
import "./claims.css";

const HEAD = 34;

type Columns = NonNullable<TableProps<ClaimRow>["columns"]>;
type TableHandle = { scrollTo: (to: { index: number }) => void };

function cell(key: ColumnKey, row: ClaimRow, text: (text: Text) => string) {
  switch (key) {
    case "no":
      return (
        <Link
          to={`/claims/${encodeURIComponent(row.id)}`}
          className="figures"
          data-testid={`claim-${row.no}`}
          tabIndex={-1}
        >
          {row.no}
        </Link>
      );
    case "status":
      return <ClaimStatusTag status={row.status} />;
    case "template":
      return text(row.template_name);
    case "insured":
      return row.insured;
    case "reporter":
      return row.reporter;
    case "policy":
      return <span className="figures">{row.policy_no}</span>;
    case "incident":
      return <span className="figures">{formatShort(row.incident_at).slice(0, 10)}</span>;
    case "registered":
      return <span className="figures">{formatShort(row.registered_at)}</span>;
    case "missing":
      return row.missing > 0 ? (
        <span className="claims-missing">{row.missing}</span>
      ) : (
        <span className="quiet">0</span>
      );
    case "claimed":
      return <span className="figures">{formatMoney(row.claimed_amount)}</span>;
    case "clerk":
      return row.clerk;
  }
}

const RIGHT: readonly ColumnKey[] = ["missing", "claimed"];

/** The list screen. */
export default function Claims() {
  const { t } = useTranslation("claims");
  const text = useText();
  const navigate = useNavigate();
  const [address, setAddress] = useSearchParams();
  const view = useMemo(() => viewFromAddress(address.get("v")), [address]);
  const change = useCallback(
    (next: View) => setAddress({ v: viewToAddress(next) }, { replace: true }),
    [setAddress],
  );
  const box = useRef<HTMLDivElement>(null);
  const table = useRef<TableHandle>(null);
  const size = useBox(box);
  const [here, setHere] = useState(0);

  const { pages, rows, total, more, onScroll } = usePages(["claims", view.filter], (offset, limit) =>
    desk.claimList(view.filter, offset, limit),
  );
  const at = Math.min(here, Math.max(0, rows.length - 1));

  const columns: Columns = COLUMNS.filter((column) => view.columns.includes(column.key)).map(
    ({ key, width }) => ({
      key,
      width,
      title: t(`column.${key}`),
      ellipsis: true,
      align: RIGHT.includes(key) ? "right" : "left",
      render: (_: unknown, row: ClaimRow) => cell(key, row, text),
    }),
  );
  const needed = COLUMNS.filter((column) => view.columns.includes(column.key)).reduce(
    (sum, { width }) => sum + width,
    0,
  );

  const move = (to: number) => {
    const next = Math.min(Math.max(0, to), Math.max(0, rows.length - 1));
    setHere(next);
    table.current?.scrollTo({ index: next });
    if (next > rows.length - AHEAD) more();
  };
  const pressed = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 12,
      PageUp: at - 12,
      Home: 0,
      End: rows.length - 1,
    };
    const next = moves[event.key];
    const row = rows[at];
    if (next !== undefined) {
      event.preventDefault();
      move(next);
    } else if (event.key === "Enter" && row) {
      event.preventDefault();
      void navigate(`/claims/${encodeURIComponent(row.id)}`);
    }
  };

  return (
    <div className="screen-fixed" data-testid="claims">
      <div className="row">
        <h1>{t("title")}</h1>
        <span className="quiet" role="status" data-testid="claims-count">
          {pages.data ? t("count", { total, loaded: rows.length }) : t("common:loading")}
        </span>
        <ExportMenu
          name="claims"
          write={(format, language) =>
            desk.claimExport(
              view.filter,
              COLUMNS.filter(({ key }) => view.columns.includes(key)).map(({ key }) => ({
                key,
                title: t(`column.${key}`),
              })),
              format,
              language,
            )
          }
          said={(written) => t("exported", { count: written.rows, name: written.name })}
          disabled={rows.length === 0}
        />
      </div>
      <FilterBar view={view} onChange={change} />
      <Failure error={pages.error} onRetry={() => void pages.refetch()} testId="claims-error" />
      <section
        ref={box}
        className="panel claims-box"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list takes the arrow keys as a whole, not row by row.
        tabIndex={0}
        aria-label={t("keys")}
        onKeyDown={pressed}
        data-testid="claims-list"
      >
        {pages.data && rows.length === 0 ? (
          <p className="panel-body quiet" data-testid="claims-empty">
            {t(isFiltered(view.filter) ? "emptyFiltered" : "empty")}
          </p>
        ) : (
          <Table<ClaimRow>
            ref={(handle) => {
              table.current = handle as unknown as TableHandle | null;
            }}
            virtual
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={rows}
            pagination={false}
            loading={pages.isPending}
            scroll={{ x: Math.max(needed, size.width), y: Math.max(120, size.height - HEAD) }}
            rowClassName={(_, index) => (index === at ? "claims-row claims-here" : "claims-row")}
            onRow={(row, index) => ({
              onClick: () => {
                setHere(index ?? 0);
                void navigate(`/claims/${encodeURIComponent(row.id)}`);
              },
            })}
            onScroll={onScroll}
          />
        )}
      </section>
    </div>
  );
}
