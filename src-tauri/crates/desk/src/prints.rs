//! Prints of claims, complaints and what complaints add up to: rendered, shown, and recorded once they leave the desk.
//!
//! Previewing is a read and writes nothing. A print is recorded when its file is saved or its job is sent.

mod amount;
mod complaint;
mod course;
mod fill;
mod kind;
mod summary;
mod words;

pub(crate) use summary::{change_part, days_of};
pub(crate) use words::word;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::role::{Right, Role};
use domain::{Code, Language, Refusal};
use report::data::RecoveryPrintData;
use report::{CopyFor, Fonts, Kind, MissingGlyph, Pdf, ReportError};
use serde::Serialize;
use serde_json::{Value, json};
use specta::Type;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use kind::{PrintCopy, PrintKind};

use crate::desk::{Actor, Desk, HeldItem};
use crate::error::{DeskError, Notice};
use fill::Source;
use words::Words;

/// As much of a content's hash as stands at the foot of every page.
const HASH_SHOWN: usize = 16;

/// A rendered print as the window shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PrintPreview {
    /// Names the rendered PDF for saving and printing: no path passes the window's page.
    pub token: String,
    /// The PDF, base64.
    pub pdf_base64: String,
    /// How many pages.
    pub pages: u32,
    /// The start of its content's hash, as it stands on every page.
    pub hash: String,
    /// The document's name in the language of the print.
    pub title: String,
    /// Characters no font has.
    pub warnings: Vec<Notice>,
}

/// A rendered print, waiting to be saved or sent to a printer.
pub(crate) struct HeldPrint {
    bytes: Arc<[u8]>,
    of: Of,
    /// Without `.pdf`.
    file_name: String,
    /// What the log says of it, beside how and where to it went.
    data: Value,
    hash: String,
    title: String,
    pages: u32,
    warnings: Vec<Notice>,
}

/// What a print is of.
#[derive(Debug, Clone, Copy)]
enum Of {
    /// A claim or complaint, whose timeline has it.
    File { id: Uuid, kind: PrintKind, copy: PrintCopy },
    /// A period's complaints.
    Summary,
}

impl std::fmt::Debug for HeldPrint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("HeldPrint").field("of", &self.of).finish_non_exhaustive()
    }
}

impl Desk {
    /// Renders a print of a claim or complaint named by id or number. Writes nothing.
    ///
    /// # Errors
    /// Without the rights, [`Code::ClaimUnknown`], [`Code::PrintNotYet`] while there is nothing to print.
    pub async fn print_preview(
        &self,
        actor: &Actor,
        kind: PrintKind,
        claim: &str,
        copy: PrintCopy,
        language: Language,
    ) -> Result<PrintPreview, DeskError> {
        let held = self.rendered(actor, kind, claim, copy, language).await?;
        Ok(self.shown(held))
    }

    /// Holds a print and shows it.
    fn shown(&self, mut held: HeldPrint) -> PrintPreview {
        PrintPreview {
            pdf_base64: STANDARD.encode(&held.bytes),
            pages: held.pages,
            hash: held.hash.clone(),
            title: held.title.clone(),
            warnings: std::mem::take(&mut held.warnings),
            token: self.held.put(HeldItem::Print(held)).to_string(),
        }
    }

    /// The file of a preview: a name for it and its bytes.
    ///
    /// # Errors
    /// [`Code::PrintTokenUnknown`] when newer previews have pushed it out.
    pub fn print_bytes(&self, token: &str) -> Result<(String, Arc<[u8]>), DeskError> {
        self.with_print(token, |held| (format!("{}.pdf", held.file_name), Arc::clone(&held.bytes)))
    }

