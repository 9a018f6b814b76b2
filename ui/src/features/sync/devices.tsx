/** The desks of the branch, for administrators. */
import { useQuery } from "@tanstack/react-query";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk } from "@/lib/desk";
import { formatShort } from "@/lib/format";

/** The list, asked for again after each exchange: the hub says then whom it has seen. */
export function Devices({ syncedAt }: { syncedAt: string | null }) {
  const { t } = useTranslation("sync");
  const list = useQuery({
    queryKey: ["devices", syncedAt],
    queryFn: () => desk.deviceList(),
    placeholderData: (before) => before,
  });
  return (
    <section className="panel" data-testid="devices">
      <div className="panel-head">
        <h2>{t("devices.title")}</h2>
      </div>
      <div className="panel-body stack-tight">
        <Failure error={list.error} onRetry={() => void list.refetch()} testId="devices-failure" />
        <ul className="sync-devices">
          {(list.data ?? []).map((row) => (
            <li key={row.id} className="row" data-testid={`device-${row.code}`}>
              <span className="sf-code">{row.code}</span>
              {row.own && <Tag color="blue">{t("devices.own")}</Tag>}
              {row.shut_out && <Tag color="error">{t("devices.out")}</Tag>}
              <span className="quiet">
                {row.seen_at === null
                  ? t("devices.never")
                  : t("devices.seen", { at: formatShort(row.seen_at) })}
              </span>
              {row.incarnation > 1 && <Tag>{t("devices.again", { count: row.incarnation - 1 })}</Tag>}
            </li>
          ))}
        </ul>
        <p className="quiet">{t("devices.revoke")}</p>
      </div>
    </section>
  );
}
