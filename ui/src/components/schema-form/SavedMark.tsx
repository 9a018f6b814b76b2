// The quiet mark beside a field: being saved, saved, or not saved yet and being tried again.

import { useTranslation } from "react-i18next";
import { useFieldState } from "./use-draft";

export function SavedMark({ path }: { path: string }) {
  const { t } = useTranslation("forms");
  const state = useFieldState(path);
  if (!state) return null;
  const status = state.status === "dirty" ? "saving" : state.status;
  return (
    <span className="sf-mark" data-state={state.status} data-testid={`saved-${path.replaceAll(".", "-")}`}>
      {t(`saved.${status}`)}
    </span>
  );
}
