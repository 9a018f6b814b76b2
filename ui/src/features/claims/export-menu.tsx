/** The list as it is seen, written to a file: the filter's claims in their order, with the chosen columns. */
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk, type ExportFormat, type Language } from "@/lib/desk";
import { COLUMNS, type View } from "./filter";

const FORMATS: readonly ExportFormat[] = ["xlsx", "csv"];

/** The button with the kinds of file; Rust asks where the file goes. */
export function ExportMenu({ view, disabled }: { view: View; disabled: boolean }) {
  const { t, i18n } = useTranslation("claims");
  const write = useMutation({
    mutationFn: (format: ExportFormat) =>
      desk.claimExport(
        view.filter,
        COLUMNS.filter(({ key }) => view.columns.includes(key)).map(({ key }) => ({
          key,
          title: t(`column.${key}`),
        })),
        format,
        i18n.language as Language,
      ),
  });
  return (
    <span className="row row-end">
      {write.data && (
        <span className="quiet" role="status" data-testid="claims-exported">
          {t("exported", { count: write.data.rows, name: write.data.name })}
        </span>
      )}
      <Failure error={write.error} testId="claims-export-error" />
      <Dropdown
        trigger={["click"]}
        disabled={disabled}
        menu={{
          items: FORMATS.map((format) => ({
            key: format,
            label: <span data-testid={`claims-export-${format}`}>{t(`exportAs.${format}`)}</span>,
          })),
          onClick: ({ key }) => {
            const format = FORMATS.find((each) => each === key);
            if (format) write.mutate(format);
          },
        }}
      >
        <Button
          icon={<DownloadOutlined />}
          loading={write.isPending}
          disabled={disabled}
          data-testid="claims-export"
        >
          {t("export")}
        </Button>
      </Dropdown>
    </span>
  );
}
