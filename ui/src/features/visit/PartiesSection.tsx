// The people and organisations of the claim, in the roles of the template.

import { Button, Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDraft, useDraftSection } from "@/components/schema-form/use-draft";
import type { Template } from "@/lib/desk";
import { nameToldFor } from "./echo";
import { PartyCard } from "./PartyCard";
import { missingRoles, nextIndex, partyIndices, partyPath } from "./parties";

const ALWAYS = ["reporter", "agent"];

export function PartiesSection({ template, showProblems }: { template: Template; showProblems: boolean }) {
  const { t } = useTranslation("visit");
  const draft = useDraft();
  const fields = useDraftSection("parties");
  const indices = partyIndices(fields);
  const roles = useMemo(
    () => [...new Set([...template.roles.map((role) => role.role), ...ALWAYS])],
    [template],
  );
  const required = new Set(template.roles.filter((role) => role.required).map((role) => role.role));
  const lacking = missingRoles(template, fields);
  const add = (role: string): void => {
    const index = nextIndex(draft.fields());
    draft.set(partyPath(index, "role"), role);
    draft.set(partyPath(index, "kind"), "person");
    draft.set(partyPath(index, "id_type"), "resident-id");
    draft.set(partyPath(index, "name"), nameToldFor(draft.fields(), role));
  };
  const remove = (index: number): void => {
    for (const path of Object.keys(draft.fields())) {
      if (path.startsWith(`parties.${index}.`)) draft.set(path, null);
    }
  };
  return (
    <fieldset className="sf-group" data-testid="parties-section">
      <legend>{t("parties.title")}</legend>
      {indices.map((index) => {
        const role = String(fields[partyPath(index, "role")]);
        const only = indices.filter((other) => fields[partyPath(other, "role")] === role).length === 1;
        return (
          <PartyCard
            key={index}
            template={template}
            index={index}
            others={indices.filter((other) => other !== index)}
            removable={!(required.has(role) && only)}
            showProblems={showProblems}
            onRemove={() => remove(index)}
          />
        );
      })}
      <div className="row">
        {lacking.map((role) => (
          <Button key={role} onClick={() => add(role)} data-testid={`party-add-${role}`}>
            {t("parties.add_role", { role: t(`role.${role}`, { defaultValue: role }) })}
          </Button>
        ))}
        <Select
          className="party-add"
          value={null}
          placeholder={t("parties.add")}
          aria-label={t("parties.add")}
          options={roles.map((role) => ({
            value: role,
            label: t(`role.${role}`, { defaultValue: role }),
            "data-testid": `party-add-option-${role}`,
          }))}
          onChange={(role: string | null) => {
            if (role) add(role);
          }}
          data-testid="party-add"
        />
      </div>
    </fieldset>
  );
}
