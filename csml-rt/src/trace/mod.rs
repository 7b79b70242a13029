//! Writes traces (docs/trace.md).

mod text;
mod trace_json;

use std::fmt;
use std::io::{self, Write};

use csml_rt_core::Machines;

use crate::node::{Record, View};
use crate::snapshot::Snapshot;

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceFormat {
    /// JSON Lines, as docs/trace.md defines them.
    Json,
    /// Aligned columns for people.
    Text {
        /// Whether kinds of lines are coloured, for terminals.
        colour: bool,
    },
}

/// So much text is collected before it is written.
const BUFFER: usize = 64 * 1024;

/// Writes one line for each record. Lines are collected and written in large pieces.
pub(crate) struct Trace {
    format: TraceFormat,
    lines: String,
    sink: Box<dyn Write + Send>,
    error: Option<io::Error>,
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace").field("format", &self.format).finish_non_exhaustive()
    }
}

impl Trace {
    pub(crate) fn new(format: TraceFormat, sink: Box<dyn Write + Send>) -> Self {
        Self { format, lines: String::new(), sink, error: None }
    }

    pub(crate) fn record<A: Machines>(&mut self, view: View<'_>, record: &Record<'_, A>) {
        if self.error.is_some() {
            return;
        }
        match self.format {
            TraceFormat::Json => trace_json::line(&mut self.lines, view, record),
            TraceFormat::Text { colour } => text::line(&mut self.lines, view, record, colour),
        }
        if self.lines.len() >= BUFFER {
            self.write();
        }
    }

    pub(crate) fn end(&mut self, snapshot: &Snapshot) {
        match self.format {
            TraceFormat::Json => trace_json::end(&mut self.lines, snapshot),
            TraceFormat::Text { colour } => text::end(&mut self.lines, snapshot, colour),
        }
        self.flush();
    }

    fn write(&mut self) {
        if self.error.is_none()
            && let Err(error) = self.sink.write_all(self.lines.as_bytes())
        {
            self.error = Some(error);
        }
        self.lines.clear();
    }

    /// Writes what has been collected, so that a reader sees it.
    pub(crate) fn flush(&mut self) {
        if !self.lines.is_empty() {
            self.write();
            if self.error.is_none()
                && let Err(error) = self.sink.flush()
            {
                self.error = Some(error);
            }
        }
    }

    /// Whether writing has failed.
    pub(crate) fn failed(&self) -> bool {
        self.error.is_some()
    }

    /// The error, unless it is that the reader has gone.
    pub(crate) fn into_error(self) -> Option<io::Error> {
        self.error.filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }
}
