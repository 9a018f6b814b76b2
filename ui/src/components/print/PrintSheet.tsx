// One print: its pages, and the two ways out, a file or a printer. What is chosen about it stands in the bar before them.

import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Select, Spin } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Notices } from "@/components/failure";
import { PdfPreview } from "@/components/pdf-preview";
import { desk, type Language, type PrintPreview } from "@/lib/desk";
import { LANGUAGES } from "@/lib/i18n";
import { PrinterChoice, usePrinters } from "./printers";
import "./print.css";

type Props = {
  /** What tells this print from others. */
  name: readonly unknown[];
  load: () => Promise<PrintPreview>;
  onPrinted?: () => void;
  children: ReactNode;
};

export function PrintSheet({ name, load, onPrinted, children }: Props) {
  const { t } = useTranslation("print");
  const of = JSON.stringify(name);
  const [said, setSaid] = useState({ of: "", sentence: "" });
  const preview = useQuery({
    queryKey: ["print", ...name],
    queryFn: load,
    // A token names what Rust holds now; a print of yesterday's facts would be wrong.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const printers = usePrinters();
  const printer = printers.chosen;
  const told = (sentence: string): void => {
    setSaid({ of, sentence });
    onPrinted?.();
  };
  const save = useMutation({
    mutationFn: ({ token }: { token: string; of: string }) => desk.printSave(token),
    onSuccess: (file) => {
      if (file !== null) told(t("saved", { name: file }));
    },
  });
  const send = useMutation({
    mutationFn: ({ token, to }: { token: string; to: string; of: string }) => desk.printSend(token, to),
    onSuccess: (_, { to }) => told(t("sent", { printer: to })),
  });
  const ready = preview.data && !preview.isFetching ? preview.data : null;
  // What another print was refused for is no longer of interest.
  const failed = [save, send].find((way) => way.variables?.of === of && way.error)?.error;
  return (
    <section className="print-pane" aria-label={t("title")} data-testid="print-pane">
      <div className="print-bar">
        {children}
        <Button
          disabled={!ready}
          loading={save.isPending}
          onClick={() => ready && save.mutate({ token: ready.token, of })}
          data-testid="print-save"
        >
          {t("save")}
        </Button>
        <PrinterChoice printers={printers} />
        <Button
          type="primary"
          disabled={!ready || printer === null}
          loading={send.isPending}
          onClick={() => ready && printer !== null && send.mutate({ token: ready.token, to: printer, of })}
          data-testid="print-send"
        >
          {t("send")}
        </Button>
      </div>
      {said.of === of && <Alert type="success" showIcon title={said.sentence} data-testid="print-said" />}
      <Failure error={failed ?? printers.error} testId="print-failure" />
      <Failure error={preview.error} onRetry={() => void preview.refetch()} testId="print-preview-failure" />
      {ready && <Notices notices={ready.warnings} testId="print-warnings" />}
      <div className="print-sheet">
        {preview.isFetching && <Spin description={t("rendering")} />}
        {ready && <PdfPreview dataBase64={ready.pdf_base64} title={ready.title} />}
      </div>
    </section>
  );
}

/** The language of a print: the page's own until another is chosen. */
export function usePrintLanguage() {
  const { i18n } = useTranslation();
  return useState<Language>(LANGUAGES.find((each) => each === i18n.language) ?? "zh-CN");
}

/** Chooses the language of a print. */
export function PrintLanguage({ value, onChange }: { value: Language; onChange: (value: Language) => void }) {
  const { t } = useTranslation("print");
  return (
    <Select
      aria-label={t("language_label")}
      value={value}
      options={LANGUAGES.map((each) => ({ value: each, label: t(`common:language.${each}`) }))}
      onChange={onChange}
      data-testid="print-language"
    />
  );
}
