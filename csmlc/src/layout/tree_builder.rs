//! Tree of the reader and its text → concrete tree: every comment finds what it belongs to.

use std::borrow::Cow;

use super::{
    gaps::{Between, between},
    tree::{Block, Bracket, Comment, Document, Entry, Gap, Key, Kind, Value},
};
use csml_compiler::{
    read::{self, JsonNode, Member},
    source::Span,
    text::Text,
};

/// Makes the concrete tree of a text that has been read without errors.
pub(super) fn build<'a>(text: &'a str, tree: &JsonNode) -> Document<'a> {
    let builder = TreeBuilder { text };
    let first = between(text, 0, tree.span.start);
    let last = between(text, tree.span.end, text.len() as u32);
    let line_end = text.find('\n').and_then(|end| text.get(..end));
    Document {
        before: first.comments,
        gap: first.gap,
        value: builder.value(tree),
        after: last.comments,
        crlf: line_end.is_some_and(|line| line.ends_with('\r')),
    }
}

struct TreeBuilder<'a> {
    text: &'a str,
}

/// A child of the reader's tree.
#[derive(Clone, Copy)]
struct Child<'n> {
    key: Option<&'n Text>,
    node: &'n JsonNode,
}

impl<'n> Child<'n> {
    fn of(member: &'n Member) -> Self {
        Self { key: Some(&member.key), node: &member.value }
    }

    fn start(&self) -> u32 {
        self.key.map_or(self.node.span.start, |key| key.span.start)
    }
}

impl<'a> TreeBuilder<'a> {
    // Recursion: the reader limits the depth.
    fn value(&self, node: &JsonNode) -> Value<'a> {
        let kind = match &node.kind {
            read::JsonKind::Array(items) => {
                let children = items.iter().map(|node| Child { key: None, node }).collect();
                Kind::Block(self.block(Bracket::List, node.span, children))
            }
            read::JsonKind::Object(members) => {
                let children = members.iter().map(Child::of).collect();
                Kind::Block(self.block(Bracket::Object, node.span, children))
            }
            read::JsonKind::String(text) => {
                let (written, text) = self.string(text);
                Kind::Scalar { written, text: Some(text) }
            }
            read::JsonKind::Null | read::JsonKind::Bool(_) | read::JsonKind::Number(_) => {
                Kind::Scalar { written: self.slice(node.span).into(), text: None }
            }
        };
        Value { kind, start: Some(node.span.start) }
    }

    fn block(&self, bracket: Bracket, span: Span, children: Vec<Child<'_>>) -> Block<'a> {
        let close = span.end.saturating_sub(1);
        let mut at = span.start + 1;
        let mut block =
            Block { bracket, expanded: false, open: Vec::new(), entries: Vec::new(), end: Vec::new() };
        for child in &children {
            let found = between(self.text, at, child.start());
            let (before, gap) = match block.entries.last_mut() {
                None => {
                    block.expanded = breaks(&found);
                    let rest = line_enders(&found, 0);
                    let mut comments = found.comments;
                    let before = comments.split_off(rest);
                    block.open = comments;
                    (before, found.gap)
                }
                Some(earlier) => after(earlier, found),
            };
            block.entries.push(self.entry(*child, before, gap));
            at = child.node.span.end;
        }
        let found = between(self.text, at, close);
        match block.entries.last_mut() {
            Some(last) => {
                // What closes the block ends the line as a line break does.
                let found = Between { gap: Gap::Line, ..found };
                block.end = after(last, found).0;
            }
            None => {
                block.expanded = breaks(&found);
                // Without entries a comment stays in the brackets, on their line if it was there.
                let rest =
                    if found.comments.iter().any(Comment::ends_line) { line_enders(&found, 0) } else { 0 };
                let mut comments = found.comments;
                block.end = comments.split_off(rest);
                block.open = comments;
            }
        }
        block
    }

    fn entry(&self, child: Child<'_>, mut before: Vec<Comment<'a>>, mut gap: Gap) -> Entry<'a> {
        let mut inner = Vec::new();
        let key = child.key.map(|key| {
            let found = between(self.text, key.span.end, child.node.span.start);
            if found.comments.iter().any(Comment::ends_line) {
                // Nothing can follow on its line, so it goes before the key.
                for comment in found.comments {
                    before.push(Comment { gap, ..comment });
                    gap = Gap::Line;
                }
            } else {
                inner = found.comments;
            }
            let (written, text) = self.string(key);
            Key { written, text }
        });
        Entry { before, gap, key, inner, value: self.value(child.node), after: Vec::new() }
    }

    fn string(&self, text: &Text) -> (Cow<'a, str>, Cow<'a, str>) {
        let written = self.slice(text.span);
        let plain = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let decoded = match plain {
            Some(plain) if plain == text.value => plain.into(),
            _ => text.value.clone().into(),
        };
        (written.into(), decoded)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// Whether a line ends anywhere in it.
fn breaks(found: &Between<'_>) -> bool {
    found.gap > Gap::Same || found.comments.iter().any(|comment| comment.gap > Gap::Same)
}

/// How many comments from `first` on stand on one line and end it.
fn line_enders(found: &Between<'_>, first: usize) -> usize {
    let run = found.comments.iter().skip(first).take_while(|comment| comment.gap == Gap::Same).count();
    let next = found.comments.get(first + run).map_or(found.gap, |comment| comment.gap);
    if next > Gap::Same { run } else { 0 }
}

/// Gives an entry the comments behind it, and returns those before the next one with the gap to that.
fn after<'a>(entry: &mut Entry<'a>, found: Between<'a>) -> (Vec<Comment<'a>>, Gap) {
    let before_comma = found.comments.iter().take(found.before_mark);
    let mut taken = before_comma.take_while(|comment| comment.gap == Gap::Same).count();
    // Behind the comma a comment is this entry's only if it ends the line.
    if taken == found.before_mark {
        taken += line_enders(&found, taken);
    }
    let mut comments = found.comments;
    let rest = comments.split_off(taken);
    entry.after.extend(comments);
    (rest, found.gap)
}
