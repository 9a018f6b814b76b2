/** 机构: how the branch names itself on prints, and how it is reached. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { type BranchFacts, desk } from "@/lib/desk";

const FIELDS = ["name", "phone", "address"] as const;

/** The form; Enter saves it. */
export function Branch() {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const known = useQuery({ queryKey: ["branch"], queryFn: () => desk.branchGet() });
  const [typed, setTyped] = useState<Partial<BranchFacts>>({});
  const facts: BranchFacts = { name: "", phone: "", address: "", ...known.data, ...typed };
  const save = useMutation({
    mutationFn: () => desk.branchChange(facts),
    onSuccess: (kept) => {
      client.setQueryData(["branch"], kept);
      setTyped({});
    },
  });
  const { problem, rest } = useFieldProblems(save.error, FIELDS);
  return (
    <section className="panel panel-body">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p className="field quiet">{t("branch.intro")}</p>
        {rest && <Failure error={rest} testId="branch-error" />}
        {FIELDS.map((field) => (
          <Field
            key={field}
            label={t(`branch.${field}`)}
            required={field === "name"}
            problem={problem(field)}
          >
            <Input
              data-testid={`branch-${field}`}
              value={facts[field]}
              onChange={(event) => setTyped({ ...typed, [field]: event.target.value })}
            />
          </Field>
        ))}
        <Button
          type="primary"
          htmlType="submit"
          data-testid="branch-save"
          loading={save.isPending}
          disabled={Object.keys(typed).length === 0}
        >
          {t("branch.save")}
        </Button>
      </form>
    </section>
  );
}
