// The dialog of any step of the flow: its fields as the core describes them. Closing it keeps what was typed.

import { useQuery } from "@tanstack/react-query";
import { Checkbox, Flex, Input, Modal, Select, Table } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { DateText } from "@/components/schema-form/DateText";
import { storedValue } from "@/components/schema-form/field-check";
import { parseMoney } from "@/components/schema-form/money";
import {
  type AmountRule,
  type ChecklistRow,
  desk,
  type JsonValue,
  type Step,
  type StepField,
  useText,
} from "@/lib/desk";
import { formatMoney } from "@/lib/format";
import { fieldsOf, lacking, type StepValue, type StepValues, stepInput, worksheetInput } from "./step-input";
import { lineValue } from "./worksheet-value";

/** What steps of a claim ask for beside words: its amounts and its papers. */
export type StepContext = { id: string; amount: AmountRule; checklist: ChecklistRow[] };

/** The command of a step under way: `mutate` of a mutation. */
export type StepAct = {
  mutate: (act: { command: string; input: JsonValue }, options: { onSuccess: () => void }) => void;
  reset: () => void;
  error: unknown;
  isPending: boolean;
};

type Props = {
  about: StepContext | null;
  step: Step;
  values: StepValues;
  act: StepAct;
  onValues: (values: StepValues) => void;
  onClose: () => void;
  onDone: () => void;
};

const SUBMIT = "step-submit";

export function StepDialog({ about, step, values, act, onValues, onClose, onDone }: Props) {
  const { t } = useTranslation("claim");
  const text = useText();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const inputs = about?.amount.inputs ?? [];
  const missing = lacking(step, values, inputs);
  const submit = (): void => {
    setTried(true);
    if (missing.length > 0) {
      document.getElementById(`step-${missing[0]}`)?.focus();
      return;
    }
    act.mutate({ command: step.command, input: stepInput(step, values, inputs) }, { onSuccess: onDone });
  };
  return (
    <Modal
      open
      centered
      title={text(step.label)}
      width={step.fields.some((field) => field.kind === "worksheet") ? 940 : 560}
      okText={text(step.label)}
      cancelText={t("common:action.cancel")}
      okButtonProps={{ id: SUBMIT, "data-testid": "step-submit", danger: step.backward }}
      afterOpenChange={(shown) => {
        // The dialog itself leaves the focus on its cross. Where nothing must be filled in, Enter does the step.
        const must = step.fields.some((field) => field.required);
        const first = form.current?.querySelector<HTMLElement>("input, textarea");
        if (shown) (must && first ? first : document.getElementById(SUBMIT))?.focus();
      }}
      confirmLoading={act.isPending}
      onOk={submit}
      onCancel={onClose}
      data-testid={`step-dialog-${step.command}`}
    >
      <form
        ref={form}
        className="stack-tight step-body"
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          const line =
            event.target instanceof HTMLInputElement && event.target.getAttribute("role") !== "combobox";
          if (event.key === "Enter" && (line || event.ctrlKey) && !event.nativeEvent.isComposing) submit();
        }}
      >
        <Failure error={act.error} testId="step-failure" />
        {step.backward && <p className="quiet">{t("step.backward")}</p>}
        {fieldsOf(step).map((field) => (
          <StepFieldRow
            key={field.key}
            about={about}
            field={field}
            value={values[field.key] ?? ""}
            wrong={tried && missing.includes(field.key)}
            onChange={(value) => onValues({ ...values, [field.key]: value })}
          />
        ))}
        {step.fields.length === 0 && !step.backward && <p>{t("step.confirm", { step: text(step.label) })}</p>}
      </form>
    </Modal>
  );
}

type RowProps = {
  about: StepContext | null;
  field: StepField;
  value: StepValue;
  wrong: boolean;
  onChange: (value: StepValue) => void;
};

function StepFieldRow(props: RowProps) {
  const { t } = useTranslation("claim");
  const text = useText();
  const { field, wrong } = props;
  const id = `step-${field.key}`;
  return (
    <div className="sf-field">
      <div className="sf-label">
        <label htmlFor={id}>{text(field.label)}</label>
        {field.required && <span className="sf-need">*</span>}
      </div>
      <StepControl {...props} id={id} />
      {wrong && (
        <div className="sf-told" data-kind="error" role="alert" data-testid={`told-${id}`}>
          {t("step.required", { field: text(field.label) })}
        </div>
      )}
    </div>
  );
}

