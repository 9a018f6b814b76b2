/** 工作台: the day's work of whoever is logged in. */
import { FileAddOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ClaimStatusTag } from "@/components/claim-status";
import { ClockTag } from "@/components/clocks";
import { Failure } from "@/components/failure";
import { type ClaimRow, type DraftRow, desk, type Language, useText } from "@/lib/desk";
import { formatDate, formatShort } from "@/lib/format";
import { useMay, useSession } from "@/lib/session";
import "./home.css";

/** The home screen. */
export function Home() {
  const { t, i18n } = useTranslation("home");
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const home = useQuery({ queryKey: ["home"], queryFn: () => desk.home(), refetchInterval: 60_000 });
  const { data } = home;
  const today = formatDate(new Date().toISOString(), i18n.language as Language);
  return (
    <div className="screen stack" data-testid="home">
      <div className="row">
        <div>
          <h1>{t("title", { name: session.display_name })}</h1>
          <p className="quiet">{today}</p>
        </div>
        <div className="row row-end">
          {data && (
            <dl className="home-counts">
              <Count
                label={t("count.registeredToday")}
                value={data.registered_today}
                testId="home-registered-today"
              />
              <Count label={t("count.toDo")} value={data.to_do.length} testId="home-to-do-count" />
              <Count label={t("count.missing")} value={data.missing_open} testId="home-missing-open" />
            </dl>
          )}
          {may("claim_register") && (
            <Button
              type="primary"
              size="large"
              icon={<FileAddOutlined />}
              onClick={() => void navigate("/visit/new")}
              data-testid="home-take-claim"
            >
              {t("common:action.takeClaim")} <kbd className="home-key">F2</kbd>
            </Button>
          )}
        </div>
      </div>
      <Failure error={home.error} onRetry={() => void home.refetch()} testId="home-error" />
      {!data && !home.error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <div className="home-columns">
          <div className="stack">
            <List title={t("toDo")} count={data.to_do.length} empty={t("toDoEmpty")} testId="home-to-do">
              {data.to_do.map((row) => (
                <ClaimLine key={row.id} row={row} />
              ))}
            </List>
            <List
              title={t("waiting")}
              count={data.waiting_customer.length}
              empty={t("waitingEmpty")}
              testId="home-waiting"
            >
              {data.waiting_customer.map((row) => (
                <ClaimLine key={row.id} row={row} />
              ))}
            </List>
          </div>
          <div className="stack">
            {may("claim_read") && <Due />}
            <List
              title={t("drafts")}
              count={data.drafts.length}
              empty={t("draftsEmpty")}
              testId="home-drafts"
            >
              {data.drafts.map((draft) => (
                <DraftLine key={draft.id} draft={draft} />
              ))}
            </List>
          </div>
        </div>
      )}
    </div>
  );
}

/** How many lines the block shows; the counts beside its title say how many there are. */
const DUE_LINES = 12;

/** What is near its end or over it, the longest overdue first. */
function Due() {
  const { t } = useTranslation("clocks");
  const text = useText();
  const list = useQuery({ queryKey: ["due"], queryFn: () => desk.dueList(), refetchInterval: 60_000 });
  const rows = (list.data?.rows ?? []).filter((row) => row.state !== "running").slice(0, DUE_LINES);
  return (
    <section className="panel" data-testid="home-due">
      <div className="panel-head">
        <h2>{t("list")}</h2>
        {list.data && list.data.breached > 0 && (
          <Tag color="error">
            {t("breached")} {list.data.breached}
          </Tag>
        )}
        {list.data && list.data.near > 0 && (
          <Tag color="warning">
            {t("near")} {list.data.near}
          </Tag>
        )}
      </div>
      <Failure error={list.error} onRetry={() => void list.refetch()} testId="home-due-error" />
      {list.data && rows.length === 0 && <p className="panel-body quiet">{t("listEmpty")}</p>}
      <ul className="home-list">
        {rows.map((row) => (
          <li key={`${row.id}${row.rule}`}>
            <Link
              className="home-due"
              to={`/${row.kind}s/${encodeURIComponent(row.id)}`}
              data-testid={`due-${row.no}-${row.rule}`}
            >
              <span className="cut">{text(row.name)}</span>
              <ClockTag state={row.state} />
              <span className="figures quiet">{formatShort(row.due)}</span>
              <span className="cut quiet" title={row.no}>
                {row.title} {row.no}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Count({ label, value, testId }: { label: string; value: number; testId: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  );
}

interface ListProps {
  title: string;
  count: number;
  /** What would be here, and how to make the first. */
  empty: string;
  testId: string;
  children: ReactNode;
}

function List({ title, count, empty, testId, children }: ListProps) {
  return (
    <section className="panel" data-testid={testId}>
      <div className="panel-head">
        <h2>{title}</h2>
        {count > 0 && <span className="quiet">{count}</span>}
      </div>
      {count === 0 ? <p className="panel-body quiet">{empty}</p> : <ul className="home-list">{children}</ul>}
    </section>
  );
}

function ClaimLine({ row }: { row: ClaimRow }) {
  const { t } = useTranslation("home");
  const text = useText();
  return (
    <li>
      <Link
        className="home-claim"
        to={`/claims/${encodeURIComponent(row.id)}`}
        data-testid={`home-claim-${row.no}`}
      >
        <span className="figures home-no">{row.no}</span>
        <span className="cut" title={row.insured}>
          {row.insured}
        </span>
        <span className="cut quiet" title={text(row.template_name)}>
          {text(row.template_name)}
        </span>
        <ClaimStatusTag status={row.status} />
        <span className={row.missing > 0 ? "home-missing" : "quiet"}>
          {row.missing > 0 ? t("missing", { count: row.missing }) : t("missingNone")}
        </span>
        <span className="figures quiet">{formatShort(row.registered_at)}</span>
      </Link>
    </li>
  );
}

function DraftLine({ draft }: { draft: DraftRow }) {
  const { t } = useTranslation("home");
  const text = useText();
  return (
    <li>
      <Link
        className="home-draft"
        to={`/visit/${encodeURIComponent(draft.id)}`}
        data-testid={`home-draft-${draft.id}`}
      >
        <span className="cut">{draft.title || t("draftUntitled")}</span>
        <span className="quiet figures">{formatShort(draft.updated_at)}</span>
        <span className="cut quiet home-draft-template">{text(draft.template_name)}</span>
        <span className="home-resume">{t("resume")}</span>
      </Link>
    </li>
  );
}
