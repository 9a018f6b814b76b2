//! `sync`, `conflicts`, `state-digest`.

use desk::{Desk, SyncReport};
use serde_json::json;

use crate::arguments::{Conflicts, Global, Sync};
use crate::failure::{Failure, sentence};
use crate::output::Output;
use crate::profile;

pub(super) async fn run(global: &Global, desk: &Desk, sync: Sync, output: &Output) -> Result<(), Failure> {
    match sync {
        Sync::Enrol { hub, code } => {
            let actor = profile::login(global, desk).await?;
            report(&desk.sync_enrol(&actor, &hub, &code).await?, output);
        }
        Sync::Now => report(&desk.sync_now().await?, output),
        Sync::Status => report(&desk.sync_report().await?, output),
        Sync::Devices => {
            let actor = profile::login(global, desk).await?;
            let rows = desk.device_list(&actor).await?;
            output.answer(&json!({ "devices": rows }), || {
                let line = |row: &desk::DeviceRow| {
                    let seen = row.seen_at.as_deref().unwrap_or("-");
                    format!("{} {seen}{}", row.code, if row.shut_out { " shut out" } else { "" })
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            });
        }
        Sync::Export { file } => {
            let actor = profile::login(global, desk).await?;
            let count = desk.sync_export_to(&actor, &file).await?;
            output.answer(&json!({ "operations": count }), || format!("{count} operations"));
        }
        Sync::Import { file } => {
            let actor = profile::login(global, desk).await?;
            let count = desk.sync_import_from(&actor, &file).await?;
            output.answer(&json!({ "operations": count }), || format!("{count} operations"));
        }
    }
    Ok(())
}

fn report(report: &SyncReport, output: &Output) {
    output.answer(&json!(report), || {
        let trouble = report.trouble.as_ref().map(|trouble| sentence(&trouble.message));
        format!(
            "hub {}, unsent {}, applied {} of {}, conflicts {}, last round {}{}",
            report.hub.as_deref().unwrap_or("-"),
            report.unsent,
            report.applied,
            report.head,
            report.conflicts,
            report.synced_at.as_deref().unwrap_or("-"),
            trouble.map(|trouble| format!("\n{trouble}")).unwrap_or_default()
        )
    });
}

pub(super) async fn conflicts(
    global: &Global,
    desk: &Desk,
    conflicts: Conflicts,
    output: &Output,
) -> Result<(), Failure> {
    let actor = profile::login(global, desk).await?;
    match conflicts {
        Conflicts::List { open_only } => {
            let rows = desk.conflict_list(&actor, open_only).await?;
            output.answer(&json!({ "conflicts": rows }), || {
                let line = |row: &desk::sync::conflicts::ConflictRow| {
                    let state = if row.open { "open" } else { "decided" };
                    format!("{} {state} {} {}", row.id, row.kind, row.claim_no.as_deref().unwrap_or("-"))
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            });
        }
        Conflicts::Show { id } => {
            let conflict = desk.conflict_get(&actor, &id).await?;
            output.answer(&json!(conflict), || {
                let line = |side: &desk::sync::conflicts::ConflictSide| {
                    format!(
                        "{} {} {} {}: {} = {} (stands: {})",
                        side.operation,
                        side.at,
                        side.device_code,
                        side.by,
                        side.field,
                        side.wanted,
                        side.standing
                    )
                };
                conflict.sides.iter().map(line).collect::<Vec<_>>().join("\n")
            });
        }
        Conflicts::Decide { id, take, reason } => {
            let conflict = desk.conflict_decide(&actor, &id, &take, &reason).await?;
            output.answer(&json!(conflict), || "ok".to_owned());
        }
    }
    Ok(())
}

pub(super) fn reference(desk: &Desk, output: &Output) {
    let rows = desk.reference_list();
    let problems = desk.templates().problems;
    output.answer(&json!({ "published": rows, "problems": problems }), || {
        let line = |row: &desk::ReferenceRow| {
            format!("{} {} v{} {}", row.kind, row.key, row.version, if row.in_use { "used" } else { "kept" })
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    });
}

pub(super) async fn state_digest(desk: &Desk, output: &Output) -> Result<(), Failure> {
    let digest = desk.state_digest().await?;
    output.answer(&json!({ "digest": digest }), || digest.clone());
    Ok(())
}
