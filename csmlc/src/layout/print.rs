//! Concrete tree → text.
//!
//! A list or an object stands on one line if its first entry stood on the line of its bracket, it fits, and nothing
//! in it needs a line of its own; a list of plain values without comments whenever it fits. Nothing else is decided
//! by widths, so that a change of one value does not move others.

use super::tree::{Block, Bracket, Comment, Document, Entry, Gap, Kind, Value};

/// Longest line that is put together, in characters.
const WIDTH: usize = 100;
/// Blanks per level.
const INDENT: usize = 2;

/// The text of a tree, with a line break at its end.
pub(crate) fn print(document: &Document<'_>) -> String {
    let mut printer = Printer { out: String::new(), line: 0 };
    printer.comments(&document.before, 0);
    printer.gap_after(document.before.last(), document.gap, 0);
    printer.value(&document.value, 0, 0);
    for comment in &document.after {
        match comment.gap {
            Gap::Same => printer.push(" "),
            gap => printer.break_line(gap, 0),
        }
        printer.comment(comment, 0);
    }
    printer.push("\n");
    if document.crlf { printer.out.replace('\n', "\r\n") } else { printer.out }
}

struct Printer {
    out: String,
    /// First byte of the last line.
    line: usize,
}

impl Printer {
    // Recursion: the depth of the tree is limited by the reader, and by `convert`.
    fn value(&mut self, value: &Value<'_>, indent: usize, reserved: usize) {
        let block = match &value.kind {
            Kind::Scalar { written, .. } => return self.push(written),
            Kind::Block(block) => block,
        };
        let mut line = Line { out: String::new(), left: WIDTH.saturating_sub(self.column() + reserved) };
        match line.block(block) {
            Some(()) => self.push(&line.out),
            None => self.expanded(block, indent),
        }
    }

    fn expanded(&mut self, block: &Block<'_>, indent: usize) {
        let inner = indent + INDENT;
        self.push(brackets(block.bracket).0);
        self.behind(&block.open, inner);
        let last = block.entries.len().saturating_sub(1);
        for (index, entry) in block.entries.iter().enumerate() {
            let gap = entry.before.first().map_or(entry.gap, |comment| comment.gap);
            self.break_line(if index == 0 { Gap::Line } else { gap }, inner);
            self.entry(entry, inner, index == last);
        }
        if let Some(first) = block.end.first() {
            self.break_line(if block.entries.is_empty() { Gap::Line } else { first.gap }, inner);
            self.comments(&block.end, inner);
        }
        self.break_line(Gap::Line, indent);
        self.push(brackets(block.bracket).1);
    }

    fn entry(&mut self, entry: &Entry<'_>, indent: usize, last: bool) {
        self.comments(&entry.before, indent);
        self.gap_after(entry.before.last(), entry.gap, indent);
        if let Some(key) = &entry.key {
            self.push(&key.written);
            self.push(": ");
        }
        for comment in &entry.inner {
            self.comment(comment, indent);
            self.push(" ");
        }
        self.value(&entry.value, indent, usize::from(!last));
        if !last {
            self.push(",");
        }
        self.behind(&entry.after, indent);
    }

