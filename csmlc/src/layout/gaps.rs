//! The gaps between the values of a text: comments, line breaks, and the punctuation around them.

use super::tree::{Comment, Gap};

/// What a stretch of text between two values holds.
#[derive(Debug)]
pub(super) struct Between<'a> {
    /// Its comments.
    pub(super) comments: Vec<Comment<'a>>,
    /// How many of them stand before a comma or colon; all if there is none.
    pub(super) before_mark: usize,
    /// The gap between the last of them, or the value before, and the value after.
    pub(super) gap: Gap,
}

/// Parses the gap between two values, or a bracket and a value.
pub(super) fn between(text: &str, start: u32, end: u32) -> Between<'_> {
    let (start, end) = (start as usize, end as usize);
    let stretch = text.get(start..end).unwrap_or_default();
    let mut found = Between { comments: Vec::new(), before_mark: usize::MAX, gap: Gap::Same };
    let mut lines = 0;
    let mut at = 0;
    while let Some(rest) = stretch.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest.as_bytes() {
            [b'/', b'/', ..] => rest.find('\n').unwrap_or(rest.len()),
            [b'/', b'*', ..] => rest.find("*/").map_or(rest.len(), |end| end + 2),
            [b'\n', ..] => {
                lines += 1;
                found.gap = found.gap.max(if lines > 1 { Gap::Blank } else { Gap::Line });
                at += 1;
                continue;
            }
            // The lines before and after a comma do not make an empty one together.
            [b',' | b':', ..] => {
                found.before_mark = found.comments.len();
                lines = 0;
                at += 1;
                continue;
            }
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        found.comments.push(Comment {
            gap: found.gap,
            text: rest.get(..length).unwrap_or(rest).trim_end(),
            indent: indent(text, start + at),
        });
        found.gap = Gap::Same;
        lines = 0;
        at += length;
    }
    found.before_mark = found.before_mark.min(found.comments.len());
    found
}

/// The blanks before byte `at`, if nothing else stands before it on its line.
fn indent(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let before = before.get(line..)?;
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    before.chars().all(|c| matches!(c, ' ' | '\t')).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> (Vec<(Gap, &str)>, usize, Gap) {
        let found = between(text, 0, text.len() as u32);
        let comments = found.comments.iter().map(|comment| (comment.gap, comment.text)).collect();
        (comments, found.before_mark, found.gap)
    }

    #[test]
    fn comments_and_line_breaks_are_found() {
        let text = " // a \r\n , /* b */\n\n\t/* c\n */ ";
        let comments = vec![(Gap::Same, "// a"), (Gap::Line, "/* b */"), (Gap::Blank, "/* c\n */")];
        assert_eq!(seen(text), (comments, 1, Gap::Same));
        assert_eq!(seen(" \n \n\n"), (vec![], 0, Gap::Blank));
    }

    #[test]
    fn a_comma_on_a_line_of_its_own_leaves_no_empty_line() {
        assert_eq!(seen("\n,\n"), (vec![], 0, Gap::Line));
        assert_eq!(seen(",\n\n"), (vec![], 0, Gap::Blank));
    }

    #[test]
    fn a_comment_knows_the_indentation_of_its_line() {
        let text = "1 // a\n \t// b\n/* c */ /* d */";
        let found = between(text, 1, text.len() as u32);
        let indents: Vec<_> = found.comments.iter().map(|comment| comment.indent).collect();
        assert_eq!(indents, [None, Some(" \t"), Some(""), None]);
    }
}
