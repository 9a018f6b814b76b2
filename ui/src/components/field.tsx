/** A labelled input with what is wrong, or what to write, beneath it. */
import { cloneElement, type ReactElement, useId } from "react";
import { type DeskFailure, toFailure, useText } from "@/lib/desk";
import "./field.css";

interface ControlProps {
  id?: string;
  status?: "" | "error";
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
}

interface FieldProps {
  label: string;
  required?: boolean;
  /** What would be right; shown in the place of the hint. */
  problem?: string | undefined;
  hint?: string | undefined;
  children: ReactElement<ControlProps>;
}

/** Ties label, input and message together for the eye and for a screen reader. */
export function Field({ label, required = false, problem, hint, children }: FieldProps) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required && (
          <span className="field-required" aria-hidden="true">
            {" "}
            *
          </span>
        )}
      </label>
      {cloneElement(children, {
        id,
        status: problem ? "error" : "",
        "aria-invalid": Boolean(problem),
        ...(required ? { "aria-required": true } : {}),
        ...(note ? { "aria-describedby": `${id}-note` } : {}),
      })}
      {note && (
        <div
          id={`${id}-note`}
          className={problem ? "field-problem" : "field-hint"}
          role={problem ? "alert" : undefined}
        >
          {note}
        </div>
      )}
    </div>
  );
}

/** Splits a thrown failure into what belongs to known fields and the rest, which is shown above the form. */
export function useFieldProblems(error: unknown, fields: readonly string[]) {
  const text = useText();
  const failure: DeskFailure | null = error ? toFailure(error) : null;
  const found = new Map<string, string>();
  if (failure) {
    for (const one of [{ field: failure.field, message: failure.text }, ...failure.details]) {
      if (one.field && fields.includes(one.field) && !found.has(one.field))
        found.set(one.field, text(one.message));
    }
  }
  return {
    problem: (field: string) => found.get(field),
    /** The failure when no field could take it. */
    rest: failure && found.size === 0 ? failure : null,
  };
}
