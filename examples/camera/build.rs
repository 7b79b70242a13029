//! Compiles `camera.csml` to a module, which `src/lib.rs` includes.

fn main() -> Result<(), csmlc::BuildError> {
    csmlc::Builder::new().compile("camera.csml")
}
