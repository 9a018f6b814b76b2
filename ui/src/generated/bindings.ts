// Written by hand for the first hour as the contract; replaced by tauri-specta's output of the same shape.
/* eslint-disable */
import { invoke as TAURI_INVOKE } from "@tauri-apps/api/core";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type Text = { "zh-CN": string; "zh-TW": string; en: string };
export type Language = "zh-CN" | "zh-TW" | "en";

/** What every command throws. `message` says what would be right. `field` is as in the input: `answers.incident_at`, `parties.0.id_no`. */
export type DeskError = { code: string; message: Text; field: string | null; details: DeskError[] };
export type Notice = { code: string; message: Text; field: string | null };

// profile and session -------------------------------------------------------------
export type ProfileState = "absent" | "locked" | "ready" | "unreadable";
export type ProfileStatus = { state: ProfileState; branch_code: string | null; branch_name: string | null; problem: DeskError | null; warnings: Notice[]; version: string };
export type ProfileCreateInput = { branch_code: string; branch_name: string; admin_user: string; admin_name: string; password: string };
export type RecoveryCode = { code: string; pdf_base64: string };
export type Role = "counter_clerk" | "claims_assessor" | "complaint_handler" | "investigator" | "report_reviewer" | "manager" | "superior_approver" | "auditor" | "administrator";
export type Right = "claim_register" | "claim_handle" | "claim_assess" | "claim_decide" | "claim_pay" | "claim_read" | "party_reveal" | "import" | "accounts" | "print" | "audit" | "settings";
export type Session = { account_id: string; user: string; display_name: string; role: Role; rights: Right[]; branch_code: string; branch_name: string; idle_lock_seconds: number };
export type AccountRow = { id: string; user: string; display_name: string; role: Role; disabled: boolean; last_login_at: string | null };
export type AccountInput = { user: string; display_name: string; role: Role; password: string };
export type AccountChange = { id: string; display_name: string | null; role: Role | null; password: string | null; disabled: boolean | null; reason: string };
export type StatusLine = { last_saved_at: string | null; unsent: number; sync: "offline" | "syncing" | "failed" | "synced"; sync_note: Notice | null; device_code: string; chain_head: string; clock: string };

// templates -----------------------------------------------------------------------
export type TemplateSummary = { id: string; version: number; name: Text; summary: Text; line: string };
export type TemplateProblem = { file: string; line: number; code: string; message: Text };
export type TemplateList = { templates: TemplateSummary[]; problems: TemplateProblem[] };
export type FieldLayout = { key: string; label: Text; guidance: Text; widget: "text" | "textarea" | "date" | "datetime" | "money" | "integer" | "select" | "radio" | "checkbox" | "plate" | "vin" | "mobile" | "id" | "bankcard"; span: number; options: { [key: string]: Text } | null; when: JsonValue | null };
export type LayoutGroup = { title: Text; fields: FieldLayout[] };
export type DocumentRule = { id: string; name: Text; form: "original" | "copy" | "either"; count: number; required: boolean; when: JsonValue | null; if_none: Text; often_held: boolean };
export type AmountInput = { key: string; label: Text; kind: "money" | "percent" | "count"; default: string | null };
export type AmountStep = { key: string; label: Text; op: string; of: string[] };
export type Template = { id: string; version: number; effective_from: string; effective_to: string | null; line: string; name: Text; summary: Text; schema: JsonValue; layout: LayoutGroup[]; roles: { role: string; required: boolean }[]; documents: DocumentRule[]; clocks: { rule: string; note: Text }[]; amount: { explain: Text; inputs: AmountInput[]; steps: AmountStep[]; result: string }; customer_told: Text[]; privacy_notice: Text; example: JsonValue };