    /// Records that a preview was `saved` to a file or sent to a `printer`; `to` is the file's or printer's name.
    ///
    /// # Errors
    /// Without the rights, an unknown token or way.
    pub async fn print_done(&self, actor: &Actor, token: &str, how: &str, to: &str) -> Result<(), DeskError> {
        actor.need(Right::Print)?;
        if !["saved", "printer"].contains(&how) {
            let refusal = Refusal::new(Code::ClaimInputInvalid).with("field", "how");
            return Err(refusal.with("expected", "saved / printer").at("how").into());
        }
        let (of, mut data) = self.with_print(token, |held| (held.of, held.data.clone()))?;
        if let Some(data) = data.as_object_mut() {
            data.insert("how".into(), json!(how));
            data.insert("to".into(), json!(name_of(to)));
        }
        match of {
            Of::File { id, kind, copy } => {
                actor.need(if kind.of_complaint() { Right::ComplaintRead } else { Right::ClaimRead })?;
                self.store.commit(self.printed(actor, (id, kind, copy), data)).await?;
            }
            Of::Summary => {
                actor.need(Right::ComplaintSummary)?;
                self.log_export(actor, data).await?;
            }
        }
        Ok(())
    }

    fn with_print<T>(&self, token: &str, use_it: impl FnOnce(&HeldPrint) -> T) -> Result<T, DeskError> {
        match self.held.get(token).as_deref() {
            Some(HeldItem::Print(held)) => Ok(use_it(held)),
            Some(HeldItem::Import(_)) | None => Err(Code::PrintTokenUnknown.into()),
        }
    }

    fn printed(
        &self,
        actor: &Actor,
        (id, kind, copy): (Uuid, PrintKind, PrintCopy),
        data: Value,
    ) -> store::NewOperation {
        if kind.of_complaint() {
            let mut operation = self.operation(actor, "complaint.print");
            self.write_complaint_event(&mut operation, actor, id, "print", (None, None), None, data);
            return operation;
        }
        let mut operation = self.operation(actor, "claim.print");
        let print = Uuid::now_v7();
        let said = |field: &str| data.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        for (field, value) in [
            ("claim", id.to_string()),
            ("kind", kind.as_str().to_owned()),
            ("copy", copy.as_str().to_owned()),
            ("hash", said("hash")),
            ("at", operation.at.to_rfc3339()),
            ("by", actor.name.clone()),
            ("how", said("how")),
        ] {
            operation.set("print", print, field, value);
        }
        self.write_event(&mut operation, actor, id, "print", (None, None), None, data);
        operation
    }

    async fn rendered(
        &self,
        actor: &Actor,
        kind: PrintKind,
        claim: &str,
        copy: PrintCopy,
        language: Language,
    ) -> Result<HeldPrint, DeskError> {
        actor.need(Right::Print)?;
        if kind.of_complaint() {
            return self.rendered_complaint(actor, kind, claim, copy, language).await;
        }
        actor.need(Right::ClaimRead)?;
        let loaded = self.load_claim(self.claim_id(claim).await?).await?;
        kind.check(&loaded)?;
        let policy = match loaded.claim.id("policy") {
            Some(policy) => Some(self.policy_view(policy).await?),
            None => None,
        };
        let source = Source {
            loaded: &loaded,
            policy,
            branch: self.branch().await?,
            kind,
            copy,
            words: Words::new(language)?,
            at: self.now(),
        };
        let data = serde_json::to_value(source.data()?).unwrap_or_default();
        let no = loaded.claim.text("no").to_owned();
        held((loaded.id, no), (kind, copy, language), data).await
    }

    async fn rendered_complaint(
        &self,
        actor: &Actor,
        kind: PrintKind,
        complaint: &str,
        copy: PrintCopy,
        language: Language,
    ) -> Result<HeldPrint, DeskError> {
        actor.need(Right::ComplaintRead)?;
        let loaded = self.load_complaint(complaint).await?;
        kind.check_complaint(&loaded)?;
        let clocks = self.clock_rows(domain::complaint::clocks::RULES, &loaded.happenings());
        let (branch, at) = (self.branch().await?, self.now());
        let data = complaint::data(&loaded, &branch, &clocks, (actor, copy, language), at);
        let no = loaded.record.text("no").to_owned();
        held((loaded.id, no), (kind, copy, language), serde_json::to_value(data).unwrap_or_default()).await
    }
}

