// Under an answer that names a person: the people already named, one key away instead of typed again.

import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDraft, useDraftSection, useDraftText } from "@/components/schema-form/use-draft";
import { offersOf } from "./echo";

export function NameOffers({ path }: { path: string }) {
  const { t } = useTranslation("visit");
  const draft = useDraft();
  const given = useDraftText(path).trim();
  const parties = useDraftSection("parties");
  const offers = useMemo(() => offersOf(parties), [parties]);
  const take = (name: string): void => {
    draft.set(path, name);
    // The button goes with the choice; the keyboard goes on from the field.
    document.getElementById(`field-${path.replaceAll(".", "-")}`)?.focus();
  };
  if (given !== "" || offers.length === 0) return null;
  return (
    <div className="row">
      {offers.map(({ role, name }) => (
        <Button
          key={role}
          size="small"
          onClick={() => take(name)}
          data-testid={`offer-${path.replaceAll(".", "-")}-${role}`}
        >
          {t("party.same_as", { role: t(`role.${role}`), name })}
        </Button>
      ))}
    </div>
  );
}
