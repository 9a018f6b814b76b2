//! What people do at the counter, in their words; scenarios are made of these steps.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::webdriver::{Key, by_id};
use crate::window::Window;

/// Invented people and a branch that does not exist.
pub(crate) const BRANCH: &str = "990101";
pub(crate) const BRANCH_NAME: &str = "示例市中心支公司";
pub(crate) const ADMIN: &str = "chen.admin";
pub(crate) const ADMIN_NAME: &str = "陈管理";
pub(crate) const PASSWORD: &str = "Counter-2026!";

/// A claim as a template's own example tells it; every word typed here comes from there.
pub(crate) struct Story {
    template: Value,
    example: Value,
}

impl Story {
    /// The example of a template in assets/.
    pub(crate) fn of(window: &Window<'_>, template: &str) -> Result<Self> {
        let path = window.world.programs.root.join(format!("assets/templates/{template}.json"));
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let template: Value = serde_json::from_str(&text)?;
        let example = template.get("example").cloned().context("the template has no example")?;
        Ok(Self { template, example })
    }

    /// The same with one value changed, `/answers/story` for one.
    pub(crate) fn with(mut self, pointer: &str, value: Value) -> Result<Self> {
        *self.example.pointer_mut(pointer).with_context(|| pointer.to_owned())? = value;
        Ok(self)
    }

    /// The same without a paper: the customer did not bring it.
    pub(crate) fn without_paper(mut self, id: &str) -> Result<Self> {
        let papers =
            self.example.pointer_mut("/documents").and_then(Value::as_array_mut).context("no papers")?;
        let before = papers.len();
        papers.retain(|paper| text(paper, "/id") != id);
        ensure!(papers.len() + 1 == before, "the example has no paper {id}");
        Ok(self)
    }

    fn id(&self) -> &str {
        text(&self.template, "/id")
    }

    /// One of the example's values.
    pub(crate) fn value(&self, pointer: &str) -> &str {
        text(&self.example, pointer)
    }

