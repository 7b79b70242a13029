//! A JSON tree, and its text in different styles: blanks, comments, commas at the end.

use super::dice::Dice;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// A number, a truth value or `null`, as it is written.
    Raw(&'static str),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// A text.
pub(crate) fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}

/// An object of these members.
pub(crate) fn object(members: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

impl Json {
    /// Adds a member to an object.
    pub(crate) fn put(&mut self, key: &str, value: Self) {
        if let Self::Object(members) = self {
            members.push((key.to_owned(), value));
        }
    }

    /// Whether an object has a key.
    pub(crate) fn has(&self, key: &str) -> bool {
        matches!(self, Self::Object(members) if members.iter().any(|(known, _)| known == key))
    }

    /// The value of a key of an object.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => {
                members.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Adds a list to an object, unless it is empty.
    pub(crate) fn put_list(&mut self, key: &str, items: Vec<Self>) {
        if !items.is_empty() {
            self.put(key, Self::List(items));
        }
    }

    /// How many values there are in it, itself included.
    pub(crate) fn size(&self) -> usize {
        1 + match self {
            Self::Raw(_) | Self::Text(_) => 0,
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.size()).sum(),
        }
    }

    /// The value of a number among those in it, in order of the text, itself first.
    pub(crate) fn nth(&mut self, number: usize) -> Option<&mut Self> {
        if number == 0 {
            return Some(self);
        }
        let mut left = number - 1;
        let values: Vec<&mut Self> = match self {
            Self::Raw(_) | Self::Text(_) => Vec::new(),
            Self::List(items) => items.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        };
        for value in values {
            let size = value.size();
            if left < size {
                return value.nth(left);
            }
            left -= size;
        }
        None
    }

    /// Its text.
    pub(crate) fn print(&self, dice: &mut Dice) -> String {
        let mut printer = Printer { out: String::new(), dice, comments: false, compact: false };
        printer.comments = printer.dice.once_in(3);
        printer.compact = printer.dice.once_in(8);
        printer.value(self, 0);
        printer.out.push('\n');
        printer.out
    }
}

struct Printer<'d> {
    out: String,
    dice: &'d mut Dice,
    comments: bool,
    compact: bool,
}

impl Printer<'_> {
    fn value(&mut self, value: &Json, depth: usize) {
        match value {
            Json::Raw(raw) => self.out.push_str(raw),
            Json::Text(text) => self.quoted(text),
            Json::List(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, depth + 1);
                    self.value(item, depth + 1);
                }
                self.close(items.is_empty(), depth);
                self.out.push(']');
            }
            Json::Object(members) => {
                self.out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.separate(index, depth + 1);
                    self.quoted(key);
                    self.out.push_str(if self.compact { ":" } else { ": " });
                    self.value(value, depth + 1);
                }
                self.close(members.is_empty(), depth);
                self.out.push('}');
            }
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }

    fn separate(&mut self, index: usize, depth: usize) {
        if index > 0 {
            self.out.push(',');
        }
        self.line(depth);
        if self.comments && self.dice.once_in(12) {
            self.out.push_str(self.dice.word(&["/* a comment */ ", "/* ä 😀 \" */", "// the rest\n"]));
        }
    }

    fn close(&mut self, empty: bool, depth: usize) {
        if !empty && self.comments && self.dice.once_in(6) {
            self.out.push(',');
        }
        if !empty {
            self.line(depth);
        }
    }

    fn line(&mut self, depth: usize) {
        if !self.compact {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_order_of_the_text() {
        let mut tree =
            object([("a", Json::List(vec![text("x"), text("y")])), ("b", object([("c", Json::Raw("1"))]))]);
        assert_eq!(tree.size(), 6);
        assert_eq!(tree.nth(3), Some(&mut text("y")));
        assert_eq!(tree.nth(5), Some(&mut Json::Raw("1")));
        assert_eq!(tree.nth(6), None);
    }
}
