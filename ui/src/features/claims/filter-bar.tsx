/** The claim list's filters, columns and saved views in one row. */
import { SettingOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, DatePicker, Input, Popover, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClaimFilter, desk, useText } from "@/lib/desk";
import { COLUMNS, type ColumnKey, isFiltered, NO_FILTER, STATUSES, type View } from "./filter";
import { SavedViews } from "./saved-views";

const TYPING_MS = 250;

interface FilterBarProps {
  view: View;
  onChange: (view: View) => void;
}

/** The row above the list. */
export function FilterBar({ view, onChange }: FilterBarProps) {
  const { t } = useTranslation("claims");
  const text = useText();
  const templates = useQuery({ queryKey: ["templates"], queryFn: () => desk.templateList() });
  const { filter } = view;
  const set = (change: Partial<ClaimFilter>) => onChange({ ...view, filter: { ...filter, ...change } });
  return (
    <search className="claims-bar" aria-label={t("filters")}>
      <TextFilter
        value={filter.text ?? ""}
        onChange={(value) => set({ text: value.trim() === "" ? null : value })}
      />
      <Select
        mode="multiple"
        maxTagCount={1}
        maxTagTextLength={6}
        className="claims-select"
        allowClear
        placeholder={t("status")}
        aria-label={t("status")}
        data-testid="claims-status"
        value={filter.status}
        onChange={(status) => set({ status })}
        options={STATUSES.map((status) => ({ value: status, label: t(`common:status.${status}`) }))}
        showSearch={{ optionFilterProp: "label" }}
      />
      <Select
        mode="multiple"
        maxTagCount={1}
        maxTagTextLength={6}
        className="claims-select"
        allowClear
        placeholder={t("template")}
        aria-label={t("template")}
        data-testid="claims-template"
        value={filter.template}
        onChange={(template) => set({ template })}
        options={(templates.data?.templates ?? []).map((one) => ({ value: one.id, label: text(one.name) }))}
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
      />
      <DatePicker.RangePicker
        className="claims-dates"
        allowEmpty={[true, true]}
        placeholder={[t("from"), t("to")]}
        data-testid="claims-dates"
        value={[filter.from ? dayjs(filter.from) : null, filter.to ? dayjs(filter.to) : null]}
        onChange={(range) =>
          set({
            from: range?.[0]?.format("YYYY-MM-DD") ?? null,
            to: range?.[1]?.format("YYYY-MM-DD") ?? null,
          })
        }
      />
      <Checkbox
        checked={filter.mine}
        onChange={(event) => set({ mine: event.target.checked })}
        data-testid="claims-mine"
      >
        {t("mine")}
      </Checkbox>
      <Checkbox
        checked={filter.missing_only}
        onChange={(event) => set({ missing_only: event.target.checked })}
        data-testid="claims-missing"
      >
        {t("missingOnly")}
      </Checkbox>
      {isFiltered(filter) && (
        <Button
          type="link"
          size="small"
          onClick={() => onChange({ ...view, filter: NO_FILTER })}
          data-testid="claims-clear"
        >
          {t("common:action.clear")}
        </Button>
      )}
      <span className="row row-end claims-tools">
        <SavedViews view={view} onOpen={onChange} />
        <ColumnChoice columns={view.columns} onChange={(columns) => onChange({ ...view, columns })} />
      </span>
    </search>
  );
}

function TextFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("claims");
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = window.setTimeout(() => onChange(typed), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <Input
      className="claims-text"
      allowClear
      placeholder={t("text")}
      aria-label={t("text")}
      data-testid="claims-text"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function ColumnChoice({
  columns,
  onChange,
}: {
  columns: ColumnKey[];
  onChange: (columns: ColumnKey[]) => void;
}) {
  const { t } = useTranslation("claims");
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t("columns")}
      content={
        <Checkbox.Group<ColumnKey>
          className="claims-columns"
          value={columns}
          onChange={(chosen) =>
            onChange(
              COLUMNS.map((column) => column.key).filter((key) => key === "no" || chosen.includes(key)),
            )
          }
          options={COLUMNS.map(({ key }) => ({
            value: key,
            label: t(`column.${key}`),
            disabled: key === "no",
          }))}
        />
      }
    >
      <Button icon={<SettingOutlined />} data-testid="claims-columns">
        {t("columns")}
      </Button>
    </Popover>
  );
}
