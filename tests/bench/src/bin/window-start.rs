//! From the start of a process to the last picture of its first screen, for the desk and for an empty Tauri window.
//!
//! `window-start --json EMPTY DESK`. Both are measured in one way that neither knows of: the screen of an Xvfb is read
//! every few milliseconds and compared with the picture the same program came to rest at before. The desk's last
//! picture is its log-in, which it draws after its profile was opened through the keyring; the empty window's is drawn
//! with the answer of a command.
#![expect(clippy::print_stdout, reason = "its figures are all it is for")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};
use x11rb::rust_connection::RustConnection;

const ROUNDS: usize = 15;
/// Every eighth line of the screen is looked at: reading all of it would slow down what is measured.
const STEP: u16 = 8;
/// Pixels in a thousand that may differ: a blinking caret is fewer.
const TOLERANCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

struct Screen {
    server: Child,
    display: String,
    connection: RustConnection,
    root: u32,
    width: u16,
    height: u16,
}

impl Screen {
    fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting Xvfb")?;
        let mut line = String::new();
        BufReader::new(server.stdout.take().context("no output of Xvfb")?).read_line(&mut line)?;
        let display = format!(":{}", line.trim());
        let (connection, number) = x11rb::connect(Some(&display)).context("connecting to Xvfb")?;
        let screen = connection.setup().roots.get(number).context("no screen")?.clone();
        let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
        Ok(Self { server, display, connection, root: screen.root, width, height })
    }

    /// The looked-at lines of the screen, one after the other.
    fn picture(&self) -> Result<Vec<u8>> {
        let lines = (0..self.height).step_by(usize::from(STEP));
        let asked = lines
            .map(|y| {
                let y = i16::try_from(y)?;
                Ok(self.connection.get_image(
                    ImageFormat::Z_PIXMAP,
                    self.root,
                    0,
                    y,
                    self.width,
                    1,
                    u32::MAX,
                )?)
            })
            .collect::<Result<Vec<_>>>()?;
        let mut picture = Vec::new();
        for line in asked {
            picture.extend(line.reply()?.data);
        }
        Ok(picture)
    }

    /// Waits for a picture that is not `empty` and stays for two seconds.
    fn rest(&self, empty: &[u8]) -> Result<Vec<u8>> {
        let begun = Instant::now();
        let (mut last, mut since) = (self.picture()?, Instant::now());
        while begun.elapsed() < PATIENCE {
            sleep(Duration::from_millis(50));
            let picture = self.picture()?;
            if !same(&picture, &last) {
                (last, since) = (picture, Instant::now());
            } else if since.elapsed() > Duration::from_secs(2) && !same(&last, empty) {
                return Ok(last);
            }
        }
        bail!("the screen did not come to rest")
    }

    /// Waits for this very picture.
    fn shows(&self, wanted: &[u8]) -> Result<()> {
        let begun = Instant::now();
        while !same(&self.picture()?, wanted) {
            ensure!(begun.elapsed() < PATIENCE, "the awaited picture did not come");
            sleep(Duration::from_millis(3));
        }
        Ok(())
    }

    fn open(&self, program: &Path) -> Result<Child> {
        Command::new(program)
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("RUST_LOG", "error")
            // Xvfb has no graphics card to share buffers with.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| program.display().to_string())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The screen has no other user, and ends with this program in any case.
        let _ = self.server.kill().and_then(|()| self.server.wait());
    }
}

fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.chunks_exact(4).zip(other.chunks_exact(4)).filter(|(a, b)| a != b).count();
    one.len() == other.len() && differing * 1_000 <= one.len() / 4 * TOLERANCE
}

/// The most memory a process ever held, in kilobytes.
fn peak(child: &Child) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

struct Program<'a> {
    path: &'a Path,
    last: Vec<u8>,
    times: Vec<Duration>,
    peaks: Vec<u64>,
}

