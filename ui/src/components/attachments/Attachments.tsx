// The files of one document: picked, dropped or pasted; small pictures; a preview inside the window; void with reason.

import { PaperClipOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ClipboardEvent, type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AttachmentRow, useText } from "@/lib/desk";
import { isImage, useAttachmentData } from "./attachment-data";
import { filesOf } from "./bytes";
import { Preview } from "./Preview";
import { useAttach } from "./use-attach";
import "./attachments.css";

type Props = {
  owner: string;
  documentId: string | null;
  rows: AttachmentRow[];
  readOnly?: boolean;
  /** SHA-256 of files that are not here, or not whole at the hub. */
  waiting?: readonly string[];
  onAdded: (row: AttachmentRow) => void;
  onVoided: (id: string, reason: string) => void;
};

export function Attachments({
  owner,
  documentId,
  rows,
  readOnly = false,
  waiting = [],
  onAdded,
  onVoided,
}: Props) {
  const { t } = useTranslation("forms");
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState<AttachmentRow | null>(null);
  const { busy, problems, add } = useAttach(owner, onAdded);
  const mark = documentId ?? "other";
  const take = (data: DataTransfer | null): boolean => {
    const files = readOnly ? [] : filesOf(data, t("attach.pasted"));
    if (files.length > 0) void add(files, documentId);
    return files.length > 0;
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer);
  };
  const paste = (event: ClipboardEvent): void => {
    if (take(event.clipboardData)) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping and pasting only add to what the button inside does
    <div
      className="at-zone"
      data-over={over}
      data-testid={`attach-zone-${mark}`}
      onPaste={paste}
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!readOnly);
      }}
      onDragLeave={() => setOver(false)}
    >
      <div className="at-bar">
        {rows.map((row) => (
          <Chip key={row.id} row={row} waits={waiting.includes(row.sha256)} onOpen={() => setOpen(row)} />
        ))}
        {!readOnly && (
          <>
            <Button
              size="small"
              icon={<PaperClipOutlined />}
              loading={busy !== null}
              onClick={() => input.current?.click()}
              data-testid={`attach-pick-${mark}`}
            >
              {busy === null ? t("attach.pick") : t("attach.busy", { name: busy })}
            </Button>
            <input
              ref={input}
              className="at-input"
              type="file"
              multiple
              tabIndex={-1}
              aria-label={t("attach.pick")}
              data-testid={`attach-input-${mark}`}
              onChange={(event) => {
                void add([...(event.target.files ?? [])], documentId);
                event.target.value = "";
              }}
            />
          </>
        )}
      </div>
      {problems.length > 0 && (
        <div role="alert" data-testid={`attach-problems-${mark}`}>
          <ul className="at-problems">
            {problems.map((problem) => (
              <li key={problem.name}>
                {problem.name}：
                {problem.failure ? text(problem.failure.text) : t(`attach.${problem.refusal}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {open && (
        <Preview
          row={open}
          readOnly={readOnly}
          onClose={() => setOpen(null)}
          onVoided={(reason) => {
            onVoided(open.id, reason);
            setOpen(null);
          }}
        />
      )}
    </div>
  );
}

/** Pictures above this are not read only to be shown at 34 pixels. */
const SMALL = 3 * 1024 * 1024;

function Chip({ row, waits, onOpen }: { row: AttachmentRow; waits: boolean; onOpen: () => void }) {
  const { t } = useTranslation("forms");
  const small = isImage(row.mime) && row.size <= SMALL;
  const data = useAttachmentData(row.id, small);
  return (
    <button
      type="button"
      className="at-chip"
      data-void={row.void_reason !== null}
      title={row.name}
      onClick={onOpen}
      data-testid={`attachment-${row.id}`}
    >
      {small && data.data ? (
        <img className="at-thumb" alt="" src={`data:${data.data.mime};base64,${data.data.data_base64}`} />
      ) : (
        <span className="at-thumb">{row.mime === "application/pdf" ? "PDF" : t("attach.file")}</span>
      )}
      <span className="at-name">{row.name}</span>
      {waits && <span className="quiet">{t("attach.waiting")}</span>}
    </button>
  );
}
