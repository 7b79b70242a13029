//! Shared by the tests of the front ends.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A small description without errors or warnings.
pub(crate) const GOOD: &str = r#"{
  "name": "lamp",
  "version": "2.0",
  "stateMachines": [
    {
      "name": "lamp",
      "states": [
        {
          "name": "off",
          "initial": true,
          "on": [{ "event": "press", "channel": "peripheral", "target": "on" }]
        },
        {
          "name": "on",
          "on": [{ "event": "smash", "channel": "peripheral", "target": "broken" }]
        },
        { "name": "broken", "terminal": true }
      ]
    }
  ]
}
"#;

/// A folder of a test's own, empty at first.
pub(crate) struct Folder {
    /// Where it is.
    pub(crate) path: PathBuf,
}

impl Folder {
    /// A folder with a name that no other test of this program uses.
    pub(crate) fn new(name: &str) -> Self {
        let program = std::env::current_exe().unwrap();
        let program = program.file_stem().unwrap().to_string_lossy().into_owned();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(program).join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    /// Writes a file in it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.path.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, content).unwrap();
        file
    }
}

/// Output of a program as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
