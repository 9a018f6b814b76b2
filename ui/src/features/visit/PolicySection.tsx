// The policy of the visit: as the core system knows it, or typed by hand and marked as not verified.

import { useQuery } from "@tanstack/react-query";
import { Button, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DraftField } from "@/components/schema-form/DraftField";
import { useDraft, useDraftText } from "@/components/schema-form/use-draft";
import { DeskFailure, type Draft, desk, type PolicyView, type Template } from "@/lib/desk";
import { formatMoney } from "@/lib/format";

const CHANNELS = ["counter", "phone", "online", "post", "agent"] as const;

type Props = {
  template: Template;
  draftId: string;
  showProblems: boolean;
  onPrefilled: (draft: Draft) => void;
};

export function PolicySection({ template, draftId, showProblems, onPrefilled }: Props) {
  const { t } = useTranslation("visit");
  const draft = useDraft();
  const no = useDraftText("policy.no").trim();
  const [asked, setAsked] = useState(no);
  const [typing, setTyping] = useState(false);
  const known = useQuery({
    queryKey: ["policy", asked],
    queryFn: () =>
      desk.policyGet(asked).catch((thrown: unknown) => {
        // A number the desk does not know is the ordinary case of a policy typed by hand.
        if (
          thrown instanceof DeskFailure &&
          !thrown.code.startsWith("storage.") &&
          !thrown.code.startsWith("page.")
        )
          return null;
        throw thrown;
      }),
    enabled: asked !== "",
  });
  const policy = asked === no ? (known.data ?? null) : null;
  const leave = (value: string): void => {
    const next = value.trim();
    setAsked(next);
    if (next === "" || next === asked) return;
    // A number typed by hand that the desk knows brings its facts along, to the cards that the desk must know of first.
    desk
      .policyGet(next)
      .then(async (found) => {
        await draft.flush();
        return desk.draftPrefill(
          draftId,
          { kind: "policy", id: found.id, no: found.no, title: found.no, subtitle: found.product_name },
          null,
        );
      })
      .then(onPrefilled, () => undefined);
  };
  return (
    <fieldset className="sf-group" data-testid="policy-section">
      <legend>
        {t("policy.title")}{" "}
        {no !== "" && (
          <Tag color={policy?.verified ? "success" : "warning"} data-testid="policy-verified">
            {policy?.verified ? t("verified") : t("unverified")}
          </Tag>
        )}
      </legend>
      {policy && !typing ? (
        <Facts policy={policy} onChange={() => setTyping(true)} />
      ) : (
        <div className="sf-grid">
          <DraftField
            path="policy.no"
            label={t("policy.no")}
            guidance={t("policy.no_guidance")}
            widget="text"
            maxLength={60}
            required
            problem={showProblems && no === "" ? t("forms:problem.required") : null}
            onLeave={leave}
          />
          <DraftField
            path="policy.product"
            label={t("policy.product")}
            guidance={t("policy.by_hand")}
            widget="text"
            maxLength={100}
          />
          <DraftField
            path="policy.inception"
            label={t("policy.inception")}
            guidance={t("policy.period_guidance")}
            widget="date"
          />
          <DraftField
            path="policy.expiry"
            label={t("policy.expiry")}
            guidance={t("policy.period_guidance")}
            widget="date"
          />
          <DraftField
            path="policy.holder"
            label={t("policy.holder")}
            guidance={t("policy.by_hand")}
            widget="text"
            maxLength={100}
          />
          <DraftField
            path="policy.insured"
            label={t("policy.insured")}
            guidance={t("policy.by_hand")}
            widget="text"
            maxLength={100}
          />
          {template.line === "motor" && (
            <DraftField
              path="policy.plate"
              label={t("policy.plate")}
              guidance={t("policy.by_hand")}
              widget="plate"
            />
          )}
        </div>
      )}
      <div className="sf-grid visit-channel">
        <DraftField
          path="channel"
          label={t("channel.title")}
          guidance={t("channel.guidance")}
          widget="select"
          options={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
      </div>
    </fieldset>
  );
}

function Facts({ policy, onChange }: { policy: PolicyView; onChange: () => void }) {
  const { t } = useTranslation("visit");
  const change = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The field that was being typed in is gone; the keyboard goes on from here.
    if (document.activeElement === document.body) change.current?.focus({ preventScroll: true });
  }, []);
  const facts: [string, string | null][] = [
    ["no", policy.no],
    ["product", policy.product_name],
    ["holder", policy.holder],
    ["insured", policy.insured],
    ["plate", policy.plate],
    ["period", `${policy.inception} – ${policy.expiry}`],
    ["sum_insured", policy.sum_insured === null ? null : formatMoney(policy.sum_insured)],
    ["status", t(`common:policyStatus.${policy.status}`, { defaultValue: policy.status })],
  ];
  return (
    <div className="policy-known" data-testid="policy-facts">
      <dl className="policy-facts">
        {facts
          .filter(([, value]) => value !== null && value !== "")
          .map(([key, value]) => (
            <div key={key}>
              <dt>{t(`policy.${key}`)}</dt>
              <dd className="figures">{value}</dd>
            </div>
          ))}
      </dl>
      <Button ref={change} size="small" onClick={onChange} data-testid="policy-change">
        {t("policy.change")}
      </Button>
    </div>
  );
}
