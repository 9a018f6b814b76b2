/** A policy: its facts, its claims, and the way to take a claim on it. */
import { FileAddOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { ClaimList } from "@/components/claim-list";
import { Failure } from "@/components/failure";
import { desk, type Hit, type Language, type PolicyView } from "@/lib/desk";
import { formatDate, formatMoney } from "@/lib/format";
import { useMay } from "@/lib/session";

const CLAIMS = 50;

/** What the intake needs to begin with this policy. */
function hitOf(policy: PolicyView): Hit {
  return { kind: "policy", id: policy.id, no: policy.no, title: policy.no, subtitle: policy.product_name };
}

/** The policy screen. */
export default function Policy() {
  const { t, i18n } = useTranslation("policies");
  const { no = "" } = useParams();
  const may = useMay();
  const navigate = useNavigate();
  const language = i18n.language as Language;
  const policy = useQuery({ queryKey: ["policy", no], queryFn: () => desk.policyGet(no) });
  const claims = useQuery({
    queryKey: ["claims", "policy", no],
    queryFn: () =>
      desk.claimList(
        { status: [], template: [], from: null, to: null, mine: false, missing_only: false, text: no },
        0,
        CLAIMS,
      ),
    enabled: may("claim_read"),
  });
  const { data } = policy;
  return (
    <div className="screen stack" data-testid="policy">
      <Failure error={policy.error} onRetry={() => void policy.refetch()} testId="policy-error" />
      {!data && !policy.error && <Skeleton active />}
      {data && (
        <>
          <div className="row">
            <div>
              <h1 className="figures" data-testid="policy-no">
                {data.no}
              </h1>
              <p className="quiet">{data.product_name}</p>
            </div>
            {may("claim_register") && (
              <Button
                type="primary"
                className="row-end"
                icon={<FileAddOutlined />}
                onClick={() => void navigate("/visit/new", { state: { hit: hitOf(data) } })}
                data-testid="policy-take-claim"
              >
                {t("common:action.takeClaim")}
              </Button>
            )}
          </div>
          {!data.verified && (
            <Alert type="warning" showIcon title={t("unverified")} data-testid="policy-unverified" />
          )}
          <section className="panel panel-body">
            <dl className="facts">
              <Fact label={t("holder")}>{data.holder}</Fact>
              <Fact label={t("insured")}>{data.insured}</Fact>
              <Fact label={t("status")}>
                {data.status === ""
                  ? "—"
                  : t(`common:policyStatus.${data.status}`, { defaultValue: data.status })}
              </Fact>
              <Fact label={t("inception")}>{formatDate(data.inception, language)}</Fact>
              <Fact label={t("expiry")}>{formatDate(data.expiry, language)}</Fact>
              <Fact label={t("sumInsured")}>{formatMoney(data.sum_insured) || "—"}</Fact>
              {data.plate && <Fact label={t("plate")}>{data.plate}</Fact>}
              {data.vin && <Fact label={t("vin")}>{data.vin}</Fact>}
              <Fact label={t("product")}>
                {data.product_code === data.product_name
                  ? data.product_name
                  : `${data.product_code} ${data.product_name}`}
              </Fact>
            </dl>
          </section>
          {may("claim_read") && (
            <section className="panel" data-testid="policy-claims">
              <div className="panel-head">
                <h2>{t("claims")}</h2>
              </div>
              <Failure error={claims.error} testId="policy-claims-error" />
              {claims.data && (
                <ClaimList
                  rows={claims.data.rows.filter((row) => row.policy_no === no)}
                  empty={t("claimsEmpty")}
                />
              )}
            </section>
          )}
        </>
      )}
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
