// One field of a draft: label, widget, what is told beside it, and its saved mark.

import { Checkbox, Input, Radio, Select } from "antd";
import { type ComponentType, type FocusEvent, memo, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useText } from "@/lib/desk";
import { DateText } from "./DateText";
import { identityTold, isIdentity, shapeTold, storedValue, type Told, type Widget } from "./field-check";
import { useShowGuidance } from "./guidance";
import { bareMoney, showMoney } from "./money";
import { SavedMark } from "./SavedMark";
import { useDraft, useDraftText, useDraftValue } from "./use-draft";

export type FieldOption = { value: string; label: string };
export type DraftFieldProps = {
  path: string;
  label: string;
  guidance?: string;
  widget: Widget;
  span?: 1 | 2;
  options?: FieldOption[];
  required?: boolean;
  maxLength?: number;
  /** A sentence from a check of the whole form; stands until the value changes. */
  problem?: string | null;
  onLeave?: (value: string) => void;
  /** Drawn under the widget: ways to fill it without typing. */
  below?: ComponentType<{ path: string }> | undefined;
};

const fieldId = (path: string): string => `field-${path.replaceAll(".", "-")}`;

/** Up to this many choices of a select are laid out as buttons, which one key less reaches. */
const FEW = 4;

export const DraftField = memo(function DraftField(props: DraftFieldProps) {
  const { path, label, guidance = "", widget, span = 1, required = false, problem = null } = props;
  const Below = props.below;
  const { t } = useTranslation("forms");
  const text = useText();
  const show = useShowGuidance();
  const draft = useDraft();
  const value = useDraftValue(path);
  const told = useTold(path, widget);
  const toldId = useId();
  const id = fieldId(path);

  const sentence = told.told ? ("text" in told.told ? text(told.told.text) : t(told.told.key)) : problem;
  const kind = told.told?.kind ?? "error";
  const invalid = sentence !== null && kind === "error";
  const group = widget === "radio" || widget === "checkbox";
  const leave = (event?: FocusEvent): void => {
    // Moving between the parts of one field is no leaving.
    if (event?.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return;
    told.check();
    props.onLeave?.(typeof draft.value(path) === "string" ? String(draft.value(path)) : "");
    void draft.flush(path);
  };
  return (
    <div
      className={span === 2 || widget === "textarea" ? "sf-field sf-span" : "sf-field"}
      onFocusCapture={() => show({ label, text: guidance })}
      data-field={path}
    >
      <div className="sf-label">
        {group ? (
          <span className="sf-name" id={`${id}-label`}>
            {label}
          </span>
        ) : (
          <label htmlFor={id}>{label}</label>
        )}
        {required && (
          <span className="sf-need" title={t("required")}>
            *
          </span>
        )}
        <SavedMark path={path} />
      </div>
      <Control
        {...props}
        id={id}
        invalid={invalid}
        describedBy={sentence ? toldId : undefined}
        stored={value}
        onTyped={(next) => {
          told.clear();
          draft.set(path, next);
        }}
        onLeft={leave}
      />
      {Below && <Below path={path} />}
      {sentence && (
        <div
          className="sf-told"
          id={toldId}
          role={kind === "error" ? "alert" : "status"}
          data-kind={kind}
          data-testid={`told-${path.replaceAll(".", "-")}`}
        >
          {sentence}
        </div>
      )}
    </div>
  );
});

/** What is told about the field; a late answer about an older value is dropped. */
function useTold(path: string, widget: Widget) {
  const draft = useDraft();
  const [told, setTold] = useState<Told | null>(null);
  const asked = useRef(0);
  const check = (): void => {
    const value = draft.value(path);
    const shape = shapeTold(widget, value);
    setTold(shape);
    asked.current += 1;
    const mine = asked.current;
    if (shape || !isIdentity(widget) || typeof value !== "string" || value === "") return;
    identityTold(widget, value).then(
      (answer) => {
        if (asked.current !== mine || draft.value(path) !== value) return;
        setTold(answer.told);
        if (answer.normalized && answer.normalized !== value) draft.set(path, answer.normalized);
      },
      // The check is a service; draft_check refuses what is wrong in the end.
      () => undefined,
    );
  };
  const clear = (): void => {
    asked.current += 1;
    setTold(null);
  };
  return { told, check, clear };
}

type ControlProps = DraftFieldProps & {
  id: string;
  invalid: boolean;
  describedBy: string | undefined;
  stored: string | number | boolean | null | object;
  onTyped: (value: string | number | boolean | null) => void;
  onLeft: (event?: FocusEvent) => void;
};

function Control(props: ControlProps) {
  const { widget } = props;
  if (widget === "checkbox") return <YesNo {...props} />;
  if (
    widget === "radio" ||
    (widget === "select" && (props.options?.length ?? 0) <= FEW && (props.options?.length ?? 0) > 0)
  )
    return <Choice {...props} />;
  if (widget === "select") return <ManyChoices {...props} />;
  if (widget === "date" || widget === "datetime") {
    return (
      <DateText
        id={props.id}
        value={typeof props.stored === "string" ? props.stored : ""}
        withTime={widget === "datetime"}
        invalid={props.invalid}
        describedBy={props.describedBy}
        onChange={(typed) => props.onTyped(storedValue(widget, typed) as string | null)}
        onBlur={() => props.onLeft()}
        onFocus={() => undefined}
      />
    );
  }
  return <TypedText {...props} />;
}

function YesNo({ id, label, stored, onTyped, onLeft }: ControlProps) {
  const { t } = useTranslation("forms");
  return (
    <Checkbox
      id={id}
      data-testid={id}
      checked={stored === true}
      aria-label={label}
      onChange={(event) => onTyped(event.target.checked)}
      onBlur={() => onLeft()}
    >
      {t("yes")}
    </Checkbox>
  );
}

function Choice({ id, options = [], stored, invalid, onTyped, onLeft }: ControlProps) {
  return (
    <Radio.Group
      id={id}
      data-testid={id}
      name={id}
      value={typeof stored === "string" ? stored : null}
      aria-labelledby={`${id}-label`}
      aria-invalid={invalid}
      onChange={(event) => onTyped(String(event.target.value))}
      onBlur={onLeft}
    >
      {options.map((option) => (
        <Radio key={option.value} value={option.value} data-testid={`${id}-${option.value}`}>
          {option.label}
        </Radio>
      ))}
    </Radio.Group>
  );
}

function ManyChoices({ id, label, options = [], stored, invalid, onTyped, onLeft }: ControlProps) {
  return (
    <Select
      id={id}
      data-testid={id}
      aria-label={label}
      value={typeof stored === "string" ? stored : null}
      status={invalid ? "error" : ""}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      virtual={false}
      options={options.map((option) => ({ ...option, "data-testid": `${id}-${option.value}` }))}
      onChange={(picked: string | null | undefined) => onTyped(picked ?? null)}
      onBlur={() => onLeft()}
    />
  );
}

const LENGTHS: { [widget: string]: number } = {
  plate: 10,
  vin: 20,
  mobile: 20,
  id: 20,
  uscc: 20,
  bankcard: 26,
};

function TypedText({
  path,
  id,
  widget,
  stored,
  invalid,
  describedBy,
  maxLength,
  onTyped,
  onLeft,
}: ControlProps) {
  const { t } = useTranslation("forms");
  const text = useDraftText(path);
  // While the field has the focus it shows what was typed; the reading of it is shown when it is left.
  const [typed, setTyped] = useState<string | null>(null);
  const resting = widget === "money" ? showMoney(text) : text;
  const shared = {
    id,
    "data-testid": id,
    value: typed ?? resting,
    "aria-invalid": invalid,
    "aria-describedby": describedBy,
    status: invalid ? ("error" as const) : ("" as const),
    autoComplete: "off",
    onBlur: () => {
      setTyped(null);
      onLeft();
    },
  };
  const change = (next: string): void => {
    setTyped(next);
    onTyped(storedValue(widget, next) as string | number | null);
  };
  if (widget === "textarea") {
    return (
      <Input.TextArea
        {...shared}
        autoSize={{ minRows: 3, maxRows: 10 }}
        maxLength={maxLength ?? 20_000}
        onChange={(event) => change(event.target.value)}
      />
    );
  }
  if (widget === "money") {
    return (
      <Input
        {...shared}
        className="sf-code"
        prefix="¥"
        inputMode="decimal"
        placeholder="0.00"
        onFocus={() => setTyped(stored === null ? "" : bareMoney(text))}
        onChange={(event) => change(event.target.value)}
      />
    );
  }
  const code = isIdentity(widget) || widget === "integer" || widget === "count";
  return (
    <Input
      {...shared}
      className={code ? "sf-code" : ""}
      inputMode={widget === "integer" || widget === "count" ? "numeric" : "text"}
      placeholder={isIdentity(widget) ? t(`placeholder.${widget}`) : ""}
      maxLength={maxLength ?? LENGTHS[widget] ?? 2_000}
      onChange={(event) => change(event.target.value)}
    />
  );
}
