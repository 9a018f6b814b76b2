// The form of a claim template: its groups and fields, those whose condition holds, drawn as Ant Design fields.

import type { TFunction } from "i18next";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type FieldLayout, type JsonValue, pickText, type Template, type Text, useText } from "@/lib/desk";
import { type FieldProblem, shownGroups, validateAnswers } from "./conditions";
import { DraftField, type DraftFieldProps, type FieldOption } from "./DraftField";
import { useAnswers } from "./use-draft";
import "./schema-form.css";

const NONE: FieldOption[] = [];

type Props = {
  template: Template;
  showProblems: boolean;
  /** What stands under an answer's field, if anything. */
  below: (key: string) => DraftFieldProps["below"];
};

export function SchemaForm({ template, showProblems, below }: Props) {
  const text = useText();
  const { i18n } = useTranslation();
  const language = i18n.language;
  const say = useCallback(
    (words: Text | null | undefined) => (words ? pickText(words, language) : ""),
    [language],
  );
  const { t } = useTranslation("forms");
  const answers = useAnswers();
  const groups = useMemo(() => shownGroups(template, answers), [template, answers]);
  const problems = useMemo(
    () => new Map(validateAnswers(template, answers).map((problem) => [problem.key, problem])),
    [template, answers],
  );
  const choices = useMemo(
    () =>
      new Map(
        template.layout
          .flatMap((group) => group.fields)
          .map((field) => [field.key, optionsOf(template, field, say)]),
      ),
    [template, say],
  );
  const required = useMemo(() => requiredKeys(template), [template]);
  const shown = (field: FieldLayout): string | null => {
    const problem = problems.get(field.key);
    if (!problem || !showProblems) return null;
    return problemSentence(t, problem);
  };
  return (
    <>
      {groups.map((group) => (
        <fieldset className="sf-group" key={group.index} data-testid={`group-${group.index}`}>
          <legend>{text(template.layout[group.index]?.title)}</legend>
          <div className="sf-grid">
            {group.fields.map((field) => (
              <DraftField
                key={field.key}
                path={`answers.${field.key}`}
                label={text(field.label)}
                guidance={text(field.guidance)}
                widget={field.widget}
                span={field.span === 2 ? 2 : 1}
                options={choices.get(field.key) ?? NONE}
                required={required.has(field.key) || problems.get(field.key)?.keyword === "required"}
                problem={shown(field)}
                below={below(field.key)}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}

const KNOWN = new Set([
  "required",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "enum",
  "pattern",
  "format",
  "type",
]);

function problemSentence(t: TFunction<"forms">, problem: FieldProblem): string {
  const limit =
    typeof problem.limit === "number" || typeof problem.limit === "string" ? String(problem.limit) : "";
  return t(KNOWN.has(problem.keyword) ? `problem.${problem.keyword}` : "problem.other", { limit });
}

function objectOf(value: JsonValue | undefined): { [key: string]: JsonValue } {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

function requiredKeys(template: Template): Set<string> {
  const required = objectOf(template.schema).required;
  return new Set(Array.isArray(required) ? required.map(String) : []);
}

/** The choices in the order of the schema's enum, which is the order an author meant. */
function optionsOf(template: Template, field: FieldLayout, text: ReturnType<typeof useText>): FieldOption[] {
  const options = field.options ?? {};
  const property = objectOf(objectOf(objectOf(template.schema).properties)[field.key]);
  const order = Array.isArray(property.enum) ? property.enum.map(String) : Object.keys(options);
  return order.map((value) => ({ value, label: text(options[value]) || value }));
}
