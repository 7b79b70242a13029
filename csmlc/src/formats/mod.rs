//! Diagnostics as programs read them, and how many there are.

mod json;
mod json_parts;
mod sarif;
mod tally;

pub use json::{failure_to_json_line, tally_to_json_line, to_json_line};
pub use sarif::Sarif;
pub use tally::{Tally, summary};

#[cfg(test)]
mod tests;