    /// What the customer sees a paper called.
    pub(crate) fn paper_name(&self, id: &str) -> Result<&str> {
        let papers = self.template.get("documents").and_then(Value::as_array).context("no papers")?;
        let paper = papers.iter().find(|paper| text(paper, "/id") == id).context("no such paper")?;
        Ok(text(paper, "/name/zh-CN"))
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The first run, from the empty profile to the log-in; gives the recovery code.
pub(crate) fn set_up(window: &mut Window<'_>) -> Result<String> {
    window.open()?;
    let page = window.page()?;
    page.fill("setup-branch-code", BRANCH)?;
    page.fill("setup-branch-name", BRANCH_NAME)?;
    page.press(Key::Enter)?;
    page.fill("setup-admin-user", ADMIN)?;
    page.fill("setup-admin-name", ADMIN_NAME)?;
    page.fill("setup-password", PASSWORD)?;
    page.fill("setup-password-again", PASSWORD)?;
    page.press(Key::Enter)?;
    let code = page.find("setup-recovery-code")?.text()?;
    tick(window, "setup-recovery-kept")?;
    window.page()?.click("setup-recovery-confirm")?;
    window.page()?.find("login-user")?;
    Ok(code)
}

/// Logs in by keyboard and waits for the day's work.
pub(crate) fn log_in(window: &Window<'_>, user: &str, password: &str) -> Result<()> {
    let page = window.page()?;
    page.fill("login-user", user)?;
    page.fill("login-password", password)?;
    page.press(Key::Enter)?;
    page.find("home").map(drop)
}

/// A new profile with its administrator logged in.
pub(crate) fn begin_day(window: &mut Window<'_>) -> Result<()> {
    set_up(window)?;
    log_in(window, ADMIN, PASSWORD)
}

/// From anywhere to the empty form of a claim whose people the desk does not know.
pub(crate) fn begin_visit(window: &Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    if !page.has("home-take-claim")? {
        page.click("rail-home")?;
    }
    page.click("home-take-claim")?;
    page.click("who-new")?;
    page.click(&format!("template-{}", story.id()))?;
    page.find("visit-form").map(drop)
}

/// Fills the form as the customer tells it, of a policy that the desk does not know.
pub(crate) fn fill_form(window: &Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    for key in ["no", "product", "inception", "expiry", "holder", "insured", "plate"] {
        let value = story.value(&format!("/policy/{key}"));
        if !value.is_empty() {
            page.fill(&format!("field-policy-{key}"), value)?;
        }
    }
    fill_rest(window, story)
}

/// The same of a policy that the desk knows: its number brings everything else along.
pub(crate) fn fill_form_of_known_policy(window: &Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    page.fill("field-policy-no", story.value("/policy/no"))?;
    page.press(Key::Tab)?;
    page.says("policy-facts", story.value("/policy/insured"))?;
    page.holds("field-parties-1-name", story.value("/policy/insured"))?;
    ensure!(!page.has("party-2")?, "the insured stands in the form twice");
    fill_rest(window, story)
}

fn fill_rest(window: &Window<'_>, story: &Story) -> Result<()> {
    let page = window.page()?;
    for key in ["name", "id_no", "mobile"] {
        page.fill(&format!("field-parties-0-{key}"), story.value(&format!("/parties/0/{key}")))?;
    }
    // The one who reports is insured too: one click instead of typing it again.
    page.click("party-1-same-0")?;
    answer_all(window, story)
}

/// Answers the template's own questions.
pub(crate) fn answer_all(window: &Window<'_>, story: &Story) -> Result<()> {
    for field in fields(&story.template) {
        let key = text(field, "/key");
        if let Some(value) = story.example.pointer(&format!("/answers/{key}")) {
            answer(window, field, &format!("field-answers-{key}"), value)
                .with_context(|| format!("answering {key}"))?;
        }
    }
    Ok(())
}

fn fields(template: &Value) -> impl Iterator<Item = &Value> {
    let groups = template.get("layout").and_then(Value::as_array).into_iter().flatten();
    groups.flat_map(|group| group.get("fields").and_then(Value::as_array).into_iter().flatten())
}

fn answer(window: &Window<'_>, field: &Value, id: &str, value: &Value) -> Result<()> {
    let page = window.page()?;
    let typed = value.as_str().unwrap_or_default();
    let choices = field.get("options").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    match text(field, "/widget") {
        "checkbox" if *value == Value::Bool(true) => tick(window, id),
        "checkbox" => Ok(()),
        // A few choices stand open as buttons, many are a list to open.
        "radio" => pick(window, id, typed),
        "select" if choices <= 4 => pick(window, id, typed),
        "select" => {
            let label = text(field, &format!("/options/{typed}/zh-CN"));
            page.fill(id, label)?;
            page.click(&format!("{id}-{typed}"))
        }
        // As a clerk types it: the field reads it, whatever the separator.
        "datetime" => {
            page.fill(id, &typed.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect::<String>())
        }
        _ if value.is_number() => page.fill(id, &value.to_string()),
        _ => page.fill(id, typed),
    }
}

/// A box to tick may be drawn by a library over the real one, which cannot be clicked then.
fn tick(window: &Window<'_>, id: &str) -> Result<()> {
    let mark = by_id(id);
    window.page()?.click_css(&format!("label:has({mark}), label{mark}"))
}

fn pick(window: &Window<'_>, group: &str, value: &str) -> Result<()> {
    window.page()?.click_css(&format!("{} label:has(input[value=\"{value}\"])", by_id(group)))
}

/// From the form to the list of papers.
pub(crate) fn to_documents(window: &Window<'_>) -> Result<()> {
    window.page()?.click("visit-next")?;
    window.page()?.find("documents").map(drop)
}

/// Notes what the customer brought.
pub(crate) fn take_papers(window: &Window<'_>, story: &Story) -> Result<()> {
    for paper in story.example.get("documents").and_then(Value::as_array).into_iter().flatten() {
        let (id, received) = (text(paper, "/id"), text(paper, "/received"));
        pick(window, &format!("document-{id}"), received).with_context(|| format!("taking {id}"))?;
    }
    Ok(())
}

/// From the papers to the last look before the number is given, with nothing in its way.
pub(crate) fn to_register(window: &Window<'_>) -> Result<()> {
    checked(window, "register-ready")
}

/// The same for a claim that looks like another.
pub(crate) fn to_register_duplicate(window: &Window<'_>) -> Result<()> {
    checked(window, "register-compare-first")
}

fn checked(window: &Window<'_>, expected: &str) -> Result<()> {
    let page = window.page()?;
    page.click("visit-next")?;
    page.find("register-step")?;
    let found = page.first_of(&["register-ready", "register-compare-first", "refusals", "check-failure"])?;
    ensure!(found == expected, "{found}: {}", page.find("register-step")?.text()?);
    Ok(())
}

/// Gives the number.
pub(crate) fn register(window: &Window<'_>) -> Result<String> {
    let page = window.page()?;
    page.click("visit-next")?;
    if page.first_of(&["case-no", "register-failure"])? == "register-failure" {
        anyhow::bail!("registering failed: {}", page.find("register-failure")?.text()?);
    }
    let number = page.find("case-no")?.text()?;
    ensure!(number.contains(BRANCH), "case number {number:?} does not name the branch");
    Ok(number)
}

/// A whole visit from home to the receipt.
pub(crate) fn whole_visit(window: &Window<'_>, story: &Story) -> Result<String> {
    begin_visit(window, story)?;
    fill_form(window, story)?;
    to_documents(window)?;
    take_papers(window, story)?;
    to_register(window)?;
    register(window)
}

/// Waits until the page says that everything typed is on the disk.
pub(crate) fn everything_saved(window: &Window<'_>) -> Result<()> {
    window.page()?.says("visit-saved", "已逐项保存")?;
    Ok(())
}

/// Gives the desk a file for a paper, as its file picker would.
pub(crate) fn attach(window: &Window<'_>, paper: &str, name: &str, content: &[u8]) -> Result<()> {
    let file = window.file(name, content)?;
    window.page()?.give_file(&format!("attach-input-{paper}"), &file)
}

/// Walks the operation log of the closed profile with the command-line twin.
pub(crate) fn verify(window: &Window<'_>) -> Result<()> {
    let password = window.file("password", PASSWORD.as_bytes())?;
    let password = password.to_str().context("a path that is not text")?;
    window.deskctl(&["--as", ADMIN, "--password-file", password, "verify"]).map(drop)
}

/// Opens a claim's file by the search that is always there.
pub(crate) fn open_claim(window: &Window<'_>, number: &str) -> Result<()> {
    let page = window.page()?;
    page.press_with_control("k")?;
    page.fill("palette-input", number)?;
    page.click("palette-hit-claim")?;
    page.says("claim-no", number).map(drop)
}

/// Chooses another paper in the print pane and waits for its picture.
pub(crate) fn preview(window: &Window<'_>, kind: &str) -> Result<()> {
    let page = window.page()?;
    page.click("print-kind")?;
    page.click(&format!("print-kind-{kind}"))?;
    previewed(window)
}

/// Waits until the print is drawn on the screen.
pub(crate) fn previewed(window: &Window<'_>) -> Result<()> {
    let page = window.page()?;
    if page.first_of(&["pdf-preview", "pdf-broken", "print-preview-failure"])? != "pdf-preview" {
        anyhow::bail!("no preview: {}", page.find("print-pane")?.text()?);
    }
    // The button says that a print is at hand; the page's mark comes when it is drawn.
    page.css(&format!("{}:not([disabled])", by_id("print-send")))?;
    page.find("pdf-page-1").map(drop)
}

/// Sends the shown print to the printer, which is the system's default.
pub(crate) fn print(window: &Window<'_>) -> Result<()> {
    window.page()?.click("print-send")?;
    window.page()?.says("print-said", crate::printer::NAME).map(drop)
}
