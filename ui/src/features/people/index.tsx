/** A person or organisation: who they are (masked), their claims and policies. */
import { FileAddOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { ClaimList } from "@/components/claim-list";
import { Failure } from "@/components/failure";
import { Masked } from "@/components/masked";
import { desk, type Hit, type Language, type PartyView } from "@/lib/desk";
import { formatDate } from "@/lib/format";
import { useMay } from "@/lib/session";

/** What the intake needs to begin with this person. */
function hitOf(party: PartyView): Hit {
  return { kind: "party", id: party.id, no: party.id, title: party.name, subtitle: party.id_no_masked ?? "" };
}

/** The person screen. */
export default function Person() {
  const { t, i18n } = useTranslation("people");
  const { id = "" } = useParams();
  const may = useMay();
  const navigate = useNavigate();
  const language = i18n.language as Language;
  const party = useQuery({ queryKey: ["party", id], queryFn: () => desk.partyGet(id) });
  const { data } = party;
  return (
    <div className="screen stack" data-testid="person">
      <Failure error={party.error} onRetry={() => void party.refetch()} testId="person-error" />
      {!data && !party.error && <Skeleton active />}
      {data && (
        <>
          <div className="row">
            <div>
              <h1 data-testid="person-name">{data.name}</h1>
              <p className="quiet">{t(`kind.${data.kind}`)}</p>
            </div>
            {may("claim_register") && (
              <Button
                type="primary"
                className="row-end"
                icon={<FileAddOutlined />}
                onClick={() => void navigate("/visit/new", { state: { hit: hitOf(data) } })}
                data-testid="person-take-claim"
              >
                {t("common:action.takeClaim")}
              </Button>
            )}
          </div>
          <section className="panel panel-body">
            <dl className="facts">
              <div>
                <dt>
                  {data.id_type ? t(`common:idType.${data.id_type}`, { defaultValue: t("idNo") }) : t("idNo")}
                </dt>
                <dd>
                  <Masked partyId={data.id} claimId={null} field="id_no" masked={data.id_no_masked} />
                </dd>
              </div>
              <div>
                <dt>{t("mobile")}</dt>
                <dd>
                  <Masked partyId={data.id} claimId={null} field="mobile" masked={data.mobile_masked} />
                </dd>
              </div>
              {data.kind === "person" && (
                <div>
                  <dt>{t("birth")}</dt>
                  <dd className="figures">{formatDate(data.birth, language) || "—"}</dd>
                </div>
              )}
              <div>
                <dt>{t("address")}</dt>
                <dd>{data.address || "—"}</dd>
              </div>
            </dl>
          </section>
          <section className="panel" data-testid="person-claims">
            <div className="panel-head">
              <h2>{t("claims")}</h2>
              {data.claims.length > 0 && <span className="quiet">{data.claims.length}</span>}
            </div>
            <ClaimList rows={data.claims} empty={t("claimsEmpty")} />
          </section>
          <section className="panel" data-testid="person-policies">
            <div className="panel-head">
              <h2>{t("policies")}</h2>
              {data.policies.length > 0 && <span className="quiet">{data.policies.length}</span>}
            </div>
            {data.policies.length === 0 ? (
              <p className="panel-body quiet">{t("policiesEmpty")}</p>
            ) : (
              <div className="panel-body stack-tight">
                {data.policies.map((policy) => (
                  <div key={policy.id} className="row">
                    <Link
                      to={`/policies/${encodeURIComponent(policy.no)}`}
                      className="figures"
                      data-testid={`policy-${policy.no}`}
                    >
                      {policy.no}
                    </Link>
                    <span>{policy.product_name}</span>
                    {policy.plate && <span className="figures">{policy.plate}</span>}
                    <span className="quiet figures">
                      {t("period", {
                        from: formatDate(policy.inception, language),
                        to: formatDate(policy.expiry, language),
                      })}
                    </span>
                  </div>
                ))}
              </div>
            )}
          </section>
        </>
      )}
    </div>
  );
}
