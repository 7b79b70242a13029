//! Diagnostics for the message of a macro, which rustc shows. They look as [`render`](super::render) draws them, without the
//! library that every user of the macro would have to build.

use super::{
    Diagnostic,
    excerpt::{ShownLine, by_source, clean, excerpts},
    fix::Fix,
    patch::PatchedLines,
};
use crate::{
    lists::PushAll,
    source::{SourceId, Sources, Span},
    text::is_invisible,
};

/// Draws what stands below the first line of a diagnostic: places, lines and advice.
pub(crate) fn draw(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut drawing = Drawing { parts: Vec::new() };
    for (source, labels) in by_source(diagnostic) {
        let text = sources.get(source);
        if let Some((_, first)) = labels.first() {
            let arrow = if drawing.parts.is_empty() { "-->" } else { ":::" };
            drawing.parts.push(LinePart::Place(arrow, place(sources, first.span)));
        }
        if text.tokens.is_empty() {
            drawing.excerpts(excerpts(text, &labels));
        } else {
            // A text laid out from tokens is not shown: its places are those of the Rust file.
            let told = labels.iter().filter(|(_, label)| !label.text.is_empty());
            let told = told.map(|(_, label)| {
                LinePart::Said("note", format!("{}: {}", sources.position(label.span), clean(&label.text)))
            });
            drawing.parts.push_all(told);
        }
    }
    let (mut patches, mut drawn) = (Vec::new(), Vec::new());
    for fix in &diagnostic.fixes {
        if let Some(lines) = PatchedLines::of(sources, fix) {
            patches.push((fix, lines));
            drawn.push(&fix.message);
        }
    }
    let mut advice = Vec::new();
    let help = diagnostic.help.iter().filter(|help| !drawn.contains(help));
    advice.push_all(help.map(|help| LinePart::Said("help", clean(help))));
    advice.push_all(diagnostic.notes.iter().map(|note| LinePart::Said("note", clean(note))));
    if !advice.is_empty() || !patches.is_empty() {
        drawing.bar();
    }
    drawing.parts.append(&mut advice);
    for (fix, lines) in patches {
        drawing.patch(sources, fix, &lines, diagnostic.primary.span.source);
    }
    drawing.text()
}

fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", clean(&sources.get(span.source).name), sources.position(span))
}

