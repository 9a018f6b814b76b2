// 打印: what can be printed of this claim now, and what has been.

import { Empty, Table } from "antd";
import { useTranslation } from "react-i18next";
import { PrintPane } from "@/components/print/PrintPane";
import type { ClaimFile, PrintKind, PrintRow } from "@/lib/desk";
import { formatShort } from "@/lib/format";

/** The prints that make sense at this point, the likeliest first. */
function printsOf(
  file: Pick<ClaimFile, "status" | "checklist" | "worksheet" | "decided_amount">,
): PrintKind[] {
  const missing = file.checklist.some((row) => row.required && row.state === "missing");
  const kinds: PrintKind[] = [];
  if (file.status === "refused") kinds.push("refusal");
  else if (file.decided_amount !== null) kinds.push("decision");
  if (missing) kinds.push("supplement");
  kinds.push("receipt", "progress", "application", "standard");
  if (file.worksheet) kinds.push("worksheet");
  return kinds;
}

export function Prints({ file, first }: { file: ClaimFile; first: PrintKind | null }) {
  const { t } = useTranslation("print");
  const kinds = printsOf(file);
  const ordered = first && kinds.includes(first) ? [first, ...kinds.filter((kind) => kind !== first)] : kinds;
  return (
    <div className="claim-prints" data-testid="tab-prints">
      <PrintPane key={first ?? ""} claimId={file.id} kinds={ordered} />
      <section>
        <p className="sf-title">{t("history")}</p>
        {file.prints.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("no_history")} />
        ) : (
          <Table<PrintRow>
            size="small"
            pagination={false}
            rowKey={(row) => `${row.hash}${row.printed_at}${row.how}`}
            dataSource={file.prints}
            columns={[
              { title: t("kind_label"), dataIndex: "kind", render: (_, row) => t(`kind.${row.kind}`) },
              { title: t("copy_label"), dataIndex: "copy", render: (_, row) => t(`copy.${row.copy}`) },
              { title: t("how_label"), dataIndex: "how", render: (_, row) => t(`how.${row.how}`) },
              {
                title: t("at_label"),
                dataIndex: "printed_at",
                className: "figures",
                render: (_, row) => formatShort(row.printed_at),
              },
              { title: t("by_label"), dataIndex: "by" },
              {
                title: t("hash_label"),
                dataIndex: "hash",
                className: "figures",
                render: (_, row) => row.hash.slice(0, 12),
              },
            ]}
          />
        )}
      </section>
    </div>
  );
}
