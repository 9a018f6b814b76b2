/** The open step's dialog. What was typed into a closed one is there when it is opened again, also after a kill. */
import { type ReactNode, useState } from "react";
import type { Step } from "@/lib/desk";
import { keepTyped, typedAt } from "@/lib/typed";
import { type StepAct, type StepContext, StepDialog } from "./step-dialog";
import { beginning, fieldsOf, type StepValues, typedOnly, withTyped } from "./step-input";

interface Steps {
  /** Names the file, such as `claim/ID`: what was typed lies under it. */
  place: string;
  about: StepContext | null;
  act: StepAct;
  onDone: () => void;
}

/** Opens steps, and the dialog of the one that is open. */
export function useSteps({ place, about, act, onDone }: Steps): {
  open: (step: Step) => void;
  dialog: ReactNode;
} {
  const [open, setOpen] = useState<Step | null>(null);
  const [begun, setBegun] = useState<StepValues>({});
  const [values, setValues] = useState<StepValues>({});
  const typedPlace = (step: Step): string => `${place}/${step.command}`;
  const begin = async (step: Step): Promise<void> => {
    act.reset();
    const missing = (about?.checklist ?? [])
      .filter((row) => row.required && row.state === "missing")
      .map((row) => row.id);
    const fresh = beginning(step, about?.amount.inputs ?? [], new Date(), missing);
    // A step that asks for nothing has nothing to remember.
    const kept = fieldsOf(step).length > 0 ? await typedAt(typedPlace(step)) : null;
    setBegun(fresh);
    setValues(withTyped(fresh, kept));
    setOpen(step);
  };
  const type = (step: Step, next: StepValues): void => {
    setValues(next);
    keepTyped(typedPlace(step), typedOnly(begun, next));
  };
  const done = (step: Step): void => {
    keepTyped(typedPlace(step), null);
    setOpen(null);
    onDone();
  };
  const dialog = open && (
    <StepDialog
      about={about}
      step={open}
      values={values}
      act={act}
      onValues={(next) => type(open, next)}
      onClose={() => setOpen(null)}
      onDone={() => done(open)}
    />
  );
  return { open: (step: Step) => void begin(step), dialog };
}
