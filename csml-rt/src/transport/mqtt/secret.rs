//! Values that must not appear in logs.

use std::fmt;
use std::path::Path;

use super::mqtt_error::MqttError;

/// A password or a private key. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(value: impl Into<Vec<u8>>) -> Self {
        Self(value.into())
    }

    pub(super) fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// The content of a file, without a final line break.
    pub(super) fn line_of(path: &Path) -> Result<Self, MqttError> {
        let mut secret = Self::of(path)?;
        while matches!(secret.0.last(), Some(b'\n' | b'\r')) {
            secret.0.pop();
        }
        Ok(secret)
    }

    /// The content of a file. Warns if other users may read it.
    pub(super) fn of(path: &Path) -> Result<Self, MqttError> {
        let content = read(path)?;
        if is_world_readable(path) {
            tracing::warn!(
                target: "csml::mqtt",
                file = %path.display(),
                "every user of this host can read this secret; `chmod 600` restricts it"
            );
        }
        Ok(Self(content))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The content of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, MqttError> {
    std::fs::read(path).map_err(|error| MqttError::new(format!("cannot read {}: {error}", path.display())))
}

#[cfg(unix)]
fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_world_readable(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_value() {
        assert_eq!(format!("{:?}", Secret::new("swordfish")), "Secret(hidden)");
    }

    #[test]
    fn a_line_end_is_no_part_of_a_secret() {
        let path = std::env::temp_dir().join(format!("csml-secret-{}", std::process::id()));
        std::fs::write(&path, "swordfish\r\n").unwrap();
        let secret = Secret::line_of(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(secret.unwrap().reveal(), b"swordfish");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Secret::of(Path::new("/nowhere/password")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read /nowhere/password: "), "{error}");
    }
}
