//! Diagnostics as people read them.

use crate::lists::{Gather, PushAll};
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, renderer::DEFAULT_TERM_WIDTH,
};

use super::{
    Diagnostic, Severity,
    excerpt::{ShownLine, by_source, clean, excerpts},
    fix::Fix,
    patch::PatchedLines,
};
use crate::source::{SourceId, Sources, Span};

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
            group = group.element(origin(sources, first.span));
        }
        if sources.get(source).tokens.is_empty() {
            group = group.elements(excerpts(sources.get(source), &labels).into_iter().map(snippet));
        } else {
            unshown.push_all(labels.into_iter().map(|(_, label)| label));
        }
    }
    for label in unshown.iter().filter(|label| !label.text.is_empty()) {
        let place = sources.position(label.span);
        group = group.element(Level::NOTE.message(format!("{place}: {}", clean(&label.text))));
    }
    let home = diagnostic.primary.span.source;
    let drawn = |fix: &Fix| Some((fix.message.clone(), patch_group(sources, fix, home)?));
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
    let groups: Vec<_> = std::iter::once(group).chain(patches).gather();
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

/// One snippet of lines that follow each other.
fn snippet(lines: Vec<ShownLine>) -> Snippet<'static, Annotation<'static>> {
    let first = lines.first().map_or(1, |line| line.number);
    let mut text = String::new();
    let mut annotations = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for mark in line.marks {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(text.len() + mark.range.start..text.len() + mark.range.end);
            let labelled = !mark.label.is_empty();
            annotations.push(if labelled { annotation.label(mark.label) } else { annotation });
        }
        text.push_str(&line.text);
    }
    Snippet::source(text).line_start(first).fold(false).annotations(annotations)
}

/// A fix as a group below its diagnostic, whose primary place is in `home`; nothing if it is better told in words.
fn patch_group(sources: &Sources, fix: &Fix, home: SourceId) -> Option<Group<'static>> {
    let patched = PatchedLines::of(sources, fix)?;
    let patches = patched.replacements.into_iter().map(|(range, text)| Patch::new(range, text));
    let snippet = Snippet::source(patched.text.to_owned()).line_start(patched.number).patches(patches);
    let group = Group::with_title(Level::HELP.secondary_title(clean(&fix.message)));
    Some(match patched.place.source == home {
        true => group.element(snippet),
        false => group.element(origin(sources, patched.place)).element(snippet),
    })
}

fn origin(sources: &Sources, place: Span) -> Origin<'static> {
    let position = sources.position(place);
    Origin::path(clean(&sources.get(place.source).name))
        .line(position.line as usize)
        .char_column(position.column as usize)
}

#[cfg(test)]
mod tests;
