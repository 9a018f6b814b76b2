/** A new account. */
import { useMutation } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { type AccountInput, desk, type Role } from "@/lib/desk";
import { ROLES } from "./roles";

const FIELDS = ["user", "display_name", "role", "password"];

/** The dialog; what was typed stays when the desk refuses it. */
export function CreateAccount({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation("settings");
  const [input, setInput] = useState<AccountInput>({
    user: "",
    display_name: "",
    role: "counter_clerk",
    password: "",
  });
  const create = useMutation({ mutationFn: () => desk.accountCreate(input), onSuccess: onDone });
  const { problem, rest } = useFieldProblems(create.error, FIELDS);
  const complete = input.user.trim() !== "" && input.display_name.trim() !== "" && input.password !== "";
  return (
    <FormDialog
      open
      title={t("accounts.new")}
      submitLabel={t("accounts.create")}
      submitTestId="account-create"
      complete={complete}
      busy={create.isPending}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      {rest && <Failure error={rest} testId="account-create-error" />}
      <Field label={t("accounts.user")} required problem={problem("user")} hint={t("accounts.userHint")}>
        <Input
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          data-testid="account-user"
          value={input.user}
          onChange={(event) => setInput({ ...input, user: event.target.value })}
        />
      </Field>
      <Field label={t("accounts.name")} required problem={problem("display_name")}>
        <Input
          data-testid="account-name"
          value={input.display_name}
          onChange={(event) => setInput({ ...input, display_name: event.target.value })}
        />
      </Field>
      <Field label={t("accounts.roleName")} required problem={problem("role")}>
        <Select<Role>
          data-testid="account-role"
          value={input.role}
          onChange={(role) => setInput({ ...input, role })}
          options={ROLES.map((role) => ({
            value: role,
            label: t(`common:role.${role}`),
            "data-testid": `account-role-${role}`,
          }))}
        />
      </Field>
      <Field
        label={t("accounts.passwordFirst")}
        required
        problem={problem("password")}
        hint={t("accounts.passwordHint")}
      >
        <Input.Password
          autoComplete="new-password"
          data-testid="account-password"
          value={input.password}
          onChange={(event) => setInput({ ...input, password: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}
