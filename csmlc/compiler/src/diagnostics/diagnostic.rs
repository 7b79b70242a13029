//! The compiler's messages as data; `render` draws them.

use crate::{
    diagnostics::{
        fix::Fix,
        provenance::{Link, Vias},
    },
    lists::PushAll,
    source::{Span, Via},
    text::{shown, tidy},
};

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The description compiles, but probably does not do what was intended.
    Warning,
    /// The description does not compile.
    Error,
}

/// A rule: one kind of diagnostic. Each is declared in a file of its own or with the pass that reports it.
#[derive(Debug)]
pub struct Rule {
    /// Its code, such as `CSML0203`. Blocks: 00 reading, 01 syntax, 02 names and structure, 03 rules of the
    /// language, 04 expressions, 05 types, 06 type annotations and the project file, 09 internal.
    pub code: &'static str,
    /// Its name for flags, such as `unreachable-state`.
    pub name: &'static str,
    /// Its severity unless set otherwise.
    pub severity: Severity,
    /// Whether it is a rule of the 2.0 text that `--strict` turns into an error.
    pub strict: bool,
    /// Whether it is an error that a project may lower: what breaks it has a meaning all the same.
    pub lowerable: bool,
    /// What it means, in a few sentences, with the section of the specification.
    pub explanation: &'static str,
}

impl Rule {
    /// A rule whose violation is an error.
    #[must_use]
    pub const fn error(code: &'static str, name: &'static str, explanation: &'static str) -> Self {
        Self { code, name, severity: Severity::Error, strict: false, lowerable: false, explanation }
    }

    /// A rule whose violation is a warning.
    #[must_use]
    pub const fn warning(code: &'static str, name: &'static str, explanation: &'static str) -> Self {
        Self { code, name, severity: Severity::Warning, strict: false, lowerable: false, explanation }
    }

    /// A rule whose violation is an error unless a project lowers its level.
    #[must_use]
    pub const fn lowerable(code: &'static str, name: &'static str, explanation: &'static str) -> Self {
        Self { lowerable: true, ..Self::error(code, name, explanation) }
    }

    /// A warning that `--strict` turns into an error, as the 2.0 text says "must".
    #[must_use]
    pub const fn strict(code: &'static str, name: &'static str, explanation: &'static str) -> Self {
        Self { code, name, severity: Severity::Warning, strict: true, lowerable: false, explanation }
    }

    /// Whether `written` is its code or name. Case does not matter, nor does `_` for `-`; the digits of a code are
    /// enough, without the zeros before them too, and it may be written as in a message: `error[CSML0203]`.
    #[must_use]
    pub fn is_called(&self, written: &str) -> bool {
        let bare = written.trim();
        let bare =
            bare.strip_suffix(']').and_then(|rest| rest.split_once('[')).map_or(bare, |(_, code)| code);
        let digits = match bare.split_at_checked(CODE.len()) {
            Some((prefix, digits)) if prefix.eq_ignore_ascii_case(CODE) => digits,
            _ => bare,
        };
        let number = |digits: &str| {
            let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<u16>().ok())
        };
        let own = self.code.get(CODE.len()..).and_then(number);
        self.name.eq_ignore_ascii_case(&bare.replace('_', "-")) || (own.is_some() && own == number(digits))
    }
}

/// What every code begins with.
const CODE: &str = "CSML";

/// A place with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark; may be empty for the primary place.
    pub text: String,
}

/// One message about one place.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule it comes from.
    pub rule: &'static Rule,
    /// Its severity after `--strict`, `--allow`, `--warn` and `--deny`.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Related places.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
    /// Advice of `help` that a tool can carry out.
    pub fixes: Vec<Fix>,
    /// Why, or what follows.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A message of `rule` about `span`.
    #[must_use]
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: tidy(message.into()),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// With a remark at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = tidy(text.into());
        self
    }

    /// With a related place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: tidy(text.into()) });
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(tidy(text.into()));
        self
    }

    /// With advice, if there is any.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help.push_all(text.map(tidy));
        self
    }

    /// With advice that a tool can carry out: replace the text at `span` by `text`.
    #[must_use]
    pub fn fix(self, message: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.with_fix(Fix::replace(message, span, text))
    }

    /// With `did you mean …?` about the unknown name `name` at `span`, if there is a similar known name. The text at
    /// `span` may continue after the name.
    #[must_use]
    pub fn did_you_mean(self, span: Span, name: &str, near: Option<&str>) -> Self {
        match near {
            Some(near) => {
                self.with_fix(Fix::rename(format!("did you mean {}?", shown(near)), span, name, near))
            }
            None => self,
        }
    }

    /// With advice that a tool can carry out.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.help.push(fix.message.clone());
        self.fixes.push(fix);
        self
    }

    /// With an explanation.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(tidy(text.into()));
        self
    }
}

/// Diagnostics in the order they were found.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    vias: Vias,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// All, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.list.iter_mut()
    }

    /// Whether a search for advice is still worth its time: a generated text with thousands of errors needs none.
    #[must_use]
    pub fn advises(&self) -> bool {
        const MOST_ADVISED: usize = 200;
        self.list.len() < MOST_ADVISED
    }

    /// Notes how copies of a text come to where they count.
    pub(crate) fn link(&mut self, link: Link) -> Via {
        self.vias.add(link)
    }

    /// Puts them in order of place and drops repetitions. What concerns a text that a machine inherits, or that is
    /// used by name, is said once, with the places through which it came.
    pub fn sort(&mut self) {
        crate::sorted::sort_by(&mut self.list, |a, b| {
            let key = |of: &Diagnostic| (of.primary.span.plain(), of.rule.code, of.primary.span.via);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.vias.settle(&mut self.list);
        crate::sorted::sort_by(&mut self.list, |a, b| {
            (a.primary.span, a.rule.code, &a.message).cmp(&(b.primary.span, b.rule.code, &b.message))
        });
        self.list.dedup_by(|a, b| {
            a.primary.span == b.primary.span && a.rule.code == b.rule.code && a.message == b.message
        });
    }

    /// `None` if an error is among them: the pipeline stops between two phases.
    #[must_use]
    pub fn stop_on_errors(&self) -> Option<()> {
        (!self.has_errors()).then_some(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
