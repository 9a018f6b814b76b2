/** How far an import is, and the way to stop it. */
import { useMutation } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk, type ImportProgress } from "@/lib/desk";

/** Shown while a run is under way; what is committed when it stops stays. */
export function RunProgress({ token, progress }: { token: string; progress: ImportProgress }) {
  const { t } = useTranslation("import");
  const cancel = useMutation({ mutationFn: () => desk.importCancel(token) });
  const { done, total } = progress;
  return (
    <>
      <div className="row" data-testid="import-progress">
        <Progress
          className="import-bar"
          size="small"
          showInfo={false}
          percent={total === 0 ? 0 : Math.floor((done / total) * 100)}
          aria-label={t("progressLabel")}
        />
        <span className="figures" data-testid="import-progress-rows">
          {t("progress", { done, total })}
        </span>
        <Button
          size="small"
          disabled={cancel.isPending || cancel.isSuccess}
          onClick={() => cancel.mutate()}
          data-testid="import-cancel"
        >
          {t(cancel.isSuccess ? "cancelling" : "cancel")}
        </Button>
      </div>
      <Failure error={cancel.error} testId="import-cancel-error" />
    </>
  );
}
