//! Attached files: up in chunks the hub lacks, down in chunks this desk lacks, so that a cut repeats one chunk at most.

use domain::Code;
use sync::{Prepared, Trouble};
use wire::{FileManifest, MissingAnswer, MissingRequest};

use super::round::{Round, local};
use super::trouble;

impl Round<'_> {
    pub(super) async fn files(&mut self) -> Result<(), Trouble> {
        let store = &self.desk.store;
        for file in store.files_to_send().await.map_err(local)? {
            let (manifest, chunks) = store.file_chunks(&file).await.map_err(local)?;
            let asked = MissingRequest { chunks: manifest.chunks.clone() };
            let missing: MissingAnswer = self.ask(Prepared::missing(&asked).map_err(trouble)?).await?;
            for (name, chunk) in manifest.chunks.iter().zip(chunks) {
                if missing.chunks.contains(name) {
                    self.fetch(Prepared::put_chunk(name, chunk)).await?;
                }
            }
            self.fetch(Prepared::file(&manifest).map_err(trouble)?).await?;
            store.file_sent(&file, &self.desk.now().to_rfc3339()).await.map_err(local)?;
        }
        for file in store.files_to_fetch().await.map_err(local)? {
            let manifest: FileManifest = match self.ask(Prepared::manifest(&file)).await {
                Ok(manifest) => manifest,
                // The desk that holds it has not sent it yet.
                Err(Trouble::Refused(code)) if code == Code::SyncFileUnknown.as_str() => continue,
                Err(other) => return Err(other),
            };
            for chunk in store.chunks_missing(&manifest) {
                let bytes = self.fetch(Prepared::chunk(&chunk)).await?;
                store.keep_chunk(&chunk, &bytes).map_err(local)?;
            }
            store.take_file(&manifest, &self.desk.now().to_rfc3339()).await.map_err(local)?;
        }
        Ok(())
    }
}
