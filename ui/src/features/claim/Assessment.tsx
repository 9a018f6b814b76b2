// 核定: how the amount came about, line by line, and the rule it follows.

import { useQuery } from "@tanstack/react-query";
import { Empty, Table } from "antd";
import { useTranslation } from "react-i18next";
import { lineValue } from "@/components/steps/worksheet-value";
import { type ClaimFile, desk, useText, type WorksheetLine } from "@/lib/desk";
import { formatMoney } from "@/lib/format";

export function Assessment({ file }: { file: ClaimFile }) {
  const { t } = useTranslation("claim");
  const text = useText();
  const decided = file.decided_amount;
  const capitals = useQuery({
    queryKey: ["capitals", decided],
    queryFn: () => desk.amountCapitals(decided ?? ""),
    enabled: decided !== null,
  });
  return (
    <div className="stack" data-testid="tab-assessment">
      <section>
        <p className="sf-title">{t("assessment.rule")}</p>
        <p className="claim-text">{text(file.template.amount.explain)}</p>
      </section>
      {file.worksheet ? (
        <Table<WorksheetLine>
          size="small"
          pagination={false}
          rowKey="key"
          dataSource={file.worksheet.lines}
          columns={[
            { title: t("worksheet.line"), dataIndex: "label", render: (_, line) => text(line.label) },
            {
              title: t("worksheet.amount"),
              dataIndex: "value",
              align: "right",
              className: "figures",
              render: (_, line) => lineValue(line),
            },
          ]}
          footer={() => (
            <div className="row">
              <strong>{t("worksheet.result")}</strong>
              <strong className="row-end figures" data-testid="assessment-result">
                {formatMoney(file.worksheet?.result)}
              </strong>
            </div>
          )}
          data-testid="assessment-lines"
        />
      ) : (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("assessment.none")} />
      )}
      {decided !== null && (
        <p>
          {t("assessment.decided")} <strong className="figures">{formatMoney(decided)}</strong>{" "}
          <span className="quiet">
            {capitals.data ? t("assessment.capitals", { capitals: capitals.data }) : ""}
          </span>
        </p>
      )}
    </div>
  );
}