    /// Comments behind something on its line.
    fn behind(&mut self, comments: &[Comment<'_>], indent: usize) {
        let mut line_ended = false;
        for comment in comments {
            if line_ended {
                self.break_line(Gap::Line, indent);
            } else {
                self.push(" ");
            }
            self.comment(comment, indent);
            line_ended = comment.ends_line();
        }
    }

    /// Comments one after the other; the gap before the first has been printed.
    fn comments(&mut self, comments: &[Comment<'_>], indent: usize) {
        let mut before = None;
        for comment in comments {
            self.gap_after(before, comment.gap, indent);
            self.comment(comment, indent);
            before = Some(comment);
        }
    }

    /// The gap after a comment.
    fn gap_after(&mut self, before: Option<&Comment<'_>>, gap: Gap, indent: usize) {
        match (before, gap) {
            (None, _) => {}
            (Some(comment), Gap::Same) if !comment.ends_line() => self.push(" "),
            (Some(_), gap) => self.break_line(gap, indent),
        }
    }

    /// A comment, with its later lines indented as its first one is.
    fn comment(&mut self, comment: &Comment<'_>, indent: usize) {
        let begins_line = self.out.bytes().skip(self.line).all(|byte| byte == b' ');
        let mut lines = comment.text.split('\n');
        self.push(lines.next().unwrap_or_default().trim_end());
        for line in lines {
            let line = line.trim_end();
            let moved = comment.indent.filter(|_| begins_line).and_then(|indent| line.strip_prefix(indent));
            match moved {
                Some(rest) if !rest.is_empty() => {
                    self.break_line(Gap::Line, indent);
                    self.push(rest);
                }
                _ => {
                    self.break_line(Gap::Line, 0);
                    self.push(line);
                }
            }
        }
    }

    fn break_line(&mut self, gap: Gap, indent: usize) {
        self.out.push_str(if gap == Gap::Blank { "\n\n" } else { "\n" });
        self.line = self.out.len();
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn column(&self) -> usize {
        self.out.get(self.line..).unwrap_or_default().chars().count()
    }
}

/// What is to stand on one line, as far as there is room.
struct Line {
    out: String,
    left: usize,
}

impl Line {
    fn value(&mut self, value: &Value<'_>) -> Option<()> {
        match &value.kind {
            Kind::Scalar { written, .. } => self.push(written),
            Kind::Block(block) => self.block(block),
        }
    }

    fn block(&mut self, block: &Block<'_>) -> Option<()> {
        if !block.open.is_empty() || (!block.end.is_empty() && !block.entries.is_empty()) {
            return None;
        }
        let (open, close) = brackets(block.bracket);
        let blank = if block.bracket == Bracket::Object { " " } else { "" };
        self.push(open)?;
        for (index, entry) in block.entries.iter().enumerate() {
            self.push(if index > 0 { ", " } else { blank })?;
            if block.expanded && !(block.bracket == Bracket::List && is_plain(entry, index == 0)) {
                return None;
            }
            self.entry(entry)?;
        }
        for (index, comment) in block.end.iter().enumerate() {
            if block.expanded || comment.gap > Gap::Same {
                return None;
            }
            self.push(if index > 0 { " " } else { blank })?;
            self.comment(comment)?;
        }
        let filled = !block.entries.is_empty() || !block.end.is_empty();
        self.push(if filled { blank } else { "" })?;
        self.push(close)
    }

    fn entry(&mut self, entry: &Entry<'_>) -> Option<()> {
        // An own line of the source counts where a comment stands on it.
        let mut gaps = entry.before.iter().skip(1).map(|comment| comment.gap);
        if !entry.before.is_empty() && (entry.gap > Gap::Same || gaps.any(|gap| gap > Gap::Same)) {
            return None;
        }
        for comment in &entry.before {
            self.comment(comment)?;
            self.push(" ")?;
        }
        if let Some(key) = &entry.key {
            self.push(&key.written)?;
            self.push(": ")?;
        }
        for comment in &entry.inner {
            self.comment(comment)?;
            self.push(" ")?;
        }
        self.value(&entry.value)?;
        for comment in &entry.after {
            self.push(" ")?;
            self.comment(comment)?;
        }
        Some(())
    }

    fn comment(&mut self, comment: &Comment<'_>) -> Option<()> {
        if comment.fits_line() { self.push(comment.text) } else { None }
    }

    fn push(&mut self, text: &str) -> Option<()> {
        // Bytes are never fewer than characters: a long text is refused without being counted.
        let width = if text.len() > 4 * WIDTH { text.len() } else { text.chars().count() };
        self.left = self.left.checked_sub(width)?;
        self.out.push_str(text);
        Some(())
    }
}

/// Whether an item is a value without list, object or comment, and without an empty line before it.
fn is_plain(entry: &Entry<'_>, first: bool) -> bool {
    let bare = entry.before.is_empty() && entry.after.is_empty();
    bare && (first || entry.gap < Gap::Blank) && matches!(entry.value.kind, Kind::Scalar { .. })
}

fn brackets(bracket: Bracket) -> (&'static str, &'static str) {
    match bracket {
        Bracket::Object => ("{", "}"),
        Bracket::List => ("[", "]"),
    }
}
