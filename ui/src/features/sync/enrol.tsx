/** Joining a hub with the one-time code of its administrator. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { desk } from "@/lib/desk";

/** The form; a refused code leaves what was typed. */
export function Enrol() {
  const { t } = useTranslation("sync");
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [code, setCode] = useState("");
  const enrol = useMutation({
    mutationFn: () => desk.syncEnrol(url.trim(), code.trim()),
    onSuccess: () => client.invalidateQueries(),
  });
  const complete = url.trim() !== "" && code.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete && !enrol.isPending) enrol.mutate();
  };
  return (
    <section className="panel" data-testid="enrol">
      <div className="panel-head">
        <h2>{t("enrol.title")}</h2>
      </div>
      <form className="panel-body stack-tight" onSubmit={submit}>
        <p className="quiet">{t("enrol.intro")}</p>
        <div className="sync-enrol">
          <Field label={t("enrol.url")} required>
            <Input
              value={url}
              maxLength={300}
              placeholder="https://hub.example.cn"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setUrl(event.target.value)}
              data-testid="enrol-url"
            />
          </Field>
          <Field label={t("enrol.code")} required>
            <Input
              className="sf-code"
              value={code}
              maxLength={20}
              placeholder="XXXX-XXXX-XXXX"
              autoCapitalize="characters"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setCode(event.target.value.toUpperCase())}
              data-testid="enrol-code"
            />
          </Field>
        </div>
        <Failure error={enrol.error} testId="enrol-failure" />
        <div className="row">
          <Button
            type="primary"
            htmlType="submit"
            disabled={!complete}
            loading={enrol.isPending}
            data-testid="enrol-submit"
          >
            {t("enrol.submit")}
          </Button>
        </div>
      </form>
    </section>
  );
}
