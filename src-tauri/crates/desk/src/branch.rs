//! The branch's own facts, as every print names them.

use domain::role::Right;
use domain::{Code, Refusal, text_rules};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::desk::{Actor, Desk};
use crate::error::DeskError;

/// What prints say of the branch. Its code is part of every case number and stays.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct BranchFacts {
    /// Name.
    pub name: String,
    /// Telephone for questions and complaints.
    pub phone: String,
    /// Address for letters.
    pub address: String,
}

impl Desk {
    /// The branch's facts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn branch_get(&self) -> Result<BranchFacts, DeskError> {
        let branch = self.branch().await?;
        Ok(BranchFacts {
            name: branch.name,
            phone: branch.phone.unwrap_or_default(),
            address: branch.address.unwrap_or_default(),
        })
    }

    /// Changes the branch's facts.
    ///
    /// # Errors
    /// Without the right, or an empty name, or lines that are too long.
    pub async fn branch_change(&self, actor: &Actor, facts: BranchFacts) -> Result<BranchFacts, DeskError> {
        actor.need(Right::Settings)?;
        let branch = self.branch().await?;
        let mut operation = self.operation(actor, "branch.change");
        for (field, value, limit) in
            [("name", &facts.name, 60), ("phone", &facts.phone, 40), ("address", &facts.address, 200)]
        {
            let value = text_rules::check_line(value.trim(), limit).map_err(|refusal| refusal.at(field))?;
            if field == "name" && value.is_empty() {
                return Err(Refusal::new(Code::IdentityEmpty).at(field).into());
            }
            operation.set("branch", branch.id, field, value);
        }
        self.store.commit(operation).await?;
        self.branch_get().await
    }
}