// parties, policies, search -------------------------------------------------------
export type IdentityKind = "id" | "uscc" | "mobile" | "plate" | "vin" | "bankcard";
export type CheckResult = { ok: boolean; code: string | null; message: Text | null; warnings: Notice[]; normalized: string | null };
export type HitKind = "claim" | "complaint" | "party" | "policy";
/** `subtitle` is masked. `no` is the claim number, policy number or party id. */
export type Hit = { kind: HitKind; id: string; no: string; title: string; subtitle: string };
export type PartyView = { id: string; kind: "person" | "organisation"; name: string; id_type: string | null; id_no_masked: string | null; mobile_masked: string | null; birth: string | null; address: string | null; claims: ClaimRow[]; policies: PolicyView[] };
export type PolicyView = { id: string; no: string; product_code: string; product_name: string; template: string | null; holder: string; insured: string; plate: string | null; vin: string | null; inception: string; expiry: string; sum_insured: string | null; status: string; verified: boolean };
/** What a chosen person or policy brings into a draft, so that nothing is typed twice. */
export type Prefill = { fields: { [path: string]: JsonValue } };

// drafts --------------------------------------------------------------------------
/** Paths: `policy.no`, `policy.inception`, `channel`, `parties.0.name`, `answers.<key>`, `documents.<id>` = {received:"original"|"copy"|"held"|"waived"|"missing", count, reason}. */
export type Draft = { id: string; template_id: string; template_version: number; title: string; fields: { [path: string]: JsonValue }; step: number; updated_at: string; attachments: AttachmentRow[] };
export type DraftRow = { id: string; template_id: string; template_name: Text; title: string; step: number; updated_at: string };
export type ChecklistRow = { id: string; name: Text; form: "original" | "copy" | "either"; count: number; required: boolean; if_none: Text; often_held: boolean; state: "missing" | "original" | "copy" | "held" | "waived"; received_count: number; note: string | null; attachments: AttachmentRow[] };
export type DraftCheck = { refusals: Notice[]; warnings: Notice[]; checklist: ChecklistRow[]; duplicates: DuplicateRow[] };
export type DuplicateRow = { claim_id: string; no: string; template_name: Text; policy_no: string; incident_at: string; cause: string; holder: string; insured: string; registered_at: string; status: string; story: string };
export type RegisterInput = { draft_id: string; not_duplicate_reason: string | null; linked_claim_id: string | null };
export type Registered = { id: string; no: string; missing: { id: string; name: Text }[] };

// attachments ---------------------------------------------------------------------
export type AttachmentRow = { id: string; name: string; mime: string; size: number; sha256: string; document_id: string | null; added_at: string; added_by: string; void_reason: string | null };

// claims --------------------------------------------------------------------------
export type ClaimStatus = "registered" | "papers_asked" | "papers_complete" | "assessing" | "assessed" | "decided" | "notified" | "agreed" | "paid" | "refused" | "withdrawn";
export type ClaimRow = { id: string; no: string; template_name: Text; policy_no: string; insured: string; reporter: string; status: ClaimStatus; incident_at: string; registered_at: string; clerk: string; missing: number; claimed_amount: string | null };
export type ClaimFilter = { status: ClaimStatus[]; template: string[]; from: string | null; to: string | null; mine: boolean; missing_only: boolean; text: string | null };
export type ClaimPage = { total: number; rows: ClaimRow[] };
export type ClaimParty = { party_id: string; role: string; kind: string; name: string; id_type: string | null; id_no_masked: string | null; mobile_masked: string | null; relation: string | null; bank_name: string | null; bank_account_masked: string | null; address: string | null; minor: boolean };
export type TimelineEvent = { id: string; at: string; actor: string; role: Role; command: string; from: ClaimStatus | null; to: ClaimStatus | null; reason: string | null; data: { [key: string]: JsonValue }; device: string };
export type WorksheetLine = { key: string; label: Text; op: string; value: string };
export type Worksheet = { lines: WorksheetLine[]; result: string };
/** A step that is possible now for this person; `fields` is what its input takes. */
export type StepField = { key: string; kind: "text" | "textarea" | "money" | "date" | "datetime" | "select" | "worksheet" | "documents" | "list"; required: boolean; options: { [key: string]: Text } | null; label: Text };
export type Step = { command: string; label: Text; backward: boolean; primary: boolean; fields: StepField[] };
export type LinkRow = { id: string; claim_id: string; no: string; kind: "duplicate_of" | "related" | "not_duplicate"; reason: string; active: boolean };
export type ClaimFile = { id: string; no: string; status: ClaimStatus; template: Template; policy: PolicyView; channel: string; registered_at: string; clerk: string; parties: ClaimParty[]; answers: { [key: string]: JsonValue }; checklist: ChecklistRow[]; attachments: AttachmentRow[]; timeline: TimelineEvent[]; worksheet: Worksheet | null; steps: Step[]; links: LinkRow[]; prints: PrintRow[]; claimed_amount: string | null; decided_amount: string | null; warnings: Notice[] };

