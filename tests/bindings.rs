//! The committed TypeScript bindings are what the commands give.

use std::path::Path;

const COMMITTED: &str = "ui/src/generated/bindings.ts";

/// `UPDATE_BINDINGS=1 cargo test --test bindings` (also `cargo xtask bindings`) writes them.
#[test]
fn the_bindings_are_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = folder.path().join("bindings.ts");
    claims_desk::export_bindings(&fresh).expect("the bindings");
    let fresh = std::fs::read_to_string(&fresh).expect("the bindings' text");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(COMMITTED);
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&committed, &fresh).expect("writing the bindings");
    }
    let committed = std::fs::read_to_string(&committed).expect("the committed bindings");
    assert!(fresh == committed, "{COMMITTED} is not what the commands give: run `cargo xtask bindings`");
}
