// One print of a claim: which, whose copy, in what language; its pages; and the two ways out, a file or a printer.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Segmented, Select, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Notices } from "@/components/failure";
import { PdfPreview } from "@/components/pdf-preview";
import { type Copy, desk, type Language, type PrintKind } from "@/lib/desk";
import { LANGUAGES } from "@/lib/i18n";
import { PrinterChoice, usePrinters } from "./printers";
import "./print.css";

type Props = { claimId: string; kinds: PrintKind[]; onPrinted?: () => void };

export function PrintPane({ claimId, kinds, onPrinted }: Props) {
  const { t, i18n } = useTranslation("print");
  const client = useQueryClient();
  const [kind, setKind] = useState<PrintKind>(kinds[0] ?? "receipt");
  const [copy, setCopy] = useState<Copy>("customer");
  const [language, setLanguage] = useState<Language>(
    LANGUAGES.find((each) => each === i18n.language) ?? "zh-CN",
  );
  const [said, setSaid] = useState<string | null>(null);
  const preview = useQuery({
    queryKey: ["print", claimId, kind, copy, language],
    queryFn: () => desk.printPreview(kind, claimId, copy, language),
    // A token names what Rust holds now; a print of yesterday's facts would be wrong.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const printers = usePrinters();
  const printer = printers.chosen;
  const told = (sentence: string | null): void => {
    setSaid(sentence);
    void client.invalidateQueries({ queryKey: ["claim", claimId] });
    onPrinted?.();
  };
  const save = useMutation({
    mutationFn: (token: string) => desk.printSave(token),
    onSuccess: (name) => {
      if (name !== null) told(t("saved", { name }));
    },
  });
  const send = useMutation({
    mutationFn: ({ token, to }: { token: string; to: string }) => desk.printSend(token, to),
    onSuccess: (_, { to }) => told(t("sent", { printer: to })),
  });
  const ready = preview.data && !preview.isFetching ? preview.data : null;
  const change = (act: () => void): void => {
    setSaid(null);
    save.reset();
    send.reset();
    act();
  };
  return (
    <section className="print-pane" aria-label={t("title")} data-testid="print-pane">
      <div className="print-bar">
        <Select
          className="print-kind"
          popupMatchSelectWidth={false}
          aria-label={t("kind_label")}
          value={kind}
          options={kinds.map((value) => ({
            value,
            label: t(`kind.${value}`),
            "data-testid": `print-kind-${value}`,
          }))}
          onChange={(value: PrintKind) => change(() => setKind(value))}
          data-testid="print-kind"
        />
        <Segmented<Copy>
          aria-label={t("copy_label")}
          value={copy}
          options={[
            { value: "customer", label: t("copy.customer") },
            { value: "internal", label: t("copy.internal") },
          ]}
          onChange={(value) => change(() => setCopy(value))}
          data-testid="print-copy"
        />
        <Select
          aria-label={t("language_label")}
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: t(`common:language.${value}`) }))}
          onChange={(value: Language) => change(() => setLanguage(value))}
          data-testid="print-language"
        />
        <Button
          disabled={!ready}
          loading={save.isPending}
          onClick={() => ready && save.mutate(ready.token)}
          data-testid="print-save"
        >
          {t("save")}
        </Button>
        <PrinterChoice printers={printers} />
        <Button
          type="primary"
          disabled={!ready || printer === null}
          loading={send.isPending}
          onClick={() => ready && printer !== null && send.mutate({ token: ready.token, to: printer })}
          data-testid="print-send"
        >
          {t("send")}
        </Button>
      </div>
      {said !== null && <Alert type="success" showIcon title={said} data-testid="print-said" />}
      <Failure error={save.error ?? send.error ?? printers.error} testId="print-failure" />
      <Failure error={preview.error} onRetry={() => void preview.refetch()} testId="print-preview-failure" />
      {ready && <Notices notices={ready.warnings} testId="print-warnings" />}
      <div className="print-sheet">
        {preview.isFetching && <Spin description={t("rendering")} />}
        {ready && <PdfPreview dataBase64={ready.pdf_base64} title={ready.title} />}
      </div>
    </section>
  );
}
