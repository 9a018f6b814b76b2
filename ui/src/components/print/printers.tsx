/** The printers of this computer: which one is meant, and the choice among them. */
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { desk, type PrinterRow } from "@/lib/desk";
import "./print.css";

interface Printers {
  rows: PrinterRow[];
  /** The chosen one, else the system's default; none without a printer. */
  chosen: string | null;
  choose: (name: string) => void;
  error: unknown;
}

/** Asks for the printers once. */
export function usePrinters(): Printers {
  const [picked, choose] = useState<string | null>(null);
  const printers = useQuery({ queryKey: ["printers"], queryFn: () => desk.printerList(), retry: false });
  const rows = printers.data ?? [];
  const usual = rows.find((row) => row.is_default) ?? rows[0];
  return { rows, chosen: picked ?? usual?.name ?? null, choose, error: printers.error };
}

/** The select; says so when there is none. */
export function PrinterChoice({ printers }: { printers: Printers }) {
  const { t } = useTranslation("print");
  return (
    <Select
      className="print-printer"
      popupMatchSelectWidth={false}
      aria-label={t("printer")}
      placeholder={t("no_printer")}
      value={printers.chosen}
      options={printers.rows.map((row) => ({
        value: row.name,
        label: row.is_default ? t("default_printer", { name: row.name }) : row.name,
        "data-testid": `print-printer-${row.name}`,
      }))}
      onChange={printers.choose}
      disabled={printers.rows.length === 0}
      data-testid="print-printer"
    />
  );
}
