//! The lines of a text that labels are about. Only what is shown is touched: a text of megabytes on one line
//! costs no more than a short one.

use annotate_snippets::{Annotation, AnnotationKind, Snippet};

use super::clean;
use crate::{diagnostics::Label, source::Source, text::is_invisible};

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

/// Snippets that show all labels, the primary one's first.
pub(super) fn snippets(
    source: &Source,
    labels: &[(bool, &Label)],
) -> Vec<Snippet<'static, Annotation<'static>>> {
    let mut marks: Vec<_> = labels.iter().map(|(primary, label)| mark(source, *primary, label)).collect();
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
    clusters.iter().map(|cluster| snippet(source, cluster)).collect()
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

fn snippet(source: &Source, marks: &[Mark<'_>]) -> Snippet<'static, Annotation<'static>> {
    let first = marks.first().map_or(0, |mark| mark.line);
    let last = marks.last().map_or(0, |mark| mark.line);
    let mut shown = Shown { source, text: String::new(), annotations: Vec::new() };
    for line in first..=last {
        if line > first {
            shown.text.push('\n');
        }
        let on_line: Vec<_> = marks.iter().filter(|mark| mark.line == line).collect();
        shown.line(line, &on_line);
    }
    Snippet::source(shown.text).line_start(first as usize + 1).fold(false).annotations(shown.annotations)
}

struct Shown<'a> {
    source: &'a Source,
    text: String,
    annotations: Vec<Annotation<'static>>,
}

impl Shown<'_> {
    fn line(&mut self, line: u32, marks: &[&Mark<'_>]) {
        let text = self.source.text.as_str();
        let (start, end) = (self.source.line_start(line) as usize, self.source.line_end(line) as usize);
        let (from, to) = if end - start > LONG_LINE {
            let around = marks.first().map_or(start, |mark| mark.start);
            let from = boundary(text, around.saturating_sub(BEFORE).max(start));
            (from, boundary(text, (from + LONG_LINE).min(end)))
        } else {
            (start, end)
        };
        if from > start {
            self.text.push('…');
        }
        let mut ranges = vec![(None, None); marks.len()];
        for (offset, c) in text.get(from..to).unwrap_or_default().char_indices() {
            self.place(&mut ranges, marks, from + offset);
            // The renderer draws these itself.
            let drawn = c.is_ascii() || !is_invisible(c);
            self.text.push(if drawn { c } else { char::REPLACEMENT_CHARACTER });
        }
        self.place(&mut ranges, marks, usize::MAX);
        if to < end {
            self.text.push('…');
        }
        for (mark, (start, end)) in marks.iter().zip(ranges) {
            let length = self.text.len();
            let range = start.unwrap_or(length)..end.unwrap_or(length);
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(range);
            self.annotations.push(if mark.label.text.is_empty() {
                annotation
            } else {
                annotation.label(clean(&mark.label.text))
            });
        }
    }

    /// Notes where marks that begin or end by byte `at` stand in the shown text.
    fn place(&self, ranges: &mut [(Option<usize>, Option<usize>)], marks: &[&Mark<'_>], at: usize) {
        for ((start, end), mark) in ranges.iter_mut().zip(marks) {
            if mark.start <= at {
                start.get_or_insert(self.text.len());
            }
            if mark.end <= at {
                end.get_or_insert(self.text.len());
            }
        }
    }
}

/// The last character boundary up to `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