/// A line of the drawing; what stands left of it depends on the longest number of a line.
enum LinePart {
    /// An arrow, and name and position of a text.
    Place(&'static str, String),
    /// A line of the text: its number, what stands between the two, and the line.
    Numbered(usize, char, String),
    /// Beside the lines, without a number.
    Beside(String),
    /// Lines are left out here.
    Gap,
    /// A word about the whole.
    Said(&'static str, String),
    /// The title of a fix.
    Title(String),
}

struct Drawing {
    parts: Vec<LinePart>,
}

impl Drawing {
    /// An empty line beside lines of a text.
    fn bar(&mut self) {
        if !matches!(self.parts.last(), None | Some(LinePart::Place(..) | LinePart::Said(..))) {
            self.parts.push(LinePart::Beside(String::new()));
        }
    }

    fn excerpts(&mut self, groups: Vec<Vec<ShownLine>>) {
        self.parts.push(LinePart::Beside(String::new()));
        for (index, lines) in groups.iter().enumerate() {
            if index > 0 {
                self.parts.push(LinePart::Gap);
            }
            for line in lines {
                self.parts.push(LinePart::Numbered(line.number, '|', visible(&line.text)));
                self.parts.push_all(marks(line).into_iter().map(LinePart::Beside));
            }
        }
    }

    fn patch(&mut self, sources: &Sources, fix: &Fix, lines: &PatchedLines<'_>, home: SourceId) {
        self.parts.push(LinePart::Title(clean(&fix.message)));
        if lines.place.source != home {
            self.parts.push(LinePart::Place("-->", place(sources, lines.place)));
        }
        self.parts.push(LinePart::Beside(String::new()));
        let after = lines.after();
        if let Some(added) = added(lines) {
            self.parts.push(LinePart::Numbered(lines.number, '|', visible(&after)));
            self.parts.push(LinePart::Beside(added));
            return;
        }
        for (sign, text) in [('-', lines.text), ('+', &after)] {
            for (index, line) in text.lines().enumerate() {
                self.parts.push(LinePart::Numbered(lines.number + index, sign, visible(line)));
            }
        }
        self.parts.push(LinePart::Beside(String::new()));
    }

    fn text(&self) -> String {
        let mut width = 0;
        for part in &self.parts {
            if let LinePart::Numbered(number, ..) = part {
                width = width.max(number.to_string().len());
            }
        }
        let mut text = String::new();
        for part in &self.parts {
            let line = match part {
                LinePart::Place(arrow, place) => format!("{:width$}{arrow} {place}", ""),
                LinePart::Numbered(number, sign, line) => format!("{number:>width$} {sign} {line}"),
                LinePart::Beside(line) => format!("{:width$} | {line}", ""),
                LinePart::Gap => "...".to_owned(),
                LinePart::Said(kind, said) => format!("{:width$} = {kind}: {said}", ""),
                LinePart::Title(title) => format!("help: {title}"),
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// A mark by columns.
struct Columns<'a> {
    start: usize,
    end: usize,
    primary: bool,
    label: &'a str,
}

/// What stands below a line: its marks, the label of the last one behind it, and the other labels below theirs.
fn marks(line: &ShownLine) -> Vec<String> {
    let column = |byte: usize| line.text.get(..byte).map_or(0, width);
    let mut marks: Vec<Columns<'_>> = Vec::new();
    for mark in &line.marks {
        let start = column(mark.range.start);
        let end = column(mark.range.end).max(start + 1);
        marks.push(Columns { start, end, primary: mark.primary, label: &mark.label });
    }
    crate::sorted::sort_by_key(&mut marks, |mark| (mark.start, mark.end));
    if marks.is_empty() {
        return Vec::new();
    }
    let mut row = Vec::new();
    // The primary mark is above the others.
    for (primary, sign) in [(false, '-'), (true, '^')] {
        for mark in marks.iter().filter(|mark| mark.primary == primary) {
            row.resize(row.len().max(mark.end), ' ');
            for c in row.iter_mut().take(mark.end).skip(mark.start) {
                *c = sign;
            }
        }
    }
    let mut row: String = row.into_iter().collect();
    // A label stands behind its mark where there is room, and otherwise below it. From right to left, so that columns
    // are bytes in what is still to do.
    let mut below: Vec<Columns<'_>> = Vec::new();
    let mut next: Option<usize> = None;
    while let Some(mark) = marks.pop() {
        let from = mark.end + 1;
        let to = from + width(mark.label);
        let start = mark.start;
        if mark.label.is_empty() {
            // Nothing to say.
        } else if let Some(next) = next {
            match (row.get(..from), row.get(to..)) {
                (Some(before), Some(after)) if to < next => row = format!("{before}{}{after}", mark.label),
                _ => below.push(mark),
            }
        } else if row.len() == mark.end {
            row.push(' ');
            row.push_str(mark.label);
        } else {
            below.push(mark);
        }
        next = Some(start);
    }
    let mut rows = vec![row];
    if !below.is_empty() {
        rows.push(bars(&below, usize::MAX));
    }
    for mark in &below {
        let mut row = bars(&below, mark.start);
        while row.len() < mark.start {
            row.push(' ');
        }
        rows.push(row + mark.label);
    }
    rows
}

/// A bar below the start of each mark left of a column; the marks are listed from the right.
fn bars(marks: &[Columns<'_>], before: usize) -> String {
    let mut row = String::new();
    for mark in marks.iter().rev().filter(|mark| mark.start < before) {
        while row.len() < mark.start {
            row.push(' ');
        }
        if row.len() == mark.start {
            row.push('|');
        }
    }
    row
}

/// Signs below what a fix adds to a line; nothing if it takes something away.
fn added(lines: &PatchedLines<'_>) -> Option<String> {
    let (mut signs, mut from, mut column) = (String::new(), 0, 0);
    for (range, new) in &lines.replacements {
        let old = lines.text.get(range.clone())?;
        let common =
            old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
        let (kept, rest) = new.split_at_checked(common)?;
        let more = rest.strip_suffix(old.get(common..)?)?;
        if lines.text.contains('\n') || more.contains('\n') {
            return None;
        }
        column += width(lines.text.get(from..range.start)?) + width(kept);
        signs.extend(std::iter::repeat_n(' ', column - signs.len()));
        signs.extend(std::iter::repeat_n('+', width(more)));
        column += width(rest);
        from = range.end;
    }
    Some(signs)
}

/// A line as it is drawn.
fn visible(line: &str) -> String {
    let mut drawn = String::new();
    for c in line.chars() {
        match c {
            '\t' => drawn.push_str(TAB),
            c if is_invisible(c) => drawn.push(char::REPLACEMENT_CHARACTER),
            c => drawn.push(c),
        }
    }
    drawn
}

const TAB: &str = "    ";

/// How many columns a text takes.
fn width(text: &str) -> usize {
    let columns = |c| match c {
        '\t' => TAB.len(),
        '\u{300}'..='\u{36f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}
