// 关联: links to other claims, each with its reason, each reversible with another.

import { Button, Empty, Input, Radio, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/failure";
import type { ClaimFile, LinkRow } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { useMay } from "@/lib/session";
import { useAct } from "./use-claim";

const KINDS = ["duplicate_of", "related", "not_duplicate"] as const;

export function Links({ file }: { file: ClaimFile }) {
  const { t } = useTranslation("claim");
  const may = useMay();
  const [no, setNo] = useState("");
  const mayLink = may("claim_handle") || may("claim_register");
  return (
    <div className="stack" data-testid="tab-links">
      {file.links.length === 0 && file.suspects.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("links.none")} />
      )}
      {file.links.map((row) => (
        <Row key={row.id} file={file} row={row} mayUndo={mayLink} />
      ))}
      <Suspects file={file} mayAnswer={mayLink} onAnswer={setNo} />
      {mayLink && <AddLink file={file} no={no} onNo={setNo} />}
    </div>
  );
}

function Row({ file, row, mayUndo }: { file: ClaimFile; row: LinkRow; mayUndo: boolean }) {
  const { t } = useTranslation("claim");
  const act = useAct(file.id);
  const [reason, setReason] = useState<string | null>(null);
  return (
    <section className="party" data-testid={`link-${row.id}`}>
      <div className="row">
        <Tag>{t(`links.kind.${row.kind}`)}</Tag>
        <Link to={`/claims/${row.claim_id}`} className="figures">
          {row.no}
        </Link>
        <span>{row.reason}</span>
        {!row.active && <Tag>{t("links.undone")}</Tag>}
        <span className="row-end" />
        {row.active && mayUndo && reason === null && (
          <Button size="small" onClick={() => setReason("")} data-testid={`link-${row.id}-undo`}>
            {t("links.undo")}
          </Button>
        )}
      </div>
      {reason !== null && row.active && (
        <div className="row">
          <Input
            autoFocus
            className="doc-reason"
            size="small"
            value={reason}
            maxLength={200}
            placeholder={t("links.undo_reason")}
            aria-label={t("links.undo_reason")}
            onChange={(event) => setReason(event.target.value)}
            data-testid={`link-${row.id}-reason`}
          />
          <Button
            size="small"
            type="primary"
            disabled={reason.trim() === ""}
            loading={act.isPending}
            onClick={() =>
              act.mutate({ command: "unlink", input: { link_id: row.id, reason: reason.trim() } })
            }
            data-testid={`link-${row.id}-confirm`}
          >
            {t("links.undo")}
          </Button>
        </div>
      )}
      <Failure error={act.error} />
    </section>
  );
}

/** Claims of the same loss that nobody has answered yet: another desk may have taken the same visit offline. */
function Suspects({
  file,
  mayAnswer,
  onAnswer,
}: {
  file: ClaimFile;
  mayAnswer: boolean;
  onAnswer: (no: string) => void;
}) {
  const { t } = useTranslation("claim");
  if (file.suspects.length === 0) return null;
  return (
    <section className="stack-tight" data-testid="suspects">
      <p>{t("links.suspects")}</p>
      {file.suspects.map((row) => (
        <div key={row.claim_id} className="party row">
          <Tag color="gold">{t("links.suspect")}</Tag>
          <Link to={`/claims/${row.claim_id}`} className="figures" data-testid={`suspect-${row.no}`}>
            {row.no}
          </Link>
          <span className="quiet figures">{formatShort(row.registered_at)}</span>
          <span className="cut">{row.story}</span>
          <span className="row-end" />
          {mayAnswer && (
            <Button size="small" onClick={() => onAnswer(row.no)} data-testid={`suspect-${row.no}-answer`}>
              {t("links.answer")}
            </Button>
          )}
        </div>
      ))}
    </section>
  );
}

function AddLink({ file, no, onNo }: { file: ClaimFile; no: string; onNo: (no: string) => void }) {
  const { t } = useTranslation("claim");
  const act = useAct(file.id);
  const [kind, setKind] = useState<string>("related");
  const [reason, setReason] = useState("");
  const add = (): void =>
    act.mutate(
      { command: "link", input: { claim_no: no.trim(), kind, reason: reason.trim() } },
      {
        onSuccess: () => {
          onNo("");
          setReason("");
        },
      },
    );
  return (
    <section className="stack-tight">
      <p className="sf-title">{t("links.add")}</p>
      <div className="row">
        <Input
          className="link-no figures"
          value={no}
          maxLength={40}
          placeholder={t("links.no")}
          aria-label={t("links.no")}
          onChange={(event) => onNo(event.target.value)}
          data-testid="link-no"
        />
        <Radio.Group
          value={kind}
          aria-label={t("links.kind_label")}
          onChange={(event) => setKind(String(event.target.value))}
        >
          {KINDS.map((value) => (
            <Radio key={value} value={value} data-testid={`link-kind-${value}`}>
              {t(`links.kind.${value}`)}
            </Radio>
          ))}
        </Radio.Group>
      </div>
      <div className="row">
        <Input
          className="doc-reason"
          value={reason}
          maxLength={200}
          placeholder={t("links.reason")}
          aria-label={t("links.reason")}
          onChange={(event) => setReason(event.target.value)}
          data-testid="link-reason"
        />
        <Button
          type="primary"
          disabled={no.trim() === "" || reason.trim() === ""}
          loading={act.isPending}
          onClick={add}
          data-testid="link-add"
        >
          {t("links.add")}
        </Button>
      </div>
      <Failure error={act.error} testId="link-failure" />
    </section>
  );
}
