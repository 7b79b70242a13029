//! The interactive prompt of `csmlc eval`.

use rustyline::{
    Context, Editor, Helper,
    completion::Completer,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::MemHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};

use csml_rt_core::Printable;

use super::{
    super::{failure::Failure, report},
    session::{Failed, Session},
};

const HELP: &str = "\
An expression prints its value; `x = 1` sets a variable for the lines that follow, `var x = 1` only for its own.
  :vars        the variables and their values
  :type EXPR   the type of a value; variables stay as they are
  :help        this help
  :quit        quit; so does Ctrl-D
Ctrl-C drops the line. A line with an open bracket continues on the next. Variables change only if a line succeeds.
";

const COMMANDS: [&str; 4] = [":help", ":quit", ":type", ":vars"];

/// Answers lines until the user leaves.
pub(super) fn run(mut session: Session) -> Result<(), Failure> {
    let broken = |error: ReadlineError| Failure::message(format!("the prompt failed: {error}"));
    let mut editor =
        Editor::<Words, MemHistory>::with_history(rustyline::Config::default(), MemHistory::new())
            .map_err(broken)?;
    report::result(b"csmlc eval; `:help` for help, Ctrl-D to quit\n")?;
    loop {
        let variables = session.variables.keys().cloned();
        editor.set_helper(Some(Words(
            COMMANDS.iter().map(|word| (*word).to_owned()).chain(variables).collect(),
        )));
        let line = match editor.readline("> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(broken(error)),
        };
        if line.trim().is_empty() {
            continue;
        }
        editor.add_history_entry(line.as_str()).map_err(broken)?;
        match respond(&mut session, &line) {
            Reply::Text(text) => report::result(text.as_bytes())?,
            Reply::Failed(failed) => report::diagnostic(&failed.sources, &failed.diagnostic),
            Reply::Unknown(message) => report::error(&message),
            Reply::Leave => return Ok(()),
        }
    }
}

enum Reply {
    Text(String),
    Failed(Failed),
    Unknown(String),
    Leave,
}

fn respond(session: &mut Session, line: &str) -> Reply {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match word {
        ":help" => Reply::Text(HELP.to_owned()),
        ":quit" => Reply::Leave,
        ":vars" => {
            let lines = session
                .variables
                .iter()
                .map(|(name, value)| format!("{name} = {}\n", Printable(&value.to_json())));
            Reply::Text(lines.collect())
        }
        ":type" => match session.clone().evaluate("<prompt>", rest.as_bytes().to_vec()) {
            Ok(value) => Reply::Text(format!("{}\n", value.kind())),
            Err(failed) => Reply::Failed(failed),
        },
        word if word.starts_with(':') => {
            Reply::Unknown(format!("unknown command `{word}`; the commands are {}", COMMANDS.join(", ")))
        }
        _ => match session.evaluate("<prompt>", line.as_bytes().to_vec()) {
            Ok(value) => Reply::Text(format!("{}\n", Printable(&value.to_json()))),
            Err(failed) => Reply::Failed(failed),
        },
    }
}

/// What can be completed.
struct Words(Vec<String>);

impl Helper for Words {}
impl Highlighter for Words {}
impl Hinter for Words {
    type Hint = String;
}

impl Completer for Words {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = line.get(..at).unwrap_or_default();
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | ':');
        let start = before.trim_end_matches(inside).len();
        let word = before.get(start..).unwrap_or_default();
        let words = self.0.iter().filter(|known| !word.is_empty() && known.starts_with(word));
        Ok((start, words.cloned().collect()))
    }
}

impl Validator for Words {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if is_open(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

/// Whether a bracket, template string or comment is open at the end.
fn is_open(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\'' | '"' | '`' => {
                let mut ended = false;
                while let Some(inner) = characters.next() {
                    match inner {
                        '\\' => drop(characters.next()),
                        inner if inner == c => {
                            ended = true;
                            break;
                        }
                        _ => {}
                    }
                }
                // A string ends on its line; one that does not is a mistake to be shown.
                if !ended {
                    return c == '`';
                }
            }
            '/' if characters.peek() == Some(&'/') => while characters.next_if(|c| *c != '\n').is_some() {},
            '#' if characters.peek() == Some(&'#') => while characters.next_if(|c| *c != '\n').is_some() {},
            '/' if characters.peek() == Some(&'*') => {
                characters.next();
                let mut star = false;
                loop {
                    match characters.next() {
                        None => return true,
                        Some('/') if star => break,
                        Some(c) => star = c == '*',
                    }
                }
            }
            _ => {}
        }
    }
    depth > 0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn text(session: &mut Session, line: &str) -> String {
        match respond(session, line) {
            Reply::Text(text) => text,
            Reply::Failed(failed) => format!("error: {}", failed.diagnostic.message),
            Reply::Unknown(message) => message,
            Reply::Leave => "left".to_owned(),
        }
    }

    #[test]
    fn variables_stay_from_line_to_line() {
        let mut session = Session::new(BTreeMap::new(), 1, 1_000);
        assert_eq!(text(&mut session, "x = [1, 2]"), "[1,2]\n");
        assert_eq!(text(&mut session, "  x.add(3); x"), "[1,2,3]\n");
        assert_eq!(text(&mut session, "x.clear(); 1 / 0"), "error: division by zero");
        assert_eq!(text(&mut session, ":vars"), "x = [1,2,3]\n");
        assert_eq!(text(&mut session, ":type x = 'a'"), "string\n");
        assert_eq!(text(&mut session, ":type x"), "list\n");
        assert!(text(&mut session, "xx").contains("unknown variable"));
        assert!(text(&mut session, ":wat").contains("unknown command `:wat`"));
        assert_eq!(text(&mut session, ":quit"), "left");
    }

    #[test]
    fn lines_go_on_where_brackets_are_open() {
        for text in ["(1 +", "[1, [2]", "while (true) {", "/* a", "`a", "`a${", "f('(',"] {
            assert!(is_open(text), "{text}");
        }
        for text in ["", "1", "(1)", "'('", "\"[\\\"{\"", "1 // (", "## {", "/* ( */ 1", "'(", ")", "1 / 2"] {
            assert!(!is_open(text), "{text}");
        }
    }
}
