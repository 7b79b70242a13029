//! The lines of a text that labels are about. Only what is shown is touched: a text of megabytes on one line
//! costs no more than a short one.

use std::ops::Range;

use super::{Diagnostic, Label};
use crate::{
    lists::Gather,
    source::{Source, SourceId},
    text::is_invisible,
};

/// A longer line is cut around its label; in bytes.
pub(super) const LONG_LINE: usize = 200;
/// What is shown before a label in a cut line, in bytes.
const BEFORE: usize = 60;
/// Labels this many lines apart are shown with what is between them.
const NEAR: u32 = 2;

/// A label on its line. Labels over several lines are shown on the first of them.
struct Mark<'a> {
    line: u32,
    start: usize,
    end: usize,
    primary: bool,
    label: &'a Label,
}

/// A line as it is shown.
pub(super) struct ShownLine {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Its text, perhaps cut.
    pub(super) text: String,
    /// What is marked in it, in order.
    pub(super) marks: Vec<ShownMark>,
}

/// A marked part of a shown line.
pub(super) struct ShownMark {
    /// Where, in bytes of the shown text.
    pub(super) range: Range<usize>,
    /// Whether it is the place that the diagnostic is about.
    pub(super) primary: bool,
    /// What is said about it; empty for nothing.
    pub(super) label: String,
}

/// The labels of a diagnostic by the text in which they stand, the primary one's first. `true` marks it.
pub(super) fn by_source(diagnostic: &Diagnostic) -> Vec<(SourceId, Vec<(bool, &Label)>)> {
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

/// The lines that show all labels, in groups of lines that follow each other.
pub(super) fn excerpts(source: &Source, labels: &[(bool, &Label)]) -> Vec<Vec<ShownLine>> {
    let mut marks: Vec<_> = labels.iter().map(|(primary, label)| mark(source, *primary, label)).gather();
    crate::sorted::sort_by_key(&mut marks, |mark| (mark.start, mark.end));
    let mut clusters: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        match clusters.last_mut() {
            Some(cluster) if shown_together(source, cluster, &mark) => {
                cluster.push(mark);
            }
            _ => clusters.push(vec![mark]),
        }
    }
    clusters.iter().map(|cluster| lines(source, cluster)).gather()
}

fn mark<'a>(source: &Source, primary: bool, label: &'a Label) -> Mark<'a> {
    let line = source.line_of(label.span.start);
    let line_end = source.line_end(line);
    let start = label.span.start.min(line_end);
    Mark { line, start: start as usize, end: label.span.end.clamp(start, line_end) as usize, primary, label }
}

fn is_long(source: &Source, line: u32) -> bool {
    (source.line_end(line) - source.line_start(line)) as usize > LONG_LINE
}

fn shown_together(source: &Source, cluster: &[Mark<'_>], mark: &Mark<'_>) -> bool {
    let (Some(first), Some(last)) = (cluster.first(), cluster.last()) else {
        return false;
    };
    let in_one_cut = first.line == mark.line && mark.end - first.start <= LONG_LINE - BEFORE;
    let near = mark.line - last.line <= NEAR && !(last.line..=mark.line).any(|line| is_long(source, line));
    in_one_cut || near
}

fn lines(source: &Source, marks: &[Mark<'_>]) -> Vec<ShownLine> {
    let first = marks.first().map_or(0, |mark| mark.line);
    let last = marks.last().map_or(0, |mark| mark.line);
    let on_line = |line| marks.iter().filter(|mark| mark.line == line).gather();
    (first..=last).map(|line| shown_line(source, line, &on_line(line))).gather()
}

fn shown_line(source: &Source, line: u32, marks: &[&Mark<'_>]) -> ShownLine {
    let text = source.text.as_str();
    let (start, end) = (source.line_start(line) as usize, source.line_end(line) as usize);
    let (from, to) = if end - start > LONG_LINE {
        let around = marks.first().map_or(start, |mark| mark.start);
        let from = boundary(text, around.saturating_sub(BEFORE).max(start));
        (from, boundary(text, (from + LONG_LINE).min(end)))
    } else {
        (start, end)
    };
    let mut shown = String::new();
    if from > start {
        shown.push('…');
    }
    let mut ranges = vec![(None, None); marks.len()];
    for (offset, c) in text.get(from..to).unwrap_or_default().char_indices() {
        place(shown.len(), &mut ranges, marks, from + offset);
        // Both that draw lines know what to do with these.
        let drawn = c.is_ascii() || !is_invisible(c);
        shown.push(if drawn { c } else { char::REPLACEMENT_CHARACTER });
    }
    place(shown.len(), &mut ranges, marks, usize::MAX);
    if to < end {
        shown.push('…');
    }
    let length = shown.len();
    let marks = marks.iter().zip(ranges).map(|(mark, (start, end))| ShownMark {
        range: start.unwrap_or(length)..end.unwrap_or(length),
        primary: mark.primary,
        label: clean(&mark.label.text),
    });
    ShownLine { number: line as usize + 1, marks: marks.gather(), text: shown }
}

/// Notes that marks that begin or end by byte `at` stand at byte `shown` of the shown text.
fn place(shown: usize, ranges: &mut [(Option<usize>, Option<usize>)], marks: &[&Mark<'_>], at: usize) {
    for ((start, end), mark) in ranges.iter_mut().zip(marks) {
        if mark.start <= at {
            start.get_or_insert(shown);
        }
        if mark.end <= at {
            end.get_or_insert(shown);
        }
    }
}

/// The last character boundary up to `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A message holds parts of the user's text: on one line, of readable length, and without characters that
/// would move what follows them.
pub(super) fn clean(text: &str) -> String {
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
