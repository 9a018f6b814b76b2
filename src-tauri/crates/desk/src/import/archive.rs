//! The zip archive around a workbook, looked at before anything is unpacked into memory.
//!
//! A zip bomb declares, or really has, far more content than its bytes. The directory's declared sizes are read first;
//! then every entry is inflated into nothing, in small pieces, because a directory can lie.

use std::io::{Cursor, Read};

use domain::{Code, Refusal};
use zip::ZipArchive;

/// All entries together, unpacked: half a million rows of forty columns are about 800 MiB.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Real sheets shrink five to fifty times; deflate cannot shrink more than 1032 times.
const MAX_RATIO: u64 = 300;
/// Small entries may shrink as they like.
const RATIO_FROM: u64 = 16 * 1024 * 1024;
const MAX_ENTRIES: usize = 10_000;
const PIECE: usize = 64 * 1024;

/// Refuses an archive that is damaged, too large inside, or made to exhaust memory.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MAX_ENTRIES {
        return Err(bomb());
    }
    let mut declared = 0u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(unreadable)?;
        declared = declared.saturating_add(entry.size());
        if declared > MAX_UNPACKED || is_abnormal(entry.size(), entry.compressed_size()) {
            return Err(bomb());
        }
    }

    let mut total = 0u64;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(unreadable)?;
        let packed = entry.compressed_size();
        let shared_strings =
            entry.name().is_ok_and(|name| name.to_lowercase().ends_with("sharedstrings.xml"));
        let mut piece = vec![0u8; PIECE];
        let mut size = 0u64;
        let mut beginning: Vec<u8> = Vec::new();
        loop {
            let count = entry.read(&mut piece).map_err(|error| reason(&error.to_string()))?;
            if count == 0 {
                break;
            }
            size += count as u64;
            if total + size > MAX_UNPACKED || is_abnormal(size, packed) {
                return Err(bomb());
            }
            if shared_strings && beginning.len() < PIECE {
                beginning.extend(piece.get(..count).unwrap_or_default());
            }
        }
        total += size;
        if shared_strings {
            check_string_count(&beginning, size)?;
        }
    }
    Ok(())
}

fn is_abnormal(unpacked: u64, packed: u64) -> bool {
    unpacked > RATIO_FROM && unpacked / packed.max(1) > MAX_RATIO
}

/// The workbook reader reserves room for as many strings as the file claims to have, so the claim must be possible.
fn check_string_count(beginning: &[u8], size: u64) -> Result<(), Refusal> {
    let text = String::from_utf8_lossy(beginning);
    let Some(at) = text.find("<sst").or_else(|| text.find(":sst")) else {
        return Err(reason("sharedStrings"));
    };
    let tag = text.get(at..).unwrap_or_default();
    let tag = tag.split('>').next().unwrap_or_default();
    let claimed = tag.split("uniqueCount").nth(1).map(|rest| {
        rest.trim_start_matches(['=', '"', '\'', ' ', '\t', '\n', '\r'])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    });
    // `<si/>` is the shortest string there is.
    match claimed.as_deref().map(str::parse::<u64>) {
        None => Ok(()),
        Some(Ok(count)) if count <= size / 5 + 1 => Ok(()),
        Some(_) => Err(reason("uniqueCount")),
    }
}

fn bomb() -> Refusal {
    Refusal::new(Code::ImportZipBomb).with("limit", "1 GiB")
}

fn unreadable(error: zip::result::ZipError) -> Refusal {
    reason(&error.to_string())
}

pub(super) fn reason(text: &str) -> Refusal {
    Refusal::new(Code::ImportUnreadable).with("reason", text.chars().take(120).collect::<String>())
}
