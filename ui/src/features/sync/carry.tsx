/** Unsent work as a file, for a branch without a network, and such a file of another desk. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { readWhole } from "@/lib/base64";
import { desk } from "@/lib/desk";

/** Both directions. */
export function Carry({ unsent }: { unsent: number }) {
  const { t } = useTranslation("sync");
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const out = useMutation({ mutationFn: () => desk.syncExport() });
  const take = useMutation({
    mutationFn: async (file: File) => desk.syncImport(file.name, await readWhole(file)),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  return (
    <section className="panel" data-testid="carry">
      <div className="panel-head">
        <h2>{t("carry.title")}</h2>
      </div>
      <div className="panel-body stack-tight">
        <p className="quiet">{t("carry.intro")}</p>
        <div className="row">
          <Button
            disabled={unsent === 0}
            loading={out.isPending}
            onClick={() => out.mutate()}
            data-testid="carry-out"
          >
            {t("carry.out")}
          </Button>
          <Button loading={take.isPending} onClick={() => input.current?.click()} data-testid="carry-in">
            {t("carry.in")}
          </Button>
          <input
            ref={input}
            type="file"
            accept=".claims"
            className="sync-file"
            tabIndex={-1}
            aria-label={t("carry.in")}
            data-testid="carry-file"
            onChange={(event) => {
              const file = event.target.files?.[0];
              // The same file may be chosen again.
              event.target.value = "";
              if (file) take.mutate(file);
            }}
          />
          {out.data && (
            <span role="status" data-testid="carried-out">
              {t("carry.done", { count: out.data.operations, name: out.data.name })}
            </span>
          )}
          {take.data !== undefined && (
            <span role="status" data-testid="carried-in">
              {t("carry.taken", { count: take.data })}
            </span>
          )}
        </div>
        <Failure error={out.error} testId="carry-out-failure" />
        <Failure error={take.error} testId="carry-in-failure" />
      </div>
    </section>
  );
}
