//! Log of connections and stores, on standard error.

use std::io::{self, IsTerminal, Write};

use csml_rt_core::{Printable, is_invisible};
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

/// Steps are in the trace, failed steps in warnings.
fn wanted(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("csml::") && metadata.target() != "csml::step"
}

/// The standard error for lines that hold text from outside. The layer escapes what acts on a terminal, but not what
/// reorders text; with `colour` the escapes that are left are its own.
struct Escaping {
    colour: bool,
}

impl Write for Escaping {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let own = |c: char| c == '\n' || (self.colour && c == '\u{1b}');
        let mut out = String::with_capacity(line.len());
        for part in line.split_inclusive(|c| is_invisible(c) && !own(c)) {
            let end = part.char_indices().next_back().filter(|(_, c)| is_invisible(*c) && !own(*c));
            let (plain, escaped) = part.split_at(end.map_or(part.len(), |(at, _)| at));
            out.push_str(plain);
            out.push_str(&Printable(escaped).to_string());
        }
        io::stderr().write_all(out.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
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
        .with_writer(move || Escaping { colour })
        .with_ansi(colour)
        .with_filter(filter_fn(wanted))
        .with_filter(level);
    // A program that has set up its own has nothing to add here.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}
