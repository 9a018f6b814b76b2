// Which template: numbered cards, chosen by a number key, the one that fits the policy first under the finger.

import { useQuery } from "@tanstack/react-query";
import { Alert, Spin } from "antd";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk, type TemplateSummary, useText } from "@/lib/desk";
import { numberKeys } from "./number-keys";

type Props = { suggested: string | null; busy: boolean; onChoose: (id: string) => void };

const LINES = ["motor", "property", "liability", "health", "accident", "life"];

function byLine(templates: TemplateSummary[]): { line: string; templates: TemplateSummary[] }[] {
  const lines = [...new Set([...LINES, ...templates.map((template) => template.line)])];
  return lines
    .map((line) => ({ line, templates: templates.filter((template) => template.line === line) }))
    .filter((group) => group.templates.length > 0);
}

export function TemplateStep({ suggested, busy, onChoose }: Props) {
  const { t } = useTranslation("visit");
  const text = useText();
  const list = useQuery({ queryKey: ["templates"], queryFn: () => desk.templateList() });
  const lines = useMemo(() => byLine(list.data?.templates ?? []), [list.data]);
  const order = useMemo(
    () => lines.flatMap((group) => group.templates.map((template) => template.id)),
    [lines],
  );
  const latest = useRef({ order, onChoose, busy });
  latest.current = { order, onChoose, busy };
  const focus = useRef<HTMLButtonElement>(null);
  const front = suggested && order.includes(suggested) ? suggested : order[0];
  useEffect(() => {
    if (front) focus.current?.focus();
  }, [front]);
  useEffect(() => {
    const keys = numberKeys(
      () => latest.current.order.length,
      (place) => {
        const id = latest.current.order[place - 1];
        if (id && !latest.current.busy) latest.current.onChoose(id);
      },
    );
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (/^\d$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) keys.press(event.key);
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
      keys.stop();
    };
  }, []);
  return (
    <div className="template-lines" data-testid="templates">
      <p className="quiet">{t("template.hint")}</p>
      <Failure error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Spin />}
      {list.isSuccess && order.length === 0 && <Alert type="warning" showIcon title={t("template.empty")} />}
      {lines.map((group) => (
        <section key={group.line} aria-label={t(`line.${group.line}`, { defaultValue: group.line })}>
          <p className="visit-subhead">{t(`line.${group.line}`, { defaultValue: group.line })}</p>
          <div className="template-grid">
            {group.templates.map((template) => {
              const place = order.indexOf(template.id);
              const first = template.id === front;
              return (
                <button
                  key={template.id}
                  type="button"
                  className="template-card"
                  ref={first ? focus : null}
                  disabled={busy}
                  data-suggested={template.id === suggested}
                  onClick={() => onChoose(template.id)}
                  data-testid={`template-${template.id}`}
                >
                  <kbd>{place + 1}</kbd>
                  <strong>
                    {text(template.name)}
                    {template.id === suggested && `（${t("template.suggested")}）`}
                  </strong>
                  <span>{text(template.summary)}</span>
                </button>
              );
            })}
          </div>
        </section>
      ))}
      {(list.data?.problems.length ?? 0) > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("template.problems", { count: list.data?.problems.length ?? 0 })}
          description={
            <ul className="plain-list">
              {list.data?.problems.map((problem) => (
                <li key={`${problem.file}-${problem.line}`}>
                  {t("template.problem", {
                    file: problem.file,
                    line: problem.line,
                    message: text(problem.message),
                  })}
                </li>
              ))}
            </ul>
          }
        />
      )}
    </div>
  );
}
