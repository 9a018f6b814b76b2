//! `cargo xtask bench`: hands over to the program that measures.

use crate::sh::{self, Done};

/// Builds the measuring program as it would be shipped and passes the names on.
pub(crate) fn bench(arguments: &[String]) -> Done {
    let mut bench =
        sh::cargo(&["run", "--release", "--quiet", "--package", "desk", "--example", "bench", "--"]);
    bench.args(arguments);
    sh::run(bench)
}
