/** Where the file comes from: the picker, or dropped. */
import { InboxOutlined } from "@ant-design/icons";
import { Button, Spin } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const ACCEPTED = ".xlsx,.csv,.txt";

/** The empty import screen: one thing to do. */
export function FileDrop({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation("import");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <section
      className={over ? "panel import-drop import-over" : "panel import-drop"}
      aria-label={t("drop")}
      data-testid="import-drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file && !busy) onFile(file);
      }}
    >
      {busy ? (
        <div className="row" role="status">
          <Spin size="small" /> {t("opening")}
        </div>
      ) : (
        <>
          <InboxOutlined className="import-icon" />
          <p>{t("drop")}</p>
          <Button type="primary" onClick={() => input.current?.click()} data-testid="import-choose">
            {t("choose")}
          </Button>
          <p className="quiet">{t("formats")}</p>
        </>
      )}
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        className="import-input"
        tabIndex={-1}
        aria-label={t("choose")}
        data-testid="import-file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after it was corrected.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </section>
  );
}
