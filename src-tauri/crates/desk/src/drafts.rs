//! Drafts: a visit under way, saved field by field, resumable after a kill.

use std::sync::Arc;

use std::collections::BTreeMap;

use domain::identity::{self, IdentityKind};
use domain::role::Right;
use domain::template::{Template, shown_answers};
use domain::{Code, Refusal, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;
use store::DraftListed;
use uuid::Uuid;

use crate::attachments::{AttachmentRow, DraftFile};
use crate::claim::input::{ClaimInput, assemble, from_value};
use crate::claim::intake::Registered;
use crate::claim::list::DuplicateRow;
use crate::claim::papers::ChecklistRow;
use crate::desk::{Actor, Desk};
use crate::error::{DeskError, Notice, notices};
use crate::search::Hit;

/// A draft with everything typed so far.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Draft {
    /// The draft.
    pub id: String,
    /// The template it was begun with.
    pub template_id: String,
    /// And that template's version, which it keeps.
    pub template_version: u32,
    /// What a list calls it.
    pub title: String,
    /// `policy.no`, `parties.0.name`, `answers.<key>`, `documents.<id>`.
    pub fields: BTreeMap<String, Value>,
    /// The step that was open.
    pub step: u32,
    /// When a field was last saved.
    pub updated_at: String,
    /// Files hanging on it.
    pub attachments: Vec<AttachmentRow>,
}

/// A draft in a list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DraftRow {
    /// The draft.
    pub id: String,
    /// Its template.
    pub template_id: String,
    /// That template's name.
    pub template_name: Text,
    /// Who it is about.
    pub title: String,
    /// The step that was open.
    pub step: u32,
    /// When a field was last saved.
    pub updated_at: String,
}

/// What registration would say of a draft now.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DraftCheck {
    /// Each stops registration.
    pub refusals: Vec<Notice>,
    /// Shown, and recorded.
    pub warnings: Vec<Notice>,
    /// The papers, as the answers stand.
    pub checklist: Vec<ChecklistRow>,
    /// Claims of the same policy, day and cause.
    pub duplicates: Vec<DuplicateRow>,
}

/// How a draft is registered.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RegisterInput {
    /// The draft.
    pub draft_id: String,
    /// Why it is not the same loss as a claim that looks like it.
    pub not_duplicate_reason: Option<String>,
    /// The claim it is the same loss as.
    pub linked_claim_id: Option<String>,
}

/// Longer paths are nobody's field.
const PATH_LIMIT: usize = 200;

impl Desk {
    /// Begins a draft, filled from what was found.
    ///
    /// # Errors
    /// Without the right, or an unknown template.
    pub async fn draft_open(
        &self,
        actor: &Actor,
        template: &str,
        from: Option<Hit>,
    ) -> Result<Draft, DeskError> {
        actor.need(Right::ClaimRegister)?;
        let template = self.template(template, None)?;
        let fields = match from {
            Some(hit) => self.prefill(&hit, None, &BTreeMap::new()).await?,
            None => BTreeMap::new(),
        };
        let draft = DraftListed {
            id: Uuid::now_v7(),
            account: actor.account,
            template: template.id.clone(),
            template_version: template.version,
            updated_at: self.now().to_rfc3339(),
        };
        self.store.create_draft(&draft, &fields).await?;
        self.draft_get(actor, &draft.id.to_string()).await
    }

    /// A draft with its fields.
    ///
    /// # Errors
    /// [`Code::ClaimDraftUnknown`], also for someone else's.
    pub async fn draft_get(&self, actor: &Actor, id: &str) -> Result<Draft, DeskError> {
        let (listed, mut fields) = self.own_draft(actor, id).await?;
        let attachments = self.draft_files(listed.id).await?.into_iter().map(|file| file.row).collect();
        let step = fields.remove("ui.step").and_then(|step| step.as_u64()).unwrap_or_default();
        fields.retain(|path, _| !path.starts_with("attachments."));
        Ok(Draft {
            id: listed.id.to_string(),
            template_id: listed.template,
            template_version: listed.template_version,
            title: title(&fields),
            fields,
            step: u32::try_from(step).unwrap_or_default(),
            updated_at: listed.updated_at,
            attachments,
        })
    }

