// The checklist of a draft: what the customer handed in, what the company holds, what is waived, what is missing.

import { Button, Input, InputNumber, Tag } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Attachments } from "@/components/attachments/Attachments";
import { neededDocuments } from "@/components/schema-form/conditions";
import { SavedMark } from "@/components/schema-form/SavedMark";
import { useAnswers, useDraft, useDraftSection } from "@/components/schema-form/use-draft";
import { type AttachmentRow, type DocumentRule, type JsonValue, type Template, useText } from "@/lib/desk";
import { asAsked, choose, type DocumentNote, noteOf, owed } from "./documents";
import { partyIndices, partyPath } from "./parties";
import { ReceivedChoice } from "./ReceivedChoice";

type Files = {
  attachments: AttachmentRow[];
  onAdded: (row: AttachmentRow) => void;
  onVoided: (id: string, reason: string) => void;
};
type Props = Files & { template: Template; draftId: string };

/** The documents asked for under the draft's answers and roles. */
function useNeeded(template: Template): DocumentRule[] {
  const answers = useAnswers();
  const fields = useDraftSection("parties");
  return useMemo(
    () =>
      neededDocuments(
        template,
        answers,
        partyIndices(fields).map((index) => String(fields[partyPath(index, "role")])),
      ),
    [template, answers, fields],
  );
}

export function DocumentsStep({ template, draftId, attachments, onAdded, onVoided }: Props) {
  const { t } = useTranslation("visit");
  const draft = useDraft();
  const fields = useDraftSection("documents");
  const needed = useNeeded(template);
  const open = needed.filter((rule) => owed(noteOf(fields[`documents.${rule.id}`]), rule));
  const all = (): void => {
    for (const rule of needed) {
      const path = `documents.${rule.id}`;
      if (rule.required && noteOf(draft.value(path)).received === "missing") draft.set(path, asAsked(rule));
    }
  };
  const other = attachments.filter(
    (row) => row.document_id === null || !needed.some((rule) => rule.id === row.document_id),
  );
  return (
    <div data-testid="documents">
      <div className="row docs-head">
        <span data-testid="documents-open">
          {open.length === 0 ? t("documents.complete") : t("documents.open", { count: open.length })}
        </span>
        <span className="quiet">{t("documents.hint")}</span>
        <Button
          size="small"
          className="row-end"
          onClick={all}
          disabled={open.length === 0}
          data-testid="documents-all"
        >
          {t("documents.all")}
        </Button>
      </div>
      <div className="docs">
        {needed.map((rule) => (
          <Row
            key={rule.id}
            rule={rule}
            draftId={draftId}
            attachments={attachments.filter((row) => row.document_id === rule.id)}
            onAdded={onAdded}
            onVoided={onVoided}
          />
        ))}
        <div className="doc">
          <div>
            <div className="doc-name">{t("documents.other")}</div>
            <div className="quiet">{t("documents.other_hint")}</div>
          </div>
          <Attachments owner={draftId} documentId={null} rows={other} onAdded={onAdded} onVoided={onVoided} />
        </div>
      </div>
    </div>
  );
}

function Row({
  rule,
  draftId,
  attachments,
  onAdded,
  onVoided,
}: Files & { rule: DocumentRule; draftId: string }) {
  const { t } = useTranslation("visit");
  const text = useText();
  const draft = useDraft();
  const path = `documents.${rule.id}`;
  const note = noteOf(useDraftSection("documents")[path]);
  const save = (next: DocumentNote): void => draft.set(path, next satisfies { [key: string]: JsonValue });
  const taken = note.received === "original" || note.received === "copy";
  const name = text(rule.name);
  const lacking = owed(note, rule);
  return (
    <div className="doc" data-field={path} data-open={lacking} data-testid={`document-${rule.id}`}>
      <div>
        <div className="doc-name">
          {name}{" "}
          {rule.required ? (
            <Tag color="default">{t("documents.required")}</Tag>
          ) : (
            <Tag variant="outlined">{t("documents.optional")}</Tag>
          )}
          {rule.often_held && <Tag color="processing">{t("documents.often_held")}</Tag>}
        </div>
        <div className="quiet">
          {t(`documents.form_${rule.form}`)} · {t("documents.copies", { count: rule.count })}{" "}
          <SavedMark path={path} />
        </div>
      </div>
      <div className="doc-how">
        <ReceivedChoice
          name={path}
          label={name}
          testId={`document-${rule.id}`}
          value={note.received}
          onChange={(received) => save(choose(note, received, rule))}
        />
        {taken && (
          <InputNumber
            className="doc-count"
            min={1}
            max={99}
            precision={0}
            value={note.count}
            suffix={t("documents.unit")}
            aria-label={t("documents.count_of", { name })}
            onChange={(count) => save({ ...note, count: count ?? 1 })}
            data-testid={`document-${rule.id}-count`}
          />
        )}
      </div>
      {(note.received === "waived" || note.received === "held") && (
        <div className="doc-wide">
          <Input
            className="doc-reason"
            size="small"
            value={note.reason}
            maxLength={200}
            status={note.received === "waived" && note.reason.trim() === "" ? "error" : ""}
            placeholder={t(note.received === "waived" ? "documents.waive_reason" : "documents.held_note")}
            aria-label={t(note.received === "waived" ? "documents.waive_reason" : "documents.held_note")}
            onChange={(event) => save({ ...note, reason: event.target.value })}
            onBlur={() => void draft.flush(path)}
            data-testid={`document-${rule.id}-reason`}
          />
        </div>
      )}
      {lacking && text(rule.if_none) !== "" && (
        <div className="doc-none" data-testid={`document-${rule.id}-if-none`}>
          {rule.form === "original" && note.received === "copy"
            ? t("documents.needs_original")
            : t("documents.if_none", { what: text(rule.if_none) })}
        </div>
      )}
      <div className="doc-wide">
        <Attachments
          owner={draftId}
          documentId={rule.id}
          rows={attachments}
          onAdded={onAdded}
          onVoided={onVoided}
        />
      </div>
    </div>
  );
}
