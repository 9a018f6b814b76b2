// 当事人: numbers masked; showing one asks why, and the asking is logged.

import { useMutation } from "@tanstack/react-query";
import { Button, Input, Modal, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { type ClaimFile, type ClaimParty, desk } from "@/lib/desk";
import { useMay } from "@/lib/session";

type Asked = { party: ClaimParty; field: string };
const keyOf = (asked: Asked): string => `${asked.party.party_id} ${asked.field}`;

export function Parties({ file }: { file: ClaimFile }) {
  const { t } = useTranslation("claim");
  const may = useMay();
  const [shown, setShown] = useState<{ [key: string]: string }>({});
  const [asked, setAsked] = useState<Asked | null>(null);
  const number = (party: ClaimParty, field: string, masked: string | null) => {
    if (masked === null || masked === "") return null;
    const open = shown[keyOf({ party, field })];
    return (
      <>
        <span className="figures" data-testid={`party-${party.party_id}-${field}`}>
          {open ?? masked}
        </span>{" "}
        {open === undefined && may("party_reveal") && (
          <Button
            size="small"
            type="link"
            onClick={() => setAsked({ party, field })}
            data-testid={`party-${party.party_id}-${field}-show`}
          >
            {t("parties.show")}
          </Button>
        )}
      </>
    );
  };
  return (
    <div className="stack" data-testid="tab-parties">
      {file.parties.map((party) => (
        <section key={`${party.party_id}-${party.role}`} className="party">
          <div className="party-head">
            <strong>{party.name}</strong>
            <Tag>{t(`visit:role.${party.role}`, { defaultValue: party.role })}</Tag>
            {party.kind === "organisation" && <Tag>{t("visit:party.kind_organisation")}</Tag>}
            {party.minor && <Tag color="warning">{t("visit:party.minor")}</Tag>}
          </div>
          <dl className="claim-answers">
            {party.id_no_masked && (
              <div>
                <dt>
                  {party.id_type
                    ? t(`common:idType.${party.id_type}`, { defaultValue: party.id_type })
                    : t("visit:party.id_no")}
                </dt>
                <dd>{number(party, "id_no", party.id_no_masked)}</dd>
              </div>
            )}
            {party.mobile_masked && (
              <div>
                <dt>{t("visit:party.mobile")}</dt>
                <dd>{number(party, "mobile", party.mobile_masked)}</dd>
              </div>
            )}
            {party.relation && (
              <div>
                <dt>{t("visit:party.relation")}</dt>
                <dd>{t(`visit:relation.${party.relation}`, { defaultValue: party.relation })}</dd>
              </div>
            )}
            {party.bank_account_masked && (
              <div>
                <dt>{party.bank_name ?? t("visit:party.bank_account")}</dt>
                <dd>{number(party, "bank_account", party.bank_account_masked)}</dd>
              </div>
            )}
            {party.address && (
              <div className="sf-span">
                <dt>{t("visit:party.address")}</dt>
                <dd>{party.address}</dd>
              </div>
            )}
          </dl>
        </section>
      ))}
      {asked && (
        <Reveal
          claimId={file.id}
          asked={asked}
          onClose={() => setAsked(null)}
          onShown={(value) => {
            setShown({ ...shown, [keyOf(asked)]: value });
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}

function Reveal({
  claimId,
  asked,
  onClose,
  onShown,
}: {
  claimId: string;
  asked: Asked;
  onClose: () => void;
  onShown: (value: string) => void;
}) {
  const { t } = useTranslation("claim");
  const [reason, setReason] = useState("");
  const reveal = useMutation({
    mutationFn: () => desk.partyReveal(claimId, asked.party.party_id, asked.field, reason.trim()),
    onSuccess: onShown,
  });
  const go = (): void => {
    if (reason.trim() !== "") reveal.mutate();
  };
  return (
    <Modal
      open
      title={t("reveal.title", { name: asked.party.name })}
      okText={t("parties.show")}
      cancelText={t("common:action.cancel")}
      okButtonProps={{ disabled: reason.trim() === "", "data-testid": "reveal-submit" }}
      confirmLoading={reveal.isPending}
      onOk={go}
      onCancel={onClose}
      data-testid="reveal-dialog"
    >
      <div className="stack-tight">
        <p className="quiet">{t("reveal.hint")}</p>
        <Failure error={reveal.error} testId="reveal-failure" />
        <Input
          autoFocus
          value={reason}
          maxLength={200}
          placeholder={t("reveal.reason")}
          aria-label={t("reveal.reason")}
          onChange={(event) => setReason(event.target.value)}
          onPressEnter={go}
          data-testid="reveal-reason"
        />
      </div>
    </Modal>
  );
}
