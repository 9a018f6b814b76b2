/** What is seen, written to a file: the button with the kinds of file; Rust asks where the file goes. */
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import type { Exported, ExportFormat, Language } from "@/lib/desk";

const FORMATS: readonly ExportFormat[] = ["xlsx", "csv"];

type Props = {
  /** What its test ids begin with. */
  name: string;
  /** Writes the file; null when the person changed their mind. */
  write: (format: ExportFormat, language: Language) => Promise<Exported | null>;
  /** What is said of a file that was written. */
  said: (written: Exported) => string;
  disabled: boolean;
};

export function ExportMenu({ name, write, said, disabled }: Props) {
  const { t, i18n } = useTranslation("common");
  const writing = useMutation({
    mutationFn: (format: ExportFormat) => write(format, i18n.language as Language),
  });
  return (
    <span className="row row-end">
      {writing.data && (
        <span className="quiet" role="status" data-testid={`${name}-exported`}>
          {said(writing.data)}
        </span>
      )}
      <Failure error={writing.error} testId={`${name}-export-error`} />
      <Dropdown
        trigger={["click"]}
        disabled={disabled}
        menu={{
          items: FORMATS.map((format) => ({
            key: format,
            label: <span data-testid={`${name}-export-${format}`}>{t(`export.as.${format}`)}</span>,
          })),
          onClick: ({ key }) => {
            const format = FORMATS.find((each) => each === key);
            if (format) writing.mutate(format);
          },
        }}
      >
        <Button
          icon={<DownloadOutlined />}
          loading={writing.isPending}
          disabled={disabled}
          data-testid={`${name}-export`}
        >
          {t("export.do")}
        </Button>
      </Dropdown>
    </span>
  );
}
