/** One change of an account: role, password, disabled or enabled again. */
import { useMutation } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { type AccountChange, type AccountRow, desk, type Role } from "@/lib/desk";
import { ROLES } from "./roles";

export type Change = "role" | "password" | "disable" | "enable";

const FIELDS = ["role", "password", "reason", "disabled"];

interface ChangeAccountProps {
  account: AccountRow;
  change: Change;
  onClose: () => void;
  onDone: () => void;
}

/** The dialog for one kind of change. */
export function ChangeAccount({ account, change, onClose, onDone }: ChangeAccountProps) {
  const { t } = useTranslation("settings");
  const [role, setRole] = useState<Role>(account.role);
  const [password, setPassword] = useState("");
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: () => {
      const input: AccountChange = {
        id: account.id,
        display_name: null,
        role: change === "role" ? role : null,
        password: change === "password" ? password : null,
        disabled: change === "disable" ? true : change === "enable" ? false : null,
        reason: reason.trim(),
      };
      return desk.accountChange(input);
    },
    onSuccess: onDone,
  });
  const { problem, rest } = useFieldProblems(save.error, FIELDS);
  const complete =
    reason.trim() !== "" &&
    (change !== "password" || password !== "") &&
    (change !== "role" || role !== account.role);
  return (
    <FormDialog
      open
      title={t(`accounts.title.${change}`, { name: account.display_name })}
      submitLabel={t(`accounts.${change}`)}
      submitTestId="account-change"
      complete={complete}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {rest && <Failure error={rest} testId="account-change-error" />}
      {change === "disable" && <p className="quiet">{t("accounts.disableHint")}</p>}
      {change === "role" && (
        <Field label={t("accounts.roleName")} required problem={problem("role")}>
          <Select<Role>
            data-testid="account-role"
            value={role}
            onChange={setRole}
            options={ROLES.map((one) => ({ value: one, label: t(`common:role.${one}`) }))}
          />
        </Field>
      )}
      {change === "password" && (
        <Field
          label={t("accounts.passwordNew")}
          required
          problem={problem("password")}
          hint={t("accounts.passwordHint")}
        >
          <Input.Password
            autoComplete="new-password"
            data-testid="account-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      )}
      <Field label={t("accounts.reason")} required problem={problem("reason") ?? problem("disabled")}>
        <Input
          data-testid="account-reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
