//! Advice that a tool can carry out: changes of the text.

use crate::{
    source::{Sources, Span},
    text::{json_string, tidy},
};

/// A change that would fix what a diagnostic reports. Its message is one of the diagnostic's `help`, so that it is
/// shown even where a tool cannot apply the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in words.
    pub message: String,
    /// What to change.
    pub edits: Vec<Edit>,
}

/// A change at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What it replaces; empty where something is put in.
    pub span: Span,
    /// By what.
    pub change: EditKind,
}

/// What a place is replaced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditKind {
    /// This text, as it stands in the file.
    Text(String),
    /// One name by another. How a name is written depends on what it stands in: a whole string of JSON, a part
    /// of one, or no string at all.
    Name {
        /// The text there, perhaps followed by more.
        from: String,
        /// What is to stand there.
        to: String,
    },
}

/// An edit as an editor needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Fix {
    /// Replaces a place by a text.
    #[must_use]
    pub fn replace(message: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self {
            message: tidy(message.into()),
            edits: vec![Edit { span, change: EditKind::Text(text.into()) }],
        }
    }

    /// Replaces the name `from` at a place by another one.
    #[must_use]
    pub fn rename(
        message: impl Into<String>,
        span: Span,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Self {
        let change = EditKind::Name { from: from.into(), to: to.into() };
        Self { message: tidy(message.into()), edits: vec![Edit { span, change }] }
    }

    /// What the edits come to in these texts, in order of place; nothing if one cannot be made: a macro's tokens are
    /// no text to change, and a name may stand there in another form than expected.
    #[must_use]
    pub fn replacements(&self, sources: &Sources) -> Option<Vec<Replacement>> {
        let mut made: Vec<_> = self.edits.iter().map(|edit| edit.made(sources)).collect::<Option<_>>()?;
        crate::sorted::sort_by_key(&mut made, |replacement| replacement.span);
        let apart = made.windows(2).all(|pair| match pair {
            [a, b] => a.span.source != b.span.source || a.span.end <= b.span.start,
            _ => true,
        });
        (apart && !made.is_empty()).then_some(made)
    }
}

impl Edit {
    fn made(&self, sources: &Sources) -> Option<Replacement> {
        let span = self.span.plain();
        let source = sources.get(span.source);
        if !source.tokens.is_empty() || source.defect().is_some() {
            return None;
        }
        let written = source.text.get(span.start as usize..span.end as usize)?;
        match &self.change {
            EditKind::Text(text) => Some(Replacement { span, text: text.clone() }),
            EditKind::Name { from, to } => {
                if matches!(written.as_bytes(), [b'"', .., b'"'] | [b'\'', .., b'\'']) {
                    return Some(Replacement { span, text: json_string(to) });
                }
                let behind = written.strip_prefix(from.as_str())?;
                // A longer name is another one.
                let ends = !behind.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                let end = span.start + from.len() as u32;
                ends.then(|| Replacement { span: Span { end, ..span }, text: within_string(to) })
            }
        }
    }
}

/// A name as it stands within a string of JSON.
fn within_string(name: &str) -> String {
    let quoted = json_string(name);
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(str::to_owned).unwrap_or(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn sources(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let id = sources.add("a.csml", text);
        (sources, id)
    }

    fn renamed(text: &str, place: &str, from: &str, to: &str) -> Option<String> {
        let (sources, source) = sources(text);
        let start = text.find(place).unwrap();
        let span = Span::new(source, start as u32, (start + place.len()) as u32);
        let made = Fix::rename("m", span, from, to).replacements(&sources)?;
        let [made] = made.as_slice() else { panic!("{made:?}") };
        let mut changed = text.to_owned();
        changed.replace_range(made.span.start as usize..made.span.end as usize, &made.text);
        Some(changed)
    }

    #[test]
    fn names_are_written_as_their_place_needs_it() {
        assert_eq!(renamed(r#"["ab"]"#, r#""ab""#, "ab", "a\"c").as_deref(), Some(r#"["a\"c"]"#));
        assert_eq!(renamed(r#"["x + ab"]"#, "ab", "ab", "a\\c").as_deref(), Some(r#"["x + a\\c"]"#));
        // Written with an escape it is the same name.
        assert_eq!(renamed(r#"["\u0061b"]"#, r#""\u0061b""#, "ab", "c").as_deref(), Some(r#"["c"]"#));
        assert_eq!(renamed("[types]\nab = 1", "ab", "ab", "cd").as_deref(), Some("[types]\ncd = 1"));
        assert_eq!(renamed("x = 'ab'", "'ab'", "ab", "cd").as_deref(), Some("x = \"cd\""));
    }

    #[test]
    fn only_the_name_itself_is_replaced() {
        assert_eq!(renamed(r#"["ab(1)"]"#, "ab(1)", "ab", "c").as_deref(), Some(r#"["c(1)"]"#));
        assert_eq!(renamed(r#"["abc"]"#, "abc", "ab", "c"), None);
        assert_eq!(renamed(r#"["\u0061b + 1"]"#, r"\u0061b", "ab", "c"), None);
    }

    #[test]
    fn what_cannot_be_changed_is_no_fix() {
        let (sources, source) = sources("abc");
        let span = |start, end| Span::new(source, start, end);
        assert_eq!(Fix::replace("m", span(1, 9), "x").replacements(&sources), None);
        let mut fix = Fix::replace("m", span(0, 2), "x");
        fix.edits.extend(Fix::replace("m", span(1, 3), "y").edits);
        assert_eq!(fix.replacements(&sources), None);

        let (text, tokens) = crate::lay_out("{\"ab\": 1}".parse().unwrap());
        let mut sources = Sources::new();
        let source = sources.add_tokens("src/lib.rs", text, tokens);
        let span = Span::new(source, 1, 5);
        assert_eq!(Fix::replace("m", span, "x").replacements(&sources), None);
    }
}
