//! Arguments of `csml!`: a description, as the path of a file or inline, and options `key = value`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use super::{annotations, level_arguments, literal};
use crate::{
    diagnostics::levels::{Level, Levels},
    lists::Gather,
    project::{AnnotationKind, CallSettings},
    request::Config,
    vocabulary::ChoicePolicy,
};

/// What `csml!` was called with.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) description: DescriptionArgument,
    /// `mod = name`
    pub(super) module: Option<String>,
    /// `crate = path`
    pub(super) runtime: Option<String>,
    /// `app = bool`
    pub(super) app: Option<bool>,
    /// `strict = bool`, `allow = [ … ]`, `warn = [ … ]`, `deny = [ … ]`
    pub(super) levels: Levels,
    /// `config = "file"` or `config = false`
    pub(super) config: Option<Config>,
    /// `types = { … }`, `schemas = { … }`, `functions = { … }`, `choice = policy`, `loop_limit = number`
    pub(super) extras: CallSettings,
}

/// Where the description is.
#[derive(Debug)]
pub(super) enum DescriptionArgument {
    /// In a file.
    File { path: String, span: Span },
    /// Here.
    Inline(Group),
}

/// Why a call cannot be understood.
#[derive(Debug)]
pub(super) struct ArgumentError {
    pub(super) span: Span,
    pub(super) message: String,
}

const OPTIONS: &str = "`mod = name`, `crate = path::to::csml_rt`, `app = false`, `strict = true`, \
                       `allow = [rule, \"rule\"]`, `warn = [ … ]`, `deny = [ … ]`, `config = \"csml.toml\"`, `types = { … }`, `schemas = { … }`, `functions = { … }`, \
                       `choice = first`, `loop_limit = 1000`";

impl Arguments {
    pub(super) fn parse(input: TokenStream) -> Result<Self, ArgumentError> {
        let mut found = ParsedArguments::default();
        for argument in split(input) {
            found.argument(&argument)?;
        }
        let description = found.description.ok_or_else(|| {
            error(Span::call_site(), "a description is missing: `csml!(\"file.csml\")` or `csml!({ … })`")
        })?;
        Ok(Self {
            description,
            module: found.module,
            runtime: found.runtime,
            app: found.app,
            levels: match found.strict {
                Some(strict) => found.levels.strict(strict),
                None => found.levels,
            },
            config: found.config,
            extras: found.extras,
        })
    }
}

impl Arguments {
    /// What can be understood of a call in error: its description, the module's name, and whether it has an
    /// application.
    pub(super) fn understood(
        input: TokenStream,
    ) -> (Option<DescriptionArgument>, Option<String>, Option<bool>) {
        let mut found = ParsedArguments::default();
        for argument in split(input) {
            // What is wrong has been reported.
            if found.argument(&argument).is_err()
                && let [first @ (TokenTree::Literal(_) | TokenTree::Group(_)), ..] = argument.as_slice()
            {
                let _ = found.argument(std::slice::from_ref(first));
            }
        }
        (found.description, found.module, found.app)
    }
}

#[derive(Default)]
struct ParsedArguments {
    description: Option<DescriptionArgument>,
    module: Option<String>,
    runtime: Option<String>,
    app: Option<bool>,
    strict: Option<bool>,
    levels: Levels,
    allow: Option<()>,
    warn: Option<()>,
    deny: Option<()>,
    config: Option<Config>,
    extras: CallSettings,
    types: Option<()>,
    schemas: Option<()>,
    functions: Option<()>,
}

impl ParsedArguments {
    fn argument(&mut self, tokens: &[TokenTree]) -> Result<(), ArgumentError> {
        match tokens {
            [TokenTree::Literal(path)] => {
                let value = literal::string_value(&path.to_string())
                    .ok_or_else(|| error(path.span(), "expected the path of a description as a string"))?;
                let span = path.span();
                set(
                    &mut self.description,
                    DescriptionArgument::File { path: value, span },
                    span,
                    "description",
                )
            }
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => set(
                &mut self.description,
                DescriptionArgument::Inline(group.clone()),
                group.span_open(),
                "description",
            ),
            [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
                self.option(&key.to_string(), key.span(), value)
            }
            [TokenTree::Literal(first), TokenTree::Punct(colon), ..] if colon.as_char() == ':' => {
                Err(error(first.span(), "an inline description keeps its own braces: `csml!({ … })`"))
            }
            [TokenTree::Literal(_) | TokenTree::Group(_), next, ..] => {
                Err(error(next.span(), "expected `,` before the next option"))
            }
            [first, ..] => Err(error(
                first.span(),
                format!("expected a path, an inline description or an option: {OPTIONS}"),
            )),
            [] => Err(error(Span::call_site(), "unexpected comma")),
        }
    }

