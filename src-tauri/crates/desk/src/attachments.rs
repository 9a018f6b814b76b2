//! Attached files: recognised by content, refused when they are programs, sealed on disk, never deleted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::digest::{Digest, unhex};
use domain::record::Record;
use domain::role::Right;
use domain::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use store::NewOperation;
use uuid::Uuid;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;
use crate::photo;

/// No scan or photograph of a paper is larger.
pub const FILE_LIMIT: usize = 20 * 1024 * 1024;

/// What the counter takes; anything else is refused by its content, whatever its name says.
const KNOWN: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/bmp",
    "image/tiff",
    "image/heif",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/mpeg",
    "audio/x-wav",
    "audio/m4a",
    "video/mp4",
    "message/rfc822",
    "text/plain",
];

/// How programs begin: scripts, Windows, Linux, macOS (both byte orders and universal). `infer` wants whole headers.
const PROGRAMS: &[&[u8]] = &[
    b"#!",
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];

/// A file as lists show it.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct AttachmentRow {
    /// The attachment.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// Its type, recognised by content.
    pub mime: String,
    /// Bytes.
    pub size: u32,
    /// SHA-256 of the original, hexadecimal.
    pub sha256: String,
    /// The paper of the checklist it shows, if any.
    pub document_id: Option<String>,
    /// When it was attached.
    pub added_at: String,
    /// By whom.
    pub added_by: String,
    /// Why it was struck out; the file stays.
    pub void_reason: Option<String>,
}

/// A file's bytes for showing it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AttachmentData {
    /// Its type.
    pub mime: String,
    /// The bytes, base64.
    pub data_base64: String,
}

/// A file hanging on a draft, before there is a claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DraftFile {
    #[serde(flatten)]
    pub(crate) row: AttachmentRow,
    /// SHA-256 of the print-size copy of a photograph.
    pub(crate) print_sha256: Option<String>,
}

impl DraftFile {
    pub(crate) fn write(&self, command: &mut NewOperation, claim: Uuid) {
        let Ok(id) = Uuid::parse_str(&self.row.id) else { return };
        command.set("attachment", id, "claim", claim.to_string());
        command.set("attachment", id, "name", self.row.name.clone());
        command.set("attachment", id, "mime", self.row.mime.clone());
        command.set("attachment", id, "size", self.row.size);
        command.set("attachment", id, "sha256", self.row.sha256.clone());
        command.set("attachment", id, "added_at", self.row.added_at.clone());
        command.set("attachment", id, "added_by", self.row.added_by.clone());
        command.set_some("attachment", id, "document", self.row.document_id.clone());
        command.set_some("attachment", id, "print_sha256", self.print_sha256.clone());
        for sha256 in [Some(&self.row.sha256), self.print_sha256.as_ref()].into_iter().flatten() {
            command.blob_refs.extend(digest(sha256));
        }
    }

    /// What the timeline keeps of it.
    pub(crate) fn event_data(&self) -> serde_json::Value {
        json!({ "name": self.row.name, "document": self.row.document_id, "sha256": self.row.sha256 })
    }
}

pub(crate) fn digest(hex: &str) -> Option<Digest> {
    unhex(hex).and_then(|bytes| bytes.try_into().ok()).map(Digest)
}

pub(crate) fn row(id: Uuid, record: &Record) -> AttachmentRow {
    AttachmentRow {
        id: id.to_string(),
        name: record.text("name").to_owned(),
        mime: record.text("mime").to_owned(),
        size: u32::try_from(record.number("size")).unwrap_or_default(),
        sha256: record.text("sha256").to_owned(),
        document_id: record.optional("document"),
        added_at: record.text("added_at").to_owned(),
        added_by: record.text("added_by").to_owned(),
        void_reason: record.optional("void_reason"),
    }
}

/// The type of a file by its content.
///
/// # Errors
/// Empty, too large, a program, or of a type the counter does not take.
pub fn recognise(name: &str, bytes: &[u8]) -> Result<&'static str, Refusal> {
    let refuse = |code| Refusal::new(code).with("name", name);
    if bytes.is_empty() {
        return Err(refuse(Code::AttachmentEmpty));
    }
    if bytes.len() > FILE_LIMIT {
        return Err(refuse(Code::AttachmentTooLarge).with("limit", FILE_LIMIT / 1024 / 1024));
    }
    if infer::is_app(bytes) || PROGRAMS.iter().any(|program| bytes.starts_with(program)) {
        return Err(refuse(Code::AttachmentExecutable));
    }
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    let mime = match found {
        Some(mime) => KNOWN.iter().copied().find(|known| *known == mime),
        // An e-mail or a text has no signature; it is text or it is nothing.
        None if is_text(bytes) && name.to_lowercase().ends_with(".eml") => Some("message/rfc822"),
        None if is_text(bytes) => Some("text/plain"),
        None => None,
    };
    mime.ok_or_else(|| {
        refuse(Code::AttachmentTypeUnknown)
            .with("known", "JPEG, PNG, WebP, BMP, TIFF, HEIC, PDF, DOCX, XLSX, MP3, WAV, M4A, MP4, EML, TXT")
    })
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
    })
}

