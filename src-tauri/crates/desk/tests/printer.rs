//! A real receipt through a real spooler: CUPS with folders and a socket of its own, and cups-pdf as its printer.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "the functions around the tests may fail like tests")]

mod common;

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::branch;
use desk::{PrintCopy, PrintKind, spool};
use domain::{Code, Language};
use tempfile::TempDir;

const PRINTER: &str = "PDF";
const MODEL: &str = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd";
/// Tells the second process, which alone knows the spooler's socket, where to leave what it sent.
const SENT: &str = "PRINTER_TEST_SENT";

/// A spooler that ends with the test.
struct Spooler {
    folder: TempDir,
    daemon: Child,
}

impl Spooler {
    fn start() -> Spooler {
        // A socket's path may have about 100 characters, so it stands in the short temporary folder.
        let folder = tempfile::Builder::new().prefix("cups").tempdir_in("/tmp").expect("a folder");
        // CUPS runs its filters as another user, who must reach their temporary folder below.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).expect("permissions");
        let at = |part: &str| folder.path().join(part).display().to_string();
        for part in ["root", "cache", "state", "spool", "tmp", "log"] {
            std::fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        std::fs::set_permissions(folder.path().join("tmp"), Permissions::from_mode(0o1777))
            .expect("permissions");
        let files: String = [
            ("ServerRoot", "root"),
            ("CacheDir", "cache"),
            ("StateDir", "state"),
            ("RequestRoot", "spool"),
            ("TempDir", "tmp"),
            ("AccessLog", "log/access"),
            ("ErrorLog", "log/error"),
            ("PageLog", "log/page"),
        ]
        .map(|(name, part)| format!("{name} {}\n", at(part)))
        .concat();
        let server = format!(
            "Listen {}\nBrowsing Off\nDefaultAuthType None\nWebInterface No\n\
             <Location />\nOrder allow,deny\nAllow all\n</Location>\n\
             <Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n\
             <Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n",
            at("sock")
        );
        std::fs::write(folder.path().join("root/cups-files.conf"), files).expect("a file");
        std::fs::write(folder.path().join("root/cupsd.conf"), server).expect("a file");
        let daemon = Command::new("/usr/sbin/cupsd")
            .args(["-f", "-c", &at("root/cupsd.conf"), "-s", &at("root/cups-files.conf")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cupsd (Debian's cups-daemon) starts");
        let spooler = Spooler { folder, daemon };
        spooler.wait("the spooler answers", || {
            let answer = spooler.command("lpstat").arg("-r").output().expect("lpstat (cups-client)");
            String::from_utf8_lossy(&answer.stdout).contains("is running").then_some(())
        });
        spooler.admin(&["-p", PRINTER, "-v", "cups-pdf:/", "-E", "-P", MODEL]);
        spooler.admin(&["-d", PRINTER]);
        spooler
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("sock")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("CUPS_SERVER", self.socket());
        command
    }

    fn admin(&self, arguments: &[&str]) {
        let output =
            self.command("/usr/sbin/lpadmin").args(arguments).output().expect("lpadmin (cups-client)");
        assert!(
            output.status.success(),
            "lpadmin {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn wait<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = ask() {
                return found;
            }
            let log = || std::fs::read_to_string(self.folder.path().join("log/error")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(60), "waited for: {what}\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Spooler {
    fn drop(&mut self) {
        // The daemon was started above and is ours to end.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Where cups-pdf leaves its files: it asks the system's list of users for the home, whatever HOME says.
fn prints_folder() -> PathBuf {
    let id = Command::new("id").arg("-un").output().expect("id");
    let user = String::from_utf8_lossy(&id.stdout).trim().to_owned();
    let users = std::fs::read_to_string("/etc/passwd").expect("the list of users");
    let line = users.lines().find(|line| line.split(':').next() == Some(&user)).expect("the user");
    Path::new(line.split(':').nth(5).expect("a home")).join("PDF")
}

fn listed(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

#[tokio::test]
async fn a_receipt_comes_out_of_the_printer() {
    if let Some(sent) = std::env::var_os(SENT) {
        return print_a_receipt(Path::new(&sent)).await;
    }
    assert!(is_root(), "cupsd runs cups-pdf for root only; run this test as root");
    let spooler = Spooler::start();
    let folder = prints_folder();
    let was_there = folder.exists();
    let sent = tempfile::tempdir().expect("a folder");
    // libcups reads the spooler's place from the environment, which a process sets for another, not for itself.
    let test = std::env::current_exe().expect("this test");
    let output = spooler
        .command(&test.display().to_string())
        .args(["--exact", "a_receipt_comes_out_of_the_printer"])
        .env(SENT, sent.path())
        .output()
        .expect("the second process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let sent = listed(sent.path()).pop_first().expect("what was sent");
    let no = sent.file_stem().expect("the claim's number").to_string_lossy().into_owned();

    let paper = spooler.wait("the paper", || {
        listed(&folder).into_iter().find(|path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.contains(&no) && bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF")
        })
    });
    let (sent, printed) = (pages(&sent), pages(&paper));
    std::fs::remove_file(&paper).expect("the test's own file");
    if !was_there && listed(&folder).is_empty() {
        std::fs::remove_dir(&folder).expect("the folder the test made");
    }
    assert_eq!(sent.len(), printed.len(), "every page came out");
    for (number, (sent, printed)) in sent.iter().zip(&printed).enumerate() {
        assert_eq!(sent.len(), printed.len(), "on the same paper");
        let ink: u64 = sent.iter().map(|dot| u64::from(255 - dot)).sum();
        let differs: u64 = sent.iter().zip(printed).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
        assert!(
            ink > 0 && differs * 3 < ink,
            "page {} looks as it was sent: {differs} of {ink} differ",
            number + 1
        );
    }
    assert_eq!(left_over(), BTreeSet::new(), "no readable copy stays behind");
}

/// A file's pages as grey dots. The printer goes by way of PostScript, which keeps the look and loses the text.
fn pages(pdf: &Path) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("pdftoppm");
    // A fixed size, because PostScript rounds the paper's, and coarse dots, because it draws edges a little differently.
    command
        .args(["-gray", "-scale-to-x", "120", "-scale-to-y", "170"])
        .arg(pdf)
        .arg(folder.path().join("page"));
    let output = command.output().expect("pdftoppm (poppler-utils) runs");
    assert!(output.status.success(), "the paper is a PDF");
    listed(folder.path()).into_iter().map(|page| std::fs::read(page).expect("a page")).collect()
}

/// What a job leaves in the temporary folder.
fn left_over() -> BTreeSet<PathBuf> {
    let ours = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("claims-desk-"))
    };
    listed(&std::env::temp_dir()).into_iter().filter(ours).collect()
}

/// The second process: everything as the window does it. What it sent stays in `sent` under the claim's number.
async fn print_a_receipt(sent: &Path) {
    let printers = spool::printers().await;
    let names: Vec<(&str, bool)> = printers.iter().map(|row| (row.name.as_str(), row.is_default)).collect();
    assert_eq!(names, [(PRINTER, true)]);

    let branch = branch().await;
    let registered = branch.register_example("motor-damage").await;
    let clerk = branch.actor("clerk");
    let preview = branch
        .desk
        .print_preview(clerk, PrintKind::Receipt, &registered.no, PrintCopy::Customer, Language::ZhCn)
        .await
        .expect("a preview");
    let (name, bytes) = branch.desk.print_bytes(&preview.token).expect("the bytes");
    let refused = spool::send("Nowhere", &name, bytes.clone()).await.expect_err("no such printer");
    assert_eq!(refused.code, Code::PrintNoPrinter);
    spool::send(PRINTER, &name, bytes.clone()).await.expect("the spooler takes it");
    branch.desk.print_done(clerk, &preview.token, "printer", PRINTER).await.expect("recorded");
    let file = branch.desk.claim_get(clerk, &registered.no).await.expect("the claim");
    assert!(file.prints.iter().all(|print| print.how == "printer") && file.prints.len() == 1);
    std::fs::write(sent.join(format!("{}.pdf", registered.no)), bytes).expect("a file");
}
