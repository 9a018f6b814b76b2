// A visit with its draft: form, documents, register, receipt. Every field and the step are kept in the draft.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Spin } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { DraftStore } from "@/components/schema-form/draft-store";
import {
  DraftProvider,
  useDraft,
  useDraftSection,
  useDraftText,
  useSaveTotals,
} from "@/components/schema-form/use-draft";
import {
  type AttachmentRow,
  type Draft,
  desk,
  type Registered,
  type Template,
  toFailure,
  useText,
} from "@/lib/desk";
import { DocumentsStep } from "./DocumentsStep";
import { settled, type Verdict } from "./Duplicates";
import { FormStep } from "./FormStep";
import { formProblems } from "./form-problems";
import { focusField, focusFirst, stepOfField } from "./jump";
import { fieldOfRefusal, missingRoles, nextIndex, partyIndices, partyPath } from "./parties";
import { ReceiptStep } from "./ReceiptStep";
import { RegisterStep } from "./RegisterStep";
import { STEPS, StepFrame, type StepName } from "./StepBar";
import { TemplateStep } from "./TemplateStep";
import { WhoStep } from "./WhoStep";

export function DraftVisit({ draftId }: { draftId: string }) {
  const { t } = useTranslation("visit");
  const draft = useQuery({
    queryKey: ["draft", draftId],
    queryFn: () => desk.draftGet(draftId),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const id = draft.data?.template_id;
  const version = draft.data?.template_version ?? null;
  const template = useQuery({
    queryKey: ["template", id, version],
    queryFn: () => desk.templateGet(id ?? "", version),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (draft.error || template.error) {
    return (
      <div className="screen stack">
        <Failure
          error={draft.error ?? template.error}
          onRetry={() => void (draft.error ? draft.refetch() : template.refetch())}
          testId="draft-failure"
        />
      </div>
    );
  }
  if (!draft.data || !template.data) return <Spin description={t("common:loading")} className="centred" />;
  return <OpenDraft key={draftId} draft={draft.data} template={template.data} />;
}

/** The store of the draft for as long as it is open. What waits is sent when the page is hidden or left. */
function useStore(draft: Draft, template: Template): DraftStore {
  const [store] = useState(
    () => new DraftStore(draft.fields, (path, value) => desk.draftSave(draft.id, path, value)),
  );
  useEffect(() => store.flushWhenHidden(window), [store]);
  useEffect(() => {
    const roles = missingRoles(template, store.fields());
    if (
      partyIndices(store.fields()).length === 0 &&
      !roles.includes("reporter") &&
      template.roles.some((role) => role.role === "reporter")
    )
      roles.unshift("reporter");
    for (const role of roles) {
      const index = nextIndex(store.fields());
      store.set(partyPath(index, "role"), role);
      store.set(partyPath(index, "kind"), "person");
      store.set(partyPath(index, "id_type"), "resident-id");
    }
    if (store.value("channel") === null) store.set("channel", "counter");
  }, [store, template]);
  return store;
}

const stepAt = (index: number): StepName => {
  const name = STEPS[index];
  return name === "documents" || name === "register" ? name : "form";
};

function OpenDraft({ draft, template }: { draft: Draft; template: Template }) {
  const store = useStore(draft, template);
  return (
    <DraftProvider value={store}>
      <Visit draft={draft} template={template} />
    </DraftProvider>
  );
}

function useAttachments(draft: Draft) {
  const [attachments, setAttachments] = useState<AttachmentRow[]>(draft.attachments);
  const onAdded = useCallback(
    (row: AttachmentRow) => setAttachments((known) => [...known.filter((each) => each.id !== row.id), row]),
    [],
  );
  const onVoided = useCallback(
    (id: string, reason: string) =>
      setAttachments((known) => known.map((row) => (row.id === id ? { ...row, void_reason: reason } : row))),
    [],
  );
  return { attachments, onAdded, onVoided };
}

function Visit({ draft, template }: { draft: Draft; template: Template }) {
  const { t } = useTranslation("visit");
  const navigate = useNavigate();
  const client = useQueryClient();
  const store = useDraft();
  const files = useAttachments(draft);
  const [step, setStep] = useState<StepName>(() => stepAt(draft.step));
  const [showProblems, setShowProblems] = useState(false);
  const [verdict, setVerdict] = useState<Verdict>({ kind: "undecided" });
  const [unsaved, setUnsaved] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const target = useRef<string | null>(null);
  const told = useRef("");

  const check = useQuery({
    queryKey: ["draft-check", draft.id],
    queryFn: () => desk.draftCheck(draft.id),
    enabled: step === "register",
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const register = useMutation({
    mutationFn: () =>
      desk.claimRegister({
        draft_id: draft.id,
        not_duplicate_reason: verdict.kind === "different" ? verdict.reason.trim() : null,
        linked_claim_id: verdict.kind === "linked" ? verdict.claimId : null,
      }),
    onSuccess: () => {
      for (const key of ["home", "claims", "drafts"]) void client.invalidateQueries({ queryKey: [key] });
      setStep("receipt");
    },
  });
  const registered: Registered | undefined = register.data;

  useEffect(() => {
    const wanted = target.current;
    target.current = null;
    // The fields of the new step exist only after this rendering.
    const timer = setTimeout(() => {
      if (wanted && focusField(wanted)) return;
      if (step === "form" && focusField(formProblems(template, store.fields(), store.answers())[0] ?? ""))
        return;
      if (step === "documents") focusFirst(body.current?.querySelector<HTMLElement>(".docs") ?? body.current);
      if (step === "form") focusFirst(body.current);
    }, 0);
    return () => clearTimeout(timer);
  }, [step, store, template]);

  const go = async (next: StepName): Promise<void> => {
    const saved = await store.flush();
    setUnsaved(!saved);
    // What is not saved would be missing from the check and from the claim.
    if (!saved && next === "register") return;
    const index = STEPS.indexOf(next);
    if (index >= 2 && index <= 4) desk.draftSave(draft.id, "ui.step", index).catch(() => undefined);
    setStep(next);
  };
  const jump = (named: string): void => {
    const path = fieldOfRefusal(store.fields(), named);
    target.current = path;
    setShowProblems(true);
    if (path !== "") void go(stepOfField(path));
  };
  /** Leads to the next field that needs something; where nothing does, or when told twice, to the documents. */
  const leaveForm = (insist: boolean): void => {
    const problems = formProblems(template, store.fields(), store.answers());
    const mark = problems.join(" ");
    if (problems.length === 0 || (insist && told.current === mark)) {
      void go("documents");
      return;
    }
    told.current = mark;
    setShowProblems(true);
    focusField(problems[0] ?? "");
  };
  const refused = (check.data?.refusals.length ?? 0) > 0;
  const ready =
    check.data !== undefined &&
    !check.isFetching &&
    !refused &&
    (check.data.duplicates.length === 0 || settled(verdict));
  const onNext: { [name in StepName]: (() => void) | null } = {
    who: () => void go("form"),
    template: () => void go("form"),
    form: () => leaveForm(true),
    documents: () => void go("register"),
    register: ready ? () => register.mutate() : null,
    receipt: null,
  };
  const onBack: { [name in StepName]: (() => void) | null } = {
    who: null,
    template: () => void go("who"),
    form: () => void go("template"),
    documents: () => void go("form"),
    register: () => void go("documents"),
    receipt: null,
  };
  const prefilled = (next: Draft): void => store.merge(next.fields);
  return (
    <StepFrame
      step={step}
      title={step !== "receipt" && <Title template={template} />}
      reachable={(name) => step !== "receipt" && name !== "receipt"}
      onStep={(name) => void go(name)}
      onNext={onNext[step]}
      onBack={onBack[step]}
      nextLabel={step === "register" ? t("register.do") : t("next")}
      busy={register.isPending}
      aside={<SaveState unsaved={unsaved} />}
    >
      <div ref={body} className={step === "receipt" ? "visit-full" : ""}>
        {step === "who" && (
          <ChangeWho draftId={draft.id} onPrefilled={prefilled} onDone={() => void go("form")} />
        )}
        {step === "template" && <ChangeTemplate template={template} onStay={() => void go("form")} />}
        {step === "form" && (
          <FormStep
            ref={form}
            template={template}
            draftId={draft.id}
            showProblems={showProblems}
            onPrefilled={prefilled}
            onEnter={() => leaveForm(false)}
          />
        )}
        {step === "documents" && <DocumentsStep template={template} draftId={draft.id} {...files} />}
        {step === "register" && (
          <RegisterStep
            template={template}
            check={check.data}
            checking={check.isFetching}
            checkError={check.error}
            registerError={register.error}
            verdict={verdict}
            onVerdict={setVerdict}
            onRetry={() => void check.refetch()}
            onJump={jump}
          />
        )}
        {step === "receipt" && registered && (
          <ReceiptStep registered={registered} onAnother={() => void navigate("/visit/new")} />
        )}
      </div>
    </StepFrame>
  );
}

function Title({ template }: { template: Template }) {
  const text = useText();
  const insured = useDraftText("policy.insured");
  const no = useDraftText("policy.no");
  const parties = useDraftSection("parties");
  const name =
    insured || Object.entries(parties).find(([path, value]) => path.endsWith(".name") && value)?.[1];
  return (
    <>
      <strong>{text(template.name)}</strong>
      <span>{typeof name === "string" ? name : ""}</span>
      <span className="quiet figures">{no}</span>
    </>
  );
}

/** One line of truth about saving; a failure stays until everything is saved. */
function SaveState({ unsaved }: { unsaved: boolean }) {
  const { t } = useTranslation("visit");
  const text = useText();
  const store = useDraft();
  const totals = useSaveTotals();
  if (totals.failed > 0) {
    return (
      <Alert
        type="error"
        showIcon
        data-testid="visit-save-failed"
        title={t(unsaved ? "save.blocked" : "save.failed", {
          count: totals.failed,
          why: text(toFailure(totals.error).text),
        })}
        action={
          <Button size="small" onClick={() => void store.flush()} data-testid="visit-save-retry">
            {t("common:action.retry")}
          </Button>
        }
      />
    );
  }
  return (
    <span className="quiet" data-testid="visit-saved">
      {totals.unsaved > 0 ? t("save.saving") : t("save.saved")}
    </span>
  );
}

/** Another person or policy for this draft: what they bring is filled in, nothing typed is lost elsewhere. */
function ChangeWho({
  draftId,
  onPrefilled,
  onDone,
}: {
  draftId: string;
  onPrefilled: (draft: Draft) => void;
  onDone: () => void;
}) {
  const fill = useMutation({
    mutationFn: async (hits: {
      policy: Parameters<typeof desk.draftPrefill>[1] | null;
      party: Parameters<typeof desk.draftPrefill>[1] | null;
    }) => {
      if (hits.policy) onPrefilled(await desk.draftPrefill(draftId, hits.policy, null));
      if (hits.party) onPrefilled(await desk.draftPrefill(draftId, hits.party, "reporter"));
    },
    onSuccess: onDone,
  });
  return (
    <>
      <Failure error={fill.error} />
      <WhoStep onChoose={(chosen) => fill.mutate(chosen)} onNew={null} />
    </>
  );
}

/** Another template means another draft; who and which policy are carried over, this draft stays to be resumed. */
function ChangeTemplate({ template, onStay }: { template: Template; onStay: () => void }) {
  const { t } = useTranslation("visit");
  const text = useText();
  const navigate = useNavigate();
  const store = useDraft();
  const open = useMutation({
    mutationFn: async (id: string) => {
      const draft = await desk.draftOpen(id, null);
      for (const [path, value] of Object.entries(store.fields())) {
        const carried = path === "channel" || path.startsWith("policy.") || path.startsWith("parties.");
        if (carried && value !== null) await desk.draftSave(draft.id, path, value);
      }
      return draft;
    },
    onSuccess: (draft) => void navigate(`/visit/${draft.id}`),
  });
  return (
    <>
      <Alert
        type="info"
        showIcon
        title={t("template.current", { name: text(template.name) })}
        description={t("template.change_hint")}
      />
      <Failure error={open.error} />
      <TemplateStep
        suggested={template.id}
        busy={open.isPending}
        onChoose={(id) => (id === template.id ? onStay() : open.mutate(id))}
      />
    </>
  );
}
