//! What can be asked of the store. Reads never write.

use std::collections::BTreeMap;

use domain::record::Record;
use serde_json::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::search::{SearchHit, SearchKind, query};
use crate::store::Store;
use crate::table::claim::{ClaimListed, ClaimQuery};
use crate::table::complaint::{ComplaintListed, ComplaintQuery};
use crate::table::complaint_count::{self, ComplaintCounted};
use crate::table::draft::DraftListed;
use crate::table::operation::UnsentListed;
use crate::table::{account, claim, complaint, draft, operation, party, policy, product, record, typed};

/// Every method fails only when the database cannot be read.
#[expect(clippy::missing_errors_doc, reason = "said once above for all of them")]
impl Store {
    /// A record.
    pub async fn record(&self, kind: &str, id: Uuid) -> Result<Option<Record>, StoreError> {
        record::get(&mut *self.reader().await?, kind, id).await
    }

    /// Some records of a kind; one that is not there is left out.
    pub async fn records_of(&self, kind: &str, ids: &[Uuid]) -> Result<Vec<(Uuid, Record)>, StoreError> {
        let keys: Vec<(String, Uuid)> = ids.iter().map(|id| (kind.to_owned(), *id)).collect();
        let found = record::load(&mut *self.reader().await?, &keys).await?;
        Ok(found.into_iter().map(|((_, id), record)| (id, record)).collect())
    }

    /// The records of a kind that belong to `owner`, oldest first.
    pub async fn owned(&self, owner: Uuid, kind: &str) -> Result<Vec<(Uuid, Record)>, StoreError> {
        record::owned(&mut *self.reader().await?, owner, kind).await
    }

    /// The records of a kind that belong to one of `owners`.
    pub async fn owned_by_any(&self, owners: &[Uuid], kind: &str) -> Result<Vec<(Uuid, Record)>, StoreError> {
        record::owned_by_any(&mut *self.reader().await?, owners, kind).await
    }

    /// Every record of a kind; for kinds of which a branch has few.
    pub async fn records(&self, kind: &str) -> Result<Vec<(Uuid, Record)>, StoreError> {
        record::all(&mut *self.reader().await?, kind).await
    }

    /// One page of claims, newest first, with their number (counted up to `COUNT_LIMIT` + 1).
    pub async fn claims(
        &self,
        query: &ClaimQuery,
        offset: u32,
        limit: u32,
    ) -> Result<(i64, Vec<ClaimListed>), StoreError> {
        claim::list(&mut *self.reader().await?, query, offset, limit).await
    }

    /// The claim with a number.
    pub async fn claim_by_no(&self, no: &str) -> Result<Option<Uuid>, StoreError> {
        claim::by_no(&mut *self.reader().await?, no).await
    }

    /// One page of complaints, newest first, with their number (counted up to `COUNT_LIMIT` + 1).
    pub async fn complaints(
        &self,
        query: &ComplaintQuery,
        offset: u32,
        limit: u32,
    ) -> Result<(i64, Vec<ComplaintListed>), StoreError> {
        complaint::list(&mut *self.reader().await?, query, offset, limit).await
    }

    /// The complaints received from one moment to before another (RFC 3339, in the branch's offset), as a summary
    /// counts them; whether they are `repeated` is looked up only when asked for.
    pub async fn complaints_counted(
        &self,
        from: &str,
        to: &str,
        repeated: bool,
    ) -> Result<Vec<ComplaintCounted>, StoreError> {
        complaint_count::counted(&mut *self.reader().await?, from, to, repeated).await
    }

    /// The complaint with a number.
    pub async fn complaint_by_no(&self, no: &str) -> Result<Option<Uuid>, StoreError> {
        complaint::by_no(&mut *self.reader().await?, no).await
    }

    /// Claims of the same policy, day and cause.
    pub async fn same_loss(
        &self,
        policy_no: &str,
        incident_day: &str,
        cause: &str,
    ) -> Result<Vec<Uuid>, StoreError> {
        claim::same_loss(&mut *self.reader().await?, policy_no, incident_day, cause).await
    }

    /// Claims a person takes part in.
    pub async fn claims_of_party(&self, party: Uuid) -> Result<Vec<Uuid>, StoreError> {
        claim::of_party(&mut *self.reader().await?, party).await
    }

    /// Persons by identity number: (number, name, person).
    pub async fn parties_by_id_no(
        &self,
        id_nos: &[String],
    ) -> Result<Vec<(String, String, Uuid)>, StoreError> {
        party::by_id_nos(&mut *self.reader().await?, id_nos).await
    }

    /// A person without identity number, by name and mobile.
    pub async fn party_by_name_and_mobile(
        &self,
        name: &str,
        mobile: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        party::by_name_and_mobile(&mut *self.reader().await?, name, mobile).await
    }

