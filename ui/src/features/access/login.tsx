/** Log-in: user and password, and the refusal in the desk's own words. */
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";
import { Failure, Notices } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { desk, type Session } from "@/lib/desk";
import { useProfile } from "@/lib/profile";
import { useSetSession } from "@/lib/session";
import { AccessShell } from "./shell";

interface LoginFormProps {
  /** The user is fixed when someone unlocks their own session. */
  fixedUser?: string;
  submitLabel: string;
  testId: "login" | "lock";
  onDone: (session: Session) => void;
}

/** The form itself, shared with the lock overlay. */
export function LoginForm({ fixedUser, submitLabel, testId, onDone }: LoginFormProps) {
  const { t } = useTranslation("access");
  const [user, setUser] = useState(fixedUser ?? "");
  const [password, setPassword] = useState("");
  const login = useMutation({
    mutationFn: () => desk.sessionLogin(user.trim(), password),
    onSuccess: onDone,
    onError: () => setPassword(""),
  });
  const { problem, rest } = useFieldProblems(login.error, ["user", "password"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (user.trim() && password && !login.isPending) login.mutate();
  };
  return (
    <form onSubmit={submit} className="stack-tight">
      {rest && <Failure error={rest} testId={`${testId}-error`} />}
      <div>
        {fixedUser === undefined && (
          <Field label={t("login.user")} problem={problem("user")}>
            <Input
              autoFocus
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              data-testid={`${testId}-user`}
              value={user}
              onChange={(event) => setUser(event.target.value)}
            />
          </Field>
        )}
        <Field label={t("login.password")} problem={problem("password")}>
          <Input.Password
            autoFocus={fixedUser !== undefined}
            autoComplete="current-password"
            data-testid={`${testId}-password`}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button
          block
          type="primary"
          size="large"
          htmlType="submit"
          loading={login.isPending}
          disabled={!user.trim() || !password}
          data-testid={`${testId}-submit`}
        >
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

/** The log-in screen. */
export function Login() {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  const setSession = useSetSession();
  const profile = useProfile();
  // The gate says what is wrong; this page may be here before the profile has been heard of.
  if (profile.error || (profile.data && profile.data.state !== "ready")) return <Navigate to="/" replace />;
  return (
    <AccessShell subtitle={profile.data?.branch_name ?? undefined}>
      <div className="stack">
        {profile.data && <Notices notices={profile.data.warnings} testId="login-warnings" />}
        <LoginForm
          testId="login"
          submitLabel={t("login.submit")}
          onDone={(session) => {
            setSession.replace(session);
            void navigate("/", { replace: true });
          }}
        />
        <p className="quiet">{t("login.forgotten")}</p>
      </div>
    </AccessShell>
  );
}
