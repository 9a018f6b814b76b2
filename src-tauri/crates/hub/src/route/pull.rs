//! `POST /v1/pull`, `/v1/heads` and `/v1/snapshot`: plain reads, no lock; and a mark that the desk was seen.

use std::collections::BTreeSet;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Code;
use uuid::Uuid;
use wire::{HeadsAnswer, ORGANISATION, Page, PullAnswer, PullRequest, SnapshotAnswer, WIRE_SCHEMA};

use super::answer;
use crate::auth::signed;
use crate::error::{HubError, refused};
use crate::metrics::add;
use crate::state::Hub;
use crate::table::{self, chain, device, hub, log, operation, seen};

/// A request names a handful of streams.
const LIMIT: usize = 16 * 1024;
/// Entries of one answer.
const MOST: i64 = 5_000;
/// Bytes of operations in one answer, unless the first alone is larger.
const MOST_BYTES: i64 = 16 * 1024 * 1024;

pub(super) async fn pull(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let asker = signed(&hub, request, LIMIT, false).await?;
    let _at_work = hub.at_work.acquire().await.map_err(|_| HubError::Task)?;
    let asked: PullRequest = wire::decode(&asker.body)?;
    let mine = |stream: &String| *stream == asker.device.stream || stream == ORGANISATION;
    if !asked.cursors.keys().all(mine) {
        return Err(refused(StatusCode::FORBIDDEN, Code::SyncScope));
    }
    let mut db = hub.pool.acquire().await?;
    seen::touch(&mut db, &asker.device.stream, asker.device.id, hub.now()).await?;
    let epoch = hub::epoch(&mut db).await?;
    let (mut entries_left, mut bytes_left) = (i64::from(asked.limit).clamp(1, MOST), MOST_BYTES);
    let mut pages = Vec::new();
    let mut makers: BTreeSet<Uuid> = BTreeSet::new();
    for (stream, cursor) in asked.cursors {
        // The head first: what is committed meanwhile is the next pull's.
        let Some((head, tree)) = log::with_head(&mut db, &stream).await? else { continue };
        let without = (!asked.own).then_some(asker.device.id);
        let checkpoint = hub.checkpoint(&stream, &tree);
        let mut page = Page { stream, entries: Vec::new(), head: head.seq, digest: head.digest, checkpoint };
        if cursor < head.seq && entries_left > 0 && bytes_left > 0 {
            let found = operation::page(
                &mut db,
                &page.stream,
                (cursor, head.seq),
                (entries_left, bytes_left),
                without,
            )
            .await?;
            for (entry, maker) in found {
                entries_left -= 1;
                let length = entry.operation.as_ref().map_or(0, |body| body.0.len());
                bytes_left = bytes_left.saturating_sub(i64::try_from(length).unwrap_or(i64::MAX));
                makers.insert(maker);
                page.entries.push(entry);
            }
        }
        add(&hub.metrics.sent, page.entries.len());
        pages.push(page);
    }
    let makers: Vec<Uuid> = makers.into_iter().collect();
    let certificates =
        if makers.is_empty() { Vec::new() } else { device::certificates(&mut db, &makers).await? };
    drop(db);
    answer(StatusCode::OK, &PullAnswer { schema: WIRE_SCHEMA, epoch, pages, certificates })
}

pub(super) async fn heads(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let asker = signed(&hub, request, LIMIT, false).await?;
    let mut db = hub.pool.acquire().await?;
    let epoch = hub::epoch(&mut db).await?;
    let chains = chain::list(&mut db, &asker.device.stream).await?;
    let heads = chains.into_iter().map(|(head, _)| head).collect();
    let devices = seen::list(&mut db, &asker.device.stream).await?;
    answer(StatusCode::OK, &HeadsAnswer { schema: WIRE_SCHEMA, epoch, heads, devices })
}

pub(super) async fn snapshot(State(hub): State<Hub>, request: Request) -> Result<Response, HubError> {
    let asker = signed(&hub, request, LIMIT, false).await?;
    let mut db = hub.pool.acquire().await?;
    let epoch = hub::epoch(&mut db).await?;
    let snapshot = table::snapshot::newest(&mut db, &asker.device.stream).await?;
    answer(StatusCode::OK, &SnapshotAnswer { schema: WIRE_SCHEMA, epoch, snapshot })
}
