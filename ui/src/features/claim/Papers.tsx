// 材料: the checklist of a registered claim. Each change is a command, so it is saved by a button, not as typed.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Attachments } from "@/components/attachments/Attachments";
import { Failure } from "@/components/failure";
import { type ChecklistRow, type ClaimFile, useText } from "@/lib/desk";
import { useMay } from "@/lib/session";
import { choose, type DocumentNote } from "../visit/documents";
import { ReceivedChoice } from "../visit/ReceivedChoice";
import { OverriddenValues } from "./Overridden";
import { useAct } from "./use-claim";

export function Papers({ file }: { file: ClaimFile }) {
  const { t } = useTranslation("claim");
  const may = useMay();
  const client = useQueryClient();
  const open = file.checklist.filter((row) => row.required && row.state === "missing").length;
  const refresh = (): void => void client.invalidateQueries({ queryKey: ["claim", file.id] });
  const other = file.attachments.filter((row) => row.document_id === null);
  const readOnly = !may("claim_handle") && !may("claim_register");
  return (
    <div className="stack-tight" data-testid="tab-papers">
      <span data-testid="papers-open">
        {open === 0 ? t("visit:documents.complete") : t("papers.open", { count: open })}
      </span>
      <div className="docs">
        {file.checklist.map((row) => (
          <Paper
            key={`${row.id}-${row.state}-${row.received_count}-${row.note ?? ""}`}
            file={file}
            row={row}
            readOnly={readOnly}
            onFiles={refresh}
          />
        ))}
        <div className="doc">
          <div className="doc-name">{t("visit:documents.other")}</div>
          <Attachments
            owner={file.id}
            documentId={null}
            rows={other}
            readOnly={readOnly}
            waiting={file.files_waiting}
            onAdded={refresh}
            onVoided={refresh}
          />
        </div>
      </div>
    </div>
  );
}

type PaperProps = { file: ClaimFile; row: ChecklistRow; readOnly: boolean; onFiles: () => void };

function Paper({ file, row, readOnly, onFiles }: PaperProps) {
  const { t } = useTranslation("claim");
  const text = useText();
  const act = useAct(file.id);
  const before: DocumentNote = { received: row.state, count: row.received_count, reason: row.note ?? "" };
  const [note, setNote] = useState(before);
  const changed =
    note.received !== before.received || note.count !== before.count || note.reason !== before.reason;
  const taken = note.received === "original" || note.received === "copy";
  const needsReason = note.received === "waived" || note.received === "missing";
  const reason = note.reason.trim();
  const save = (): void => {
    if (note.received === "waived")
      act.mutate({ command: "waive_document", input: { document_id: row.id, reason } });
    else
      act.mutate({
        command: "receive_document",
        input: {
          document_id: row.id,
          received: note.received,
          count: note.count,
          ...(reason === "" ? {} : { reason }),
        },
      });
  };
  const name = text(row.name);
  return (
    <div className="doc" data-open={row.required && row.state === "missing"} data-testid={`paper-${row.id}`}>
      <div>
        <div className="doc-name">
          {name}{" "}
          {row.required ? (
            <Tag>{t("visit:documents.required")}</Tag>
          ) : (
            <Tag variant="outlined">{t("visit:documents.optional")}</Tag>
          )}
          {row.often_held && <Tag color="processing">{t("visit:documents.often_held")}</Tag>}
        </div>
        <div className="quiet">
          {t(`visit:documents.form_${row.form}`)} · {t("visit:documents.copies", { count: row.count })}
          {row.note ? ` · ${row.note}` : ""}{" "}
          <OverriddenValues file={file} kind="document" place={row.id} fields={["note"]} />
        </div>
      </div>
      <div className="doc-how">
        <ReceivedChoice
          name={`paper-${row.id}`}
          label={name}
          testId={`paper-${row.id}`}
          value={note.received}
          disabled={readOnly}
          onChange={(received) => setNote(choose(note, received, row))}
        />
        {taken && (
          <InputNumber
            className="doc-count"
            min={1}
            max={99}
            precision={0}
            disabled={readOnly}
            value={note.count}
            suffix={t("visit:documents.unit")}
            aria-label={t("visit:documents.count_of", { name })}
            onChange={(count) => setNote({ ...note, count: count ?? 1 })}
            data-testid={`paper-${row.id}-count`}
          />
        )}
      </div>
      {changed && (
        <div className="doc-wide">
          <Input
            className="doc-reason"
            size="small"
            value={note.reason}
            maxLength={200}
            placeholder={t(needsReason ? "papers.reason" : "papers.note")}
            aria-label={t(needsReason ? "papers.reason" : "papers.note")}
            onChange={(event) => setNote({ ...note, reason: event.target.value })}
            data-testid={`paper-${row.id}-reason`}
          />
          <Button
            size="small"
            type="primary"
            disabled={needsReason && reason === ""}
            loading={act.isPending}
            onClick={save}
            data-testid={`paper-${row.id}-save`}
          >
            {t("common:action.save")}
          </Button>
          <Button size="small" onClick={() => setNote(before)} data-testid={`paper-${row.id}-undo`}>
            {t("common:action.cancel")}
          </Button>
        </div>
      )}
      <Failure error={act.error} testId={`paper-${row.id}-failure`} />
      {row.state === "missing" && text(row.if_none) !== "" && (
        <div className="doc-none">{t("visit:documents.if_none", { what: text(row.if_none) })}</div>
      )}
      <div className="doc-wide">
        <Attachments
          owner={file.id}
          documentId={row.id}
          rows={row.attachments}
          readOnly={readOnly}
          waiting={file.files_waiting}
          onAdded={onFiles}
          onVoided={onFiles}
        />
        {row.attachments.map((attached) => (
          <OverriddenValues
            key={attached.id}
            file={file}
            kind="attachment"
            place={attached.id}
            fields={["document"]}
          />
        ))}
      </div>
    </div>
  );
}
