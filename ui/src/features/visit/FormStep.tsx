// The form: policy, parties and the template's own fields in one reading order, with guidance beside them.

import type { Ref } from "react";
import { GuidancePanel, GuidanceProvider } from "@/components/schema-form/guidance";
import { SchemaForm } from "@/components/schema-form/SchemaForm";
import type { Draft, Template } from "@/lib/desk";
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

export function FormStep({ template, draftId, showProblems, onPrefilled, onEnter, ref }: Props) {
  return (
    <GuidanceProvider>
      <div className="sf-page">
        <form
          ref={ref}
          noValidate
          data-testid="visit-form"
          onSubmit={(event) => event.preventDefault()}
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
          <SchemaForm template={template} showProblems={showProblems} />
        </form>
        <GuidancePanel />
      </div>
    </GuidanceProvider>
  );
}
