// The form: policy, parties and the template's own fields in one reading order, with guidance beside them.

import type { FocusEvent, Ref } from "react";
import { GuidancePanel, GuidanceProvider } from "@/components/schema-form/guidance";
import { SchemaForm } from "@/components/schema-form/SchemaForm";
import { useDraft } from "@/components/schema-form/use-draft";
import type { Draft, Template } from "@/lib/desk";
import { echoes, isOffered } from "./echo";
import { NameOffers } from "./NameOffers";
import { PartiesSection } from "./PartiesSection";
import { PolicySection } from "./PolicySection";

type Props = {
  template: Template;
  draftId: string;
  showProblems: boolean;
  onPrefilled: (draft: Draft) => void;
  onEnter: () => void;
  ref: Ref<HTMLFormElement>;
};

const below = (key: string) => (isOffered(key) ? NameOffers : undefined);

export function FormStep({ template, draftId, showProblems, onPrefilled, onEnter, ref }: Props) {
  const draft = useDraft();
  const left = (event: FocusEvent): void => {
    const path = event.target instanceof Element && event.target.closest<HTMLElement>("[data-field]");
    if (!path) return;
    const told = echoes(template, draft.fields(), path.dataset.field ?? "");
    for (const [place, value] of Object.entries(told)) draft.set(place, value);
  };
  return (
    <GuidanceProvider>
      <div className="sf-page">
        <form
          ref={ref}
          noValidate
          data-testid="visit-form"
          onSubmit={(event) => event.preventDefault()}
          onBlur={left}
          onKeyDown={(event) => {
            // Enter in a line leads to what is still missing, then to the next step; in a story it is a new line.
            const line =
              event.target instanceof HTMLInputElement && event.target.getAttribute("role") !== "combobox";
            if (event.key !== "Enter" || !line || event.ctrlKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            onEnter();
          }}
        >
          <PolicySection
            template={template}
            draftId={draftId}
            showProblems={showProblems}
            onPrefilled={onPrefilled}
          />
          <PartiesSection template={template} showProblems={showProblems} />
          <SchemaForm template={template} showProblems={showProblems} below={below} />
        </form>
        <GuidancePanel />
      </div>
    </GuidanceProvider>
  );
}
