//! Text from outside in text for people: nothing in it may act on a terminal or change the order of what is read.

use core::fmt::{self, Display, Formatter, Write};

/// Whether a terminal would not show the character, or show it somewhere else: control characters, those that set the
/// direction of text, and those without any width.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Shows a text with the [invisible](is_invisible) characters escaped as in JSON, so that JSON stays JSON: on one line, and
/// with no effect but to be read.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a str);

impl Display for Printable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_invisible(*c)) {
            f.write_str(rest.get(..at).unwrap_or_default())?;
            escape(c, f)?;
            rest = rest.get(at + c.len_utf8()..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

fn escape(c: char, f: &mut impl Write) -> fmt::Result {
    match c {
        '\n' => return f.write_str("\\n"),
        '\r' => return f.write_str("\\r"),
        '\t' => return f.write_str("\\t"),
        _ => {}
    }
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        write!(f, "\\u{unit:04x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped() {
        for (text, shown) in [
            ("", ""),
            ("plain é 火 👍", "plain é 火 👍"),
            ("\u{1b}[2Jgone", "\\u001b[2Jgone"),
            ("a\nb\r\tc\u{7f}", "a\\nb\\r\\tc\\u007f"),
            ("\u{9b}31m", "\\u009b31m"),
            ("ab\u{202e}dc\u{2066}", "ab\\u202edc\\u2066"),
            ("\u{200b}\u{feff}", "\\u200b\\ufeff"),
            ("\u{e0041}", "\\udb40\\udc41"),
        ] {
            assert_eq!(Printable(text).to_string(), shown);
        }
    }
}