/// Sets a file's document and holds it.
async fn held(
    (id, no): (Uuid, String),
    (kind, copy, language): (PrintKind, PrintCopy, Language),
    data: Value,
) -> Result<HeldPrint, DeskError> {
    let (title, pdf) = render(kind.layout(), data, copy.layout(), language).await?;
    // The office's copy says so, for the two must not be mistaken: `3701-26-7K3Q-000042-5-receipt.pdf`.
    let inside = match copy {
        PrintCopy::Customer => "",
        PrintCopy::Internal => "-internal",
    };
    let of = Of::File { id, kind, copy };
    let data = json!({ "kind": kind, "copy": copy, "language": language });
    Ok(HeldPrint::new(of, format!("{no}-{}{inside}", kind.as_str()), title, pdf, data))
}

impl HeldPrint {
    fn new(of: Of, file_name: String, title: String, pdf: Pdf, mut data: Value) -> HeldPrint {
        let hash: String = pdf.hash.chars().take(HASH_SHOWN).collect();
        if let Some(data) = data.as_object_mut() {
            data.insert("hash".into(), json!(hash));
        }
        HeldPrint {
            of,
            file_name,
            data,
            hash,
            title,
            pages: u32::try_from(pdf.pages).unwrap_or(u32::MAX),
            warnings: pdf.warnings.iter().map(missing_glyph).collect(),
            bytes: pdf.bytes.into(),
        }
    }
}

/// The sheet with the recovery code, printed once at the first run. It is kept nowhere.
///
/// # Errors
/// When the branch cannot be read or the sheet not be set.
pub async fn recovery_sheet(
    desk: &Desk,
    code: &str,
    language: Language,
) -> Result<Zeroizing<Vec<u8>>, DeskError> {
    let administrator = desk.store.records("account").await?.into_iter().find_map(|(_, account)| {
        Some(account.text("display_name").to_owned())
            .filter(|_| account.text("role") == Role::Administrator.as_str())
    });
    let groups: Vec<&str> = code.split('-').collect();
    let lines: Vec<String> = groups.chunks(4).map(|groups| groups.join("-")).collect();
    let data = RecoveryPrintData {
        branch: fill::branch(&desk.branch().await?),
        code: Some(code.to_owned()),
        code_lines: Some(lines.join("\n")),
        profile: Some(desk.store.folder().path().display().to_string()),
        administrator,
        printed_at: Some(desk.now().to_rfc3339()),
    };
    let data = serde_json::to_value(data).unwrap_or_default();
    let (_, pdf) = render(Kind::Recovery, data, CopyFor::Internal, language).await?;
    Ok(Zeroizing::new(pdf.bytes))
}

/// Setting a document takes tens of milliseconds, and the first time the fonts are parsed: not on the runtime.
async fn render(
    kind: Kind,
    data: Value,
    copy: CopyFor,
    language: Language,
) -> Result<(String, Pdf), DeskError> {
    let work = tokio::task::spawn_blocking(move || {
        let document = report::build(kind, &data, copy, language)?;
        let pdf = report::render(&document, Fonts::shared()?)?;
        Ok((document.title, pdf))
    });
    match work.await {
        Ok(made) => made.map_err(|error: ReportError| broken(kind.as_str(), &error)),
        Err(_) => Err(Refusal::new(Code::PrintFailed).with("reason", "thread").into()),
    }
}

fn broken(kind: &str, error: &ReportError) -> DeskError {
    Refusal::new(Code::PrintLayoutBroken).with("kind", kind).with("reason", error).into()
}

fn missing_glyph(missing: &MissingGlyph) -> Notice {
    let code = u32::from(missing.character);
    Refusal::new(Code::PrintMissingGlyph)
        .with("character", format!("{} (U+{code:04X})", missing.character))
        .with("place", &missing.place)
        .into()
}

/// The last part of a path, so that nobody's folders stand in the log.
fn name_of(to: &str) -> String {
    let last = to.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).take(200).collect()
}
