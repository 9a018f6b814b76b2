//! A WebDriver session with the window. Elements are found by their `data-testid` only.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::http;
use crate::process::wait_for;

/// How long an element may take to appear. On a busy machine a page is slow; a test never measures time.
const PATIENCE: Duration = Duration::from_secs(25);

/// The key under which WebDriver passes an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Replaces the text of the focused field through the page's own editing, so that the page hears of it.
const INSERT: &str = "document.activeElement.select();
    document.execCommand(arguments[0] === '' ? 'delete' : 'insertText', false, arguments[0])";

/// Brings an element to the middle of what scrolls around it.
const CENTRE: &str = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})";

/// Keys without a character of their own.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    Enter,
    Tab,
    Escape,
    Control,
    F2,
}

impl Key {
    fn text(self) -> &'static str {
        match self {
            Self::Enter => "\u{e007}",
            Self::Tab => "\u{e004}",
            Self::Escape => "\u{e00c}",
            Self::Control => "\u{e009}",
            Self::F2 => "\u{e032}",
        }
    }
}

/// One open window.
pub(crate) struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Has the driver start the program.
    pub(crate) fn open(port: u16, program: &Path) -> Result<Self> {
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "wry", "tauri:options": {"application": program}}}});
        let value = command(port, "POST", "/session", Some(&capabilities))?;
        let id = value.get("sessionId").and_then(Value::as_str).context("no session id")?.to_owned();
        Ok(Self { port, id })
    }

    fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        command(self.port, method, &format!("/session/{}{path}", self.id), body)
    }

    /// Runs a function body in the page with these arguments.
    pub(crate) fn script(&self, body: &str, arguments: &Value) -> Result<Value> {
        self.command("POST", "/execute/sync", Some(&json!({"script": body, "args": arguments})))
    }

    /// The same for a body that ends by calling its last argument.
    pub(crate) fn script_later(&self, body: &str, arguments: &Value) -> Result<Value> {
        self.command("POST", "/execute/async", Some(&json!({"script": body, "args": arguments})))
    }

    fn find_now(&self, css: &str) -> Result<Option<Element<'_>>> {
        let found =
            self.command("POST", "/elements", Some(&json!({"using": "css selector", "value": css})))?;
        let id = found.get(0).and_then(|first| first.get(ELEMENT)).and_then(Value::as_str);
        Ok(id.map(|id| Element { session: self, id: id.to_owned(), name: css.to_owned() }))
    }

    /// Waits for an element by a selector. Only for what a library draws without a mark of ours.
    pub(crate) fn css(&self, css: &str) -> Result<Element<'_>> {
        wait_for(css, PATIENCE, || self.find_now(css))
    }

    /// Waits for an element.
    pub(crate) fn find(&self, id: &str) -> Result<Element<'_>> {
        self.css(&by_id(id))
    }

    /// Waits until a field holds a value that someone else filled in.
    pub(crate) fn holds(&self, id: &str, value: &str) -> Result<()> {
        let mut last = String::new();
        wait_for(&format!("{id} to hold {value:?}"), PATIENCE, || {
            last = self.css(&field_css(id))?.value()?;
            Ok((last == value).then_some(()))
        })
        .with_context(|| format!("it holds {last:?}"))
    }

    /// Whether an element is there now.
    pub(crate) fn has(&self, id: &str) -> Result<bool> {
        Ok(self.find_now(&by_id(id))?.is_some())
    }

    /// Waits until the first of several is there, and says which.
    pub(crate) fn first_of<'a>(&self, ids: &[&'a str]) -> Result<&'a str> {
        wait_for(&ids.join(" or "), PATIENCE, || {
            for id in ids {
                if self.has(id)? {
                    return Ok(Some(*id));
                }
            }
            Ok(None)
        })
    }

    /// Waits until an element is gone.
    pub(crate) fn gone(&self, id: &str) -> Result<()> {
        wait_for(&format!("{id} to go"), PATIENCE, || Ok((!self.has(id)?).then_some(())))
    }

    /// Waits until an element's text holds these words.
    pub(crate) fn says(&self, id: &str, words: &str) -> Result<String> {
        let mut last = String::new();
        wait_for(&format!("{id} to say {words:?}"), PATIENCE, || {
            last = self.find(id)?.text()?;
            Ok(last.contains(words).then(|| last.clone()))
        })
        .with_context(|| format!("it says {last:?}"))
    }

    /// Clicks as soon as the element can be clicked.
    pub(crate) fn click(&self, id: &str) -> Result<()> {
        self.click_css(&by_id(id))
    }

    /// Clicks what a library draws without a mark of ours.
    pub(crate) fn click_css(&self, css: &str) -> Result<()> {
        // A page that is drawn anew between finding and clicking makes the first attempt fail.
        wait_for(&format!("a click on {css}"), PATIENCE, || {
            let clicked = self.css(css)?.click();
            if clicked.is_err() {
                // The driver leaves where it is what shows only an edge, and then aims at what lies over the rest.
                self.script(CENTRE, &json!([css]))?;
            }
            clicked.map(Some)
        })
    }

    /// Replaces a field's text by typing.
    pub(crate) fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = wait_for(&format!("the field {id}"), PATIENCE, || {
            let field = self.css(&field_css(id))?;
            field.click()?;
            Ok(Some(field))
        })?;
        // As an input method commits a text: the driver's own typing loses 𠮷 and takes a second for a story.
        self.script(INSERT, &json!([text]))?;
        let typed = field.value()?;
        if !typed.contains(text) {
            bail!("typed {text:?} into {id}, and it holds {typed:?}");
        }
        Ok(())
    }

    /// Gives a file to a page's own file input, which may be hidden.
    pub(crate) fn give_file(&self, id: &str, path: &Path) -> Result<()> {
        let path = path.to_str().context("a path that is not text")?;
        self.css(&field_css(id))?.keys(path)
    }

    /// Presses a key wherever the focus is.
    pub(crate) fn press(&self, key: Key) -> Result<()> {
        self.focused()?.keys(key.text())
    }

    /// Presses a key while Control is held.
    pub(crate) fn press_with_control(&self, letter: &str) -> Result<()> {
        self.focused()?.keys(&format!("{}{letter}", Key::Control.text()))
    }

    /// What has the focus. Keys go through it: WebKit's driver never answers a key action of its own.
    fn focused(&self) -> Result<Element<'_>> {
        let found = self.command("GET", "/element/active", None)?;
        let id = found.get(ELEMENT).and_then(Value::as_str).context("nothing has the focus")?;
        Ok(Element { session: self, id: id.to_owned(), name: "the focused element".to_owned() })
    }
}

