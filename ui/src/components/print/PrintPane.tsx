// One print of a claim or complaint: which, whose copy, in what language.

import { useQueryClient } from "@tanstack/react-query";
import { Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Copy, desk, type PrintKind } from "@/lib/desk";
import { PrintLanguage, PrintSheet, usePrintLanguage } from "./PrintSheet";

type Props = { claimId: string; kinds: PrintKind[]; onPrinted?: () => void };

export function PrintPane({ claimId, kinds, onPrinted }: Props) {
  const { t } = useTranslation("print");
  const client = useQueryClient();
  const [kind, setKind] = useState<PrintKind>(kinds[0] ?? "receipt");
  const [copy, setCopy] = useState<Copy>("customer");
  const [language, setLanguage] = usePrintLanguage();
  return (
    <PrintSheet
      name={[claimId, kind, copy, language]}
      load={() => desk.printPreview(kind, claimId, copy, language)}
      onPrinted={() => {
        void client.invalidateQueries({ queryKey: ["claim", claimId] });
        onPrinted?.();
      }}
    >
      <Select
        className="print-kind"
        popupMatchSelectWidth={false}
        aria-label={t("kind_label")}
        value={kind}
        options={kinds.map((value) => ({
          value,
          label: t(`kind.${value}`),
          "data-testid": `print-kind-${value}`,
        }))}
        onChange={(value: PrintKind) => setKind(value)}
        data-testid="print-kind"
      />
      <Segmented<Copy>
        aria-label={t("copy_label")}
        value={copy}
        options={[
          { value: "customer", label: t("copy.customer") },
          { value: "internal", label: t("copy.internal") },
        ]}
        onChange={(value) => setCopy(value)}
        data-testid="print-copy"
      />
      <PrintLanguage value={language} onChange={setLanguage} />
    </PrintSheet>
  );
}
