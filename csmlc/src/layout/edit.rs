//! Changes of the concrete tree that keep its comments.

use std::{borrow::Cow, mem};

use super::tree::{Block, Bracket, Comment, Entry, Gap, Key, Kind, Value};
use csml_compiler::text::json_string;

impl<'a> Value<'a> {
    /// A string that was not in the text.
    pub(crate) fn string(text: &'static str) -> Self {
        let kind = Kind::Scalar { written: json_string(text).into(), text: Some(text.into()) };
        Self { kind, start: None }
    }

    /// A value that is no list, object or string, or a string whose text is unused.
    pub(crate) fn written(written: impl Into<Cow<'a, str>>) -> Self {
        Self { kind: Kind::Scalar { written: written.into(), text: None }, start: None }
    }

    /// A list or an object.
    pub(crate) fn block(bracket: Bracket, entries: Vec<Entry<'a>>) -> Self {
        let block = Block { bracket, expanded: false, open: Vec::new(), entries, end: Vec::new() };
        Self { kind: Kind::Block(block), start: None }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => text.as_deref(),
            Kind::Block(_) => None,
        }
    }

    /// It as an object.
    pub(crate) fn object(&self) -> Option<&Block<'a>> {
        match &self.kind {
            Kind::Block(block) if block.bracket == Bracket::Object => Some(block),
            _ => None,
        }
    }

    /// It as an object, to change it.
    pub(crate) fn object_mut(&mut self) -> Option<&mut Block<'a>> {
        match &mut self.kind {
            Kind::Block(block) if block.bracket == Bracket::Object => Some(block),
            _ => None,
        }
    }

    /// It as a list.
    pub(crate) fn list(&self) -> Option<&Block<'a>> {
        match &self.kind {
            Kind::Block(block) if block.bracket == Bracket::List => Some(block),
            _ => None,
        }
    }

    /// It as a list, to change it.
    pub(crate) fn list_mut(&mut self) -> Option<&mut Block<'a>> {
        match &mut self.kind {
            Kind::Block(block) if block.bracket == Bracket::List => Some(block),
            _ => None,
        }
    }
}

impl<'a> Block<'a> {
    /// Where the member with this key stands.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.has_key(key))
    }

    /// The member with this key.
    pub(crate) fn member(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.has_key(key))
    }

    /// The member with this key, to change it.
    pub(crate) fn member_mut(&mut self, key: &str) -> Option<&mut Entry<'a>> {
        self.entries.iter_mut().find(|entry| entry.has_key(key))
    }

    /// The string of the member with this key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.member(key)?.value.text()
    }

    /// Puts an entry in this place, or behind all others.
    pub(crate) fn insert(&mut self, at: usize, entry: Entry<'a>) {
        self.entries.insert(at.min(self.entries.len()), entry);
    }
}

impl<'a> Entry<'a> {
    /// An entry that was not in the text.
    pub(crate) fn new(key: Option<&'static str>, value: Value<'a>) -> Self {
        let key = key.map(Key::new);
        Self { before: Vec::new(), gap: Gap::Line, key, inner: Vec::new(), value, after: Vec::new() }
    }

    /// Whether it is the member with this key.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.key.as_ref().is_some_and(|own| own.text == key)
    }

    /// Adds a comment before it, behind those that it has.
    pub(crate) fn add_before(&mut self, comment: Comment<'a>) {
        let own_line = comment.indent.is_some() || !comment.fits_line();
        self.before.push(Comment { gap: self.gap, ..comment });
        self.gap = if own_line { Gap::Line } else { Gap::Same };
    }

    /// Puts an expression in its canonical form: the string alone, without an object around it, and with quotes where
    /// it is a number or a truth value.
    pub(crate) fn unwrap_expression(&mut self) {
        self.unwrap("expression");
        if let Kind::Scalar { written, text: None } = &self.value.kind {
            let quoted = json_string(written);
            self.value.kind = Kind::Scalar { text: Some(written.clone()), written: quoted.into() };
        }
    }

    /// Puts the value of a member of its object in place of the object. The comments of the rest stay with it.
    pub(crate) fn unwrap(&mut self, key: &str) {
        let Some(object) = self.value.object_mut() else { return };
        let Some(at) = object.position(key) else { return };
        let mut after = Vec::new();
        let mut value = None;
        let open = mem::take(&mut object.open);
        let entries = mem::take(&mut object.entries);
        let end = mem::take(&mut object.end);
        let scalar = entries.get(at).is_some_and(|entry| matches!(entry.value.kind, Kind::Scalar { .. }));
        let mut open = if scalar {
            open.into_iter().for_each(|comment| self.add_before(comment));
            Vec::new()
        } else {
            open
        };
        for (index, entry) in entries.into_iter().enumerate() {
            let before = entry.before.into_iter().chain(entry.inner);
            if index > at {
                after.extend(before);
            } else {
                before.for_each(|comment| self.add_before(comment));
            }
            if index < at {
                entry.after.into_iter().for_each(|comment| self.add_before(comment));
            } else {
                after.extend(entry.after);
            }
            if index == at {
                value = Some(entry.value);
            }
        }
        after.extend(end);
        self.after.splice(0..0, after);
        if let Some(value) = value {
            self.value = value;
        }
        if let Kind::Block(block) = &mut self.value.kind {
            block.expanded |= !open.is_empty();
            open.append(&mut block.open);
            block.open = open;
        }
    }
}

impl Key<'_> {
    /// A key that was not in the text.
    pub(crate) fn new(text: &'static str) -> Self {
        Self { written: json_string(text).into(), text: text.into() }
    }
}
