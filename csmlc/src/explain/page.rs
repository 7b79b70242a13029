//! The format of a page's file, and its parts.
//!
//! ````text
//! What it means, in one to three paragraphs.
//!
//! Specification: 2.0, State Machine States; docs/semantics.md#2-static-rules.
//!
//! ## Wrong
//!
//! ```csml
//! a complete description
//! ```
//!
//! ## Right
//!
//! ```csml
//! the same, fixed
//! ```
//! ````
//!
//! A paragraph `Also: CSML0306.` after the specification lists the other rules that the wrong example inevitably
//! breaks. Beside a block `csml` there may be one block `toml` for its `csml.toml`, and blocks `json NAME` for the
//! files that `csml.toml` names. A block `console` is a call of `csmlc eval`. A section without blocks describes an
//! example that is too large to show. References such as `docs/semantics.md#5-data` become links in `docs/diagnostics`.

use std::fmt;

/// The page of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What the rule means, and how to fix what breaks it.
    pub meaning: Vec<PagePart>,
    /// The sections of the specification, or of the documentation, that the rule follows.
    pub specification: String,
    /// The codes of the other rules that the wrong example breaks.
    pub also: Vec<String>,
    /// An example that breaks the rule.
    pub wrong: Vec<PagePart>,
    /// The same example, fixed.
    pub right: Vec<PagePart>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagePart {
    /// A paragraph, or a list of items that begin with `- `; on several lines.
    Prose(String),
    /// A block.
    Block(CodeBlock),
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock {
    /// Its language: the first word after the fence.
    pub language: String,
    /// The name of its file; empty if it has none.
    pub name: String,
    /// Its lines, each with a line break.
    pub text: String,
}

/// Why a text is not a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageError {
    /// The line, from 1; 0 if the error is about the whole page.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for PageError {}

impl Page {
    /// Parses the text of a page.
    ///
    /// # Errors
    /// If the text does not have the form that the module describes.
    pub fn parse(text: &str) -> Result<Self, PageError> {
        let mut page = Self {
            meaning: Vec::new(),
            specification: String::new(),
            also: Vec::new(),
            wrong: Vec::new(),
            right: Vec::new(),
        };
        let mut section = Section::Meaning;
        for (line, piece) in pieces(text)? {
            let part = match piece {
                Piece::Heading(heading) => {
                    section = section.next(&heading).ok_or_else(|| PageError {
                        line,
                        message: format!(
                            "unexpected heading `{heading}`; a page has `## Wrong` and then `## Right`"
                        ),
                    })?;
                    continue;
                }
                Piece::Part(part) => part,
            };
            match section {
                Section::Meaning => page.meaning_part(line, part)?,
                Section::Wrong => page.wrong.push(part),
                Section::Right => page.right.push(part),
            }
        }
        page.complete(section)?;
        Ok(page)
    }

    fn meaning_part(&mut self, line: usize, part: PagePart) -> Result<(), PageError> {
        let PagePart::Prose(text) = &part else {
            self.meaning.push(part);
            return Ok(());
        };
        if let Some(said) = text.strip_prefix("Specification: ") {
            if !self.specification.is_empty() {
                return Err(PageError { line, message: "the specification is given twice".to_owned() });
            }
            self.specification = said.replace('\n', " ");
        } else if let Some(said) = text.strip_prefix("Also: ") {
            let codes = said.trim_end_matches('.').split(',').map(|code| code.trim().to_owned());
            self.also.extend(codes);
        } else if self.specification.is_empty() {
            self.meaning.push(part);
        } else {
            return Err(PageError { line, message: "text after the specification".to_owned() });
        }
        Ok(())
    }

    fn complete(&self, section: Section) -> Result<(), PageError> {
        let fault = |message: &str| Err(PageError { line: 0, message: message.to_owned() });
        if self.meaning.is_empty() {
            return fault("it does not say what the rule means");
        }
        if self.specification.is_empty() {
            return fault("there is no paragraph `Specification: …` before `## Wrong`");
        }
        if section != Section::Right {
            return fault("there is no section `## Right`");
        }
        for (name, parts) in [("Wrong", &self.wrong), ("Right", &self.right)] {
            let main = blocks(parts).filter(|block| matches!(block.language.as_str(), "csml" | "console"));
            match (main.count(), blocks(parts).count()) {
                _ if parts.is_empty() => return fault(&format!("the section `## {name}` is empty")),
                (0, 0) | (1, _) => {}
                (0, _) => return fault(&format!("`## {name}` has no block `csml` or `console`")),
                (_, _) => return fault(&format!("`## {name}` has more than one example")),
            }
            let known = |block: &&CodeBlock| match block.language.as_str() {
                "csml" | "console" | "toml" => block.name.is_empty(),
                "json" => !block.name.is_empty(),
                _ => false,
            };
            if let Some(block) = blocks(parts).find(|block| !known(block)) {
                let tag = format!("{} {}", block.language, block.name);
                let tag = tag.trim_end();
                return fault(&format!(
                    "a block `{tag}` in `## {name}`; a block is `csml`, `toml`, `json NAME` or `console`"
                ));
            }
        }
        if blocks(&self.wrong).next().is_some() && blocks(&self.right).next().is_none() {
            return fault("there is a wrong example, but no right one");
        }
        Ok(())
    }
}

/// The blocks among parts.
pub(super) fn blocks(parts: &[PagePart]) -> impl Iterator<Item = &CodeBlock> {
    parts.iter().filter_map(|part| match part {
        PagePart::Block(block) => Some(block),
        PagePart::Prose(_) => None,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Meaning,
    Wrong,
    Right,
}

impl Section {
    /// What a heading begins.
    fn next(self, heading: &str) -> Option<Self> {
        match (self, heading) {
            (Self::Meaning, "## Wrong") => Some(Self::Wrong),
            (Self::Wrong, "## Right") => Some(Self::Right),
            _ => None,
        }
    }
}

enum Piece {
    Heading(String),
    Part(PagePart),
}

/// The pieces between empty lines, each with the number of its first line.
fn pieces(text: &str) -> Result<Vec<(usize, Piece)>, PageError> {
    let mut pieces = Vec::new();
    let mut prose: Option<(usize, String)> = None;
    let mut open: Option<(usize, CodeBlock)> = None;
    for (line, content) in (1..).zip(text.lines()) {
        if let Some((start, mut block)) = open.take() {
            if content == "```" {
                pieces.push((start, Piece::Part(PagePart::Block(block))));
            } else {
                block.text.push_str(content);
                block.text.push('\n');
                open = Some((start, block));
            }
            continue;
        }
        let fence = content.strip_prefix("```");
        if (fence.is_some() || content.starts_with('#') || content.is_empty())
            && let Some((start, text)) = prose.take()
        {
            pieces.push((start, Piece::Part(PagePart::Prose(text))));
        }
        if let Some(tag) = fence {
            let (language, name) = tag.split_once(' ').unwrap_or((tag, ""));
            if language.is_empty() {
                return Err(PageError { line, message: "a block without a language".to_owned() });
            }
            let block =
                CodeBlock { language: language.to_owned(), name: name.to_owned(), text: String::new() };
            open = Some((line, block));
        } else if content.starts_with('#') {
            pieces.push((line, Piece::Heading(content.to_owned())));
        } else if !content.is_empty() {
            match &mut prose {
                None => prose = Some((line, content.to_owned())),
                Some((_, text)) => {
                    text.push('\n');
                    text.push_str(content);
                }
            }
        }
    }
    if let Some((line, _)) = open {
        return Err(PageError { line, message: "the block is never closed".to_owned() });
    }
    pieces.extend(prose.map(|(start, text)| (start, Piece::Part(PagePart::Prose(text)))));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Why.\nMore.\n\n- one\n- two\n\nSpecification: 2.0,\nVariable.\n\nAlso: CSML0306, CSML0311.\n\n\
        ## Wrong\n\nHere:\n\n```csml\n{\n}\n```\n\n```toml\na = 1\n```\n\n## Right\n\n```csml\n{}\n```\n";

    #[test]
    fn a_page_comes_apart() {
        for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n")] {
            let page = Page::parse(&text).unwrap();
            let prose = |text: &str| PagePart::Prose(text.to_owned());
            assert_eq!(page.meaning, [prose("Why.\nMore."), prose("- one\n- two")]);
            assert_eq!(page.specification, "2.0, Variable.");
            assert_eq!(page.also, ["CSML0306", "CSML0311"]);
            assert_eq!(page.wrong[0], prose("Here:"));
            let languages: Vec<_> = blocks(&page.wrong).map(|block| block.language.as_str()).collect();
            assert_eq!(languages, ["csml", "toml"]);
            assert_eq!(blocks(&page.wrong).next().unwrap().text, "{\n}\n");
            assert_eq!(blocks(&page.right).count(), 1);
        }
    }

    #[test]
    fn what_is_wrong_with_a_page_is_said() {
        for (from, to, expected) in [
            ("Why.\nMore.\n\n- one\n- two\n\n", "", "does not say what"),
            ("Specification: 2.0,\nVariable.\n\n", "", "no paragraph `Specification"),
            ("Also:", "And:", "line 10: text after the specification"),
            ("## Wrong", "## Bad", "line 12: unexpected heading `## Bad`"),
            ("## Right", "## Wrong", "unexpected heading `## Wrong`"),
            ("## Right\n\n```csml\n{}\n```\n", "", "no section `## Right`"),
            ("```csml\n{}\n```\n", "", "`## Right` is empty"),
            ("```csml\n{}\n```\n", "So.\n", "no right one"),
            ("```toml", "```csml", "more than one example"),
            ("```toml", "```python", "a block `python` in `## Wrong`"),
            ("```toml", "```json", "a block `json` in `## Wrong`"),
            ("```csml\n{}\n```", "```csml\n{}\n", "line 27: the block is never closed"),
            ("```toml", "```", "line 21: a block without a language"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = Page::parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
        }
    }
}
