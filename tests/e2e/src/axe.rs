//! Accessibility of what is on the screen: axe finds nothing serious.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::webdriver::Session;

const SCRIPT: &str = "ui/node_modules/axe-core/axe.min.js";

/// Fails with rule, reason and place of each serious or critical finding.
pub(crate) fn check(window: &Session, root: &Path, screen: &str) -> Result<()> {
    let loaded = window.script("return typeof window.axe === 'object'", &json!([]))?;
    if loaded != Value::Bool(true) {
        // Scripts of the driver run beside the page's content security policy.
        let script = fs::read_to_string(root.join(SCRIPT)).context(SCRIPT)?;
        window.script(&format!("{script}\nwindow.axe = axe; return true"), &json!([]))?;
    }
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']})
           .then(r => done(r.violations), e => done([{impact: 'critical', id: 'axe', help: String(e), nodes: []}]))";
    let found = window.script_later(run, &json!([]))?;
    let found = found.as_array().with_context(|| format!("axe answered {found}"))?;
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let serious: Vec<String> = found
        .iter()
        .filter(|one| matches!(text(one, "impact").as_str(), "serious" | "critical"))
        .map(|one| {
            let nodes = one.get("nodes").and_then(Value::as_array).cloned().unwrap_or_default();
            let places: Vec<String> = nodes.iter().take(4).map(|node| text(node, "html")).collect();
            format!("{}: {}\n      {}", text(one, "id"), text(one, "help"), places.join("\n      "))
        })
        .collect();
    if serious.is_empty() {
        return Ok(());
    }
    bail!("axe on {screen}:\n    {}", serious.join("\n    "))
}

/// Fails when the page is wider than the window: nobody scrolls sideways at a counter.
pub(crate) fn fits(window: &Session, screen: &str) -> Result<()> {
    let size = window.script(
        "const d = document.documentElement; return [d.scrollWidth, d.clientWidth, d.clientHeight]",
        &json!([]),
    )?;
    let number = |at: usize| size.get(at).and_then(Value::as_u64).unwrap_or_default();
    if number(0) > number(1) {
        bail!("{screen} scrolls sideways: {} px wide in a window of {}", number(0), number(1));
    }
    Ok(())
}
