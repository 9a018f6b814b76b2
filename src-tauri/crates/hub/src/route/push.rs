//! `POST /v1/push`.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Code;
use domain::digest::ByteString;
use domain::role::Role;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;
use wire::{Certificate, PushOutcome};

use super::answer;
use crate::accept::{Slot, accept};
use crate::auth::signed;
use crate::error::{HubError, refused};
use crate::state::Hub;
use crate::table::device::{self, Device};

/// A push as it travels, packed.
const LIMIT: usize = 16 * 1024 * 1024;
/// Operations in one push: a message of 64 MiB could name that many million empty ones.
const MOST: usize = 20_000;

/// [`wire::PushRequest`] with a limit to its list, which serde would fill first and count afterwards.
#[derive(Deserialize)]
struct Pushed {
    device: Uuid,
    incarnation: u32,
    from_seq: u64,
    #[serde(deserialize_with = "at_most")]
    operations: Vec<ByteString>,
    #[serde(default)]
    certificate: Option<Certificate>,
}

fn at_most<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ByteString>, D::Error> {
    struct List;
    impl<'de> Visitor<'de> for List {
        type Value = Vec<ByteString>;
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("at most twenty thousand operations")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element()? {
                if list.len() == MOST {
                    return Err(serde::de::Error::custom("too many operations"));
                }
                list.push(item);
            }
            Ok(list)
        }
    }
    deserializer.deserialize_seq(List)
}

pub(super) async fn push(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let _held = hub.bodies.acquire().await.map_err(|_| HubError::Task)?;
    let asker = signed(&hub, request, LIMIT, true).await?;
    let _at_work = hub.at_work.acquire().await.map_err(|_| HubError::Task)?;
    let pushed: Pushed = wire::decode(&asker.body)?;
    let last = u64::try_from(pushed.operations.len()).ok().and_then(|n| pushed.from_seq.checked_add(n));
    let numbered = pushed.from_seq > 0 && last.is_some_and(|last| i64::try_from(last).is_ok());
    if !numbered {
        return Err(refused(StatusCode::BAD_REQUEST, Code::SyncRequestWrong));
    }
    let carried = pushed.device != asker.device.id;
    let maker = if carried {
        maker(&hub, &asker.device, (pushed.device, pushed.certificate)).await?
    } else {
        asker.device
    };
    let slot = Slot {
        device: maker.id,
        incarnation: pushed.incarnation,
        stream: maker.stream,
        public_key: maker.public_key,
        role: maker.role.as_deref().and_then(Role::named),
    };
    let (from, operations) = (pushed.from_seq, pushed.operations);
    let (slot, received) = tokio::task::spawn_blocking(move || {
        let received = accept(&slot, from, operations);
        (slot, received)
    })
    .await
    .map_err(|_| HubError::Task)?;
    // What another desk carries must be its maker's beyond doubt: parking rubbish here would take the numbers of the
    // real operations.
    if carried && received.iter().any(|one| one.read.is_err()) {
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, Code::SyncUnsigned));
    }
    let done = crate::push::push(&hub, &slot, &received).await?;
    let status = if done.outcome == PushOutcome::Taken { StatusCode::OK } else { StatusCode::CONFLICT };
    answer(status, &done)
}

/// The maker of operations another desk brings: one of its own branch, and the bringer not revoked. A maker this hub
/// forgot (it was put back to before that desk joined) is taken by the certificate it once gave it.
async fn maker(
    hub: &Hub,
    bringer: &Device,
    (id, certificate): (Uuid, Option<Certificate>),
) -> Result<Device, HubError> {
    if bringer.revoked {
        return Err(refused(StatusCode::FORBIDDEN, Code::SyncDeviceRevoked));
    }
    let mut db = hub.pool.acquire().await?;
    let mut maker = device::get(&mut db, id).await?;
    if let (None, Some(certificate)) = (&maker, certificate)
        && let Ok(body) = certificate.open(&hub.key.verifying_key().to_bytes())
        && body.device == id
        && body.stream == bringer.stream
    {
        device::save_new(&mut db, &Device::certified(body, certificate)).await?;
        maker = device::get(&mut db, id).await?;
    }
    maker
        .filter(|maker| maker.stream == bringer.stream)
        .ok_or(refused(StatusCode::FORBIDDEN, Code::SyncScope))
}
