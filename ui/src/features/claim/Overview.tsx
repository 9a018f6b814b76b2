// 概要: the policy and the answers, in the template's own order.

import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Clocks } from "@/components/clocks";
import { Notices } from "@/components/failure";
import { type ClaimFile, type Language, useText } from "@/lib/desk";
import { formatDate, formatMoney } from "@/lib/format";
import { answerGroups } from "./answers-view";
import { OverriddenValues } from "./Overridden";

/** The fields of a policy's record behind each line. */
const POLICY_FIELDS: { [line: string]: readonly string[] } = {
  product: ["product_code"],
  holder: ["holder_name"],
  insured: ["insured_name"],
  plate: ["plate"],
  period: ["inception", "expiry"],
  sum_insured: ["sum_insured"],
};

export function Overview({ file }: { file: ClaimFile }) {
  const { t, i18n } = useTranslation("claim");
  const text = useText();
  const language = i18n.language as Language;
  const groups = answerGroups(file, text, language, { yes: t("common:yes"), no: t("common:no") });
  const policy = file.policy;
  const facts: [string, string][] = [
    ["no", policy.no],
    ["product", policy.product_name],
    ["holder", policy.holder],
    ["insured", policy.insured],
    ["plate", policy.plate ?? ""],
    [
      "period",
      policy.inception || policy.expiry
        ? `${formatDate(policy.inception, language)} – ${formatDate(policy.expiry, language)}`
        : "",
    ],
    ["sum_insured", policy.sum_insured === null ? "" : formatMoney(policy.sum_insured)],
  ];
  return (
    <div className="stack" data-testid="tab-overview">
      <Notices notices={file.warnings} testId="claim-warnings" />
      <Clocks rows={file.clocks} />
      <section>
        <p className="sf-title">
          {t("visit:policy.title")}{" "}
          <Tag color={policy.verified ? "success" : "warning"}>
            {policy.verified ? t("visit:verified") : t("visit:unverified")}
          </Tag>
        </p>
        <dl className="claim-answers">
          {facts
            .filter(([, value]) => value !== "")
            .map(([key, value]) => (
              <div key={key}>
                <dt>{t(`visit:policy.${key}`)}</dt>
                <dd>
                  {value} <OverriddenValues file={file} kind="policy" fields={POLICY_FIELDS[key] ?? []} />
                </dd>
              </div>
            ))}
        </dl>
      </section>
      {groups.map((group) => (
        <section key={group.title}>
          <p className="sf-title">{group.title}</p>
          <dl className="claim-answers">
            {group.lines.map((line) => (
              <div key={line.key} className={line.wide ? "sf-span" : ""}>
                <dt>{line.label}</dt>
                <dd>
                  <span data-testid={`answer-${line.key}`}>{line.value}</span>{" "}
                  <OverriddenValues file={file} kind="claim" fields={[`answers.${line.key}`]} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
