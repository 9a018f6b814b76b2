// Done: the number, large; what is still to bring; the receipt on the screen, ready for the printer.

import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { PrintPane } from "@/components/print/PrintPane";
import { type Registered, useText } from "@/lib/desk";

export function ReceiptStep({ registered, onAnother }: { registered: Registered; onAnother: () => void }) {
  const { t } = useTranslation("visit");
  const text = useText();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="receipt" data-testid="receipt">
      <div className="receipt-facts">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {t("receipt.done")}
          </h2>
          <div className="case-no" data-testid="case-no">
            {registered.no}
          </div>
        </div>
        {registered.missing.length > 0 ? (
          <div>
            <p className="visit-subhead">{t("receipt.missing", { count: registered.missing.length })}</p>
            <ul className="plain-list" data-testid="receipt-missing">
              {registered.missing.map((paper) => (
                <li key={paper.id}>{text(paper.name)}</li>
              ))}
            </ul>
          </div>
        ) : (
          <p data-testid="receipt-complete">{t("receipt.complete")}</p>
        )}
        <div className="row">
          <Button type="primary" onClick={onAnother} data-testid="receipt-another">
            {t("receipt.another")}
          </Button>
          <Button onClick={() => void navigate(`/claims/${registered.id}`)} data-testid="receipt-open">
            {t("receipt.open")}
          </Button>
        </div>
      </div>
      <PrintPane
        claimId={registered.id}
        kinds={
          registered.missing.length > 0
            ? ["receipt", "application", "supplement", "standard"]
            : ["receipt", "application", "standard"]
        }
      />
    </div>
  );
}