// prints --------------------------------------------------------------------------
export type PrintKind = "application" | "receipt" | "supplement" | "progress" | "standard" | "worksheet" | "decision" | "refusal";
export type Copy = "customer" | "internal";
export type PrintRow = { kind: PrintKind; copy: Copy; hash: string; printed_at: string; by: string; how: "preview" | "saved" | "printer" };
/** `token` names the rendered PDF on the Rust side for saving and printing: no path passes the page. */
export type PrintPreview = { token: string; pdf_base64: string; pages: number; hash: string; title: string; warnings: Notice[] };
export type PrinterRow = { name: string; is_default: boolean };

// import --------------------------------------------------------------------------
export type ImportKind = "policies" | "customers" | "products";
export type ImportField = { key: string; label: Text; required: boolean };
export type ImportOpened = { token: string; file_name: string; headers: string[]; rows: number; sample: string[][]; fields: ImportField[]; mapping: { [field: string]: string }; mapping_remembered: boolean; notes: Notice[] };
export type ImportRowResult = { row: number; result: "new" | "changed" | "same" | "refused"; key: string; problems: Notice[] };
export type ImportReport = { dry_run: boolean; total: number; new: number; changed: number; same: number; refused: number; rows: ImportRowResult[] };

// home, views ---------------------------------------------------------------------
export type Home = { drafts: DraftRow[]; waiting_customer: ClaimRow[]; to_do: ClaimRow[]; registered_today: number; missing_open: number };
export type SavedView = { id: string; name: string; list: string; filter: JsonValue };

