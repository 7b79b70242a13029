//! The cache of `csmlc run`: one folder for each program, found by a hash of everything it is made of.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use csmlc::emit::{Crate, Runtime};

/// Folder of the cache: `CSMLC_CACHE`, or `csmlc` in the user's cache folder.
pub(super) fn folder() -> Option<PathBuf> {
    let named = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("CSMLC_CACHE").or_else(|| {
        let user = if cfg!(windows) {
            named("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            named("HOME").map(|home| home.join("Library/Caches"))
        } else {
            // The standard for these folders ignores relative paths.
            named("XDG_CACHE_HOME")
                .filter(|path| path.is_absolute())
                .or_else(|| named("HOME").map(|home| home.join(".cache")))
        };
        user.map(|folder| folder.join("csmlc"))
    })
}

/// A hash of the crate's files, of the runtime's where it is a folder, and of the profile. The files name the
/// compiler's version.
pub(super) fn key(krate: &Crate, release: bool) -> io::Result<String> {
    let mut hash = Fnv::new();
    hash.write(if release { b"release" } else { b"dev" });
    for (name, text) in krate.generated.iter().chain(&krate.yours) {
        hash.write(name.as_bytes());
        hash.write(text.as_bytes());
    }
    if let Runtime::Path(folder) = &krate.runtime {
        fingerprint(&mut hash, folder)?;
    }
    Ok(format!("{:032x}", hash.0))
}

/// Names, sizes and times of a package's files: a change of any makes another program.
fn fingerprint(hash: &mut Fnv, folder: &Path) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            fingerprint(hash, &entry.path())?;
        } else if kind.is_file() {
            let metadata = entry.metadata()?;
            let changed = metadata.modified()?.duration_since(SystemTime::UNIX_EPOCH);
            hash.write(name.as_encoded_bytes());
            hash.write(&metadata.len().to_le_bytes());
            hash.write(&changed.unwrap_or_default().as_nanos().to_le_bytes());
        }
    }
    Ok(())
}

/// FNV-1a with 128 bits: the same on every machine and in every version, unlike the standard library's.
struct Fnv(u128);

impl Fnv {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds one field. Its length goes first, so that no two sequences of fields are alike.
    fn write(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 ^= u128::from(*byte);
            self.0 = self.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

/// Programs kept at least.
const KEEP: usize = 64;
/// A program younger than this stays: it may be in the making.
const YOUNG: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes the oldest programs in `apps` beyond a number worth keeping. What cannot be removed stays.
pub(super) fn prune(apps: &Path) {
    let Ok(entries) = fs::read_dir(apps) else { return };
    let mut programs: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let age = entry.metadata().ok()?.modified().ok()?.elapsed().ok()?;
            Some((age, entry.path()))
        })
        .collect();
    programs.sort();
    for (age, program) in programs.into_iter().skip(KEEP) {
        if age > YOUNG {
            let _ = fs::remove_dir_all(program);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn krate(text: &str) -> Crate {
        Crate {
            package: "a".to_owned(),
            runtime: Runtime::Registry,
            features: None,
            generated: [("src/main.rs".to_owned(), text.to_owned())].into(),
            yours: [("Cargo.toml".to_owned(), String::new())].into(),
        }
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // FNV-1a 128 of "a", from its authors' test vectors.
        let mut hash = Fnv::new();
        hash.0 ^= u128::from(b'a');
        hash.0 = hash.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        assert_eq!(format!("{:032x}", hash.0), "d228cb696f1a8caf78912b704e4a8964");
    }

    #[test]
    fn keys_follow_the_content() {
        let key = |text, release| key(&krate(text), release).unwrap();
        assert_eq!(key("fn main() {}", false), key("fn main() {}", false));
        assert_ne!(key("fn main() {}", false), key("fn main() {}", true));
        assert_ne!(key("fn main() {}", false), key("fn main() { }", false));
    }

    #[test]
    fn fields_do_not_run_together() {
        let hash = |fields: &[&[u8]]| {
            let mut hash = Fnv::new();
            for field in fields {
                hash.write(field);
            }
            hash.0
        };
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
