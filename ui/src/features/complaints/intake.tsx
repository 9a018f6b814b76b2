/** Taking a complaint in: the fields its channel must have, kept while they are typed, sent once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, type InputRef, Segmented, Spin } from "antd";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { Field, useFieldProblems } from "@/components/field";
import { type ComplaintInput, desk, type JsonValue, useText } from "@/lib/desk";
import { keepTyped, typedAt } from "@/lib/typed";
import { EMPTY, type Form, inputOf, NEEDED, ordered, restored } from "./intake-form";
import "./complaints.css";

const PLACE = "complaint/new";

/** The screen; what was typed before a kill is there again. */
export default function Intake() {
  const { t } = useTranslation("complaints");
  const kept = useQuery({ queryKey: ["typed", PLACE], queryFn: () => typedAt(PLACE), gcTime: 0 });
  if (kept.isPending) return <Spin className="centred" description={t("common:loading")} />;
  return <IntakeForm begun={restored(kept.data ?? null)} />;
}

const PROBLEMS = [
  "channel",
  "received_at",
  "place",
  "posted_on",
  "regulator_no",
  "regulator_deadline",
  "complainant.name",
  "complainant.id_no",
  "complainant.mobile",
  "complainant.contact",
  "proxy.authority",
  "proxy.name",
  "representatives",
  "claim_no",
  "policy_no",
  "staff",
  "matter",
  "request",
  "expected",
] as const;

function IntakeForm({ begun }: { begun: Form }) {
  const { t } = useTranslation("complaints");
  const text = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState(begun);
  const data = useQuery({ queryKey: ["complaint-data"], queryFn: () => desk.complaintData() });
  const send = useMutation({
    mutationFn: (input: ComplaintInput) => desk.complaintRegister(input),
    onSuccess: ({ id }) => {
      keepTyped(PLACE, null);
      for (const key of ["complaints", "due"]) void client.invalidateQueries({ queryKey: [key] });
      void navigate(`/complaints/${id}`, { replace: true });
    },
  });
  const { problem, rest } = useFieldProblems(send.error, PROBLEMS);
  const first = useRef<InputRef>(null);
  useEffect(() => first.current?.focus(), []);
  const set = (change: Partial<Form>) => {
    const next = { ...form, ...change };
    setForm(next);
    keepTyped(PLACE, next as unknown as JsonValue);
  };
  const name = (key: string): string => {
    const found = data.data?.fields[key];
    return found ? text(found) : "";
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!send.isPending) send.mutate(inputOf(form));
  };
  const line = (key: keyof Form & string, at: string, label: string, required = false) => (
    <Field key={key} label={name(label)} required={required} problem={problem(at)}>
      <Input
        value={String(form[key])}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => set({ [key]: event.target.value })}
        data-testid={`intake-${key}`}
      />
    </Field>
  );
  const story = (key: keyof Form & string, required = false) => (
    <Field label={name(key)} required={required} problem={problem(key)}>
      <Input.TextArea
        value={String(form[key])}
        maxLength={10_000}
        autoSize={{ minRows: key === "matter" ? 4 : 2, maxRows: 10 }}
        onChange={(event) => set({ [key]: event.target.value })}
        data-testid={`intake-${key}`}
      />
    </Field>
  );
  const needed = NEEDED[form.channel] ?? [];
  return (
    <div className="screen stack" data-testid="intake">
      <h1>{t("take")}</h1>
      <form className="stack" onSubmit={submit}>
        <Failure error={rest} testId="intake-failure" />
        <section className="panel panel-body stack-tight">
          <Segmented
            value={form.channel}
            options={ordered(data.data?.channels ?? {}).map(([value, label]) => ({
              value,
              label: <span data-testid={`channel-${value}`}>{text(label)}</span>,
            }))}
            onChange={(channel) => set({ channel })}
            aria-label={name("channel")}
          />
          <div className="complaint-grid">
            {needed.includes("place") && line("place", "place", "place", true)}
            {needed.includes("recording") && line("recording", "recording", "recording")}
            {needed.includes("posted_on") && line("posted_on", "posted_on", "posted_on", true)}
            {needed.includes("regulator_no") && line("regulator_no", "regulator_no", "regulator_no", true)}
            {needed.includes("regulator_no") &&
              line("regulator_deadline", "regulator_deadline", "regulator_deadline")}
          </div>
        </section>
        <section className="panel panel-body stack-tight">
          <p className="sf-title">{t("who")}</p>
          <Segmented
            value={form.kind}
            options={["person", "organisation"].map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(kind) => set({ kind })}
            aria-label={t("who")}
          />
          <div className="complaint-grid">
            <Field label={name("complainant_name")} required problem={problem("complainant.name")}>
              <Input
                ref={first}
                value={form.name}
                maxLength={100}
                autoComplete="off"
                onChange={(event) => set({ name: event.target.value })}
                data-testid="intake-name"
              />
            </Field>
            {line("mobile", "complainant.mobile", "complainant_mobile", form.channel === "phone")}
            {line("id_no", "complainant.id_no", "complainant_id_no")}
            {line("contact", "complainant.contact", "complainant_contact")}
            <Field label={name("people")}>
              <InputNumber
                min={1}
                max={100_000}
                value={form.people}
                onChange={(people) => set({ people: people ?? 1 })}
                data-testid="intake-people"
              />
            </Field>
            {form.people > 1 && (
              <Field
                label={name("representatives")}
                problem={problem("representatives")}
                hint={t("representatives")}
              >
                <Input
                  value={form.representatives}
                  onChange={(event) => set({ representatives: event.target.value })}
                  data-testid="intake-representatives"
                />
              </Field>
            )}
            {line("proxy_name", "proxy.name", "proxy_name")}
            {form.proxy_name.trim() !== "" &&
              line("proxy_authority", "proxy.authority", "proxy_authority", true)}
          </div>
        </section>
        <section className="panel panel-body stack-tight">
          <p className="sf-title">{t("what")}</p>
          <div className="complaint-grid">
            {line("claim_no", "claim_no", "claim_no")}
            {line("policy_no", "policy_no", "policy_no")}
            {line("staff", "staff", "staff")}
            {line("area", "area", "area")}
          </div>
          {story("matter", true)}
          {story("request")}
          {story("expected")}
        </section>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={send.isPending} data-testid="intake-submit">
            {t("record")}
          </Button>
          <Button
            onClick={() => {
              keepTyped(PLACE, null);
              setForm({ ...EMPTY, id: crypto.randomUUID() });
            }}
            data-testid="intake-clear"
          >
            {t("clear")}
          </Button>
          <span className="quiet">{t("kept")}</span>
        </div>
      </form>
    </div>
  );
}
