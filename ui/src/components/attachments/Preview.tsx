// One attachment inside the window: pictures with zoom, PDFs page by page, and the way to declare it void.

import { Button, Flex, Input, Modal, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { PdfPreview } from "@/components/pdf-preview";
import { type AttachmentRow, desk } from "@/lib/desk";
import { formatShort, formatSize } from "@/lib/format";
import { isImage, useAttachmentData } from "./attachment-data";

type Props = {
  row: AttachmentRow;
  readOnly: boolean;
  onClose: () => void;
  onVoided: (reason: string) => void;
};

export function Preview({ row, readOnly, onClose, onVoided }: Props) {
  const { t } = useTranslation("forms");
  const data = useAttachmentData(row.id, true);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const voidIt = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await desk.attachmentVoid(row.id, reason.trim());
      onVoided(reason.trim());
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={row.name}
      width={900}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      data-testid="attachment-preview"
    >
      <div className="at-view">
        <Failure error={data.error} onRetry={() => void data.refetch()} testId="attachment-failure" />
        {data.isPending && <Spin />}
        {data.data &&
          (data.data.mime === "application/pdf" ? (
            <PdfPreview dataBase64={data.data.data_base64} title={row.name} />
          ) : isImage(data.data.mime) ? (
            <Picture source={`data:${data.data.mime};base64,${data.data.data_base64}`} name={row.name} />
          ) : (
            <p>{t("attach.no_preview")}</p>
          ))}
      </div>
      <Flex vertical gap={8} className="at-foot">
        <span className="quiet figures">
          {t("attach.facts", {
            size: formatSize(row.size),
            at: formatShort(row.added_at),
            by: row.added_by,
            hash: row.sha256.slice(0, 12),
          })}
        </span>
        {row.void_reason !== null && <span>{t("attach.voided", { reason: row.void_reason })}</span>}
        <Failure error={error} />
        {!readOnly && row.void_reason === null && (
          <Flex gap={8}>
            <Input
              value={reason}
              maxLength={200}
              placeholder={t("attach.void_reason")}
              aria-label={t("attach.void_reason")}
              onChange={(event) => setReason(event.target.value)}
              data-testid="attachment-void-reason"
            />
            <Button
              danger
              disabled={reason.trim() === ""}
              loading={busy}
              onClick={() => void voidIt()}
              data-testid="attachment-void"
            >
              {t("attach.void")}
            </Button>
          </Flex>
        )}
      </Flex>
    </Modal>
  );
}

const ZOOMS = [25, 50, 75, 100, 150, 200, 300];

function Picture({ source, name }: { source: string; name: string }) {
  const { t } = useTranslation("forms");
  const [zoom, setZoom] = useState<number | null>(null);
  const step = (by: number): void => {
    const at = zoom === null ? 3 : ZOOMS.indexOf(zoom);
    setZoom(ZOOMS[Math.min(Math.max(0, at + by), ZOOMS.length - 1)] ?? 100);
  };
  const fitted = { maxWidth: "100%", maxHeight: "100%" };
  return (
    <>
      <Flex gap={8} align="center" justify="end">
        <Button size="small" onClick={() => step(-1)} data-testid="image-zoom-out">
          {t("zoom.out")}
        </Button>
        <span className="figures">{zoom === null ? t("zoom.fit") : `${zoom}%`}</span>
        <Button size="small" onClick={() => step(1)} data-testid="image-zoom-in">
          {t("zoom.in")}
        </Button>
        <Button size="small" onClick={() => setZoom(null)} data-testid="image-zoom-fit">
          {t("zoom.fit")}
        </Button>
      </Flex>
      <div className="at-image">
        <img
          src={source}
          alt={name}
          style={zoom === null ? fitted : { width: `${zoom}%` }}
          data-testid="attachment-image"
        />
      </div>
    </>
  );
}
