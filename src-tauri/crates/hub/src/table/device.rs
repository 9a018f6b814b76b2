//! Enrolled devices.

use domain::digest::ByteString;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;
use wire::{Certificate, CertificateBody};

use crate::error::HubError;

/// A device.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Device {
    pub(crate) id: Uuid,
    pub(crate) stream: String,
    pub(crate) role: Option<String>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) device_code: String,
    pub(crate) certificate_body: Vec<u8>,
    pub(crate) certificate_signature: Vec<u8>,
    pub(crate) revoked: bool,
}

impl Device {
    /// As its certificate says.
    pub(crate) fn certified(body: CertificateBody, certificate: Certificate) -> Self {
        Device {
            id: body.device,
            stream: body.stream,
            role: body.role.map(|role| role.as_str().to_owned()),
            public_key: body.public_key.0,
            device_code: body.device_code,
            certificate_body: certificate.body.0,
            certificate_signature: certificate.signature.0,
            revoked: false,
        }
    }

    pub(crate) fn certificate(&self) -> Certificate {
        Certificate {
            body: ByteString(self.certificate_body.clone()),
            signature: ByteString(self.certificate_signature.clone()),
        }
    }
}

pub(crate) async fn get(db: &mut PgConnection, id: Uuid) -> Result<Option<Device>, HubError> {
    let found = sqlx::query_as(
        "select id, stream, role, public_key, device_code, certificate_body, certificate_signature,
                revoked_at is not null as revoked
         from device where id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(found)
}

pub(crate) async fn list(db: &mut PgConnection) -> Result<Vec<Device>, HubError> {
    let found = sqlx::query_as(
        "select id, stream, role, public_key, device_code, certificate_body, certificate_signature,
                revoked_at is not null as revoked
         from device order by stream, created_at, id",
    )
    .fetch_all(db)
    .await?;
    Ok(found)
}

pub(crate) async fn certificates(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Certificate>, HubError> {
    let found: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "select certificate_body, certificate_signature from device where id = any($1) order by id",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let certificate =
        |(body, signature)| Certificate { body: ByteString(body), signature: ByteString(signature) };
    Ok(found.into_iter().map(certificate).collect())
}

/// Whether the device is revoked, held so to the end of the transaction: a revocation waits for pushes under way, and
/// every push after it sees it.
pub(crate) async fn revoked(db: &mut PgConnection, id: Uuid) -> Result<bool, HubError> {
    let revoked: Option<bool> =
        sqlx::query_scalar("select revoked_at is not null from device where id = $1 for share")
            .bind(id)
            .fetch_optional(db)
            .await?;
    Ok(revoked.unwrap_or(true))
}

/// Locks a device's row, where there is one: before the head's, as a push does.
pub(crate) async fn lock(db: &mut PgConnection, id: Uuid) -> Result<(), HubError> {
    sqlx::query("select id from device where id = $1 for update").bind(id).execute(db).await?;
    Ok(())
}

pub(crate) async fn save(db: &mut PgConnection, device: &Device) -> Result<(), HubError> {
    sqlx::query(
        "insert into device (id, stream, role, public_key, device_code, certificate_body, certificate_signature)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set
             role = excluded.role, device_code = excluded.device_code,
             certificate_body = excluded.certificate_body,
             certificate_signature = excluded.certificate_signature,
             revoked_at = null, updated_at = now()",
    )
    .bind(device.id)
    .bind(&device.stream)
    .bind(&device.role)
    .bind(&device.public_key)
    .bind(&device.device_code)
    .bind(&device.certificate_body)
    .bind(&device.certificate_signature)
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps a device unless there is one of its name.
pub(crate) async fn save_new(db: &mut PgConnection, device: &Device) -> Result<(), HubError> {
    sqlx::query(
        "insert into device (id, stream, role, public_key, device_code, certificate_body, certificate_signature)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
    )
    .bind(device.id)
    .bind(&device.stream)
    .bind(&device.role)
    .bind(&device.public_key)
    .bind(&device.device_code)
    .bind(&device.certificate_body)
    .bind(&device.certificate_signature)
    .execute(db)
    .await?;
    Ok(())
}

/// Whether another device of the branch has the code.
pub(crate) async fn code_taken(
    db: &mut PgConnection,
    stream: &str,
    code: &str,
    id: Uuid,
) -> Result<bool, HubError> {
    let taken = sqlx::query_scalar(
        "select exists (select 1 from device where stream = $1 and device_code = $2 and id <> $3)",
    )
    .bind(stream)
    .bind(code)
    .bind(id)
    .fetch_one(db)
    .await?;
    Ok(taken)
}

/// Whether there was such a device.
pub(crate) async fn revoke(db: &mut PgConnection, id: Uuid) -> Result<bool, HubError> {
    let done = sqlx::query(
        "update device set revoked_at = coalesce(revoked_at, now()), updated_at = now() where id = $1",
    )
    .bind(id)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}
