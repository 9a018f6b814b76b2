/** One line of truth about saving and sync. */
import {
  CheckCircleOutlined,
  CloudOutlined,
  DisconnectOutlined,
  SyncOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { desk, type Language, type StatusLine as Status, useText } from "@/lib/desk";
import { formatDate, formatTime } from "@/lib/format";
import { useSaves } from "@/lib/saves";
import { UnsentList } from "./unsent";

const ASK_EVERY_MS = 5000;

const SYNC_ICON: Record<Status["sync"], ReactNode> = {
  offline: <DisconnectOutlined />,
  syncing: <SyncOutlined />,
  failed: <WarningOutlined />,
  synced: <CloudOutlined />,
};

/** What another desk's work may change. Nothing of a visit is read anew while it is being typed. */
const SHARED: readonly unknown[] = ["claim", "claims", "conflict", "conflicts", "home"];

/** Reads again what is shown once other desks' work has come in. */
function useArrivals(applied: number | undefined): void {
  const client = useQueryClient();
  const known = useRef(applied);
  useEffect(() => {
    const before = known.current;
    known.current = applied;
    if (before === undefined || applied === undefined || before === applied) return;
    void client.invalidateQueries({ predicate: ({ queryKey }) => SHARED.includes(queryKey[0]) });
  }, [applied, client]);
}

/** The desk's clock, carried on between two answers. */
function useClock(status: Status | undefined, answeredAt: number): string {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const base = status ? Date.parse(status.clock) : Number.NaN;
  const at = Number.isNaN(base) ? now : base + Math.max(0, now - answeredAt);
  return new Date(at).toISOString();
}

/** The 28 px at the bottom; asks nothing while the desk is locked. */
export function StatusLine({ paused }: { paused: boolean }) {
  const { t, i18n } = useTranslation("frame");
  const text = useText();
  const { pending, savedAt } = useSaves();
  const status = useQuery({
    queryKey: ["status"],
    queryFn: () => desk.statusLine(),
    refetchInterval: ASK_EVERY_MS,
    enabled: !paused,
  });
  useArrivals(status.data?.applied);
  const [listing, setListing] = useState(false);
  const clock = useClock(status.data, status.dataUpdatedAt);
  const { data } = status;
  const saved =
    savedAt === null ? t("nothingToSave") : t("saved", { time: formatTime(new Date(savedAt).toISOString()) });
  return (
    <footer className="frame-status figures" data-testid="status-line">
      <span data-testid="status-saving">
        {pending > 0 ? <SyncOutlined /> : <CheckCircleOutlined />} {pending > 0 ? t("saving") : saved}
      </span>
      {status.error ? <span className="status-failed">{t("common:unreadable")}</span> : null}
      {data && (
        <>
          <Link
            className="cut status-quiet-link"
            to="/sync"
            data-testid="status-sync"
            title={data.sync_note ? text(data.sync_note.message) : undefined}
          >
            {SYNC_ICON[data.sync]}{" "}
            {t(`sync.${data.sync}`, { time: formatTime(data.synced_at ?? data.clock) })}
            {data.sync_note && `：${text(data.sync_note.message)}`}
          </Link>
          {data.conflicts > 0 && (
            <Link className="status-failed" to="/sync" data-testid="status-conflicts">
              {t("conflicts", { count: data.conflicts })}
            </Link>
          )}
          <button
            type="button"
            className="status-link"
            aria-haspopup="dialog"
            disabled={paused}
            onClick={() => setListing(true)}
            data-testid="status-unsent"
          >
            {t("unsent", { count: data.unsent })}
          </button>
          <span className="row-end" data-testid="status-device">
            {t("device", { code: data.device_code })}
          </span>
        </>
      )}
      <time className={data ? undefined : "row-end"} dateTime={clock} data-testid="status-clock">
        {formatDate(clock, i18n.language as Language)} {formatTime(clock)}
      </time>
      {listing && !paused && <UnsentList onClose={() => setListing(false)} />}
    </footer>
  );
}
