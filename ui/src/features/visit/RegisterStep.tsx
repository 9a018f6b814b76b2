// Before the number is given: everything that stands against it as links, what is missing, what looks the same.

import { Alert, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { Failure, Notices } from "@/components/failure";
import { useDraft } from "@/components/schema-form/use-draft";
import { type DraftCheck, type Template, useText } from "@/lib/desk";
import { Duplicates, settled, type Verdict } from "./Duplicates";
import { fieldOfRefusal, labelOf, partyPath } from "./parties";

type Props = {
  template: Template;
  check: DraftCheck | undefined;
  checking: boolean;
  checkError: unknown;
  registerError: unknown;
  verdict: Verdict;
  onVerdict: (verdict: Verdict) => void;
  onRetry: () => void;
  onJump: (path: string) => void;
};

const missingOf = (check: DraftCheck) =>
  check.checklist.filter((row) => row.required && row.state === "missing");

export function RegisterStep({
  template,
  check,
  checking,
  checkError,
  registerError,
  verdict,
  onVerdict,
  onRetry,
  onJump,
}: Props) {
  const { t } = useTranslation("visit");
  const text = useText();
  const named = useNamed(template);
  const missing = check ? missingOf(check) : [];
  return (
    <div className="visit-narrow stack" data-testid="register-step">
      <Failure error={checkError} onRetry={onRetry} testId="check-failure" />
      <Failure error={registerError} testId="register-failure" />
      {checking && <Spin description={t("register.checking")} />}
      {check && check.refusals.length > 0 && (
        <section aria-label={t("register.refusals", { count: check.refusals.length })}>
          <p className="sf-title">{t("register.refusals", { count: check.refusals.length })}</p>
          <ul className="refusals" data-testid="refusals">
            {check.refusals.map((refusal, index) => (
              <li key={`${refusal.code}-${refusal.field ?? index}`}>
                <button
                  type="button"
                  onClick={() => onJump(refusal.field ?? "")}
                  data-testid={`refusal-${index}`}
                  data-code={refusal.code}
                >
                  {named(refusal.field ?? "", text(refusal.message))}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {check && check.refusals.length === 0 && (
        <Standing told={check.duplicates.length === 0 || settled(verdict)} />
      )}
      {check && <Notices notices={check.warnings} testId="register-warnings" />}
      {check && check.duplicates.length > 0 && (
        <Duplicates template={template} rows={check.duplicates} verdict={verdict} onVerdict={onVerdict} />
      )}
      {missing.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t("register.missing", { count: missing.length })}
          description={
            <ul className="plain-list" data-testid="register-missing">
              {missing.map((row) => (
                <li key={row.id}>{text(row.name)}</li>
              ))}
            </ul>
          }
        />
      )}
      <section>
        <p className="sf-title">{t("register.tell")}</p>
        <ul className="plain-list">
          {template.customer_told.map((line) => (
            <li key={line["zh-CN"]}>{text(line)}</li>
          ))}
        </ul>
        <p className="quiet privacy">{text(template.privacy_notice)}</p>
      </section>
    </div>
  );
}

/** Nothing is in the way, or only the word about the claims that look the same. */
function Standing({ told }: { told: boolean }) {
  const { t } = useTranslation("visit");
  return told ? (
    <Alert type="success" showIcon title={t("register.ready")} data-testid="register-ready" />
  ) : (
    <Alert type="warning" showIcon title={t("register.compare_first")} data-testid="register-compare-first" />
  );
}

/** A sentence that stands away from its field says which one it is about, unless it does so by itself. */
function useNamed(template: Template): (field: string, sentence: string) => string {
  const { t } = useTranslation("visit");
  const text = useText();
  const store = useDraft();
  return (named, sentence) => {
    const path = fieldOfRefusal(store.fields(), named);
    const label = labelOf(path, {
      answer: (key) => {
        const fields = template.layout.flatMap((group) => group.fields);
        return text(fields.find((field) => field.key === key)?.label);
      },
      policy: (key) => t(`policy.${key}`, { defaultValue: "" }),
      party: (key) => t(`party.${key}`, { defaultValue: "" }),
      role: (index) => t(`role.${String(store.value(partyPath(index, "role")))}`, { defaultValue: "" }),
    });
    return label === "" || sentence.includes(label) ? sentence : t("register.named", { label, sentence });
  };
}
