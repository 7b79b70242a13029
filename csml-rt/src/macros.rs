//! Macros that need no compiler.

/// Includes the module that `csmlc::Builder` has made of `<stem>.csml` in the build script.
///
/// ```ignore
/// csml_rt::include_csml!("railway");
///
/// // The module is named after the description.
/// use railway::App;
/// ```
#[macro_export]
macro_rules! include_csml {
    ($stem:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", $stem, ".rs"));
    };
}
