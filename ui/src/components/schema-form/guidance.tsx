// The guidance of the focused field, shown beside the form.

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

type Guidance = { label: string; text: string };
type Focus = { guidance: Guidance | null; show: (guidance: Guidance) => void };

const FocusContext = createContext<Focus>({ guidance: null, show: () => undefined });

export function GuidanceProvider({ children }: { children: ReactNode }) {
  const [guidance, setGuidance] = useState<Guidance | null>(null);
  const focus = useMemo<Focus>(() => ({ guidance, show: setGuidance }), [guidance]);
  return <FocusContext value={focus}>{children}</FocusContext>;
}

export function useShowGuidance(): (guidance: Guidance) => void {
  return useContext(FocusContext).show;
}

export function GuidancePanel() {
  const { t } = useTranslation("forms");
  const { guidance } = useContext(FocusContext);
  return (
    <aside className="sf-guidance" aria-live="polite" data-testid="guidance">
      <h3>{guidance?.label ?? t("guidance.title")}</h3>
      <p>{guidance?.text || t("guidance.none")}</p>
    </aside>
  );
}
