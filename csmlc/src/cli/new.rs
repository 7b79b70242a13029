use super::{args::NewArgs, failure::Failure};
pub(super) fn new(args: &NewArgs) -> Result<(), Failure> { let _ = args; Ok(()) }
