// A visit before there is a draft: who, then template. The draft begins with the template and takes over from there.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { desk, type Hit } from "@/lib/desk";
import { StepFrame, type StepName } from "./StepBar";
import { TemplateStep } from "./TemplateStep";
import { type Chosen, WhoStep } from "./WhoStep";

const NOBODY: Chosen = { policy: null, party: null };

/** A hit that another screen passed along: the visit begins with it. */
function passedHit(state: unknown): Hit | null {
  if (typeof state !== "object" || state === null || !("hit" in state)) return null;
  const hit = (state as { hit: Hit | null }).hit;
  return hit && (hit.kind === "policy" || hit.kind === "party") ? hit : null;
}

export function NewVisit() {
  const { t } = useTranslation("visit");
  const navigate = useNavigate();
  const client = useQueryClient();
  const passed = passedHit(useLocation().state);
  const [chosen, setChosen] = useState<Chosen>(
    passed
      ? { policy: passed.kind === "policy" ? passed : null, party: passed.kind === "party" ? passed : null }
      : NOBODY,
  );
  const [step, setStep] = useState<StepName>(passed ? "template" : "who");
  const policy = useQuery({
    queryKey: ["policy", chosen.policy?.no],
    queryFn: () => desk.policyGet(chosen.policy?.no ?? ""),
    enabled: chosen.policy !== null,
  });
  const open = useMutation({
    mutationFn: async (template: string) => {
      const draft = await desk.draftOpen(template, chosen.policy ?? chosen.party);
      if (chosen.policy && chosen.party) await desk.draftPrefill(draft.id, chosen.party, "reporter");
      return draft;
    },
    onSuccess: (draft) => {
      void client.invalidateQueries({ queryKey: ["home"] });
      void navigate(`/visit/${draft.id}`, { replace: true });
    },
  });
  const take = (next: Chosen): void => {
    setChosen(next);
    setStep("template");
  };
  const title = step === "template" && (
    <>
      <strong>{chosen.party?.title ?? policy.data?.insured ?? t("who.unknown")}</strong>
      <span className="quiet figures">{chosen.policy ? chosen.policy.no : t("who.no_policy_yet")}</span>
    </>
  );
  return (
    <StepFrame
      step={step}
      title={title}
      reachable={(name) => name === "who" || (name === "template" && step === "template")}
      onStep={setStep}
      onBack={step === "template" ? () => setStep("who") : null}
      onNext={null}
      busy={open.isPending}
    >
      <Failure error={open.error} />
      {step === "who" ? (
        <WhoStep onChoose={take} onNew={() => take(NOBODY)} />
      ) : (
        <TemplateStep
          suggested={policy.data?.template ?? null}
          busy={open.isPending}
          onChoose={(id) => open.mutate(id)}
        />
      )}
    </StepFrame>
  );
}
