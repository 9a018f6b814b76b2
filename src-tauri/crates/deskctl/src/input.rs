//! Reading what the caller names: JSON, secrets, attachments. Sizes are looked at before anything is read.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use desk::claim::input::INPUT_LIMIT;
use domain::{Code, Refusal};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// A password or a recovery code is never longer.
const SECRET_LIMIT: u64 = 4 * 1024;

/// Reads a file of at most `limit` bytes; `None` when it is larger.
fn read_limited(path: &Path, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    if metadata.len() > limit {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // A pipe has no length, and a file may grow.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
}

fn unreadable(reason: impl ToString) -> Refusal {
    Refusal::new(Code::ClaimInputUnreadable).with("reason", reason)
}

/// A text file of a limited size.
pub(crate) fn text(path: &Path) -> Result<String, Refusal> {
    let bytes = read_limited(path, INPUT_LIMIT as u64).map_err(|error| unreadable(error.kind()))?;
    let bytes = bytes.ok_or_else(too_large)?;
    String::from_utf8(bytes).map_err(|_| unreadable("UTF-8"))
}

fn too_large() -> Refusal {
    Refusal::new(Code::ClaimInputTooLarge).with("limit", "1 MiB")
}

fn not_json(error: &serde_json::Error) -> Refusal {
    Refusal::new(Code::ClaimInputNotJson).with("line", error.line()).with("column", error.column())
}

/// A JSON file.
pub(crate) fn json(path: &Path) -> Result<Value, Refusal> {
    serde_json::from_str(text(path)?.trim_start_matches('\u{feff}')).map_err(|error| not_json(&error))
}

/// A password or a recovery code, without the line end an editor adds.
pub(crate) fn secret(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = read_limited(path, SECRET_LIMIT).map_err(|error| unreadable(error.kind()))?;
    let bytes =
        Zeroizing::new(bytes.ok_or_else(|| Refusal::new(Code::ClaimInputTooLarge).with("limit", "4 KiB"))?);
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable("UTF-8"))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A file to attach.
pub(crate) fn attachment(path: &Path) -> Result<(String, Vec<u8>), Refusal> {
    let limit = desk::attachments::FILE_LIMIT;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let unreadable = |error: std::io::Error| {
        Refusal::new(Code::AttachmentUnreadable).with("name", &name).with("reason", error.kind())
    };
    let bytes = read_limited(path, limit as u64).map_err(unreadable)?.ok_or_else(|| {
        Refusal::new(Code::AttachmentTooLarge).with("name", &name).with("limit", limit / 1024 / 1024)
    })?;
    Ok((name, bytes))
}

/// JSON values from standard input, one after the other, each within the size of an input.
pub(crate) struct Values {
    stream: Box<dyn Iterator<Item = serde_json::Result<Value>>>,
    left: Rc<Cell<usize>>,
}

struct Budget<R> {
    inner: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(count).ok_or(std::io::ErrorKind::FileTooLarge)?;
        self.left.set(left);
        Ok(count)
    }
}

impl Values {
    pub(crate) fn of_standard_input() -> Self {
        let left = Rc::new(Cell::new(INPUT_LIMIT));
        let reader = Budget { inner: BufReader::new(std::io::stdin()), left: Rc::clone(&left) };
        Values { stream: Box::new(serde_json::Deserializer::from_reader(reader).into_iter()), left }
    }
}

impl Iterator for Values {
    type Item = Result<Value, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left.set(INPUT_LIMIT);
        let value = self.stream.next()?;
        Some(value.map_err(|error| if error.is_io() { too_large() } else { not_json(&error) }))
    }
}
