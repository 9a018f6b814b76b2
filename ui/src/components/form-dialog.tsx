/** A dialog around a short form: the first field has the focus, Enter and the button do the same. */
import { Button, Modal } from "antd";
import { type FormEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";

interface FormDialogProps {
  open: boolean;
  title: string;
  submitLabel: string;
  submitTestId: string;
  complete: boolean;
  busy: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A click beside the dialog does not close it: what was typed would be lost by a slip of the hand. */
export function FormDialog(props: FormDialogProps) {
  const { open, title, submitLabel, submitTestId, complete, busy, onSubmit, onClose, children } = props;
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete && !busy) onSubmit();
  };
  return (
    <Modal
      open={open}
      mask={{ closable: false }}
      title={title}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      afterOpenChange={(shown) => {
        if (shown) form.current?.querySelector<HTMLElement>("input, textarea")?.focus();
      }}
    >
      <form ref={form} onSubmit={submit} className="dialog-form">
        {children}
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button
            type="primary"
            htmlType="submit"
            disabled={!complete}
            loading={busy}
            data-testid={submitTestId}
          >
            {submitLabel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
