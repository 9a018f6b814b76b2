// The six steps of a visit and the two ways between them.

import { Button, Steps } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useStepKeys } from "./use-step-keys";

export const STEPS = ["who", "template", "form", "documents", "register", "receipt"] as const;
export type StepName = (typeof STEPS)[number];

type Props = {
  step: StepName;
  title?: ReactNode;
  reachable: (step: StepName) => boolean;
  onStep: (step: StepName) => void;
  onNext: (() => void) | null;
  onBack: (() => void) | null;
  nextLabel?: string;
  busy?: boolean;
  aside?: ReactNode;
  children: ReactNode;
};

/** The frame of every step: steps above, the work in the middle, back and next always in the same place. */
export function StepFrame({
  step,
  title,
  reachable,
  onStep,
  onNext,
  onBack,
  nextLabel,
  busy = false,
  aside,
  children,
}: Props) {
  const { t } = useTranslation("visit");
  useStepKeys(busy ? null : onNext, busy ? null : onBack);
  const current = STEPS.indexOf(step);
  return (
    <div className="visit" data-testid="visit" data-step={step}>
      <header className="visit-head">
        <Steps
          size="small"
          current={current}
          items={STEPS.map((name, index) => ({
            title: t(`step.${name}`),
            disabled: index !== current && !reachable(name),
          }))}
          onChange={(index) => {
            const name = STEPS[index];
            if (name && name !== step && reachable(name)) onStep(name);
          }}
        />
        {title && <div className="visit-title">{title}</div>}
      </header>
      {/* The register step has no field in it: only a focus of its own lets keys scroll it. */}
      <section
        className="visit-body"
        aria-label={t(`step.${step}`)}
        tabIndex={step === "register" ? 0 : undefined}
      >
        {children}
      </section>
      {step !== "receipt" && (
        <footer className="visit-foot">
          <Button onClick={() => onBack?.()} disabled={!onBack || busy} data-testid="visit-back">
            {t("back")}
          </Button>
          <span className="quiet visit-keys">{t("keys")}</span>
          <div className="visit-aside">{aside}</div>
          <Button
            type="primary"
            onClick={() => onNext?.()}
            disabled={!onNext}
            loading={busy}
            data-testid="visit-next"
          >
            {nextLabel ?? t("next")}
          </Button>
        </footer>
      )}
    </div>
  );
}
