/** Which column of the file fills which field. */
import { Select, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { type ImportField, type ImportOpened, useText } from "@/lib/desk";

type Chosen = { [field: string]: string };

/** Whether every required field has a column. */
export function isComplete(opened: ImportOpened, mapping: Chosen): boolean {
  return opened.fields.every((field) => !field.required || Boolean(mapping[field.key]));
}

/** The first values of a column, to judge by. */
export function sampleOf(opened: ImportOpened, header: string | undefined): string {
  const index = header === undefined ? -1 : opened.headers.indexOf(header);
  if (index < 0) return "";
  return opened.sample
    .map((row) => row[index] ?? "")
    .filter((value) => value !== "")
    .slice(0, 3)
    .join("、");
}

interface MappingProps {
  opened: ImportOpened;
  mapping: Chosen;
  onChange: (mapping: Chosen) => void;
}

/** The table of fields with the choice of column. */
export function Mapping({ opened, mapping, onChange }: MappingProps) {
  const { t } = useTranslation("import");
  const text = useText();
  const set = (key: string, header: string | undefined) => {
    const { [key]: _, ...rest } = mapping;
    onChange(header === undefined ? rest : { ...rest, [key]: header });
  };
  const columns: TableProps<ImportField>["columns"] = [
    {
      title: t("field"),
      width: 240,
      render: (_, field) => (
        <>
          {text(field.label)}
          {field.required && <span className="import-required"> {t("common:required")}</span>}
        </>
      ),
    },
    {
      title: t("column"),
      width: 280,
      render: (_, field) => (
        <Select<string>
          className="import-select"
          size="small"
          allowClear
          showSearch
          placeholder={t("columnNone")}
          aria-label={text(field.label)}
          data-testid={`import-map-${field.key}`}
          status={field.required && !mapping[field.key] ? "error" : ""}
          value={mapping[field.key] ?? null}
          onChange={(header) => set(field.key, header)}
          options={opened.headers
            .filter((header) => header !== "")
            .map((header) => ({ value: header, label: header }))}
        />
      ),
    },
    {
      title: t("sample"),
      ellipsis: true,
      render: (_, field) => <span className="quiet">{sampleOf(opened, mapping[field.key])}</span>,
    },
  ];
  return (
    <section className="panel import-mapping" data-testid="import-mapping">
      <p className="panel-body quiet">
        {isComplete(opened, mapping) ? t("mappingReady") : t("mappingIncomplete")}
      </p>
      <Table<ImportField>
        size="small"
        rowKey="key"
        columns={columns}
        dataSource={opened.fields}
        pagination={false}
      />
    </section>
  );
}
