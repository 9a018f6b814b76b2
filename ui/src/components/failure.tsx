/** Shows what was refused or failed, in words that say what would be right. */
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { type Notice, toFailure, useText } from "@/lib/desk";
import { severityOf } from "@/lib/severity";

const SHOWN_DETAILS = 8;

interface FailureProps {
  /** Whatever was thrown. Nothing is shown while it is null. */
  error: unknown;
  onRetry?: () => void;
  testId?: string;
}

/** One thrown failure with its details. */
export function Failure({ error, onRetry, testId = "failure" }: FailureProps) {
  const text = useText();
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  const failure = toFailure(error);
  const details = failure.details.slice(0, SHOWN_DETAILS);
  const more = failure.details.length - details.length;
  return (
    <Alert
      role="alert"
      type={severityOf(failure.code)}
      showIcon
      data-testid={testId}
      data-code={failure.code}
      title={text(failure.text)}
      description={
        details.length > 0 ? (
          <ul className="plain-list">
            {details.map((detail) => (
              <li key={`${detail.code}${detail.field ?? ""}${text(detail.message)}`}>
                {text(detail.message)}
              </li>
            ))}
            {more > 0 && <li>{t("moreDetails", { count: more })}</li>}
          </ul>
        ) : undefined
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry} data-testid={`${testId}-retry`}>
            {t("action.retry")}
          </Button>
        )
      }
    />
  );
}

/** Notices that came with a good answer: warnings to read, nothing that stops. */
export function Notices({ notices, testId = "notices" }: { notices: Notice[]; testId?: string }) {
  const text = useText();
  if (notices.length === 0) return null;
  return (
    <div className="stack-tight" data-testid={testId}>
      {notices.map((notice) => (
        <Alert
          key={`${notice.code}${notice.field ?? ""}${text(notice.message)}`}
          type={severityOf(notice.code) === "info" ? "info" : "warning"}
          showIcon
          title={text(notice.message)}
          data-code={notice.code}
        />
      ))}
    </div>
  );
}
