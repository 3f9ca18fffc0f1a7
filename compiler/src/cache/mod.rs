//! Results of earlier builds, on disk, so that unchanged code is compiled once.
//!
//! A pack is one file with the entries of one module; an entry is found by the hash of everything
//! it was made from. Invariants: a file appears complete or not at all, so builds may run at once;
//! what is damaged counts as absent; nothing here is ever needed. The cache must not know what
//! entries mean.

mod pack;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub use pack::Pack;

/// A hash of everything that an entry or a pack depends on.
pub type Key = [u8; 32];

/// Names the folder of the cache.
pub const CACHE_VARIABLE: &str = "BEAMRC_CACHE";

const LIMIT_BYTES: u64 = 1 << 30;
/// What other builds may be using right now is left alone.
const IN_USE: Duration = Duration::from_secs(600);

/// How far the cache may grow beyond its limit: by what is built in this time.
const EVICT_EVERY: Duration = Duration::from_secs(60);

/// A folder with results of earlier builds.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
    limit_bytes: u64,
}

impl Default for Cache {
    fn default() -> Cache {
        Cache::open()
    }
}

impl Cache {
    /// The user's cache.
    pub fn open() -> Cache {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let root = set(CACHE_VARIABLE)
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(set("XDG_CACHE_HOME")?).join("beamrc")))
            .or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache/beamrc")))
            .unwrap_or_else(|| std::env::temp_dir().join("beamrc-cache"));
        Cache::at(root, LIMIT_BYTES)
    }

    /// A cache in a folder, kept at a size.
    pub fn at(root: impl Into<PathBuf>, limit_bytes: u64) -> Cache {
        Cache { root: root.into(), limit_bytes }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The pack of this key; an empty one if there is none.
    pub fn pack(&self, key: &Key) -> Pack {
        let name = blake3::Hash::from_bytes(*key).to_hex();
        Pack::open(self.root.join("packs").join(&name[..2]).join(&name[2..]))
    }

    /// A single result.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        self.pack(key).get(key).map(<[u8]>::to_vec)
    }

    /// Keeps a single result.
    pub fn put(&self, key: &Key, value: Vec<u8>) {
        let mut pack = self.pack(key);
        pack.put(*key, value);
        pack.save();
    }

    /// [`Self::evict`], if no build has done so for a while: to look at every file takes a good part of
    /// a short build.
    pub fn evict_now_and_then(&self) {
        let stamp = self.root.join("evicted");
        let last = std::fs::metadata(&stamp).and_then(|metadata| metadata.modified());
        let is_due = |last: SystemTime| last.elapsed().is_ok_and(|age| age > EVICT_EVERY);
        if last.map_or(true, is_due) {
            self.evict();
            let _ = std::fs::create_dir_all(&self.root).and_then(|()| std::fs::write(&stamp, ""));
        }
    }

    /// Removes what was used longest ago until the rest is within the limit.
    pub fn evict(&self) {
        let mut files = Vec::new();
        collect_files(&self.root, &mut files);
        let mut size_bytes: u64 = files.iter().map(|file| file.size_bytes).sum();
        files.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        let now = SystemTime::now();
        for file in files {
            if size_bytes <= self.limit_bytes {
                break;
            }
            let age = now.duration_since(file.used).unwrap_or_default();
            if age > IN_USE && std::fs::remove_file(&file.path).is_ok() {
                size_bytes -= file.size_bytes;
                if let Some(folder) = file.path.parent() {
                    // Succeeds for the last file only.
                    let _ = std::fs::remove_dir(folder);
                }
            }
        }
    }
}

struct CachedFile {
    path: PathBuf,
    used: SystemTime,
    size_bytes: u64,
}

fn collect_files(folder: &Path, files: &mut Vec<CachedFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_dir() {
            collect_files(&entry.path(), files);
        } else if let Ok(used) = metadata.modified() {
            files.push(CachedFile { path: entry.path(), used, size_bytes: metadata.len() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> Key {
        *blake3::hash(&[n]).as_bytes()
    }

    #[test]
    fn what_was_put_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path(), LIMIT_BYTES);
        assert_eq!(cache.get(&key(1)), None);
        cache.put(&key(1), b"one".to_vec());
        cache.put(&key(2), Vec::new());
        assert_eq!(cache.get(&key(1)).as_deref(), Some(&b"one"[..]));
        assert_eq!(cache.get(&key(2)).as_deref(), Some(&b""[..]));
        assert_eq!(cache.get(&key(3)), None);
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path(), 2500);
        for n in 0..4 {
            cache.put(&key(n), vec![n; 1000]);
        }
        let mut files = Vec::new();
        collect_files(folder.path(), &mut files);
        assert_eq!(files.len(), 4);
        cache.evict();
        assert!((0..4).all(|n| cache.get(&key(n)).is_some()), "fresh files stay");
        cache.evict_now_and_then();
        for n in 0..4u8 {
            let name = blake3::Hash::from_bytes(key(n)).to_hex();
            let path = folder.path().join("packs").join(&name[..2]).join(&name[2..]);
            let age = Duration::from_secs(10_000 - u64::from(n));
            let file = std::fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        cache.evict_now_and_then();
        let mut files = Vec::new();
        collect_files(&folder.path().join("packs"), &mut files);
        assert_eq!(files.len(), 4, "somebody has just looked");
        cache.evict();
        let left: Vec<u8> = (0..4).filter(|n| cache.get(&key(*n)).is_some()).collect();
        assert_eq!(left, [2, 3]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_empty_cache() {
        let cache = Cache::at("/proc/no/such/folder", LIMIT_BYTES);
        cache.put(&key(1), b"one".to_vec());
        assert_eq!(cache.get(&key(1)), None);
        cache.evict();
    }
}
