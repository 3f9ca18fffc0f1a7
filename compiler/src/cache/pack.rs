//! A file with the entries of one module.
//!
//! Layout: magic, number of entries, hash of the table; the table (key, hash, length of each
//! entry); the data in the same order. An entry whose data does not match its hash is absent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use super::Key;

const MAGIC: &[u8; 8] = b"beamrcP1";
const HEAD_BYTES: usize = 8 + 4 + 32;
const ROW_BYTES: usize = 32 + 16 + 4;
/// Entries that a build did not use stay while they take no more than this.
const UNUSED_BYTES: usize = 1 << 20;

/// Hash and place of each entry's data.
type Table = HashMap<Key, ([u8; 16], Range<usize>)>;

/// The entries of one module.
#[derive(Debug)]
pub struct Pack {
    path: PathBuf,
    bytes: Vec<u8>,
    table: Table,
    added: BTreeMap<Key, Vec<u8>>,
    used: Mutex<BTreeSet<Key>>,
}

impl Pack {
    pub(super) fn open(path: PathBuf) -> Pack {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let table = read_table(&bytes).unwrap_or_default();
        Pack { path, bytes, table, added: BTreeMap::new(), used: Mutex::default() }
    }

    /// The entry of this key, if it is there and undamaged.
    pub fn get(&self, key: &Key) -> Option<&[u8]> {
        if let Some(value) = self.added.get(key) {
            return Some(value);
        }
        let (hash, range) = self.table.get(key)?;
        let value = &self.bytes[range.clone()];
        if short_hash(value) != *hash {
            return None;
        }
        self.used.lock().unwrap_or_else(|error| error.into_inner()).insert(*key);
        Some(value)
    }

    /// Adds an entry, kept when the pack is saved.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        if u32::try_from(value.len()).is_ok() {
            self.added.insert(key, value);
        }
    }

    /// Writes the pack if it has new entries. A cache that cannot be written is no error.
    pub fn save(self) {
        if self.added.is_empty() {
            if let Ok(file) = std::fs::File::options().append(true).open(&self.path) {
                // Says that the pack was used.
                let _ = file.set_modified(SystemTime::now());
            }
            return;
        }
        let bytes = self.encode();
        let _ = write(&self.path, &bytes);
    }

    fn encode(&self) -> Vec<u8> {
        let used = self.used.lock().unwrap_or_else(|error| error.into_inner());
        let mut entries: BTreeMap<&Key, &[u8]> = BTreeMap::new();
        let mut unused_bytes = 0;
        let mut old: Vec<_> = self.table.iter().collect();
        old.sort_unstable_by_key(|(key, _)| **key);
        for (key, (hash, range)) in old {
            let value = &self.bytes[range.clone()];
            if !used.contains(key) {
                unused_bytes += value.len();
            }
            let stays = used.contains(key) || unused_bytes <= UNUSED_BYTES;
            if stays && short_hash(value) == *hash {
                entries.insert(key, value);
            }
        }
        entries.extend(self.added.iter().map(|(key, value)| (key, &value[..])));
        let mut table = Vec::with_capacity(entries.len() * ROW_BYTES);
        for (key, value) in &entries {
            table.extend_from_slice(&key[..]);
            table.extend_from_slice(&short_hash(value));
            table.extend_from_slice(&(value.len() as u32).to_le_bytes());
        }
        let mut bytes = Vec::new();
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(entries.len() as u32).to_le_bytes());
        bytes.extend_from_slice(blake3::hash(&table).as_bytes());
        bytes.extend_from_slice(&table);
        entries.values().for_each(|value| bytes.extend_from_slice(value));
        bytes
    }
}

fn read_table(bytes: &[u8]) -> Option<Table> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let count = u32::from_le_bytes(head[8..12].try_into().ok()?) as usize;
    let (table, _) = rest.split_at_checked(count.checked_mul(ROW_BYTES)?)?;
    if &head[..8] != MAGIC || blake3::hash(table).as_bytes() != &head[12..] {
        return None;
    }
    let mut start = HEAD_BYTES + table.len();
    let mut rows = HashMap::with_capacity(count);
    for row in table.chunks_exact(ROW_BYTES) {
        let length = u32::from_le_bytes(row[48..].try_into().ok()?) as usize;
        let end = start.checked_add(length).filter(|end| *end <= bytes.len())?;
        rows.insert(row[..32].try_into().ok()?, (row[32..48].try_into().ok()?, start..end));
        start = end;
    }
    Some(rows)
}

fn short_hash(value: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(value).as_bytes()[..16]);
    short
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> Key {
        [n; 32]
    }

    fn saved(path: &Path, entries: &[(u8, Vec<u8>)]) {
        let mut pack = Pack::open(path.to_owned());
        entries.iter().for_each(|(n, value)| pack.put(key(*n), value.clone()));
        pack.save();
    }

    #[test]
    fn a_changed_module_keeps_its_unchanged_functions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        saved(&path, &[(1, vec![1; 10]), (2, vec![2; 20])]);
        let mut pack = Pack::open(path.clone());
        assert_eq!(pack.get(&key(2)), Some(&[2; 20][..]));
        pack.put(key(3), vec![3; 30]);
        assert_eq!(pack.get(&key(3)), Some(&[3; 30][..]));
        pack.save();
        let pack = Pack::open(path);
        assert_eq!(pack.get(&key(1)), Some(&[1; 10][..]));
        assert_eq!(pack.get(&key(2)), Some(&[2; 20][..]));
        assert_eq!(pack.get(&key(3)), Some(&[3; 30][..]));
    }

    #[test]
    fn entries_nobody_uses_give_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        saved(&path, &[(1, vec![1; UNUSED_BYTES + 1]), (2, vec![2; 10])]);
        let mut pack = Pack::open(path.clone());
        assert!(pack.get(&key(2)).is_some());
        pack.put(key(3), vec![3]);
        pack.save();
        let pack = Pack::open(path);
        assert!(pack.get(&key(1)).is_none());
        assert!(pack.get(&key(2)).is_some());
    }

    #[test]
    fn damage_is_absence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        saved(&path, &[(1, b"first".to_vec()), (2, b"second".to_vec())]);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            std::fs::write(&path, &bytes).unwrap();
            let pack = Pack::open(path.clone());
            for (n, value) in [(1, b"first".as_slice()), (2, b"second")] {
                assert!(pack.get(&key(n)).is_none_or(|found| found == value), "byte {at}");
            }
            std::fs::write(&path, &whole[..at]).unwrap();
            let pack = Pack::open(path.clone());
            for (n, value) in [(1, b"first".as_slice()), (2, b"second")] {
                assert!(pack.get(&key(n)).is_none_or(|found| found == value), "cut at {at}");
            }
        }
    }
}