    async fn own_draft(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<(DraftListed, BTreeMap<String, Value>), DeskError> {
        let unknown = || Refusal::new(Code::ClaimDraftUnknown);
        let id = Uuid::parse_str(id).map_err(|_| unknown())?;
        let (listed, fields) = self.store.draft(id).await?.ok_or_else(unknown)?;
        if listed.account != actor.account {
            return Err(unknown().into());
        }
        Ok((listed, fields))
    }

    /// The draft of this id if there is one of this account.
    pub(crate) async fn draft_of(&self, actor: &Actor, id: &str) -> Result<Option<Uuid>, DeskError> {
        match self.own_draft(actor, id).await {
            Ok((listed, _)) => Ok(Some(listed.id)),
            Err(error) if error.code == Code::ClaimDraftUnknown => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn draft_files(&self, draft: Uuid) -> Result<Vec<DraftFile>, DeskError> {
        let fields = self.store.draft(draft).await?.map(|(_, fields)| fields).unwrap_or_default();
        let files = fields.into_iter().filter(|(path, _)| path.starts_with("attachments."));
        Ok(files.filter_map(|(_, value)| serde_json::from_value(value).ok()).collect())
    }

    /// Saves one field as typed; `null` takes it out. The answer is the moment it was saved.
    ///
    /// # Errors
    /// An unknown draft, a path or value larger than any field, a disk that refuses.
    pub async fn draft_save(
        &self,
        actor: &Actor,
        id: &str,
        path: &str,
        value: Value,
    ) -> Result<String, DeskError> {
        let (listed, _) = self.own_draft(actor, id).await?;
        let known = ["policy.", "parties.", "answers.", "documents.", "ui."];
        let fits = path == "channel" || known.iter().any(|prefix| path.starts_with(prefix));
        if !fits || path.len() > PATH_LIMIT {
            let path: String = path.chars().take(40).collect();
            return Err(Refusal::new(Code::ClaimInputUnknownField).with("field", path).into());
        }
        if value.to_string().len() > crate::claim::input::INPUT_LIMIT {
            return Err(Refusal::new(Code::ClaimInputTooLarge).with("limit", "1 MiB").at(path).into());
        }
        let at = self.now().to_rfc3339();
        self.store.save_draft(listed.id, &[(path.to_owned(), value)].into(), &at).await?;
        Ok(at)
    }

    /// Fills a draft from a person, policy or claim that was found.
    ///
    /// # Errors
    /// An unknown draft or hit.
    pub async fn draft_prefill(
        &self,
        actor: &Actor,
        id: &str,
        hit: &Hit,
        role: Option<&str>,
    ) -> Result<Draft, DeskError> {
        let (listed, fields) = self.own_draft(actor, id).await?;
        let fields = self.prefill(hit, role, &fields).await?;
        self.store.save_draft(listed.id, &fields, &self.now().to_rfc3339()).await?;
        self.draft_get(actor, id).await
    }

    /// What registration would say now.
    ///
    /// # Errors
    /// An unknown draft; what is wrong with the fields is in the result.
    pub async fn draft_check(&self, actor: &Actor, id: &str) -> Result<DraftCheck, DeskError> {
        let (listed, fields) = self.own_draft(actor, id).await?;
        let template = self.template(&listed.template, Some(listed.template_version))?;
        let input = match self.draft_input(&template, &fields) {
            Ok(input) => input,
            Err(refusal) => {
                return Ok(DraftCheck {
                    refusals: vec![refusal.into()],
                    warnings: Vec::new(),
                    checklist: Vec::new(),
                    duplicates: Vec::new(),
                });
            }
        };
        let files = self.draft_files(listed.id).await?;
        let prepared = self.prepare(&template, &input, &files).await?;
        let mut duplicates = Vec::with_capacity(prepared.duplicates.len());
        for claim in prepared.duplicates {
            duplicates.extend(self.duplicate_row(claim).await?);
        }
        Ok(DraftCheck {
            refusals: notices(&prepared.refusals),
            warnings: notices(&prepared.warnings),
            checklist: prepared.checklist,
            duplicates,
        })
    }

    /// Registers a draft; the draft is gone when the claim is there.
    ///
    /// # Errors
    /// As [`Desk::register`].
    pub async fn draft_register(
        &self,
        actor: &Actor,
        register: RegisterInput,
    ) -> Result<Registered, DeskError> {
        let (listed, fields) = self.own_draft(actor, &register.draft_id).await?;
        let template = self.template(&listed.template, Some(listed.template_version))?;
        let mut input = self.draft_input(&template, &fields)?;
        input.not_duplicate_reason = register.not_duplicate_reason;
        input.linked_claim = register.linked_claim_id;
        let files = self.draft_files(listed.id).await?;
        let registered = self.register_with_files(actor, &template, input, &files).await?;
        self.store.delete_draft(listed.id).await?;
        Ok(registered)
    }

    /// What a draft comes to as an input: without what hidden fields hold.
    fn draft_input(
        &self,
        template: &Template,
        fields: &BTreeMap<String, Value>,
    ) -> Result<ClaimInput, Refusal> {
        let mut input = from_value(assemble(fields))?;
        input.answers = shown_answers(template, &input.answers)?;
        Ok(input)
    }

    /// The account's drafts, the last touched first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn draft_list(&self, actor: &Actor) -> Result<Vec<DraftRow>, DeskError> {
        let mut rows = Vec::new();
        for id in self.store.drafts(actor.account).await? {
            let Some((listed, fields)) = self.store.draft(id).await? else { continue };
            let name = self.template(&listed.template, Some(listed.template_version));
            let step = fields.get("ui.step").and_then(Value::as_u64).unwrap_or_default();
            rows.push(DraftRow {
                id: id.to_string(),
                template_name: name.map(|template| template.name.clone()).unwrap_or_default(),
                template_id: listed.template,
                title: title(&fields),
                step: u32::try_from(step).unwrap_or_default(),
                updated_at: listed.updated_at,
            });
        }
        Ok(rows)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// An unknown draft.
    pub async fn draft_discard(&self, actor: &Actor, id: &str) -> Result<(), DeskError> {
        let (listed, _) = self.own_draft(actor, id).await?;
        Ok(self.store.delete_draft(listed.id).await?)
    }

    /// A template in the version asked for, or the one in effect today.
    ///
    /// # Errors
    /// [`Code::TemplateUnknown`].
    pub fn template(&self, id: &str, version: Option<u32>) -> Result<Arc<Template>, DeskError> {
        let reference = self.reference();
        let found = match version {
            Some(version) => reference.library.get(id, version),
            None => reference.library.current(id, self.today()),
        };
        Ok(found.cloned().ok_or_else(|| Refusal::new(Code::TemplateUnknown).with("id", id))?)
    }

    /// The fields that a person, policy or claim brings into a draft.
    async fn prefill(
        &self,
        hit: &Hit,
        role: Option<&str>,
        before: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, DeskError> {
        let mut fields = BTreeMap::new();
        let id = Uuid::parse_str(&hit.id).map_err(|_| Refusal::new(Code::PartyUnknown))?;
        match hit.kind.as_str() {
            "policy" => {
                let policy = self.store.record("policy", id).await?;
                let policy = policy.ok_or_else(|| Refusal::new(Code::PolicyUnknown).with("no", &hit.no))?;
                for (path, field) in [
                    ("policy.no", "no"),
                    ("policy.inception", "inception"),
                    ("policy.expiry", "expiry"),
                    ("policy.holder", "holder_name"),
                    ("policy.insured", "insured_name"),
                    ("policy.product", "product_code"),
                    ("policy.plate", "plate"),
                ] {
                    fields.extend(policy.optional(field).map(|value| (path.to_owned(), json!(value))));
                }
                for (key, field) in [("answers.plate", "plate"), ("answers.vin", "vin")] {
                    fields.extend(policy.optional(field).map(|value| (key.to_owned(), json!(value))));
                }
                if let Some(name) = policy.optional("insured_name") {
                    let id_no = policy.optional("insured_id_no");
                    let id_type = id_no.as_ref().map(|id_no| {
                        let resident = identity::check(IdentityKind::Id, id_no, self.today()).is_ok();
                        if resident { "resident-id" } else { "uscc" }.to_owned()
                    });
                    let kind = policy.optional("insured_kind").unwrap_or("person".into());
                    let mobile = policy.optional("mobile");
                    let known =
                        [("kind", Some(kind)), ("id_type", id_type), ("id_no", id_no), ("mobile", mobile)];
                    fields.extend(party_fields(before, "insured", &name, known));
                }
            }
            "party" => {
                let party = self.store.record("party", id).await?.ok_or(Code::PartyUnknown)?;
                let known = ["kind", "id_type", "id_no", "mobile", "birth", "address"];
                let known = known.map(|field| (field, party.optional(field)));
                fields.extend(party_fields(before, role.unwrap_or("reporter"), party.text("name"), known));
            }
            _ => {
                let claim = self.store.record("claim", id).await?;
                let claim = claim.ok_or_else(|| Refusal::new(Code::ClaimUnknown).with("no", &hit.no))?;
                fields.insert("policy.no".to_owned(), json!(claim.text("policy_no")));
            }
        }
        Ok(fields)
    }
}

/// What is known of a person in a role, at the place in the draft that waits for them: where they are named already
/// only what is still empty, else the card without a name, else a new one.
fn party_fields<const N: usize>(
    before: &BTreeMap<String, Value>,
    role: &str,
    name: &str,
    known: [(&str, Option<String>); N],
) -> Vec<(String, Value)> {
    let held = |index: u32, field: &str| {
        let value = before.get(&format!("parties.{index}.{field}"));
        value.and_then(Value::as_str).unwrap_or_default().trim()
    };
    let waits = |wanted: &str| {
        indices(before).find(|index| held(*index, "role") == role && held(*index, "name") == wanted)
    };
    let named = waits(name);
    let free = indices(before).max().map_or(0, |used| used.saturating_add(1));
    let index = named.or_else(|| waits("")).unwrap_or(free);
    // A number that was typed keeps the kind of paper it was typed for.
    let kept = |field: &str| match field {
        "kind" => true,
        "id_type" => !held(index, "id_no").is_empty(),
        _ => !held(index, field).is_empty(),
    };
    let at = |field: &str, value: &str| (format!("parties.{index}.{field}"), json!(value));
    let known = known.into_iter().filter_map(|(field, value)| Some((field, value?)));
    let known = known.filter(|(field, _)| named.is_none() || !kept(field));
    let mut fields = vec![at("role", role), at("name", name)];
    fields.extend(known.map(|(field, value)| at(field, &value)));
    fields
}

/// The indices of the draft's parties, each as often as it has fields.
fn indices(fields: &BTreeMap<String, Value>) -> impl Iterator<Item = u32> {
    fields.keys().filter_map(|path| path.strip_prefix("parties.")?.split('.').next()?.parse().ok())
}

/// Who a draft is about: the insured, else whoever is named first, else the policy.
fn title(fields: &BTreeMap<String, Value>) -> String {
    let named = |role: Option<&str>| {
        fields.iter().find_map(|(path, value)| {
            let index = path.strip_prefix("parties.")?.strip_suffix(".name")?;
            let fits = match role {
                Some(role) => fields.get(&format!("parties.{index}.role"))?.as_str() == Some(role),
                None => true,
            };
            fits.then(|| value.as_str().map(str::to_owned)).flatten().filter(|name| !name.is_empty())
        })
    };
    let policy = || fields.get("policy.no").and_then(Value::as_str).map(str::to_owned);
    named(Some("insured")).or_else(|| named(None)).or_else(policy).unwrap_or_default()
}
