// The two entries of the contact log, asked for in the same dialog as the steps of the flow.

import type { Language, Step, StepField, Text } from "@/lib/desk";
import { i18n, LANGUAGES } from "@/lib/i18n";

/** A key of namespace claim in all languages. */
export function textOf(key: string): Text {
  const texts = Object.fromEntries(
    LANGUAGES.map((language) => [language, i18n.getFixedT(language, "claim")(key)]),
  );
  return texts as { [language in Language]: string };
}

const field = (
  key: string,
  kind: StepField["kind"],
  label: string,
  options: string[] | null = null,
): StepField => ({
  key,
  kind,
  required: true,
  label: textOf(label),
  options: options && Object.fromEntries(options.map((each) => [each, textOf(`means.${each}`)])),
});

export const CONTACT: Step = {
  command: "record_contact",
  label: textOf("command.record_contact"),
  backward: false,
  primary: false,
  fields: [
    field("channel", "select", "contact.channel", ["phone", "counter", "sms", "email", "visit"]),
    field("with", "text", "contact.with"),
    field("summary", "textarea", "contact.summary"),
  ],
};

export const ENQUIRY: Step = {
  command: "record_enquiry",
  label: textOf("command.record_enquiry"),
  backward: false,
  primary: false,
  fields: [field("asked_by", "text", "contact.asked_by"), field("told", "textarea", "contact.told")],
};
