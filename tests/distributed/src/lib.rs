//! Runs a description in one process and split over several, and says how it ended.

pub mod split;

pub use split::{End, Part, Split, run_split, run_whole};
