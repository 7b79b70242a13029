//! Names that the text of a description mentions, read from a text of which anything may be wrong.

use crate::{
    diagnostics::suggest::suggest,
    sorted::{SortedMap, SortedSet},
};

/// What is found: each once, in order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MentionedNames {
    /// The description's own name.
    pub(crate) description: Option<String>,
    /// Names of machines, and of states among them.
    pub(crate) machines: Vec<String>,
    /// Names of anything: events are among them.
    pub(crate) all: Vec<String>,
    /// Services, and whether they take input.
    pub(crate) services: Vec<(String, bool)>,
}

impl MentionedNames {
    /// Reads a text, as far as it is one.
    pub(crate) fn of(text: &str) -> Self {
        // Other languages have no bracket around the whole.
        let mut reader = Reader { open: vec![Part::default()], ..Reader::default() };
        let mut rest = text;
        while let Some(token) = next(&mut rest) {
            reader.token(token);
        }
        while reader.open.len() > 1 {
            reader.close();
        }
        reader.value();
        let mut names = reader.names;
        names.description = names.description.or(reader.open.pop().and_then(|whole| whole.name));
        names.all.truncate(MOST_NAMES);
        names.machines.truncate(MOST_MACHINES);
        names
    }
}

/// An item for each costs rustc time.
const MOST_NAMES: usize = 1_000;
/// Each has a module that knows all the others.
const MOST_MACHINES: usize = 200;
/// Longer ones are no names.
const LONGEST: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Open(char),
    Close,
    Colon,
    Comma,
    Text(&'t str),
}

/// The next token; in quotes or not, as in the text of another language.
fn next<'t>(rest: &mut &'t str) -> Option<Token<'t>> {
    loop {
        let text = rest.trim_start();
        *rest = text;
        let first = text.chars().next()?;
        let after = text.get(first.len_utf8()..).unwrap_or_default();
        *rest = after;
        if text.starts_with("//") || first == '#' {
            *rest = after.find('\n').and_then(|end| after.get(end..)).unwrap_or_default();
            continue;
        }
        if text.starts_with("/*") {
            *rest = after.find("*/").and_then(|end| after.get(end + 2..)).unwrap_or_default();
            continue;
        }
        return Some(match first {
            '{' | '[' => Token::Open(first),
            '}' | ']' => Token::Close,
            ':' => Token::Colon,
            ',' => Token::Comma,
            '"' | '\'' => {
                let end = closing(after, first);
                *rest = after.get(end + 1..).unwrap_or_default();
                Token::Text(after.get(..end).unwrap_or_default())
            }
            _ if is_word(first) && !matches!(first, '-' | '.') => {
                let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
                *rest = text.get(end..).unwrap_or_default();
                Token::Text(text.get(..end).unwrap_or_default())
            }
            _ => continue,
        });
    }
}

/// Where a string ends: at its quote, or with its line.
fn closing(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '\n' || c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')
}

/// An object or list that is open.
#[derive(Debug, Default)]
struct Part {
    list: bool,
    /// The key that it is the value of, or that the list around it is.
    key: String,
    /// The key that is being read.
    current: String,
    name: Option<String>,
    service: Option<String>,
    input: bool,
    machine: bool,
}

#[derive(Debug, Default)]
struct Reader {
    open: Vec<Part>,
    /// The text before, which may prove to be a key.
    last: Option<String>,
    names: MentionedNames,
    known: SortedSet<String>,
    known_machines: SortedSet<String>,
    known_services: SortedMap<String, usize>,
}