    /// Policies by number: (number, policy).
    pub async fn policies_by_no(&self, nos: &[String]) -> Result<Vec<(String, Uuid)>, StoreError> {
        policy::by_nos(&mut *self.reader().await?, nos).await
    }

    /// Policies a person holds or is insured by.
    pub async fn policies_of_id_no(&self, id_no: &str) -> Result<Vec<Uuid>, StoreError> {
        policy::of_id_no(&mut *self.reader().await?, id_no).await
    }

    /// Products by code: (code, product).
    pub async fn products_by_code(&self, codes: &[String]) -> Result<Vec<(String, Uuid)>, StoreError> {
        product::by_codes(&mut *self.reader().await?, codes).await
    }

    /// A product's name and template.
    pub async fn product_named(&self, code: &str) -> Result<Option<(String, Option<String>)>, StoreError> {
        product::named(&mut *self.reader().await?, code).await
    }

    /// The accounts of a user name; desks that never met may have one each.
    pub async fn accounts_by_user(&self, user: &str) -> Result<Vec<Uuid>, StoreError> {
        account::by_user(&mut *self.reader().await?, user).await
    }

    /// Failed log-ins in a row, and when the last was.
    pub async fn login_failures(&self, user: &str) -> Result<Option<(i64, String)>, StoreError> {
        account::failures(&mut *self.reader().await?, user).await
    }

    /// A draft with its fields.
    pub async fn draft(
        &self,
        id: Uuid,
    ) -> Result<Option<(DraftListed, BTreeMap<String, Value>)>, StoreError> {
        draft::get(&mut *self.reader().await?, id).await
    }

    /// An account's drafts, the last touched first.
    pub async fn drafts(&self, account: Uuid) -> Result<Vec<Uuid>, StoreError> {
        draft::list(&mut *self.reader().await?, account).await
    }

    /// What an account had typed at a place and not sent.
    pub async fn typed(&self, account: Uuid, place: &str) -> Result<Option<Value>, StoreError> {
        typed::get(&mut *self.reader().await?, account, place).await
    }

    /// One page of the operations no hub has acknowledged, the oldest first.
    pub async fn unsent(&self, offset: u32, limit: u32) -> Result<Vec<UnsentListed>, StoreError> {
        operation::unsent_page(&mut *self.reader().await?, offset, limit).await
    }

    /// Searches claims, people and policies; the newest first.
    pub async fn search(
        &self,
        text: &str,
        kind: Option<SearchKind>,
        limit: u32,
    ) -> Result<Vec<SearchHit>, StoreError> {
        query::search(&mut *self.reader().await?, text, kind, limit).await
    }
}

/// What is written beside the log: drafts, forms under way and failed log-ins are this desk's own and never synced.
#[expect(clippy::missing_errors_doc, reason = "each fails only when disk or database refuse")]
impl Store {
    /// Begins a draft.
    pub async fn create_draft(
        &self,
        draft: &DraftListed,
        fields: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = sqlx::Connection::begin_with(&mut writer.db, "begin immediate").await?;
        draft::create(&mut transaction, draft, fields).await?;
        Ok(transaction.commit().await?)
    }

    /// Saves fields of a draft; `null` takes one out.
    pub async fn save_draft(
        &self,
        draft: Uuid,
        fields: &BTreeMap<String, Value>,
        at: &str,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        let mut transaction = sqlx::Connection::begin_with(&mut writer.db, "begin immediate").await?;
        draft::save(&mut transaction, draft, fields, at).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives a draft another template.
    pub async fn set_draft_template(
        &self,
        draft: Uuid,
        template: &str,
        version: u32,
    ) -> Result<(), StoreError> {
        draft::set_template(&mut self.writer().await.db, draft, template, version).await
    }

    /// Ends a draft.
    pub async fn delete_draft(&self, draft: Uuid) -> Result<(), StoreError> {
        draft::delete(&mut self.writer().await.db, draft).await
    }

    /// Keeps what an account types at a place; `null` forgets it.
    pub async fn save_typed(
        &self,
        account: Uuid,
        place: &str,
        value: &Value,
        at: &str,
    ) -> Result<(), StoreError> {
        typed::save(&mut self.writer().await.db, account, place, value, at).await
    }

    /// Counts a failed log-in.
    pub async fn login_failed(&self, user: &str, at: &str) -> Result<(), StoreError> {
        account::failed(&mut self.writer().await.db, user, at).await
    }

    /// Forgets failed log-ins after a good one.
    pub async fn login_succeeded(&self, user: &str) -> Result<(), StoreError> {
        account::succeeded(&mut self.writer().await.db, user).await
    }
}