/// The selector of our mark.
pub(crate) fn by_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// A mark may sit on the field itself or on the box that a component draws around it.
fn field_css(id: &str) -> String {
    let mark = by_id(id);
    format!("input{mark}, textarea{mark}, {mark} input, {mark} textarea")
}

/// An element of the page.
pub(crate) struct Element<'a> {
    session: &'a Session,
    id: String,
    name: String,
}

impl Element<'_> {
    fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let path = format!("/element/{}{path}", self.id);
        self.session.command(method, &path, body).with_context(|| self.name.clone())
    }

    pub(crate) fn click(&self) -> Result<()> {
        self.command("POST", "/click", Some(&json!({}))).map(drop)
    }

    pub(crate) fn keys(&self, text: &str) -> Result<()> {
        self.command("POST", "/value", Some(&json!({"text": text}))).map(drop)
    }

    pub(crate) fn text(&self) -> Result<String> {
        let value = self.command("GET", "/text", None)?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn value(&self) -> Result<String> {
        let value = self.command("GET", "/property/value", None)?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

fn command(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let (status, mut answer) = http::call(port, method, path, body)?;
    let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
    if (200..300).contains(&status) {
        return Ok(value);
    }
    let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    Err(anyhow!("{}: {}", part("error"), part("message")))
}