impl<'a> Program<'a> {
    /// The first start, unmeasured: it brings the program into the system's cache and shows its last picture.
    fn meet(screen: &Screen, empty: &[u8], path: &'a str) -> Result<Self> {
        let path = Path::new(path);
        let child = screen.open(path)?;
        let last = screen.rest(empty).with_context(|| path.display().to_string())?;
        end(screen, child, empty)?;
        Ok(Self { path, last, times: Vec::new(), peaks: Vec::new() })
    }

    fn measure(&mut self, screen: &Screen, empty: &[u8]) -> Result<()> {
        let begun = Instant::now();
        let child = screen.open(self.path)?;
        screen.shows(&self.last).with_context(|| self.path.display().to_string())?;
        self.times.push(begun.elapsed());
        sleep(Duration::from_millis(500));
        self.peaks.push(peak(&child)?);
        end(screen, child, empty)
    }

    fn time(&self, share: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or(0.0, |time| (time.as_secs_f64() * 10_000.0).round() / 10.0)
    }

    fn megabytes(&self) -> f64 {
        let most = self.peaks.iter().max().copied().unwrap_or_default();
        (most as f64 / 102.4).round() / 10.0
    }
}

/// Ends a window as abruptly as possible and waits until the screen is bare and the machine has nothing left to do.
fn end(screen: &Screen, mut child: Child, empty: &[u8]) -> Result<()> {
    child.kill()?;
    child.wait()?;
    screen.shows(empty)?;
    sleep(Duration::from_millis(700));
    Ok(())
}

fn size(path: &Path) -> Result<f64> {
    Ok((std::fs::metadata(path)?.len() as f64 / 104_857.6).round() / 10.0)
}

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.first().is_some_and(|first| first == "--json");
    if as_json {
        arguments.remove(0);
    }
    let [empty_window, desk] = arguments.as_slice() else { bail!("right would be: window-start EMPTY DESK") };
    let screen = Screen::start()?;
    let bare = screen.picture()?;
    let mut empty = Program::meet(&screen, &bare, empty_window)?;
    let mut desk = Program::meet(&screen, &bare, desk)?;
    ensure!(!same(&empty.last, &desk.last), "both windows show the same");
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..ROUNDS {
        empty.measure(&screen, &bare)?;
        desk.measure(&screen, &bare)?;
    }
    let ratio = (desk.time(50) / empty.time(50) * 100.0).round() / 100.0;
    let note = format!("{ROUNDS} starts, in turns");
    let rows: Vec<Value> = vec![
        json!({ "name": "empty Tauri window: start to answered command", "unit": "ms", "p50": empty.time(50), "p99": empty.time(99), "note": note }),
        json!({ "name": "desk: start to usable log-in", "unit": "ms", "p50": desk.time(50), "p99": desk.time(99), "note": note }),
        json!({ "name": "desk to empty window", "unit": "ratio", "value": ratio, "bar": "<= 2", "met": ratio <= 2.0 }),
        json!({ "name": "empty Tauri window: peak memory of the main process", "unit": "MiB", "value": empty.megabytes() }),
        json!({ "name": "desk: peak memory of the main process at the log-in", "unit": "MiB", "value": desk.megabytes() }),
        json!({ "name": "empty Tauri window: size of the program", "unit": "MiB", "value": size(empty.path)? }),
        json!({ "name": "desk: size of the program", "unit": "MiB", "value": size(desk.path)?, "note": "one file: page, fonts and templates are inside" }),
    ];
    if as_json {
        println!("{}", json!({ "figures": rows }));
        return Ok(());
    }
    println!("| figure | p50 or value | p99 | unit | bar |\n|---|---:|---:|---|---|");
    for row in &rows {
        let cell =
            |name: &str| row.get(name).map(|value| value.to_string().replace('"', "")).unwrap_or_default();
        let first = if row.get("p50").is_some() { cell("p50") } else { cell("value") };
        println!("| {} | {first} | {} | {} | {} |", cell("name"), cell("p99"), cell("unit"), cell("bar"));
    }
    Ok(())
}