/** The commands, all throwing DeskError. */
export const commands = {
  profileStatus: (): Promise<ProfileStatus> => TAURI_INVOKE("profile_status"),
  profileCreate: (input: ProfileCreateInput): Promise<RecoveryCode> => TAURI_INVOKE("profile_create", { input }),
  profileUnlock: (recoveryCode: string): Promise<ProfileStatus> => TAURI_INVOKE("profile_unlock", { recoveryCode }),
  recoverySave: (): Promise<string | null> => TAURI_INVOKE("recovery_save"),
  recoveryConfirm: (): Promise<null> => TAURI_INVOKE("recovery_confirm"),
  statusLine: (): Promise<StatusLine> => TAURI_INVOKE("status_line"),
  sessionLogin: (user: string, password: string): Promise<Session> => TAURI_INVOKE("session_login", { user, password }),
  sessionCurrent: (): Promise<Session | null> => TAURI_INVOKE("session_current"),
  sessionLogout: (): Promise<null> => TAURI_INVOKE("session_logout"),
  sessionTouch: (): Promise<null> => TAURI_INVOKE("session_touch"),
  accountList: (): Promise<AccountRow[]> => TAURI_INVOKE("account_list"),
  accountCreate: (input: AccountInput): Promise<AccountRow> => TAURI_INVOKE("account_create", { input }),
  accountChange: (change: AccountChange): Promise<AccountRow> => TAURI_INVOKE("account_change", { change }),

  templateList: (): Promise<TemplateList> => TAURI_INVOKE("template_list"),
  templateGet: (id: string, version: number | null): Promise<Template> => TAURI_INVOKE("template_get", { id, version }),

  checkValue: (kind: IdentityKind, value: string): Promise<CheckResult> => TAURI_INVOKE("check_value", { kind, value }),
  amountCapitals: (value: string): Promise<string> => TAURI_INVOKE("amount_capitals", { value }),
  search: (query: string, kind: HitKind | null, limit: number): Promise<Hit[]> => TAURI_INVOKE("search", { query, kind, limit }),
  partyGet: (id: string): Promise<PartyView> => TAURI_INVOKE("party_get", { id }),
  partyReveal: (claimId: string | null, partyId: string, field: string, reason: string): Promise<string> => TAURI_INVOKE("party_reveal", { claimId, partyId, field, reason }),
  policyGet: (no: string): Promise<PolicyView> => TAURI_INVOKE("policy_get", { no }),

  draftOpen: (templateId: string, fromHit: Hit | null): Promise<Draft> => TAURI_INVOKE("draft_open", { templateId, fromHit }),
  draftGet: (id: string): Promise<Draft> => TAURI_INVOKE("draft_get", { id }),
  draftSave: (id: string, path: string, value: JsonValue): Promise<string> => TAURI_INVOKE("draft_save", { id, path, value }),
  draftPrefill: (id: string, hit: Hit, role: string | null): Promise<Draft> => TAURI_INVOKE("draft_prefill", { id, hit, role }),
  draftCheck: (id: string): Promise<DraftCheck> => TAURI_INVOKE("draft_check", { id }),
  draftDiscard: (id: string): Promise<null> => TAURI_INVOKE("draft_discard", { id }),
  draftList: (): Promise<DraftRow[]> => TAURI_INVOKE("draft_list"),
  claimRegister: (input: RegisterInput): Promise<Registered> => TAURI_INVOKE("claim_register", { input }),

  claimList: (filter: ClaimFilter, offset: number, limit: number): Promise<ClaimPage> => TAURI_INVOKE("claim_list", { filter, offset, limit }),
  claimGet: (id: string): Promise<ClaimFile> => TAURI_INVOKE("claim_get", { id }),
  claimDo: (id: string, command: string, input: JsonValue): Promise<ClaimFile> => TAURI_INVOKE("claim_do", { id, command, input }),
  worksheetTry: (claimId: string, inputs: { [key: string]: string }): Promise<Worksheet> => TAURI_INVOKE("worksheet_try", { claimId, inputs }),

  /** `owner` is a draft id or a claim id. Bytes travel base64; 20 MiB at most. */
  attachmentAdd: (owner: string, documentId: string | null, fileName: string, dataBase64: string): Promise<AttachmentRow> => TAURI_INVOKE("attachment_add", { owner, documentId, fileName, dataBase64 }),
  attachmentRead: (id: string): Promise<{ mime: string; data_base64: string }> => TAURI_INVOKE("attachment_read", { id }),
  attachmentVoid: (id: string, reason: string): Promise<null> => TAURI_INVOKE("attachment_void", { id, reason }),

  printPreview: (kind: PrintKind, claimId: string, copy: Copy, language: Language): Promise<PrintPreview> => TAURI_INVOKE("print_preview", { kind, claimId, copy, language }),
  /** Opens the system's save dialog; null when cancelled, else the file's name. */
  printSave: (token: string): Promise<string | null> => TAURI_INVOKE("print_save", { token }),
  printerList: (): Promise<PrinterRow[]> => TAURI_INVOKE("printer_list"),
  printSend: (token: string, printer: string): Promise<null> => TAURI_INVOKE("print_send", { token, printer }),

  /** The page passes the file's bytes; the file picker is the page's own input element. */
  importOpen: (kind: ImportKind, fileName: string, dataBase64: string): Promise<ImportOpened> => TAURI_INVOKE("import_open", { kind, fileName, dataBase64 }),
  importRun: (token: string, mapping: { [field: string]: string }, dryRun: boolean): Promise<ImportReport> => TAURI_INVOKE("import_run", { token, mapping, dryRun }),

  home: (): Promise<Home> => TAURI_INVOKE("home"),
  viewList: (list: string): Promise<SavedView[]> => TAURI_INVOKE("view_list", { list }),
  viewSave: (list: string, name: string, filter: JsonValue): Promise<SavedView> => TAURI_INVOKE("view_save", { list, name, filter }),
  viewDelete: (id: string): Promise<null> => TAURI_INVOKE("view_delete", { id }),
};
