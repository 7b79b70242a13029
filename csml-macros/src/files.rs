//! Reading files for the macro, and making cargo watch them.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use csml_compiler::{
    files::{FileReader, read_failure},
    source::MAX_BYTES,
};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Files below the folder of the calling crate's `Cargo.toml`.
#[derive(Debug)]
pub(crate) struct Files {
    /// The folder.
    pub(crate) folder: PathBuf,
}

impl FileReader for Files {
    fn is_file(&self, path: &Path) -> bool {
        self.folder.join(path).is_file()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let file = File::open(self.folder.join(path)).map_err(|error| read_failure(&error))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err("it is a folder, not a file".to_owned());
        }
        let mut bytes = Vec::new();
        let read = file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| read_failure(&error))?;
        Ok(bytes)
    }
}

impl Files {
    /// Makes cargo expand the macro again when the file has changed. A file that does not exist cannot be tracked.
    pub(crate) fn tracking(&self, path: &Path, span: Span) -> Option<TokenStream> {
        let file = self.folder.join(path);
        if !file.is_file() {
            return None;
        }
        Some(match file.to_str() {
            Some(file) => quote_spanned! {span=>
                const _: &[::core::primitive::u8] = ::core::include_bytes!(#file);
            },
            None => {
                let message =
                    "the path of the description is not UTF-8; the compiler could not track the file";
                quote_spanned!(span=> ::core::compile_error! { #message })
            }
        })
    }
}
