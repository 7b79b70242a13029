//! A page as the command prints it.

use super::{
    Page, PageError, PagePart, advice,
    example::run,
    level,
    markdown::{drawn, file},
    page,
};
use csml_compiler::diagnostics::{Rule, render::Style};

/// The page of a rule for a terminal of this many columns, ending with a line break. Code is never broken.
///
/// # Errors
/// If the rule has no page, or the page is malformed.
pub fn to_text(rule: &Rule, style: Style, width: usize) -> Result<String, PageError> {
    let Page { meaning, specification, wrong, right, .. } = page(rule)?;
    let mut writer = Writer { out: String::new(), style, width };
    writer.heading(&format!("{} {}", rule.code, rule.name));
    writer.prose(&format!("Level: {}.", level(rule)), "");
    writer.gap();
    writer.prose(rule.explanation, "");
    writer.gap();
    writer.parts(&meaning, "");
    writer.prose(&format!("Specification: {specification}"), "");
    writer.gap();
    writer.heading("Wrong");
    writer.gap();
    writer.parts(&wrong, INDENT);
    if let Some(said) = run(&wrong) {
        writer.prose("The compiler says:", INDENT);
        writer.gap();
        writer.lines(&drawn(&said, style), INDENT);
        writer.gap();
    }
    writer.heading("Right");
    writer.gap();
    writer.parts(&right, INDENT);
    writer.heading("Its level");
    writer.gap();
    writer.prose(&advice(rule), INDENT);
    Ok(writer.out)
}

const INDENT: &str = "  ";

struct Writer {
    out: String,
    style: Style,
    width: usize,
}

impl Writer {
    fn gap(&mut self) {
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let line = match self.style {
            Style::Plain => text.to_owned(),
            Style::Color => format!("\x1b[1m{text}\x1b[0m"),
        };
        self.out.push_str(&line);
        self.gap();
    }

    fn parts(&mut self, parts: &[PagePart], indent: &str) {
        let several = parts.iter().filter(|part| matches!(part, PagePart::Block(_))).count() > 1;
        for part in parts {
            match part {
                PagePart::Prose(text) => self.prose(text, indent),
                PagePart::Block(block) => {
                    if let (true, Some(name)) = (several, file(&block.language, &block.name)) {
                        self.prose(&format!("`{name}`:"), indent);
                        self.gap();
                    }
                    self.lines(&block.text, &format!("{indent}{INDENT}"));
                }
            }
            self.gap();
        }
    }

    /// Lines as they are.
    fn lines(&mut self, text: &str, indent: &str) {
        for line in text.lines() {
            let line = if line.is_empty() { String::new() } else { format!("{indent}{line}") };
            self.out.push_str(&line);
            self.gap();
        }
    }

    /// A paragraph or the items of a list, wrapped to the width.
    fn prose(&mut self, text: &str, indent: &str) {
        if !text.starts_with("- ") {
            return self.paragraph(text, indent, indent);
        }
        let mut items: Vec<String> = Vec::new();
        for line in text.lines() {
            match (line.strip_prefix("- "), items.last_mut()) {
                (Some(item), _) => items.push(item.to_owned()),
                (None, Some(item)) => {
                    item.push(' ');
                    item.push_str(line);
                }
                (None, None) => {}
            }
        }
        for item in items {
            self.paragraph(&item, &format!("{indent}- "), &format!("{indent}{INDENT}"));
        }
    }

    fn paragraph(&mut self, text: &str, first: &str, indent: &str) {
        let mut line = first.to_owned();
        let mut length = line.chars().count();
        let mut empty = true;
        for word in words(text) {
            let wide = word.chars().count();
            if !empty && length + 1 + wide > self.width {
                self.out.push_str(&line);
                self.gap();
                line = indent.to_owned();
                length = line.chars().count();
                empty = true;
            }
            if !empty {
                line.push(' ');
                length += 1;
            }
            line.push_str(&self.word(&word));
            length += wide;
            empty = false;
        }
        self.out.push_str(&line);
        self.gap();
    }

    /// A word with its code coloured.
    fn word(&self, word: &str) -> String {
        if self.style == Style::Plain || !word.contains('`') {
            return word.to_owned();
        }
        let pieces = word.split('`').enumerate();
        pieces
            .map(|(index, piece)| match index % 2 {
                0 => piece.to_owned(),
                _ => format!("\x1b[36m`{piece}`\x1b[0m"),
            })
            .collect()
    }
}

/// Words of a text; code in backticks stays whole.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for piece in text.split_whitespace() {
        match words.last_mut() {
            Some(word) if open => {
                word.push(' ');
                word.push_str(piece);
            }
            _ => words.push(piece.to_owned()),
        }
        open ^= piece.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, style: Style, width: usize) -> String {
        let mut writer = Writer { out: String::new(), style, width };
        writer.prose(text, "  ");
        writer.out
    }

    #[test]
    fn prose_is_broken_between_words_and_outside_of_code() {
        let text = "Say `a b c` or\nnothing, `d e`.";
        assert_eq!(written(text, Style::Plain, 16), "  Say `a b c` or\n  nothing,\n  `d e`.\n");
        assert_eq!(written("x ``", Style::Plain, 1), "  x\n  ``\n");
    }

    #[test]
    fn items_of_a_list_are_indented() {
        let text = "- one two\n  three\n- four";
        assert_eq!(written(text, Style::Plain, 12), "  - one two\n    three\n  - four\n");
    }

    #[test]
    fn code_is_coloured() {
        assert_eq!(written("a (`b c`).", Style::Color, 80), "  a (\x1b[36m`b c`\x1b[0m).\n");
    }
}
