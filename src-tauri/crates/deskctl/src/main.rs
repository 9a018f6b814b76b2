//! deskctl
fn main() {}