    fn option(&mut self, key: &str, at: Span, value: &[TokenTree]) -> Result<(), ArgumentError> {
        let span = value.first().map_or(at, TokenTree::span);
        match key {
            "mod" => set(&mut self.module, ident(value, span)?, at, key),
            "crate" => set(&mut self.runtime, path(value, span)?, at, key),
            "app" => set(&mut self.app, boolean(value, span)?, at, key),
            "strict" => set(&mut self.strict, boolean(value, span)?, at, key),
            "allow" => {
                set(&mut self.allow, (), at, key)?;
                level_arguments::set(&mut self.levels, Level::Allow, value, span)
            }
            "warn" => {
                set(&mut self.warn, (), at, key)?;
                level_arguments::set(&mut self.levels, Level::Warn, value, span)
            }
            "deny" => {
                set(&mut self.deny, (), at, key)?;
                level_arguments::set(&mut self.levels, Level::Deny, value, span)
            }
            "config" => set(&mut self.config, config(value, span)?, at, key),
            "choice" => set(&mut self.extras.choice, choice(value, span)?, at, key),
            "loop_limit" => set(&mut self.extras.loop_limit, rounds(value, span)?, at, key),
            "types" => {
                set(&mut self.types, (), at, key)?;
                annotations::table(AnnotationKind::Type, value, span, &mut self.extras)
            }
            "schemas" => {
                set(&mut self.schemas, (), at, key)?;
                annotations::table(AnnotationKind::Schema, value, span, &mut self.extras)
            }
            "functions" => {
                set(&mut self.functions, (), at, key)?;
                annotations::table(AnnotationKind::Function, value, span, &mut self.extras)
            }
            _ => Err(error(at, format!("unknown option `{key}`; the options are {OPTIONS}"))),
        }
    }
}

/// Tokens between top-level commas. One comma at the end is allowed. What a `macro_rules` variable stands
/// for comes in an invisible group, which is opened.
pub(super) fn split(input: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut arguments = vec![Vec::new()];
    for token in visible(input) {
        match (&token, arguments.last_mut()) {
            (TokenTree::Punct(comma), _) if comma.as_char() == ',' => arguments.push(Vec::new()),
            (_, Some(last)) => last.push(token),
            (_, None) => {}
        }
    }
    if arguments.last().is_some_and(Vec::is_empty) {
        arguments.pop();
    }
    arguments
}

fn visible(input: TokenStream) -> Vec<TokenTree> {
    input
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => visible(group.stream()),
            token => vec![token],
        })
        .gather()
}

fn set<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Result<(), ArgumentError> {
    if slot.is_some() {
        return Err(error(span, format!("`{what}` is given twice")));
    }
    *slot = Some(value);
    Ok(())
}

fn ident(value: &[TokenTree], span: Span) -> Result<String, ArgumentError> {
    match value {
        [TokenTree::Ident(ident)]
            if ["self", "Self", "super", "crate", "_"].iter().any(|word| ident == word) =>
        {
            Err(error(span, format!("`{ident}` cannot name a module")))
        }
        [TokenTree::Ident(ident)] => Ok(ident.to_string()),
        _ => Err(error(span, "expected a module name: `mod = name`")),
    }
}

fn boolean(value: &[TokenTree], span: Span) -> Result<bool, ArgumentError> {
    match value {
        [TokenTree::Ident(ident)] if ident == "true" => Ok(true),
        [TokenTree::Ident(ident)] if ident == "false" => Ok(false),
        _ => Err(error(span, "expected `true` or `false`")),
    }
}

fn config(value: &[TokenTree], span: Span) -> Result<Config, ArgumentError> {
    let file = match value {
        [TokenTree::Ident(ident)] if ident == "false" => return Ok(Config::None),
        [TokenTree::Literal(file)] => literal::string_value(&file.to_string()),
        _ => None,
    };
    let file = file.map(|file| Config::File(file.into()));
    file.ok_or_else(|| error(span, "expected the path of a project file as a string, or `false`"))
}

