//! Compiles `thermostat.csml` with the project file beside it.

fn main() -> Result<(), csmlc::BuildError> {
    csmlc::Builder::new().compile("thermostat.csml")
}
