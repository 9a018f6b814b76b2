//! Unsent work as a file that another desk of the branch brings to the hub: sealed parts, one in memory at a time.
//!
//! After [`FIRST`] and 16 random bytes come the parts, each with its length in front and sealed under the branch's key for
//! its place, the last one as the last: a file that was cut, or put together from two, is none. A file of a version
//! before parts is one sealed message; it is still taken.

use std::io::{Read, Write};

use domain::digest::ByteString;
use domain::operation::Operation;
use domain::{Code, Refusal};
use sqlx::{Connection as _, SqliteConnection};
use wire::{Certificate, MESSAGE_LIMIT};

use super::{branch_key, hub};
use crate::error::StoreError;
use crate::seal::{open, random, seal};
use crate::store::Store;
use crate::table::{operation, relay};

/// What a file in parts begins with.
const FIRST: &[u8] = b"claims-desk carried 2\n";
/// Seals a file of a version before parts.
const WHOLE: &[u8] = b"claims-desk carried operations 1\n";
/// Operations of so many bytes make a part; a longer one makes its own.
const PART: usize = 4 * 1024 * 1024;
/// No operation is longer than 16 MiB, and packing adds next to nothing.
const LONGEST: usize = 24 * 1024 * 1024;
/// Operations read from the database at once.
const PAGE: u32 = 200;

/// What a part carries.
#[derive(serde::Serialize, serde::Deserialize)]
struct Carried {
    stream: String,
    certificate: Certificate,
    operations: Vec<ByteString>,
}

/// What a part is sealed for.
fn context(file: &[u8; 16], index: u64, last: bool) -> Vec<u8> {
    [FIRST, file, &index.to_be_bytes(), &[u8::from(last)]].concat()
}

fn wrong() -> StoreError {
    Refusal::new(Code::SyncFileWrong).into()
}

impl Store {
    /// Writes the unsent operations for any desk of the branch to bring to the hub. Returns how many they are.
    ///
    /// # Errors
    /// [`Code::SyncNotEnrolled`] before the desk has a hub: nobody else could open or bring the file. What the disk
    /// refuses.
    pub async fn export_unsent(&self, to: &mut (impl Write + Send)) -> Result<usize, StoreError> {
        let device = self.device_id();
        let stream = self.stream().await;
        let mut reader = self.reader().await?;
        let enrolled = || Refusal::new(Code::SyncNotEnrolled);
        let key = branch_key(&mut reader).await?.ok_or_else(enrolled)?;
        let certificate = relay::certificate(&mut reader, device).await?.ok_or_else(enrolled)?;
        let file: [u8; 16] = random()?;
        to.write_all(FIRST)?;
        to.write_all(&file)?;
        let mut carried = Carried { stream, certificate, operations: Vec::new() };
        let (mut count, mut size, mut index, mut after) = (0, 0, 0, (0, 0));
        let mut write = |carried: &Carried, last: bool| -> Result<(), StoreError> {
            let plain = wire::encode(carried).map_err(|_| StoreError::Encoding)?;
            let part = seal(&key, &plain, &context(&file, index, last))?;
            to.write_all(&u32::try_from(part.len()).map_err(|_| StoreError::Encoding)?.to_be_bytes())?;
            to.write_all(&part)?;
            index += 1;
            Ok(())
        };
        loop {
            let page = operation::outgoing_after(&mut reader, device, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = (last.incarnation, last.seq);
            for link in page {
                if size > 0 && size + link.body.len() > PART {
                    write(&carried, false)?;
                    carried.operations.clear();
                    size = 0;
                }
                size += link.body.len();
                count += 1;
                carried.operations.push(ByteString(link.body));
            }
        }
        write(&carried, true)?;
        to.flush()?;
        Ok(count)
    }

    /// Takes another desk's unsent operations to bring them to the hub: all of a file or nothing. Returns how many
    /// there are.
    ///
    /// # Errors
    /// [`Code::SyncNotEnrolled`] and [`Code::SyncFileWrong`].
    pub async fn import_carried(&self, from: &mut (impl Read + Send)) -> Result<usize, StoreError> {
        let mut writer = self.writer().await;
        let enrolled = || Refusal::new(Code::SyncNotEnrolled);
        let key = branch_key(&mut writer.db).await?.ok_or_else(enrolled)?;
        let hub_key = hub(&mut writer.db).await?.ok_or_else(enrolled)?.key;
        let (own, stream) = (writer.device.id, writer.device.stream.clone());
        let mut transaction = writer.db.begin_with("begin immediate").await?;
        let taking = Taking { own, stream: &stream, hub_key: &hub_key.0 };
        let mut count = 0;
        let mut first = [0; FIRST.len()];
        read_exact(from, &mut first)?;
        if first == *FIRST {
            let mut file = [0; 16];
            read_exact(from, &mut file)?;
            for index in 0.. {
                let mut length = [0; 4];
                read_exact(from, &mut length)?;
                let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| wrong())?;
                if length > LONGEST {
                    return Err(wrong());
                }
                let mut part = vec![0; length];
                read_exact(from, &mut part)?;
                let (plain, last) = match open(&key, &part, &context(&file, index, false)) {
                    Ok(plain) => (plain, false),
                    Err(_) => (open(&key, &part, &context(&file, index, true)).map_err(|_| wrong())?, true),
                };
                drop(part);
                count += taking.take(&mut transaction, &plain).await?;
                if last {
                    break;
                }
            }
            if from.read(&mut [0])? != 0 {
                return Err(wrong());
            }
        } else {
            let mut sealed = first.to_vec();
            from.take(MESSAGE_LIMIT as u64).read_to_end(&mut sealed)?;
            let plain = open(&key, &sealed, WHOLE).map_err(|_| wrong())?;
            count += taking.take(&mut transaction, &plain).await?;
        }
        transaction.commit().await?;
        drop(writer);
        self.changed().notify_one();
        Ok(count)
    }
}

/// Whose file may be taken.
struct Taking<'a> {
    own: uuid::Uuid,
    stream: &'a str,
    hub_key: &'a [u8],
}

impl Taking<'_> {
    /// Takes a part's operations; this desk's own are here already.
    async fn take(&self, db: &mut SqliteConnection, plain: &[u8]) -> Result<usize, StoreError> {
        let carried: Carried = wire::decode(plain).map_err(|_| wrong())?;
        let body = carried.certificate.open(self.hub_key).map_err(|_| wrong())?;
        if carried.stream != self.stream || body.stream != carried.stream {
            return Err(wrong());
        }
        if body.device == self.own {
            return Ok(0);
        }
        for bytes in &carried.operations {
            let operation = Operation::from_cbor(&bytes.0).map_err(|_| wrong())?;
            if operation.device != body.device || operation.stream != carried.stream {
                return Err(wrong());
            }
            relay::insert(db, &operation, &bytes.0).await?;
        }
        if let Some(first) = carried.operations.first() {
            // A hub that was put back may know the maker no more; the certificate goes with the work.
            let at = Operation::from_cbor(&first.0).map_err(|_| wrong())?.at.to_rfc3339();
            relay::certify(db, body.device, &body.public_key.0, &carried.certificate, &at).await?;
        }
        Ok(carried.operations.len())
    }
}

/// A file that ends too early is none.
fn read_exact(from: &mut impl Read, buffer: &mut [u8]) -> Result<(), StoreError> {
    from.read_exact(buffer).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => wrong(),
        _ => error.into(),
    })
}
