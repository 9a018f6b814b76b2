/** A masked number, shown whole after a reason was given. The desk logs who asked, for what, and why. */
import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { desk } from "@/lib/desk";
import { useMay } from "@/lib/session";

/** A number stays in the open for a minute, then is masked again. */
const SHOWN_MS = 60_000;

interface MaskedProps {
  partyId: string;
  /** The claim in whose course it is asked, if any. */
  claimId: string | null;
  field: string;
  masked: string | null;
}

/** The number with its eye. */
export function Masked({ partyId, claimId, field, masked }: MaskedProps) {
  const { t } = useTranslation("people");
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const reveal = useMutation({
    mutationFn: () => desk.partyReveal(claimId, partyId, field, reason.trim()),
    onSuccess: () => {
      setAsking(false);
      setReason("");
    },
  });
  const { problem, rest } = useFieldProblems(reveal.error, ["reason"]);
  const { data: whole, reset } = reveal;
  useEffect(() => {
    if (whole === undefined) return;
    const timer = window.setTimeout(reset, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [whole, reset]);

  if (!masked) return <span className="quiet">—</span>;
  return (
    <span className="figures">
      <span data-testid={`masked-${field}`}>{whole ?? masked}</span>{" "}
      {may("party_reveal") &&
        (whole === undefined ? (
          <Button
            type="text"
            size="small"
            icon={<EyeOutlined />}
            aria-label={t("reveal.show")}
            title={t("reveal.show")}
            onClick={() => setAsking(true)}
            data-testid={`reveal-${field}`}
          />
        ) : (
          <Button
            type="text"
            size="small"
            icon={<EyeInvisibleOutlined />}
            aria-label={t("reveal.hide")}
            title={t("reveal.hide")}
            onClick={reset}
            data-testid={`hide-${field}`}
          />
        ))}
      <FormDialog
        open={asking}
        title={t("reveal.title")}
        submitLabel={t("reveal.submit")}
        submitTestId="reveal-submit"
        complete={reason.trim() !== ""}
        busy={reveal.isPending}
        onSubmit={() => reveal.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className="quiet">{t("reveal.logged")}</p>
        {rest && <Failure error={rest} testId="reveal-error" />}
        <Field label={t("reveal.reason")} required problem={problem("reason")}>
          <Input
            data-testid="reveal-reason"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </FormDialog>
    </span>
  );
}
