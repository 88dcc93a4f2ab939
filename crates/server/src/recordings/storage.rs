//! Where audio lies: an object store, a local folder by default.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// How much is read at once.
const PIECE: usize = 256 * 1024;
/// How many pieces may be on their way.
const IN_FLIGHT: usize = 8;

/// Our own copies of recordings and voicemails.
#[derive(Clone)]
pub struct Storage(Arc<dyn ObjectStore>);

impl Storage {
    /// A folder on this machine; what is written there is synced.
    pub fn local(folder: &Path) -> Result<Self, object_store::Error> {
        std::fs::create_dir_all(folder).map_err(|source| object_store::Error::Generic {
            store: "folder",
            source: Box::new(source),
        })?;
        Ok(Self(Arc::new(
            LocalFileSystem::new_with_prefix(folder)?.with_fsync(true),
        )))
    }

    /// Keeps a file under a path, whole or not at all.
    pub async fn keep(&self, path: &str, mut file: File) -> Result<(), object_store::Error> {
        let upload = self
            .0
            .put_multipart_opts(
                &Key::from(path),
                object_store::PutMultipartOptions::default(),
            )
            .await?;
        let mut upload = WriteMultipart::new(upload);
        let mut piece = vec![0_u8; PIECE];
        loop {
            let length = match file.read(&mut piece).await {
                Ok(0) => break,
                Ok(length) => length,
                Err(source) => {
                    upload.abort().await?;
                    return Err(object_store::Error::Generic {
                        store: "file",
                        source: Box::new(source),
                    });
                }
            };
            upload.write(&piece[..length]);
            upload.wait_for_capacity(IN_FLIGHT).await?;
        }
        upload.finish().await?;
        Ok(())
    }

    /// Writes, reads and removes a small file, to find out whether that works.
    pub(crate) async fn trial(&self) -> Result<(), object_store::Error> {
        let place = Key::from(format!("trial/{}", uuid::Uuid::now_v7().simple()));
        let content = b"a trial".as_slice();
        self.0.put(&place, content.into()).await?;
        let read = self.0.get(&place).await?.bytes().await?;
        self.0.delete(&place).await?;
        if read == content {
            return Ok(());
        }
        Err(object_store::Error::Generic {
            store: "trial",
            source: "what was read is not what was written".into(),
        })
    }

    /// A part of a file as the body of an answer.
    pub async fn stream(&self, path: &str, part: Range<u64>) -> Result<Body, object_store::Error> {
        if part.is_empty() {
            return Ok(Body::empty());
        }
        let options = GetOptions {
            range: Some(GetRange::Bounded(part)),
            ..GetOptions::default()
        };
        let found = self.0.get_opts(&Key::from(path), options).await?;
        Ok(Body::from_stream(
            found.into_stream().map_err(std::io::Error::other),
        ))
    }
}
