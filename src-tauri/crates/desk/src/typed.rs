//! What is typed into a step of a claim or complaint, a complaint's intake or the decision of a conflict, kept until it is sent: a kill takes no word.

use domain::{Code, Refusal};
use serde_json::Value;
use uuid::Uuid;

use crate::claim::input::INPUT_LIMIT;
use crate::desk::{Actor, Desk};
use crate::error::DeskError;

impl Desk {
    /// What this account had typed at a place and not sent.
    ///
    /// # Errors
    /// [`Code::ClaimInputUnknownField`] for a place that is none.
    pub async fn typed_get(&self, actor: &Actor, place: &str) -> Result<Option<Value>, DeskError> {
        check_place(place)?;
        Ok(self.store.typed(actor.account, place).await?)
    }

    /// Keeps what is typed at a place; `null` forgets it. The answer is the moment it was saved.
    ///
    /// # Errors
    /// A place that is none, more than any form holds, a disk that refuses.
    pub async fn typed_save(&self, actor: &Actor, place: &str, value: Value) -> Result<String, DeskError> {
        check_place(place)?;
        if value.to_string().len() > INPUT_LIMIT {
            return Err(Refusal::new(Code::ClaimInputTooLarge).with("limit", "1 MiB").at(place).into());
        }
        let at = self.now().to_rfc3339();
        self.store.save_typed(actor.account, place, &value, &at).await?;
        Ok(at)
    }
}

/// `claim/<id>/<command>`, `complaint/<id>/<command>`, `complaint/new` or `conflict/<id>`.
fn check_place(place: &str) -> Result<(), Refusal> {
    let mut parts = place.split('/');
    let known = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("claim" | "complaint"), Some(id), Some(command), None) => {
            Uuid::parse_str(id).is_ok()
                && (1..=40).contains(&command.len())
                && command.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        }
        (Some("complaint"), Some("new"), None, None) => true,
        (Some("conflict"), Some(id), None, None) => Uuid::parse_str(id).is_ok(),
        _ => false,
    };
    if known {
        return Ok(());
    }
    let place: String = place.chars().take(40).collect();
    Err(Refusal::new(Code::ClaimInputUnknownField).with("field", place))
}
