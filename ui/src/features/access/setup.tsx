/** First run in three calm steps: the branch, the first administrator, the recovery code. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Spin, Steps } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { PdfPreview } from "@/components/pdf-preview";
import { PrinterChoice, usePrinters } from "@/components/print/printers";
import { desk, type Language, type ProfileCreateInput, type RecoveryCode } from "@/lib/desk";
import { PROFILE_KEY, useProfile } from "@/lib/profile";
import { AccessShell } from "./shell";

const BRANCH_FIELDS = ["branch_code", "branch_name"] as const;
const ADMIN_FIELDS = ["admin_user", "admin_name", "password"] as const;
const FIELDS = [...BRANCH_FIELDS, ...ADMIN_FIELDS];
const EMPTY: ProfileCreateInput = {
  branch_code: "",
  branch_name: "",
  admin_user: "",
  admin_name: "",
  password: "",
};

/** The set-up screen. */
export function Setup() {
  const { t, i18n } = useTranslation("access");
  const profile = useProfile();
  const [step, setStep] = useState(0);
  const [input, setInput] = useState(EMPTY);
  const [again, setAgain] = useState("");
  const create = useMutation({
    mutationFn: () => desk.profileCreate(input, i18n.language as Language),
    onSuccess: () => setStep(2),
    onError: () => {},
  });
  const { problem, rest } = useFieldProblems(create.error, FIELDS);

  // A profile that already exists is never set up over; the code of this very set-up is still to be shown.
  if (!create.data && profile.data && profile.data.state !== "absent") return <Navigate to="/" replace />;
  if (!create.data && !profile.data) {
    return profile.error ? (
      <AccessShell>
        <Failure error={profile.error} onRetry={() => void profile.refetch()} />
      </AccessShell>
    ) : (
      <div className="centred">
        <Spin />
      </div>
    );
  }

  const set = (field: keyof ProfileCreateInput) => (value: string) =>
    setInput((old) => ({ ...old, [field]: value }));
  // A refusal of the first step's values is shown where they are typed.
  const branchRefused = create.isError && BRANCH_FIELDS.some((field) => problem(field));
  const shown = step === 1 && branchRefused && !create.isPending ? 0 : step;
  return (
    <AccessShell wide subtitle={t("setup.subtitle")}>
      <div className="setup-layout">
        <Steps
          orientation="vertical"
          size="small"
          current={shown}
          items={[
            { title: t("setup.stepBranch") },
            { title: t("setup.stepAdmin") },
            { title: t("setup.stepRecovery") },
          ]}
        />
        {shown === 0 && (
          <BranchStep
            input={input}
            set={set}
            problem={problem}
            onNext={() => {
              create.reset();
              setStep(1);
            }}
          />
        )}
        {shown === 1 && (
          <AdminStep
            input={input}
            set={set}
            again={again}
            setAgain={setAgain}
            problem={problem}
            rest={rest}
            busy={create.isPending}
            onBack={() => setStep(0)}
            onNext={() => create.mutate()}
          />
        )}
        {shown === 2 && create.data && <RecoveryStep recovery={create.data} />}
      </div>
    </AccessShell>
  );
}

interface StepProps {
  input: ProfileCreateInput;
  set: (field: keyof ProfileCreateInput) => (value: string) => void;
  problem: (field: string) => string | undefined;
  onNext: () => void;
}

function BranchStep({ input, set, problem, onNext }: StepProps) {
  const { t } = useTranslation("access");
  const complete = input.branch_code.trim() !== "" && input.branch_name.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) onNext();
  };
  return (
    <form className="setup-form" onSubmit={submit}>
      <p className="quiet">{t("setup.branchIntro")}</p>
      <Field
        label={t("setup.branchCode")}
        required
        problem={problem("branch_code")}
        hint={t("setup.branchCodeHint")}
      >
        <Input
          autoFocus
          spellCheck={false}
          data-testid="setup-branch-code"
          value={input.branch_code}
          onChange={(event) => set("branch_code")(event.target.value.toUpperCase())}
        />
      </Field>
      <Field
        label={t("setup.branchName")}
        required
        problem={problem("branch_name")}
        hint={t("setup.branchNameHint")}
      >
        <Input
          data-testid="setup-branch-name"
          value={input.branch_name}
          onChange={(event) => set("branch_name")(event.target.value)}
        />
      </Field>
      <div className="access-actions">
        <Button type="primary" htmlType="submit" disabled={!complete} data-testid="setup-branch-next">
          {t("common:action.next")}
        </Button>
      </div>
    </form>
  );
}

interface AdminStepProps extends StepProps {
  again: string;
  setAgain: (value: string) => void;
  rest: unknown;
  busy: boolean;
  onBack: () => void;
}

