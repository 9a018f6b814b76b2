/** The intake form as it is typed and kept, and as the desk takes it. */
import { parseDate } from "@/components/schema-form/dates";
import type { ComplaintInput, JsonValue } from "@/lib/desk";

/** Everything the form holds. */
export interface Form {
  /** Drawn when the form begins: sent twice it is recorded once. */
  id: string;
  channel: string;
  place: string;
  recording: string;
  posted_on: string;
  regulator_no: string;
  regulator_deadline: string;
  kind: string;
  name: string;
  mobile: string;
  id_no: string;
  contact: string;
  people: number;
  representatives: string;
  proxy_name: string;
  proxy_authority: string;
  claim_no: string;
  policy_no: string;
  staff: string;
  area: string;
  matter: string;
  request: string;
  expected: string;
}

/** A form nobody has typed into. */
export const EMPTY: Form = {
  id: "",
  channel: "walk_in",
  place: "",
  recording: "",
  posted_on: "",
  regulator_no: "",
  regulator_deadline: "",
  kind: "person",
  name: "",
  mobile: "",
  id_no: "",
  contact: "",
  people: 1,
  representatives: "",
  proxy_name: "",
  proxy_authority: "",
  claim_no: "",
  policy_no: "",
  staff: "",
  area: "",
  matter: "",
  request: "",
  expected: "",
};

/** The fields a channel has of its own (002-01 to 002-04). */
export const NEEDED: { [channel: string]: readonly string[] } = {
  walk_in: ["place"],
  phone: ["recording"],
  letter: ["posted_on"],
  regulator: ["regulator_no"],
};

/** As a branch meets them; a channel that only the data know comes after. */
const OFTEN = ["walk_in", "phone", "letter", "email", "web", "app", "wechat", "regulator"];

/** Channels with the usual ones first. */
export function ordered<T>(channels: { [channel: string]: T }): [string, T][] {
  const place = (channel: string) => (OFTEN.includes(channel) ? OFTEN.indexOf(channel) : OFTEN.length);
  return Object.entries(channels).sort(([one], [two]) => place(one) - place(two));
}

/** The form as it was kept; what an older form did not have begins empty. */
export function restored(kept: JsonValue): Form {
  const begun = { ...EMPTY, id: crypto.randomUUID() };
  return kept === null || typeof kept !== "object" || Array.isArray(kept)
    ? begun
    : { ...begun, ...(kept as Partial<Form>) };
}

const filled = (value: string): string | null => (value.trim() === "" ? null : value.trim());
/** A day as it may be typed; what cannot be read is sent as typed, and the desk says what is wrong. */
const day = (value: string): string | null => parseDate(value) ?? filled(value);

/** What the desk takes. A channel's own fields go with it alone. */
export function inputOf(form: Form): ComplaintInput {
  const own = (field: string, value: string | null) =>
    (NEEDED[form.channel] ?? []).includes(field) ? value : null;
  return {
    id: form.id,
    channel: form.channel,
    received_at: null,
    place: own("place", filled(form.place)),
    posted_on: own("posted_on", day(form.posted_on)),
    recording: own("recording", filled(form.recording)),
    regulator_no: own("regulator_no", filled(form.regulator_no)),
    regulator_deadline: own("regulator_no", day(form.regulator_deadline)),
    complainant: {
      kind: form.kind === "organisation" ? "organisation" : "person",
      name: form.name.trim(),
      id_no: filled(form.id_no),
      mobile: filled(form.mobile),
      contact: filled(form.contact),
      address: null,
    },
    proxy:
      form.proxy_name.trim() === ""
        ? null
        : { name: form.proxy_name.trim(), id_no: null, mobile: null, authority: form.proxy_authority.trim() },
    people: form.people,
    representatives:
      form.people > 1
        ? form.representatives
            .split(/[，,、;；\s]+/)
            .map((name) => name.trim())
            .filter((name) => name !== "")
        : [],
    policy_no: filled(form.policy_no),
    claim_no: filled(form.claim_no),
    institution: null,
    staff: filled(form.staff),
    matter: form.matter.trim(),
    request: filled(form.request),
    basis: null,
    expected: filled(form.expected),
    area: filled(form.area),
    papers: [],
  };
}
