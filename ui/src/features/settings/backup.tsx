/** 备份: where the profile's daily copies go, and when the last one was whole. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Space } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk, type Language } from "@/lib/desk";
import { formatDateTime, formatSize } from "@/lib/format";

/** The folder is chosen in a dialog of the system that Rust opens. */
export function Backup() {
  const { t, i18n } = useTranslation("settings");
  const client = useQueryClient();
  const known = useQuery({ queryKey: ["backup"], queryFn: () => desk.backupState() });
  const make = useMutation({
    mutationFn: (choose: boolean) => (choose ? desk.backupChoose() : desk.backupNow()),
    onSettled: () => client.invalidateQueries({ queryKey: ["backup"] }),
  });
  const state = known.data;
  const made = make.data;
  return (
    <section className="panel panel-body stack-tight" data-testid="backup">
      <p className="quiet">{t("backup.intro")}</p>
      {known.error && <Failure error={known.error} testId="backup-unknown" />}
      {state && !state.folder && <Alert type="warning" showIcon title={t("backup.none")} />}
      {state?.folder && state.due && <Alert type="warning" showIcon title={t("backup.due")} />}
      {state?.folder && (
        <Descriptions
          column={1}
          size="small"
          items={[
            { key: "folder", label: t("backup.folder"), children: state.folder },
            {
              key: "last",
              label: t("backup.last"),
              children: state.last_at
                ? formatDateTime(state.last_at, i18n.language as Language)
                : t("backup.never"),
            },
          ]}
        />
      )}
      <Space>
        {state?.folder && (
          <Button
            type="primary"
            data-testid="backup-now"
            loading={make.isPending}
            onClick={() => make.mutate(false)}
          >
            {t("backup.now")}
          </Button>
        )}
        <Button
          type={state?.folder ? "default" : "primary"}
          data-testid="backup-choose"
          loading={make.isPending}
          onClick={() => make.mutate(true)}
        >
          {t(state?.folder ? "backup.change" : "backup.choose")}
        </Button>
      </Space>
      {make.error && <Failure error={make.error} testId="backup-error" />}
      {made && (
        <Alert
          type="success"
          showIcon
          data-testid="backup-made"
          title={t("backup.made", {
            snapshot: made.snapshot,
            size: formatSize(made.kib * 1024),
            files: made.files,
          })}
        />
      )}
      <p className="quiet">{t("backup.restore")}</p>
    </section>
  );
}