function AdminStep({ input, set, again, setAgain, problem, rest, busy, onBack, onNext }: AdminStepProps) {
  const { t } = useTranslation("access");
  const differs = again !== "" && again !== input.password;
  const complete =
    input.admin_user.trim() !== "" &&
    input.admin_name.trim() !== "" &&
    input.password !== "" &&
    again === input.password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete && !busy) onNext();
  };
  return (
    <form className="setup-form" onSubmit={submit}>
      <p className="quiet">{t("setup.adminIntro")}</p>
      {rest ? <Failure error={rest} testId="setup-error" /> : null}
      <Field
        label={t("setup.adminUser")}
        required
        problem={problem("admin_user")}
        hint={t("setup.adminUserHint")}
      >
        <Input
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          data-testid="setup-admin-user"
          value={input.admin_user}
          onChange={(event) => set("admin_user")(event.target.value)}
        />
      </Field>
      <Field label={t("setup.adminName")} required problem={problem("admin_name")}>
        <Input
          data-testid="setup-admin-name"
          value={input.admin_name}
          onChange={(event) => set("admin_name")(event.target.value)}
        />
      </Field>
      <Field
        label={t("setup.password")}
        required
        problem={problem("password")}
        hint={t("setup.passwordHint")}
      >
        <Input.Password
          autoComplete="new-password"
          data-testid="setup-password"
          value={input.password}
          onChange={(event) => set("password")(event.target.value)}
        />
      </Field>
      <Field
        label={t("setup.passwordAgain")}
        required
        problem={differs ? t("setup.passwordDiffers") : undefined}
      >
        <Input.Password
          autoComplete="new-password"
          data-testid="setup-password-again"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </Field>
      <div className="access-actions">
        <Button onClick={onBack} disabled={busy} data-testid="setup-admin-back">
          {t("common:action.back")}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={busy}
          disabled={!complete}
          data-testid="setup-admin-next"
        >
          {t("setup.create")}
        </Button>
      </div>
    </form>
  );
}

function RecoveryStep({ recovery }: { recovery: RecoveryCode }) {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  const client = useQueryClient();
  const [kept, setKept] = useState(false);
  const save = useMutation({ mutationFn: () => desk.recoverySave() });
  const printers = usePrinters();
  const print = useMutation({ mutationFn: (printer: string) => desk.recoveryPrint(printer) });
  const confirm = useMutation({
    mutationFn: () => desk.recoveryConfirm(),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: PROFILE_KEY });
      void navigate("/login", { replace: true });
    },
  });
  return (
    <div className="setup-recovery">
      <div className="stack-tight">
        <p>{t("setup.recoveryIntro")}</p>
        <div className="setup-code" data-testid="setup-recovery-code">
          {recovery.code}
        </div>
        <p className="quiet">{t("setup.recoveryOnce")}</p>
        <Failure error={save.error} testId="setup-recovery-save-error" />
        <div className="row">
          <Button onClick={() => save.mutate()} loading={save.isPending} data-testid="setup-recovery-save">
            {t("setup.recoverySave")}
          </Button>
          {save.data && (
            <span className="quiet" role="status" data-testid="setup-recovery-saved">
              {t("setup.recoverySaved", { name: save.data })}
            </span>
          )}
        </div>
        <Failure error={print.error ?? printers.error} testId="setup-recovery-print-error" />
        <div className="row">
          <PrinterChoice printers={printers} />
          <Button
            disabled={printers.chosen === null}
            loading={print.isPending}
            onClick={() => printers.chosen !== null && print.mutate(printers.chosen)}
            data-testid="setup-recovery-print"
          >
            {t("print:send")}
          </Button>
          {print.isSuccess && (
            <span className="quiet" role="status" data-testid="setup-recovery-printed">
              {t("print:sent", { printer: print.variables })}
            </span>
          )}
        </div>
        <Checkbox
          checked={kept}
          onChange={(event) => setKept(event.target.checked)}
          data-testid="setup-recovery-kept"
        >
          {t("setup.recoveryKept")}
        </Checkbox>
        <Failure error={confirm.error} testId="setup-recovery-confirm-error" />
        <div className="access-actions">
          <Button
            type="primary"
            size="large"
            disabled={!kept}
            loading={confirm.isPending}
            onClick={() => confirm.mutate()}
            data-testid="setup-recovery-confirm"
          >
            {t("setup.finish")}
          </Button>
        </div>
      </div>
      <div className="setup-pdf">
        <PdfPreview dataBase64={recovery.pdf_base64} title={t("setup.recoveryPdf")} />
      </div>
    </div>
  );
}
