// Claims that look the same, side by side with this one: told apart with a reason, or linked.

import { Input, Radio } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAnswers, useDraft } from "@/components/schema-form/use-draft";
import { type DuplicateRow, type Template, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { type CompareLine, compare, mineOf } from "./duplicates";

export type Verdict =
  | { kind: "undecided" }
  | { kind: "different"; reason: string }
  | { kind: "linked"; claimId: string };

export const settled = (verdict: Verdict): boolean =>
  verdict.kind === "linked" || (verdict.kind === "different" && verdict.reason.trim() !== "");

type Props = {
  template: Template;
  rows: DuplicateRow[];
  verdict: Verdict;
  onVerdict: (verdict: Verdict) => void;
};

export function Duplicates({ template, rows, verdict, onVerdict }: Props) {
  const { t } = useTranslation("visit");
  const { mine, causeOf } = useMine(template);
  return (
    <section className="sf-group" data-testid="duplicates" data-field="duplicates">
      <p className="sf-title">{t("duplicates.title", { count: rows.length })}</p>
      {rows.map((row) => (
        <Comparison
          key={row.claim_id}
          row={row}
          lines={compare(mine, { ...row, cause: causeOf(row.cause) })}
        />
      ))}
      <Radio.Group
        className="duplicate-choice"
        vertical
        value={verdict.kind === "linked" ? verdict.claimId : verdict.kind}
        aria-label={t("duplicates.choose")}
        onChange={(event) => {
          const value = String(event.target.value);
          onVerdict(
            value === "different" ? { kind: "different", reason: "" } : { kind: "linked", claimId: value },
          );
        }}
      >
        <Radio value="different" data-testid="duplicate-different">
          {t("duplicates.different")}
        </Radio>
        {rows.map((row) => (
          <Radio key={row.claim_id} value={row.claim_id} data-testid={`duplicate-link-${row.claim_id}`}>
            {t("duplicates.link", { no: row.no })}
          </Radio>
        ))}
      </Radio.Group>
      {verdict.kind === "different" && (
        <Input
          autoFocus
          className="doc-reason"
          value={verdict.reason}
          maxLength={200}
          placeholder={t("duplicates.reason")}
          aria-label={t("duplicates.reason")}
          onChange={(event) => onVerdict({ kind: "different", reason: event.target.value })}
          data-testid="duplicate-reason"
        />
      )}
    </section>
  );
}

function useMine(template: Template) {
  const text = useText();
  const store = useDraft();
  const answers = useAnswers();
  return useMemo(() => {
    const cause = template.layout
      .flatMap((group) => group.fields)
      .find((field) => /(^|_)cause$/.test(field.key));
    const value = cause ? answers[cause.key] : undefined;
    // Rust tells the cause by its key; people read, and both sides are compared by, its name.
    const causeOf = (key: string): string => text(cause?.options?.[key]) || key;
    return { mine: mineOf(store.fields(), typeof value === "string" ? causeOf(value) : ""), causeOf };
  }, [template, store, answers, text]);
}

function Comparison({ row, lines }: { row: DuplicateRow; lines: CompareLine[] }) {
  const { t } = useTranslation("visit");
  const text = useText();
  const shown = (line: CompareLine, value: string): string =>
    (line.key === "incident_at" ? formatShort(value) : value) || t("duplicates.unknown");
  return (
    <table className="compare" data-testid={`duplicate-${row.claim_id}`}>
      <thead>
        <tr>
          <th className="compare-key">{t("duplicates.field")}</th>
          <th>{t("duplicates.mine")}</th>
          <th>
            <Link to={`/claims/${row.claim_id}`} className="figures">
              {row.no}
            </Link>{" "}
            <span className="quiet">
              {text(row.template_name)} · {t(`common:status.${row.status}`)} ·{" "}
              <span className="figures">{formatShort(row.registered_at)}</span>
            </span>
          </th>
          <th className="compare-mark">{t("duplicates.compare")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.key} data-differs={line.differs} data-testid={`compare-${line.key}`}>
            <th className="compare-key">{t(`duplicates.key.${line.key}`)}</th>
            <td>{shown(line, line.mine)}</td>
            <td>{shown(line, line.theirs)}</td>
            <td className="compare-mark">
              {t(
                line.differs
                  ? "duplicates.differs"
                  : line.known
                    ? "duplicates.same"
                    : "duplicates.incomparable",
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
