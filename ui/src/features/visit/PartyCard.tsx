// One party: identity first, the rest when it is needed; an agent's authority and a child's guardian when they apply.

import { Button, Tag } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { DraftField } from "@/components/schema-form/DraftField";
import { today } from "@/components/schema-form/dates";
import type { Widget } from "@/components/schema-form/field-check";
import { useDraft, useDraftSection, useDraftText } from "@/components/schema-form/use-draft";
import type { Template } from "@/lib/desk";
import { echoes } from "./echo";
import {
  birthOfId,
  ORGANISATION_ID_TYPES,
  PERSON_ID_TYPES,
  partyPath,
  RELATIONS,
  sameAs,
  underFourteen,
} from "./parties";

type Props = {
  template: Template;
  index: number;
  others: number[];
  removable: boolean;
  showProblems: boolean;
  onRemove: () => void;
};

const PAID_ROLES = new Set(["payee", "beneficiary", "claimant", "heir"]);
const RARE = ["birth", "address", "bank_name", "bank_account", "relation"];

export function PartyCard({ template, index, others, removable, showProblems, onRemove }: Props) {
  const { t } = useTranslation("visit");
  const draft = useDraft();
  const fields = useDraftSection("parties");
  const at = (field: string): string => partyPath(index, field);
  const role = useDraftText(at("role"));
  const kind = useDraftText(at("kind")) || "person";
  const idType = useDraftText(at("id_type"));
  const idNo = useDraftText(at("id_no"));
  const name = useDraftText(at("name"));
  const birth = idType === "resident-id" ? (birthOfId(idNo) ?? "") : textOf(fields, at("birth"));
  const [more, setMore] = useState(
    () => RARE.some((field) => Boolean(fields[at(field)])) || PAID_ROLES.has(role),
  );
  const minor = kind === "person" && birth !== "" && underFourteen(birth, today());
  const label = t(`role.${role}`, { defaultValue: role });
  const idWidget: Widget = idType === "resident-id" ? "id" : idType === "uscc" ? "uscc" : "text";
  const idTypes = kind === "organisation" ? ORGANISATION_ID_TYPES : PERSON_ID_TYPES;
  const named = others.filter((other) => Boolean(fields[partyPath(other, "name")]));
  const copy = (from: number): void => {
    for (const [path, value] of Object.entries(sameAs(draft.fields(), from, index))) draft.set(path, value);
    for (const [path, value] of Object.entries(echoes(template, draft.fields(), at("name"))))
      draft.set(path, value);
  };
  useEffect(() => {
    const fits = kind === "organisation" ? ["uscc", "other"].includes(idType) : idType !== "uscc";
    if (!fits) draft.set(partyPath(index, "id_type"), kind === "organisation" ? "uscc" : "resident-id");
  }, [kind, idType, draft, index]);
  return (
    <section className="party" aria-label={label} data-testid={`party-${index}`} data-role={role}>
      <div className="party-head">
        <strong>{label}</strong>
        {minor && <Tag color="warning">{t("party.minor")}</Tag>}
        {named.map((other) => (
          <Button
            key={other}
            size="small"
            onClick={() => copy(other)}
            data-testid={`party-${index}-same-${other}`}
          >
            {t("party.same_as", {
              role: t(`role.${String(fields[partyPath(other, "role")])}`),
              name: String(fields[partyPath(other, "name")]),
            })}
          </Button>
        ))}
        <span className="row-end" />
        {removable && (
          <Button size="small" type="text" onClick={onRemove} data-testid={`party-${index}-remove`}>
            {t("party.remove")}
          </Button>
        )}
      </div>
      <div className="sf-grid">
        <DraftField
          path={at("name")}
          label={t("party.name")}
          guidance={t("party.name_guidance")}
          widget="text"
          maxLength={100}
          required
          problem={showProblems && name.trim() === "" ? t("forms:problem.required") : null}
        />
        <DraftField
          path={at("kind")}
          label={t("party.kind")}
          widget="radio"
          options={["person", "organisation"].map((value) => ({ value, label: t(`party.kind_${value}`) }))}
        />
        <DraftField
          path={at("id_type")}
          label={t("party.id_type")}
          guidance={t("party.id_type_guidance")}
          widget="select"
          options={idTypes.map((value) => ({ value, label: t(`common:idType.${value}`) }))}
        />
        <DraftField
          key={idWidget}
          path={at("id_no")}
          label={t("party.id_no")}
          guidance={t("party.id_no_guidance")}
          widget={idWidget}
          maxLength={40}
        />
        <DraftField
          path={at("mobile")}
          label={t("party.mobile")}
          guidance={t("party.mobile_guidance")}
          widget="mobile"
        />
        {more ? (
          <>
            {idType !== "resident-id" && kind === "person" && (
              <DraftField
                path={at("birth")}
                label={t("party.birth")}
                guidance={t("party.birth_guidance")}
                widget="date"
              />
            )}
            <DraftField
              path={at("relation")}
              label={t("party.relation")}
              guidance={t("party.relation_guidance")}
              widget="select"
              options={RELATIONS.map((value) => ({ value, label: t(`relation.${value}`) }))}
            />
            <DraftField
              path={at("bank_name")}
              label={t("party.bank_name")}
              guidance={t("party.bank_guidance")}
              widget="text"
              maxLength={100}
            />
            <DraftField
              path={at("bank_account")}
              label={t("party.bank_account")}
              guidance={t("party.bank_guidance")}
              widget={kind === "organisation" ? "text" : "bankcard"}
              maxLength={32}
            />
            <DraftField
              path={at("address")}
              label={t("party.address")}
              guidance={t("party.address_guidance")}
              widget="text"
              span={2}
              maxLength={200}
            />
          </>
        ) : (
          <div className="sf-field party-more">
            <Button type="link" onClick={() => setMore(true)} data-testid={`party-${index}-more`}>
              {t("party.more")}
            </Button>
          </div>
        )}
        {role === "agent" && (
          <>
            <p className="party-part">{t("authority.title")}</p>
            <DraftField
              path={at("authority.paper")}
              label={t("authority.paper")}
              guidance={t("authority.guidance")}
              widget="text"
              maxLength={200}
              required
            />
            <DraftField
              path={at("authority.signed_on")}
              label={t("authority.signed_on")}
              guidance={t("authority.guidance")}
              widget="date"
              required
            />
            <DraftField
              path={at("authority.scope")}
              label={t("authority.scope")}
              guidance={t("authority.scope_guidance")}
              widget="text"
              span={2}
              maxLength={200}
              required
            />
          </>
        )}
        {minor && (
          <>
            <p className="party-part">{t("consent.title")}</p>
            <DraftField
              path={at("guardian_consent.guardian_name")}
              label={t("consent.guardian_name")}
              guidance={t("consent.guidance")}
              widget="text"
              maxLength={100}
              required
            />
            <DraftField
              path={at("guardian_consent.relation")}
              label={t("consent.relation")}
              guidance={t("consent.guidance")}
              widget="text"
              maxLength={40}
              required
            />
            <DraftField
              path={at("guardian_consent.signed_on")}
              label={t("consent.signed_on")}
              guidance={t("consent.guidance")}
              widget="date"
              required
            />
          </>
        )}
      </div>
    </section>
  );
}

const textOf = (fields: { [path: string]: unknown }, path: string): string =>
  typeof fields[path] === "string" ? String(fields[path]) : "";
