//! Diagnostics as people read them.

mod excerpt;
mod patch;

use annotate_snippets::{Group, Level, Origin, Renderer, renderer::DEFAULT_TERM_WIDTH};

use crate::{
    diagnostics::{Diagnostic, Label, Severity, fix::Fix},
    source::{SourceId, Sources},
    text::is_invisible,
};

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With ANSI escapes for terminals.
    Color,
}

/// Draws a diagnostic as rustc does, several lines without a line break at the end.
///
/// A text laid out from macro tokens is not shown: its places are those of the Rust file, which rustc shows.
#[must_use]
pub fn render(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(clean(&diagnostic.message)).id(diagnostic.rule.code);
    let mut group = Group::with_title(title);
    let mut unshown = Vec::new();
    for (source, labels) in by_source(diagnostic) {
        if let Some((_, first)) = labels.first() {
            let position = sources.position(first.span);
            let origin = Origin::path(clean(&sources.get(source).name))
                .line(position.line as usize)
                .char_column(position.column as usize);
            group = group.element(origin);
        }
        if sources.get(source).tokens.is_empty() {
            group = group.elements(excerpt::snippets(sources.get(source), &labels));
        } else {
            unshown.extend(labels.into_iter().map(|(_, label)| label));
        }
    }
    for label in unshown.iter().filter(|label| !label.text.is_empty()) {
        let place = sources.position(label.span);
        group = group.element(Level::NOTE.message(format!("{place}: {}", clean(&label.text))));
    }
    let home = diagnostic.primary.span.source;
    let drawn = |fix: &Fix| Some((fix.message.clone(), patch::group(sources, fix, home)?));
    let (drawn, patches): (Vec<_>, Vec<_>) = diagnostic.fixes.iter().filter_map(drawn).unzip();
    for help in diagnostic.help.iter().filter(|help| !drawn.contains(help)) {
        group = group.element(Level::HELP.message(clean(help)));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(clean(note)));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    let groups: Vec<_> = std::iter::once(group).chain(patches).collect();
    let drawn = renderer.term_width(DEFAULT_TERM_WIDTH).render(&groups);
    tidy(&drawn)
}

/// The renderer separates snippets by a file name that is missing here: the first one follows its place directly,
/// and between two of one text stands `...`, as rustc has it.
fn tidy(drawn: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut place_above = false;
    for line in drawn.lines() {
        let visible = without_escapes(line);
        if visible.trim() == ":::" {
            if !place_above {
                // In place of the empty line above.
                lines.pop();
                lines.push("...");
            }
            continue;
        }
        if visible.trim() != "|" {
            let start = visible.trim_start();
            place_above = start.starts_with("--> ") || start.starts_with("::: ");
        }
        lines.push(line.trim_end());
    }
    lines.join("\n")
}

fn without_escapes(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut visible, part| {
        visible.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
        visible
    })
}

/// The labels of a diagnostic by the text in which they stand, the primary one's first. `true` marks it.
fn by_source(diagnostic: &Diagnostic) -> Vec<(SourceId, Vec<(bool, &Label)>)> {
    let mut groups: Vec<(SourceId, Vec<(bool, &Label)>)> = Vec::new();
    let related = diagnostic.related.iter().map(|label| (false, label));
    for (primary, label) in std::iter::once((true, &diagnostic.primary)).chain(related) {
        match groups.iter_mut().find(|(id, _)| *id == label.span.source) {
            Some((_, labels)) => labels.push((primary, label)),
            None => groups.push((label.span.source, vec![(primary, label)])),
        }
    }
    groups
}

/// A message holds parts of the user's text: on one line, of readable length, and without characters that
/// would move what follows them.
fn clean(text: &str) -> String {
    const LONGEST: usize = 1000;
    let mut out = String::with_capacity(text.len().min(LONGEST));
    let mut characters = text.chars();
    for c in characters.by_ref().take(LONGEST) {
        out.push(match c {
            '\n' | '\t' => ' ',
            c if is_invisible(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        });
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests;
