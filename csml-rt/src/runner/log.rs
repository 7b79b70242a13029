//! Log of connections and stores, on standard error.

use std::io::{self, IsTerminal};

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

/// Steps are in the trace, failed steps in warnings.
fn wanted(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("csml::") && metadata.target() != "csml::step"
}

/// Starts to log from a level on.
pub(super) fn start(level: Option<&str>) {
    let level = match level {
        Some("off") => LevelFilter::OFF,
        Some("error") => LevelFilter::ERROR,
        Some("warn") => LevelFilter::WARN,
        Some("debug") => LevelFilter::DEBUG,
        _ => LevelFilter::INFO,
    };
    let colour = io::stderr().is_terminal() && super::messages::colour_wanted();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(colour)
        .with_filter(filter_fn(wanted))
        .with_filter(level);
    // A program that has set up its own has nothing to add here.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}