impl Reader {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => {
                self.value();
                self.last = Some(text.to_owned());
            }
            Token::Colon => {
                if let (Some(key), Some(part)) = (self.last.take(), self.open.last_mut()) {
                    part.machine |= matches!(key.as_str(), "states" | "stateMachines" | "extends");
                    part.current = key;
                }
            }
            Token::Comma => self.value(),
            Token::Open(bracket) => {
                self.value();
                let around = self.open.last_mut();
                let key = around.map_or_else(String::new, |around| {
                    if is(&around.current, "input") {
                        around.input = true;
                    }
                    if around.list { around.key.clone() } else { around.current.clone() }
                });
                self.open.push(Part { list: bracket == '[', key, ..Part::default() });
            }
            Token::Close => self.close(),
        }
    }

    /// The text before was a value.
    fn value(&mut self) {
        let Some(text) = self.last.take() else { return };
        if text.is_empty() || text.chars().count() > LONGEST {
            return;
        }
        if text.chars().all(|c| is_word(c) || c == ' ' || c == ':' || c == '/')
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && self.known.insert(text.clone())
        {
            self.names.all.push(text.clone());
        }
        let Some(part) = self.open.last_mut() else { return };
        if is(&part.current, "name") && part.name.is_none() {
            part.name = Some(text);
        } else if is(&part.current, "serviceType") {
            part.service = Some(text);
        }
        part.current.clear();
    }

    fn close(&mut self) {
        self.value();
        if self.open.len() < 2 {
            return;
        }
        let Some(part) = self.open.pop() else { return };
        let machine = part.machine || matches!(part.key.as_str(), "stateMachines" | "states");
        if self.open.len() == 1 {
            self.names.description = self.names.description.take().or(part.name.clone());
        } else if let (true, Some(name)) = (machine, &part.name)
            && self.known_machines.insert(name.clone())
        {
            self.names.machines.push(name.clone());
        }
        if let Some(service) = part.service {
            let at = *self.known_services.entry(service.clone()).or_insert(self.names.services.len());
            if at == self.names.services.len() {
                self.names.services.push((service, false));
            }
            if let Some((_, input)) = self.names.services.get_mut(at) {
                *input |= part.input;
            }
        }
    }
}

/// Whether a key is this one, or this one misspelt.
fn is(written: &str, key: &'static str) -> bool {
    written == key || (!written.is_empty() && suggest(written, [key].into_iter()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{
        "name": "lamp", // with "stateMachines"
        "stateMachines": [{
            "name": "lamp switch", "localData": [{"name": "n", "value": "n + 1"}],
            "states": [
                {"name": "off", "entry": [{"type": "invoke", "serviceType": "dim", "input": [{"name": "level", "value": "1"}]}]},
                {"name": "on", "on": [{"event": "press", "target": "off"}]}
            ]
        }]
    }"#;

    #[test]
    fn names_are_found_wherever_the_text_ends() {
        let names = MentionedNames::of(WHOLE);
        assert_eq!(names.description.as_deref(), Some("lamp"));
        assert_eq!(names.machines, ["off", "on", "lamp switch"]);
        assert_eq!(names.services, [("dim".to_owned(), true)]);
        assert!(["lamp switch", "press", "dim"].iter().all(|name| names.all.iter().any(|all| all == name)));
        for end in 0..WHOLE.len() {
            let names = MentionedNames::of(WHOLE.get(..end).unwrap());
            assert_eq!(names.description.as_deref() == Some("lamp"), end >= 23, "{end}: {names:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_text_hides_little() {
        for (text, name) in [
            ("{'name': 'lamp'}", Some("lamp")),
            ("name: lamp\nstates:\n  - name: off", Some("lamp")),
            ("{name: lamp, states: []}", Some("lamp")),
            (r#"{"nmae": "lamp", "states": []}"#, Some("lamp")),
            (r#"{"name": "lamp, "states": []}"#, Some("lamp, ")),
            (r#"{"a": {"name": "x"}, "name": "lamp"}"#, Some("lamp")),
            (r#"{"version" "2.0", "name": "lamp",}}}]"#, Some("lamp")),
            (r#"{"name": 5}"#, Some("5")),
            ("", None),
            ("}]}", None),
        ] {
            assert_eq!(MentionedNames::of(text).description.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn any_text_is_read() {
        for text in ["\"", "'\\", "/*", "//", "{\"a\\", "[[[[", "é\"ü\\\"", "{:::,,,}"] {
            MentionedNames::of(text);
        }
        MentionedNames::of(&"{\"a\":[".repeat(100_000));
    }
}