impl Desk {
    /// Attaches a file given as base64 to a draft or a claim, both named by id.
    ///
    /// # Errors
    /// Without the right, and what [`recognise`] or the disk refuse.
    pub async fn attachment_add_base64(
        &self,
        actor: &Actor,
        owner: &str,
        document: Option<String>,
        name: &str,
        data: &str,
    ) -> Result<AttachmentRow, DeskError> {
        let too_large = || Refusal::new(Code::AttachmentTooLarge).with("name", name).with("limit", 20);
        if data.len() / 4 * 3 > FILE_LIMIT + 3 {
            return Err(too_large().into());
        }
        let damaged = |_| Refusal::new(Code::AttachmentDamaged).with("name", name);
        let bytes = STANDARD.decode(data).map_err(damaged)?;
        self.attachment_add(actor, owner, document, name, bytes).await
    }

    /// Attaches a file to a draft or a claim.
    ///
    /// # Errors
    /// As [`Desk::attachment_add_base64`].
    pub async fn attachment_add(
        &self,
        actor: &Actor,
        owner: &str,
        document: Option<String>,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<AttachmentRow, DeskError> {
        actor.need(Right::ClaimHandle)?;
        let file = self.keep_file(actor, document, name, bytes).await?;
        if let Some(draft) = self.draft_of(actor, owner).await? {
            let path = format!("attachments.{}", file.row.id);
            self.store.save_draft(draft, &[(path, json!(file))].into(), &file.row.added_at).await?;
        } else {
            let claim = self.claim_id(owner).await?;
            let mut command = self.operation(actor, "claim.add_attachment");
            file.write(&mut command, claim);
            self.write_event(
                &mut command,
                actor,
                claim,
                "add_attachment",
                (None, None),
                None,
                file.event_data(),
            );
            self.store.commit(command).await?;
        }
        Ok(file.row)
    }

    /// Seals a file into the profile's folder. Nothing refers to it before an operation or a draft does.
    pub(crate) async fn keep_file(
        &self,
        actor: &Actor,
        document: Option<String>,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<DraftFile, DeskError> {
        let name = file_name(name);
        let mime = recognise(&name, &bytes)?;
        let at = self.now().to_rfc3339();
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let print = photo::print_size(mime, &bytes).await?;
        let sha256 = self.store.put_file(&bytes, &at).await?.hex();
        let print_sha256 = match print {
            Some(print) => Some(self.store.put_file(&print, &at).await?.hex()),
            None => None,
        };
        Ok(DraftFile {
            row: AttachmentRow {
                id: Uuid::now_v7().to_string(),
                name,
                mime: mime.to_owned(),
                size,
                sha256,
                document_id: document,
                added_at: at,
                added_by: actor.name.clone(),
                void_reason: None,
            },
            print_sha256,
        })
    }

    /// A file's bytes, for showing or printing it.
    ///
    /// # Errors
    /// [`Code::AttachmentUnknown`], [`Code::AttachmentDamaged`], or without the right.
    pub async fn attachment_read(&self, actor: &Actor, id: &str) -> Result<AttachmentData, DeskError> {
        actor.need(Right::ClaimRead)?;
        let (row, _) = self.attachment_row(actor, id).await?;
        let digest = digest(&row.sha256).ok_or(Code::AttachmentUnknown)?;
        let bytes = self.store.file(&digest).await?;
        Ok(AttachmentData { mime: row.mime, data_base64: STANDARD.encode(bytes) })
    }

    /// A file of a claim, or of one of the actor's drafts (then with the draft).
    async fn attachment_row(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<(AttachmentRow, Option<Uuid>), DeskError> {
        let id = Uuid::parse_str(id).map_err(|_| Refusal::new(Code::AttachmentUnknown))?;
        if let Some(record) = self.store.record("attachment", id).await? {
            return Ok((row(id, &record), None));
        }
        for draft in self.store.drafts(actor.account).await? {
            let files = self.draft_files(draft).await?;
            if let Some(file) = files.into_iter().find(|file| file.row.id == id.to_string()) {
                return Ok((file.row, Some(draft)));
            }
        }
        Err(Code::AttachmentUnknown.into())
    }

    /// Strikes a file out, with a reason; a draft's file is simply taken off.
    ///
    /// # Errors
    /// Without the right or a reason, or when there is no such file.
    pub async fn attachment_void(&self, actor: &Actor, id: &str, reason: &str) -> Result<(), DeskError> {
        actor.need(Right::ClaimHandle)?;
        let (file, draft) = self.attachment_row(actor, id).await?;
        if let Some(draft) = draft {
            let gone = [(format!("attachments.{id}"), serde_json::Value::Null)].into();
            return Ok(self.store.save_draft(draft, &gone, &self.now().to_rfc3339()).await?);
        }
        let id = Uuid::parse_str(id).map_err(|_| Refusal::new(Code::AttachmentUnknown))?;
        let record = self.store.record("attachment", id).await?.ok_or(Code::AttachmentUnknown)?;
        if reason.trim().chars().count() < 2 {
            return Err(Refusal::new(Code::ClaimReasonMissing).at("reason").into());
        }
        let claim = record.id("claim").ok_or(Code::AttachmentUnknown)?;
        let mut command = self.operation(actor, "claim.void_attachment");
        command.set("attachment", id, "void_reason", reason.trim());
        let data = json!({ "name": file.name, "sha256": file.sha256 });
        self.write_event(
            &mut command,
            actor,
            claim,
            "void_attachment",
            (None, None),
            Some(reason.trim()),
            data,
        );
        self.store.commit(command).await?;
        Ok(())
    }
}

/// A file's own name: no folders, no control characters, no more than 200 characters.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|letter| !letter.is_control()).take(200).collect();
    if clean.trim().is_empty() { "file".to_owned() } else { clean }
}