function StepControl({ about, field, value, wrong, id, onChange }: RowProps & { id: string }) {
  const { t } = useTranslation("claim");
  const text = useText();
  const typed = typeof value === "string" ? value : "";
  const shared = {
    id,
    "data-testid": id,
    value: typed,
    status: wrong ? ("error" as const) : ("" as const),
  };
  switch (field.kind) {
    case "textarea":
      return (
        <Input.TextArea
          {...shared}
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={2000}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "list":
      return (
        <Input.TextArea
          {...shared}
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={4000}
          placeholder={t("step.one_per_line")}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "select":
      return (
        <Select
          id={id}
          data-testid={id}
          aria-label={text(field.label)}
          className="step-select"
          value={typed || null}
          status={wrong ? "error" : ""}
          options={Object.entries(field.options ?? {}).map(([key, label]) => ({
            value: key,
            label: text(label),
            "data-testid": `${id}-${key}`,
          }))}
          onChange={(picked: string | null) => onChange(picked ?? "")}
        />
      );
    case "date":
    case "datetime":
      return (
        <DateText
          id={id}
          value={typed}
          withTime={field.kind === "datetime"}
          invalid={wrong}
          describedBy={undefined}
          onChange={(next) =>
            onChange(String(storedValue(field.kind === "date" ? "date" : "datetime", next) ?? ""))
          }
          onBlur={() => undefined}
          onFocus={() => undefined}
        />
      );
    case "money":
      return (
        <Input
          {...shared}
          className="sf-code"
          prefix="¥"
          inputMode="decimal"
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => onChange(parseMoney(typed) ?? typed)}
        />
      );
    case "documents":
      return (
        <Checkbox.Group
          value={Array.isArray(value) ? value : []}
          options={(about?.checklist ?? []).map((row) => ({
            value: row.id,
            label: text(row.name),
            "data-testid": `${id}-${row.id}`,
          }))}
          onChange={(picked) => onChange(picked.map(String))}
          data-testid={id}
        />
      );
    case "worksheet":
      return about && <WorksheetFields id={id} about={about} value={value} onChange={onChange} />;
    default:
      return <Input {...shared} maxLength={200} onChange={(event) => onChange(event.target.value)} />;
  }
}

const SETTLE = 250;

/** The amount's inputs, and beside them what they come to, worked out by the core as they are typed. */
function WorksheetFields({
  id,
  about,
  value,
  onChange,
}: {
  id: string;
  about: StepContext;
  value: StepValue;
  onChange: (value: StepValue) => void;
}) {
  const { t } = useTranslation("claim");
  const text = useText();
  const rule = about.amount;
  const typed = typeof value === "object" && !Array.isArray(value) ? value : {};
  const wanted = JSON.stringify(worksheetInput(value, rule.inputs));
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), SETTLE);
    return () => clearTimeout(timer);
  }, [wanted]);
  const result = useQuery({
    queryKey: ["worksheet", about.id, asked],
    queryFn: () => desk.worksheetTry(about.id, JSON.parse(asked) as { [key: string]: string }),
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  });
  return (
    <Flex vertical gap={8}>
      <p className="quiet">{text(rule.explain)}</p>
      <div className="worksheet">
        <div className="worksheet-inputs">
          {rule.inputs.map((input) => (
            <div key={input.key}>
              <div className="sf-label">
                <label htmlFor={`${id}-${input.key}`}>{text(input.label)}</label>
              </div>
              <Input
                id={`${id}-${input.key}`}
                data-testid={`${id}-${input.key}`}
                className="sf-code"
                inputMode="decimal"
                {...(input.kind === "money" ? { prefix: "¥" } : { suffix: t(`unit.${input.kind}`) })}
                value={typed[input.key] ?? ""}
                onChange={(event) => onChange({ ...typed, [input.key]: event.target.value })}
              />
            </div>
          ))}
        </div>
        <div>
          <Failure error={result.error} testId="worksheet-failure" />
          {result.data && (
            <Table
              size="small"
              pagination={false}
              rowKey="key"
              dataSource={result.data.lines.filter(
                (line) => !rule.inputs.some((input) => input.key === line.key),
              )}
              columns={[
                {
                  title: t("worksheet.line"),
                  dataIndex: "label",
                  render: (label: (typeof result.data.lines)[number]["label"]) => text(label),
                },
                {
                  title: t("worksheet.amount"),
                  dataIndex: "value",
                  align: "right",
                  className: "figures",
                  render: (_: string, line: (typeof result.data.lines)[number]) => lineValue(line),
                },
              ]}
              footer={() => (
                <Flex justify="space-between">
                  <strong>{t("worksheet.result")}</strong>
                  <strong className="figures" data-testid="worksheet-result">
                    {formatMoney(result.data.result)}
                  </strong>
                </Flex>
              )}
            />
          )}
        </div>
      </div>
    </Flex>
  );
}
