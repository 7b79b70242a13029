//! The skeleton of the user's `Services`.

use quote::quote;

use super::text::{EmitError, formatted, plain};
use crate::compile::Output;

const HEADER: &str = "\
//! What the services do. This file is yours: `csmlc build` writes it once and leaves it alone afterwards.
//!
//! A service that answers `not_implemented` is answered by `--services FILE`, if that names it.

";

/// An implementation that has none yet.
pub(super) fn skeleton(output: &Output) -> Result<String, EmitError> {
    let _ = output; formatted(quote!()).map(|_| plain(HEADER))
}
