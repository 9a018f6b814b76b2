/** Opening a profile whose key the computer has lost: the recovery code, and never a way to delete. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { desk, useText } from "@/lib/desk";
import { PROFILE_KEY, useProfile } from "@/lib/profile";
import { AccessShell } from "./shell";

/** The unlock screen, for a profile that is locked or cannot be read. */
export function Unlock() {
  const { t } = useTranslation("access");
  const text = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const profile = useProfile();
  const [code, setCode] = useState("");
  const unlock = useMutation({
    mutationFn: () => desk.profileUnlock(code.trim()),
    onSuccess: (status) => {
      client.setQueryData(PROFILE_KEY, status);
      if (status.state === "ready") void navigate("/", { replace: true });
    },
  });
  const { problem, rest } = useFieldProblems(unlock.error, ["recovery_code", "code"]);
  if (profile.data?.state === "ready" || profile.data?.state === "absent") return <Navigate to="/" replace />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() && !unlock.isPending) unlock.mutate();
  };
  return (
    <AccessShell subtitle={profile.data?.branch_name ?? undefined}>
      <form onSubmit={submit} className="stack-tight" data-testid="unlock">
        <h2>{t(profile.data?.state === "unreadable" ? "unlock.titleUnreadable" : "unlock.titleLocked")}</h2>
        {profile.data?.problem && (
          <Alert
            type="warning"
            showIcon
            title={text(profile.data.problem.message)}
            data-testid="unlock-problem"
            data-code={profile.data.problem.code}
          />
        )}
        <p>{t("unlock.intact")}</p>
        <p className="quiet">{t("unlock.how")}</p>
        {rest && <Failure error={rest} testId="unlock-error" />}
        <Field
          label={t("unlock.code")}
          problem={problem("recovery_code") ?? problem("code")}
          hint={t("unlock.codeHint")}
        >
          <Input.TextArea
            autoFocus
            autoSize={{ minRows: 2, maxRows: 4 }}
            autoCapitalize="characters"
            spellCheck={false}
            data-testid="unlock-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            onPressEnter={(event) => {
              if (!event.nativeEvent.isComposing) submit(event);
            }}
          />
        </Field>
        <Button
          block
          type="primary"
          size="large"
          htmlType="submit"
          loading={unlock.isPending}
          disabled={!code.trim()}
          data-testid="unlock-submit"
        >
          {t("unlock.submit")}
        </Button>
        <Button type="text" onClick={() => void profile.refetch()} data-testid="unlock-again">
          {t("unlock.again")}
        </Button>
      </form>
    </AccessShell>
  );
}
