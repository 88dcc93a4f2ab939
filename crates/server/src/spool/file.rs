//! The files of the spool: length and sealed entry, one after the other, synced before anybody is told that it is written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use offhook_store::seal::{Keyring, Place};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::Entry;

/// Entries open nowhere but in the spool.
const PLACE: Place<'_> = Place {
    org: "-",
    table: "spool",
    column: "entry",
    id: "-",
};

/// This node's spool.
#[derive(Clone)]
pub struct Spool(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// The file that is being written; a new one after every start, so that a torn end is never written behind.
    current: Mutex<Option<File>>,
    filled: AtomicBool,
}

/// How many files lie in a spool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// To be drained.
    pub waiting: u64,
    /// Sealed with another key, and put aside.
    pub unreadable: u64,
}

impl Spool {
    /// The spool in its folder; what an earlier run left is found there.
    pub fn at(folder: PathBuf) -> Self {
        let listing = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let filled = listing.into_iter().any(|file| is_spool(&file.path()));
        Self(Arc::new(Inner {
            folder,
            current: Mutex::new(None),
            filled: AtomicBool::new(filled),
        }))
    }

    /// Whether there is anything to drain.
    pub fn is_filled(&self) -> bool {
        self.0.filled.load(Ordering::SeqCst)
    }

    /// What lies in the folder: files that wait to be drained, and those that no key opens.
    pub async fn left(&self) -> Left {
        let mut left = Left::default();
        let Ok(mut listing) = fs::read_dir(&self.0.folder).await else {
            return left;
        };
        while let Ok(Some(file)) = listing.next_entry().await {
            if is_spool(&file.path()) {
                left.waiting += 1;
            } else if file
                .path()
                .extension()
                .is_some_and(|ending| ending == "unreadable")
            {
                left.unreadable += 1;
            }
        }
        left
    }

    /// Writes an entry down; when this returns it survives a crash.
    pub async fn append(&self, keys: &Keyring, entry: &Entry) -> io::Result<()> {
        let plain = serde_json::to_vec(entry)?;
        let sealed = keys.seal_bytes(PLACE, &plain).map_err(io::Error::other)?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        let record = [&length.to_be_bytes()[..], &sealed].concat();
        let mut current = self.0.current.lock().await;
        let mut file = match current.take() {
            Some(file) => file,
            None => self.begin().await?,
        };
        // A file that failed is not written on: the next entry begins another.
        file.write_all(&record).await?;
        file.sync_data().await?;
        *current = Some(file);
        self.0.filled.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn begin(&self) -> io::Result<File> {
        fs::create_dir_all(&self.0.folder).await?;
        let path = self
            .0
            .folder
            .join(format!("{}.spool", Uuid::now_v7().simple()));
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(path)
            .await?;
        // The name itself has to survive too.
        File::open(&self.0.folder).await?.sync_all().await?;
        Ok(file)
    }

    /// The oldest file with its entries in order; nothing is written to it any more.
    pub async fn oldest(&self, keys: &Keyring) -> io::Result<Option<Batch>> {
        let mut current = self.0.current.lock().await;
        *current = None;
        let mut files = Vec::new();
        fs::create_dir_all(&self.0.folder).await?;
        let mut listing = fs::read_dir(&self.0.folder).await?;
        while let Some(file) = listing.next_entry().await? {
            if is_spool(&file.path()) {
                files.push(file.path());
            }
        }
        let Some(path) = files.into_iter().min() else {
            self.0.filled.store(false, Ordering::SeqCst);
            return Ok(None);
        };
        drop(current);
        let bytes = fs::read(&path).await?;
        Ok(Some(Batch::read(path, keys, &bytes)))
    }
}

/// A file of the spool.
#[derive(Debug)]
pub struct Batch {
    path: PathBuf,
    /// What stands in it, in order of arrival.
    pub entries: Vec<Entry>,
    /// How many entries could not be opened.
    closed: usize,
}

impl Batch {
    /// What can be read; a torn end was never acknowledged.
    fn read(path: PathBuf, keys: &Keyring, mut bytes: &[u8]) -> Self {
        let mut batch = Self {
            path,
            entries: Vec::new(),
            closed: 0,
        };
        while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
            let Some((sealed, rest)) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)
            else {
                break;
            };
            bytes = rest;
            let plain = keys.open_bytes(PLACE, sealed).ok();
            match plain.and_then(|plain| serde_json::from_slice(&plain).ok()) {
                Some(entry) => batch.entries.push(entry),
                None => batch.closed += 1,
            }
        }
        batch
    }

    /// Forgets the file, whose entries all stand in the database; what could not be opened is put aside, not thrown away.
    pub async fn drained(self) -> io::Result<()> {
        if self.closed == 0 {
            return fs::remove_file(&self.path).await;
        }
        tracing::error!(entries = self.closed, file = %self.path.display(), "a file of the spool cannot be opened: was ENCRYPTION_KEY changed?");
        fs::rename(&self.path, self.path.with_extension("unreadable")).await
    }
}

fn is_spool(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "spool")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keyring {
        Keyring::new("a passphrase for tests, long enough").unwrap()
    }

    fn entry(n: u32) -> Entry {
        Entry {
            at: "2026-11-20T12:00:00Z".parse().unwrap(),
            url: format!("/webhooks/twilio/status?n={n}"),
            signature: "sig".into(),
            body: "CallSid=CA1&To=%2B14155550142".into(),
            org: None,
        }
    }

    #[tokio::test]
    async fn entries_come_back_in_order_after_a_restart_and_lie_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::at(folder.path().into());
        assert!(!spool.is_filled());
        spool.append(&keys(), &entry(1)).await.unwrap();
        spool.append(&keys(), &entry(2)).await.unwrap();
        drop(spool);
        let spool = Spool::at(folder.path().into());
        assert!(spool.is_filled());
        spool.append(&keys(), &entry(3)).await.unwrap();
        let first = spool.oldest(&keys()).await.unwrap().unwrap();
        assert_eq!(first.entries, vec![entry(1), entry(2)]);
        let on_disk = std::fs::read(&first.path).unwrap();
        assert!(
            !on_disk.windows(4).any(|w| w == b"1415"),
            "a phone number lies open in the spool"
        );
        first.drained().await.unwrap();
        let second = spool.oldest(&keys()).await.unwrap().unwrap();
        assert_eq!(second.entries, vec![entry(3)]);
        second.drained().await.unwrap();
        assert!(spool.oldest(&keys()).await.unwrap().is_none());
        assert!(!spool.is_filled());
    }

    #[tokio::test]
    async fn a_torn_end_costs_only_what_was_never_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::at(folder.path().into());
        spool.append(&keys(), &entry(1)).await.unwrap();
        spool.append(&keys(), &entry(2)).await.unwrap();
        let batch = spool.oldest(&keys()).await.unwrap().unwrap();
        let bytes = std::fs::read(&batch.path).unwrap();
        std::fs::write(&batch.path, &bytes[..bytes.len() - 3]).unwrap();
        assert_eq!(
            spool.oldest(&keys()).await.unwrap().unwrap().entries,
            vec![entry(1)]
        );
    }

    #[tokio::test]
    async fn what_another_key_sealed_is_put_aside_and_not_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::at(folder.path().into());
        spool.append(&keys(), &entry(1)).await.unwrap();
        let other = Keyring::new("another passphrase, just as long as that").unwrap();
        let batch = spool.oldest(&other).await.unwrap().unwrap();
        assert!(batch.entries.is_empty());
        batch.drained().await.unwrap();
        assert!(spool.oldest(&other).await.unwrap().is_none());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
