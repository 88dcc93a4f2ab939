//! One process at a time in a data folder: a second one on the same `SQLite` file, or a `--fresh` beside it, would destroy
//! what the first one lives on.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::Context as _;

const FILE: &str = "offhook.lock";

/// Holds a folder until it is dropped, or the process ends in whatever way.
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder, which is made if it is missing.
    pub(crate) fn take(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join(FILE);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "{} is in use by another offhook; end that one, or choose another folder",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Whether this is the file that is locked.
    pub(crate) fn is(path: &Path) -> bool {
        path.file_name().is_some_and(|name| name == FILE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_free_again_when_its_holder_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let held = FolderLock::take(&data).unwrap();
        let refused = FolderLock::take(&data).err().unwrap();
        assert!(refused.to_string().contains("in use by another offhook"));
        drop(held);
        assert!(FolderLock::take(&data).is_ok());
    }
}