/// `first` or `"first"`
fn choice(value: &[TokenTree], span: Span) -> Result<ChoicePolicy, ArgumentError> {
    let word = match value {
        [TokenTree::Ident(word)] => Some(word.to_string()),
        [TokenTree::Literal(word)] => literal::string_value(&word.to_string()),
        _ => None,
    };
    let policy = word.and_then(|word| ChoicePolicy::named(&word));
    policy.ok_or_else(|| error(span, "expected `exclusive` or `first`: `choice = first`"))
}

fn rounds(value: &[TokenTree], span: Span) -> Result<u64, ArgumentError> {
    let number = match value {
        [TokenTree::Literal(number)] => {
            let digits = number.to_string().replace('_', "");
            digits.strip_suffix("u64").unwrap_or(&digits).parse().ok()
        }
        _ => None,
    };
    number
        .filter(|rounds| *rounds > 0)
        .ok_or_else(|| error(span, "expected a number of iterations, at least 1"))
}

/// A path `a::b`, `::a::b` or `crate::a`, as text.
fn path(value: &[TokenTree], span: Span) -> Result<String, ArgumentError> {
    let wrong = || error(span, "expected a path: `crate = path::to::csml_rt`");
    let mut text = String::new();
    let mut name_expected = false;
    for token in value {
        match token {
            TokenTree::Punct(colon) if colon.as_char() == ':' => {
                text.push(':');
                name_expected = true;
            }
            TokenTree::Ident(ident) if text.is_empty() || text.ends_with("::") => {
                text.push_str(&ident.to_string());
                name_expected = false;
            }
            _ => return Err(wrong()),
        }
    }
    if text.is_empty() || name_expected || text.contains(":::") || text.contains('$') {
        return Err(wrong());
    }
    Ok(text)
}

