//! Compiles `camera.csml` to a module that `src/lib.rs` includes.

fn main() -> Result<(), csmlc::BuildError> {
    csmlc::Builder::new().compile("camera.csml")
}
