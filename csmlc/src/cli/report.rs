//! Everything that is printed.

use std::{
    cmp::Reverse,
    io::{self, Write as _},
};

use anstream::{AutoStream, ColorChoice};
use csml_compiler::{
    diagnostics::{
        Diagnostic, Diagnostics,
        render::{self, Style},
    },
    source::Sources,
};

use csml_rt_core::Printable;
use csmlc::formats;

use super::failure::Failure;

/// A result, for the standard output. A reader that has gone is no error: it has seen enough.
pub(super) fn result(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::ClosedOutput),
        Err(error) => Err(Failure::message(format!("cannot write to the standard output: {error}"))),
    }
}

/// An error of usage or I/O.
pub(super) fn error(message: &str) {
    say(&format!("{}: {}", styled("error", "1;31"), shown(message)));
}

/// A remark on what is going on.
pub(super) fn note(message: &str) {
    say(&format!("{}: {}", styled("csmlc", "1;32"), shown(message)));
}

/// The most diagnostics that are drawn: drawing takes time, and more are too many to read.
const MOST_DRAWN: usize = 200;

/// What the compiler has to say, for people: errors first if there is too much to say it all.
pub(super) fn diagnostics(sources: &Sources, mut all: Vec<&Diagnostic>) {
    if all.len() > MOST_DRAWN {
        all.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    }
    for diagnostic in all.iter().take(MOST_DRAWN) {
        self::diagnostic(sources, diagnostic);
    }
    if let Some(more @ 1..) = all.len().checked_sub(MOST_DRAWN) {
        note(&format!("{more} more are not shown; `csmlc check --format json` lists them all"));
    }
}

/// One thing the compiler has to say, for people.
pub(super) fn diagnostic(sources: &Sources, diagnostic: &Diagnostic) {
    let style = if colored() { Style::Color } else { Style::Plain };
    say(&format!("{}\n", render::render(sources, diagnostic, style).trim_end()));
}

/// The last line: what it came to.
pub(super) fn last(summary: &str) {
    say(summary);
}

/// The last line about one file.
pub(super) fn summary(name: &str, diagnostics: &Diagnostics) {
    last(&format!("{name}: {}", formats::summary(diagnostics)));
}

/// What the compiler has to say, for programs.
pub(super) fn json(sources: &Sources, diagnostics: &[&Diagnostic]) -> Result<(), Failure> {
    let mut lines = String::new();
    for diagnostic in diagnostics {
        lines.push_str(&formats::to_json_line(sources, diagnostic));
        lines.push('\n');
    }
    result(lines.as_bytes())
}

/// A line for programs.
pub(super) fn line(line: &str) -> Result<(), Failure> {
    result(format!("{line}\n").as_bytes())
}

fn colored() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

fn styled(word: &str, codes: &str) -> String {
    if colored() { format!("\x1b[{codes}m{word}\x1b[0m") } else { word.to_owned() }
}

/// A message whose names and texts may come from anywhere, on its lines.
fn shown(message: &str) -> String {
    message.split('\n').map(|line| Printable(line).to_string()).collect::<Vec<_>>().join("\n")
}

/// Writes a line to the standard error, and ignores a failure: there is no other place to report it.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
