// The two entries of the contact log, asked for in the same dialog as the steps of the flow.

import type { Step, StepField } from "@/lib/desk";
import { textOf } from "@/lib/i18n";

const field = (
  key: string,
  kind: StepField["kind"],
  label: string,
  options: string[] | null = null,
): StepField => ({
  key,
  kind,
  required: true,
  label: textOf(`claim:${label}`),
  options: options && Object.fromEntries(options.map((each) => [each, textOf(`claim:means.${each}`)])),
});

export const CONTACT: Step = {
  command: "record_contact",
  label: textOf("claim:contact.record"),
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
  label: textOf("claim:contact.enquiry"),
  backward: false,
  primary: false,
  fields: [field("asked_by", "text", "contact.asked_by"), field("told", "textarea", "contact.told")],
};
