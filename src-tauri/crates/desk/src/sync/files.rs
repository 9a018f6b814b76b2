//! Attached files: up in chunks the hub lacks, down in chunks this desk lacks, one in memory at a time, so that a cut
//! repeats one chunk at most.

use std::sync::Arc;

use domain::Code;
use domain::digest::Digest;
use sync::{Prepared, Trouble};
use wire::{FileManifest, MissingAnswer, MissingRequest};

use super::round::{Round, local};
use super::trouble;

impl Round<'_> {
    /// Sends and fetches what waits. A file that is damaged here, or that this disk does not take, stops no other one; the
    /// round tells of the first of them.
    pub(super) async fn files(&mut self) -> Result<(), Trouble> {
        let mut failed = None;
        for file in self.desk.store.files_to_send().await.map_err(local)? {
            own_trouble(self.send(&file).await, &mut failed)?;
        }
        for file in self.desk.store.files_to_fetch().await.map_err(local)? {
            own_trouble(self.bring(&file).await, &mut failed)?;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn send(&mut self, file: &Digest) -> Result<(), Trouble> {
        let store = &self.desk.store;
        // Another desk may have brought it, under a key of its own: then what the hub lost of that is brought again.
        let manifest = match self.manifest(file).await? {
            Some(manifest) => Arc::new(manifest),
            None => store.file_manifest(file).await.map_err(local)?,
        };
        let asked = MissingRequest { chunks: manifest.chunks.clone() };
        let missing: MissingAnswer = self.ask(Prepared::missing(&asked).map_err(trouble)?).await?;
        for (index, name) in manifest.chunks.iter().enumerate() {
            if missing.chunks.contains(name) {
                let chunk = store.file_chunk(&manifest, index).await.map_err(local)?;
                self.fetch(Prepared::put_chunk(name, chunk)).await?;
            }
        }
        self.fetch(Prepared::file(&manifest).map_err(trouble)?).await?;
        store.file_sent(file, &self.desk.now().to_rfc3339()).await.map_err(local)
    }

    async fn bring(&mut self, file: &Digest) -> Result<(), Trouble> {
        let store = &self.desk.store;
        // The desk that holds it has not sent it yet.
        let Some(manifest) = self.manifest(file).await? else { return Ok(()) };
        let kept = store.chunks_kept(&manifest).await.map_err(local)?;
        for (index, name) in manifest.chunks.iter().enumerate().skip(kept) {
            let bytes = match self.fetch(Prepared::chunk(name)).await {
                // The hub lost it; the file stays among those that wait.
                Err(refused) if unknown(&refused) => return Ok(()),
                fetched => fetched?,
            };
            store.keep_chunk(&manifest, index, &bytes).map_err(local)?;
        }
        store.take_file(&manifest, &self.desk.now().to_rfc3339()).await.map_err(local)
    }

    async fn manifest(&mut self, file: &Digest) -> Result<Option<FileManifest>, Trouble> {
        match self.ask::<FileManifest>(Prepared::manifest(file)).await {
            Ok(manifest) if manifest.sha256 == *file => Ok(Some(manifest)),
            Ok(_) => Err(Trouble::Answer("manifest".to_owned())),
            Err(refused) if unknown(&refused) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// The hub has it no more.
pub(super) fn unknown(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused(code) if code == Code::SyncFileUnknown.as_str())
}

/// Keeps trouble of this desk's own for the end; any other ends the round.
fn own_trouble(done: Result<(), Trouble>, failed: &mut Option<Trouble>) -> Result<(), Trouble> {
    match done {
        Err(own @ Trouble::Local(_)) => {
            failed.get_or_insert(own);
            Ok(())
        }
        other => other,
    }
}