pub(super) fn error(span: Span, message: impl Into<String>) -> ArgumentError {
    ArgumentError { span, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Rule, Severity};

    fn parse(text: &str) -> Result<Arguments, String> {
        Arguments::parse(text.parse().unwrap()).map_err(|error| error.message)
    }

    #[test]
    fn a_file() {
        let arguments = parse(r#""machines/railway.csml""#).unwrap();
        assert!(matches!(
            arguments.description,
            DescriptionArgument::File { path, .. } if path == "machines/railway.csml"
        ));
        assert_eq!(arguments.module, None);
        assert_eq!(arguments.app, None);
    }

    #[test]
    fn options_in_any_place() {
        let arguments =
            parse(r#"mod = gate, "x.csml", crate = ::a::rt, app = false, strict = true,"#).unwrap();
        assert_eq!(arguments.module.as_deref(), Some("gate"));
        assert_eq!(arguments.runtime.as_deref(), Some("::a::rt"));
        assert_eq!(arguments.app, Some(false));
        assert_eq!(arguments.levels.severity(&STRICT), Some(Severity::Error));
    }

    static STRICT: Rule = Rule::strict("CSML9901", "test", "A rule of tests.");

    #[test]
    fn levels() {
        let severity = |options: &str, rule: &str| {
            let arguments = parse(&format!("\"x.csml\", {options}")).unwrap();
            arguments.levels.severity(crate::rules::find(rule).unwrap())
        };
        let unread = "unread-variable";
        assert_eq!(severity("allow = unread_variable", unread), None);
        assert_eq!(
            severity("allow = 308", "event-data-shape"),
            severity("allow = CSML0308", "event-data-shape")
        );
        assert_eq!(severity("deny = [309, \"310\"]", "csml0310"), Some(Severity::Error));
        assert_eq!(severity("allow = [\"unread-variable\", event_data_shape]", unread), None);
        assert_eq!(severity("deny = all, warn = [CSML0311,]", unread), Some(Severity::Warning));
        assert_eq!(severity("deny = all, warn = [CSML0311]", "event-data-shape"), Some(Severity::Error));
        assert_eq!(severity("strict = false", "unreachable-state"), Some(Severity::Warning));
        assert_eq!(severity("allow = []", unread), Some(Severity::Warning));
    }

    #[test]
    fn annotations() {
        let arguments = parse(
            r#""x.csml", types = { "a/b" = crate::Reading, "$c" = "Vec<i64>", }, schemas = { "e" = "e.json" },
               functions = { "geo:far(float) -> bool" = crate::far }, config = "a/csml.toml", loop_limit = 1_000"#,
        )
        .unwrap();
        assert_eq!(arguments.config, Some(Config::File("a/csml.toml".into())));
        assert_eq!(arguments.extras.loop_limit, Some(1000));
        for word in ["first", "\"first\""] {
            let arguments = parse(&format!("\"x.csml\", choice = {word}")).unwrap();
            assert_eq!(arguments.extras.choice, Some(ChoicePolicy::First));
        }
        let mut sources = crate::source::Sources::new();
        let files = crate::tests::descriptions::MemoryFiles::from([("e.json", "{}")]);
        let mut diagnostics = crate::diagnostics::Diagnostics::new();
        let (annotations, files) = arguments.extras.annotations(&mut sources, &files, &mut diagnostics);
        let types: Vec<_> = annotations
            .types
            .iter()
            .map(|annotation| (&*annotation.of.text, &*annotation.rust.text))
            .collect();
        assert_eq!(types, [("a/b", "crate::Reading"), ("$c", "Vec<i64>")]);
        assert_eq!(annotations.functions[0].rust.text, "crate::far");
        assert_eq!(files, [std::path::Path::new("e.json")]);
        assert_eq!(parse(r#""x", config = false"#).unwrap().config, Some(Config::None));
    }

    #[test]
    fn inline() {
        let arguments = parse(r#"mod = r#match, { "name": "x", "a": [1, 2] }"#).unwrap();
        assert!(matches!(arguments.description, DescriptionArgument::Inline(_)));
        assert_eq!(arguments.module.as_deref(), Some("r#match"));
        assert_eq!(parse("{}, crate = crate::rt").unwrap().runtime.as_deref(), Some("crate::rt"));
    }

    #[test]
    fn mistakes_are_explained() {
        for (text, expected) in [
            ("", "a description is missing"),
            ("mod = x", "a description is missing"),
            (r#""a", "b""#, "`description` is given twice"),
            (r#""a", {}"#, "`description` is given twice"),
            (r#""a", mod = x, mod = y"#, "`mod` is given twice"),
            (r#""a", module = x"#, "unknown option `module`; the options are `mod = name`"),
            (r#""a", app = maybe"#, "expected `true` or `false`"),
            (r#""a", mod = a::b"#, "expected a module name"),
            (r#""a", crate = a:b"#, "expected a path: `crate"),
            (r#""a", crate = a::"#, "expected a path: `crate"),
            (r#""a", crate = "#, "expected a path: `crate"),
            (r#""name": "x""#, "keeps its own braces"),
            ("1", "expected the path of a description as a string"),
            ("a.csml", "expected a path, an inline description"),
            (r#""a",,"#, "unexpected comma"),
            (r#""a" mod = x"#, "expected `,`"),
            ("{} app = false", "expected `,`"),
            (r#""a", config = x"#, "expected the path of a project file"),
            (r#""a", loop_limit = 0"#, "at least 1"),
            (r#""a", choice = last"#, "expected `exclusive` or `first`"),
            (r#""a", choice = first, choice = first"#, "`choice` is given twice"),
            (r#""a", types = 1"#, "expected `{ \"name\" = type, … }`"),
            (r#""a", types = { x = i64 }"#, "expected a name as a string"),
            (r#""a", types = { "x" }"#, "expected `=`"),
            (r#""a", types = { "x" = }"#, "expected a type"),
            (r#""a", schemas = { "x" = i64 }"#, "expected the path of a schema"),
            (r#""a", functions = { "x" = }"#, "expected a path"),
            (r#""a", types = {}, types = {}"#, "`types` is given twice"),
            (r#""a", allow = unread_variabel"#, "`allow`: there is no rule `unread_variabel`; did you mean"),
            (r#""a", warn = ["duplicate-key"]"#, "is an error of the language and cannot be set to warn"),
            (r#""a", deny = 1.5"#, "expected the name of a rule"),
            (r#""a", deny = 9999"#, "there is no rule `9999`"),
            (r#""a", deny = [a b]"#, "expected `,`"),
            (r#""a", deny = [,]"#, "unexpected comma"),
            (r#""a", deny = unread-variable"#, "put a name with `-` in quotes"),
            (r#""a", deny = all, deny = all"#, "`deny` is given twice"),
            (r#""a", allow(all)"#, "`allow = [rule, \"rule\"]`"),
            (r#""a", mod = self"#, "`self` cannot name a module"),
            (r#""a", mod = _"#, "`_` cannot name a module"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
