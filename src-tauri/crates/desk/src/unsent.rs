//! The list behind the status line's count: what no hub has acknowledged. Shows that something was done, never what it says.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use domain::Text;
use domain::claim::labels;
use domain::record::Record;
use domain::role::Right;
use serde::Serialize;
use specta::Type;
use uuid::Uuid;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// An operation that waits to be sent.
#[derive(Debug, Clone, Serialize, Type)]
pub struct UnsentRow {
    /// The operation.
    pub id: String,
    /// What was done.
    pub what: Text,
    /// The claim it is about, for whoever may see claims.
    pub claim_id: Option<String>,
    /// Its number.
    pub claim_no: Option<String>,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Its size in bytes, without files.
    pub bytes: u32,
    /// How many files go with it.
    pub files: u32,
}

/// One page.
#[derive(Debug, Clone, Serialize, Type)]
pub struct UnsentPage {
    /// How many there are.
    pub total: u32,
    /// The page, the oldest first.
    pub rows: Vec<UnsentRow>,
}

/// A page is never longer.
const PAGE_LIMIT: u32 = 500;

/// What commands outside the claim flow are called; `other` is every command this version does not know.
static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../assets/operation-words.json")).unwrap_or_default()
});

/// What a command is called.
pub(crate) fn what(command: &str) -> Text {
    let claim = command.strip_prefix("claim.").and_then(labels::named);
    let complaint = || command.strip_prefix("complaint.").and_then(domain::complaint::labels::named);
    let flow = claim.or_else(complaint).map(|words| words.label.clone());
    flow.or_else(|| WORDS.get(command).cloned()).or_else(|| WORDS.get("other").cloned()).unwrap_or_default()
}

impl Desk {
    /// One page of the operations no hub has acknowledged, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unsent_list(&self, actor: &Actor, offset: u32, limit: u32) -> Result<UnsentPage, DeskError> {
        let (total, _) = self.store.log_head().await?;
        let listed = self.store.unsent(offset, limit.clamp(1, PAGE_LIMIT)).await?;
        let of = async |kind: &str, ids: Vec<Uuid>| -> Result<HashMap<Uuid, Record>, DeskError> {
            Ok(self.store.records_of(kind, &ids).await?.into_iter().collect())
        };
        let people = of("account", listed.iter().map(|row| row.actor).collect()).await?;
        let claims = if actor.role.may(Right::ClaimRead) {
            of("claim", listed.iter().filter_map(|row| row.claim).collect()).await?
        } else {
            HashMap::new()
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let rows = listed.into_iter().map(|row| {
            let claim = row.claim.and_then(|id| Some((id, claims.get(&id)?)));
            UnsentRow {
                id: row.id.to_string(),
                what: what(&row.command),
                claim_id: claim.map(|(id, _)| id.to_string()),
                claim_no: claim.map(|(_, record)| record.text("no").to_owned()),
                at: row.at,
                by: people
                    .get(&row.actor)
                    .map(|record| record.text("display_name").to_owned())
                    .unwrap_or_default(),
                bytes: count(row.bytes),
                files: count(row.files),
            }
        });
        Ok(UnsentPage { total, rows: rows.collect() })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The names of commands as the use cases write them.
    fn commands(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                commands(&path, found);
            } else {
                let source = std::fs::read_to_string(&path).unwrap();
                let after = source.split("self.operation(actor, \"").skip(1);
                found.extend(after.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_command_of_the_desk_has_words() {
        let mut found = Vec::new();
        commands(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 8, "the sources name their commands: {found:?}");
        found
            .extend(["import.policy", "import.party", "import.product", "profile.create"].map(str::to_owned));
        let other = what("from.a.later.version");
        assert!(!other.zh_cn.is_empty() && !other.zh_tw.is_empty() && !other.en.is_empty());
        for command in found {
            let words = what(&command);
            assert_ne!(words.en, other.en, "{command} has no words in assets/operation-words.json");
            assert!(!words.zh_cn.is_empty() && !words.zh_tw.is_empty(), "{command} lacks a language");
        }
    }
}
