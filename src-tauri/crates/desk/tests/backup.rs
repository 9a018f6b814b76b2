//! A branch backs up and comes back, numbers going on without a double.

#[cfg(test)]
mod common;

use std::sync::Arc;

use common::branch;
use desk::{Desk, FixedClock};
use domain::Code;

#[tokio::test]
async fn a_restored_branch_goes_on_under_another_device_code() {
    let branch = branch().await;
    let first = branch.register_example("motor-damage").await;
    let backups = branch.folder().join("backups");
    let refused = branch.desk.backup_to(branch.actor("clerk"), &backups).await;
    assert_eq!(refused.map_err(|error| error.code).err(), Some(Code::AccessDenied));
    let none = branch.desk.backup_now(branch.actor("admin")).await;
    assert_eq!(none.map_err(|error| error.code).err(), Some(Code::StorageBackupNoFolder));
    assert!(branch.desk.backup_if_due().await.expect("nothing to do").is_none(), "nobody chose a folder");

    branch.desk.backup_to(branch.actor("admin"), &backups).await.expect("a backup");
    let state = branch.desk.backup_state().await.expect("the state");
    assert!(!state.due && state.folder.as_deref() == backups.to_str(), "{state:?}");
    assert!(branch.desk.backup_if_due().await.expect("nothing to do").is_none(), "made a moment ago");
    let lost = branch.register_example("inpatient").await;

    let target = branch.folder().join("restored");
    let restored = Desk::restore(
        &backups,
        None,
        &target,
        &branch.recovery_code,
        Arc::new(FixedClock("2026-11-24T01:00:00Z".parse().expect("a moment"))),
    )
    .await;
    let restored = restored.expect("the branch is back");
    let codes: Vec<Code> = restored.warnings.iter().map(|warning| warning.code).collect();
    assert!(
        codes.contains(&Code::StorageProfileMoved),
        "it says that it is a device of its own now: {codes:?}"
    );
    let desk = restored.desk;
    let admin =
        desk.login("admin", zeroize::Zeroizing::new("counter-2026".to_owned())).await.expect("logged in");
    let found = desk.search(&admin, &first.no, None, 5).await.expect("a search");
    assert!(found.iter().any(|hit| hit.no == first.no), "what was backed up is found");
    assert!(desk.backup_state().await.expect("the state").due, "a day later a backup is due again");
    let verified = desk.verify().await.expect("walked");
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);

    let template = desk.template("inpatient", None).expect("shipped");
    let mut input = serde_json::to_value(&template.example).expect("the example");
    input["policy"]["no"] = "AFTER000001".into();
    let input = desk::claim::input::from_value(input).expect("an input");
    let next = desk.register(&admin, &template, input).await.expect("registered");
    assert_ne!(next.no, lost.no, "the number given out after the backup is not given out again");
}
