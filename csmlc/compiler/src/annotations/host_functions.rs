//! Host functions that expressions can call: `geo:distance(float, float) -> float!`.
//!
//! A signature has a namespace of its own, a name, parameter types of the expression language, optionally with
//! names (`from: float`), and a result: a type, with `!` behind it if the Rust function returns a
//! `Result<_, impl Display>`, or nothing for one that returns `()`.

use std::sync::Arc;

use crate::{
    annotations::{Annotations, FunctionAnnotation, annotation_rules::BAD_FUNCTION, normal_path},
    diagnostics::{Diagnostic, Diagnostics, suggest::did_you_mean},
    expr::HostArities,
    text::shown,
    types::{HostFunction, Type},
};

/// Namespaces of the language.
const TAKEN: [&str; 3] = ["math", "std", "utility"];

/// The host functions of one compilation, in the order of their declaration.
#[derive(Debug, Clone, Default)]
pub struct HostFunctions {
    list: Vec<Arc<HostFunction>>,
}

impl HostFunctions {
    /// Reads the declarations; of two with one name the later one counts. Reports what is wrong with them.
    #[must_use]
    pub fn new(annotations: &Annotations, diagnostics: &mut Diagnostics) -> Self {
        let mut found = Self::default();
        for annotation in &annotations.functions {
            if let Some(function) = declared(annotation, diagnostics) {
                found
                    .list
                    .retain(|other| (&other.namespace, &other.name) != (&function.namespace, &function.name));
                found.list.push(Arc::new(function));
            }
        }
        found
    }

    /// The function of this name.
    #[must_use]
    pub fn find(&self, namespace: Option<&str>, name: &str) -> Option<&Arc<HostFunction>> {
        let namespace = namespace?;
        self.list.iter().find(|function| function.namespace == namespace && function.name == name)
    }

    /// Names of all, with their namespaces.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.list.iter().map(|function| function.full_name())
    }

    /// How many parameters each has, by its full name.
    #[must_use]
    pub fn arities(&self) -> HostArities {
        self.list.iter().map(|function| (function.full_name(), function.parameters.len())).collect()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &HostFunction> {
        self.list.iter().map(|function| &**function)
    }
}

fn declared(annotation: &FunctionAnnotation, diagnostics: &mut Diagnostics) -> Option<HostFunction> {
    let signature = SignatureParser::new(&annotation.signature.text).signature();
    if let Err(fault) = &signature {
        let span = annotation.signature.part(fault.start, fault.end);
        let diagnostic = Diagnostic::new(&BAD_FUNCTION, span, fault.message.clone());
        diagnostics.push(diagnostic.maybe_help(fault.help.clone()));
    }
    let path = normal_path(&annotation.rust.text);
    if let Err(fault) = &path {
        let message =
            format!("{} is not the path of a function: {}", shown(&annotation.rust.text), fault.message);
        let diagnostic = Diagnostic::new(&BAD_FUNCTION, annotation.rust.span, message);
        diagnostics.push(diagnostic.maybe_help(fault.help.clone()));
    }
    let Signature { namespace, name, parameters, result, fails } = signature.ok()?;
    Some(HostFunction {
        namespace,
        name,
        parameters,
        result,
        fails,
        path: path.ok()?,
        span: annotation.rust.span,
    })
}

struct Signature {
    namespace: String,
    name: String,
    parameters: Vec<Type>,
    result: Option<Type>,
    fails: bool,
}

/// What is wrong with a signature, and where.
struct Fault {
    start: usize,
    end: usize,
    message: String,
    help: Option<String>,
}

/// Levels of `list<option<…>>`, as many as inference has.
const MAX_LEVELS: usize = 8;
/// Parameters of one function.
const MAX_PARAMETERS: usize = 32;

struct SignatureParser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> SignatureParser<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, what: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn fault(&self, start: usize, end: usize, message: impl Into<String>) -> Fault {
        Fault { start, end, message: message.into(), help: None }
    }

    fn expected(&mut self, what: &str) -> Fault {
        self.blanks();
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        let found = match self.rest().get(..length) {
            None | Some("") => "the end".to_owned(),
            Some(found) => shown(found),
        };
        self.fault(self.at, self.at + length, format!("expected {what}, found {found}"))
    }

    fn needs(&mut self, what: &str, description: &str) -> Result<(), Fault> {
        if self.takes(what) { Ok(()) } else { Err(self.expected(description)) }
    }

    /// A name as expressions have them.
    fn word(&mut self) -> Option<&'t str> {
        self.blanks();
        let rest = self.rest();
        let fits = |c: char, first: bool| {
            c.is_alphabetic() || matches!(c, '_' | '$') || (!first && c.is_alphanumeric())
        };
        let end = rest.char_indices().find(|(at, c)| !fits(*c, *at == 0)).map_or(rest.len(), |(at, _)| at);
        self.at += end;
        rest.get(..end).filter(|word| !word.is_empty())
    }

    fn name(&mut self, what: &str) -> Result<String, Fault> {
        match self.word() {
            Some(word) => Ok(word.to_owned()),
            None => Err(self.expected(what)),
        }
    }

    fn signature(&mut self) -> Result<Signature, Fault> {
        self.blanks();
        let start = self.at;
        let namespace = self.name("a namespace, as in `geo:distance(float) -> float`")?;
        if TAKEN.contains(&namespace.as_str()) {
            let message = format!("the namespace `{namespace}` belongs to the language");
            let fault = self.fault(start, self.at, message);
            return Err(Fault { help: Some("choose another name".to_owned()), ..fault });
        }
        self.needs(":", "`:` and the name of the function")?;
        let name = self.name("the name of the function")?;
        self.needs("(", "`(`")?;
        let mut parameters = Vec::new();
        if !self.takes(")") {
            loop {
                if parameters.len() == MAX_PARAMETERS {
                    return Err(self.fault(self.at, self.at, "there are too many parameters"));
                }
                parameters.push(self.parameter()?);
                if self.takes(")") {
                    break;
                }
                self.needs(",", "`,` or `)`")?;
            }
        }
        let result = if self.takes("->") { Some(self.ty(MAX_LEVELS)?) } else { None };
        let fails = self.takes("!");
        self.blanks();
        match self.rest() {
            "" => Ok(Signature { namespace, name, parameters, result, fails }),
            _ if result.is_none() && !fails => Err(self.expected("`->`, `!` or the end")),
            _ => Err(self.expected("the end")),
        }
    }

    /// A type, with a name before it or without.
    fn parameter(&mut self) -> Result<Type, Fault> {
        let before = self.at;
        let named = self.word().is_some() && {
            self.blanks();
            self.rest().starts_with(':') && !self.rest().starts_with("::")
        };
        if named {
            self.takes(":");
        } else {
            self.at = before;
        }
        self.ty(MAX_LEVELS)
    }

    fn ty(&mut self, levels: usize) -> Result<Type, Fault> {
        self.blanks();
        let start = self.at;
        let Some(levels) = levels.checked_sub(1) else {
            return Err(self.fault(start, start, "the type is nested too deeply"));
        };
        let rooted = self.rest().starts_with("::");
        let word = if rooted { "" } else { self.word().unwrap_or_default() };
        if rooted || self.rest().starts_with("::") {
            return self.host_type(start);
        }
        match word {
            "bool" => Ok(Type::Bool),
            "int" => Ok(Type::Int),
            "float" => Ok(Type::Float),
            "string" => Ok(Type::Text),
            "bytes" => Ok(Type::Bytes),
            "dynamic" => Ok(Type::Dynamic),
            "list" | "set" | "option" => {
                self.needs("<", "`<`")?;
                let item_at = self.at;
                let mut item = self.ty(levels)?;
                if word == "set" {
                    item = self.key(item, item_at)?;
                }
                self.needs(">", "`>`")?;
                match word {
                    "list" => Ok(Type::List(Box::new(item))),
                    "set" => Ok(Type::Set(Box::new(item))),
                    _ if matches!(item, Type::Option(_) | Type::Dynamic) => Ok(item),
                    _ => Ok(Type::Option(Box::new(item))),
                }
            }
            "map" => {
                self.needs("<", "`<`")?;
                let key_at = self.at;
                let key = self.ty(levels)?;
                let key = self.key(key, key_at)?;
                self.needs(",", "`,` and the type of the values")?;
                let value = self.ty(levels)?;
                self.needs(">", "`>`")?;
                Ok(Type::Map(Box::new(key), Box::new(value)))
            }
            "" => Err(self.expected("a type")),
            unknown => {
                let help = rust_name(unknown).map(|own| format!("write `{own}`")).or_else(|| {
                    let known = ["bool", "int", "float", "string", "bytes", "dynamic", "list", "set", "map"];
                    did_you_mean(unknown, known.into_iter().chain(["option"]))
                });
                let message = format!("{} is not a type of the expression language", shown(unknown));
                Err(Fault { help, ..self.fault(start, self.at, message) })
            }
        }
    }

    fn key(&self, key: Type, start: usize) -> Result<Type, Fault> {
        match key {
            Type::Bool | Type::Int | Type::Text => Ok(key),
            _ => Err(self.fault(
                start,
                self.at,
                "keys and elements of sets are `bool`, `int` or `string` here",
            )),
        }
    }

    /// A path to a type of the user's.
    fn host_type(&mut self, start: usize) -> Result<Type, Fault> {
        while self.takes("::") {
            self.word();
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        match normal_path(text) {
            Ok(path) => Ok(Type::Host(path.into())),
            Err(unusable) => {
                let fault = self.fault(start, self.at, unusable.message);
                Err(Fault { help: unusable.help, ..fault })
            }
        }
    }
}

/// What the expression language calls a Rust type.
fn rust_name(name: &str) -> Option<&'static str> {
    match name {
        "i64" | "i32" | "u32" | "u64" | "usize" | "integer" | "long" => Some("int"),
        "f64" | "f32" | "double" | "number" => Some("float"),
        "String" | "str" | "text" => Some("string"),
        "boolean" => Some("bool"),
        "Vec" => Some("list<…>"),
        "Option" => Some("option<…>"),
        "any" | "Value" => Some("dynamic"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{annotations::AnnotationText, source::Sources};

    fn functions(signatures: &[&str]) -> (HostFunctions, Vec<String>) {
        let mut sources = Sources::new();
        let mut annotations = Annotations::default();
        let mut given = |text: &str| {
            let source = sources.add("x", format!("\"{text}\""));
            let span = crate::source::Span::new(source, 0, text.len() as u32 + 2);
            AnnotationText::new(text, span, &sources)
        };
        for signature in signatures {
            annotations
                .functions
                .push(FunctionAnnotation { signature: given(signature), rust: given("crate::f") });
        }
        let mut diagnostics = Diagnostics::new();
        let found = HostFunctions::new(&annotations, &mut diagnostics);
        let faults = diagnostics.iter().map(|fault| {
            let help: String = fault.help.iter().map(|help| format!("; {help}")).collect();
            format!("{}: {}{help}", sources.text(fault.primary.span), fault.message)
        });
        (found, faults.collect())
    }

    #[test]
    fn signatures_are_read() {
        let (found, faults) = functions(&[
            "geo:distance(float, to: float) -> float",
            "db:find(id: int, list<option<string>>) -> option<map<string, int>> !",
            "log:say(string)",
            "log:must()!",
            "a:b(crate::Reading, ::house::R) -> dynamic",
        ]);
        assert_eq!(faults, [""; 0]);
        let distance = found.find(Some("geo"), "distance").unwrap();
        assert_eq!(distance.parameters, [Type::Float, Type::Float]);
        assert!(!distance.fails);
        let find = found.find(Some("db"), "find").unwrap();
        assert_eq!(find.parameters[1].to_string(), "list<option<string>>");
        assert_eq!(find.result.as_ref().unwrap().to_string(), "option<map<string, int>>");
        assert!(find.fails);
        assert_eq!(found.find(Some("log"), "say").unwrap().result, None);
        assert!(found.find(Some("log"), "must").unwrap().fails);
        assert_eq!(found.find(Some("a"), "b").unwrap().parameters[1].to_string(), "::house::R");
        assert!(found.find(None, "say").is_none());
        assert_eq!(found.names().next().unwrap(), "geo:distance");
    }

    #[test]
    fn a_later_declaration_counts() {
        let (found, _) = functions(&["a:b(int)", "a:b(string)"]);
        assert_eq!(found.iter().count(), 1);
        assert_eq!(found.find(Some("a"), "b").unwrap().parameters, [Type::Text]);
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (signature, expected) in [
            ("", ": expected a namespace"),
            ("distance(float)", "(: expected `:`"),
            ("math:abs(int)", "math: the namespace `math` belongs to the language"),
            ("a:(int)", "(: expected the name"),
            ("a:b", ": expected `(`, found the end"),
            ("a:b(int", ": expected `,` or `)`"),
            ("a:b(i64)", "i64: `i64` is not a type of the expression language; write `int`"),
            ("a:b(strng)", "did you mean `string`?"),
            ("a:b(list)", "): expected `<`"),
            ("a:b(set<float>)", "float: keys"),
            ("a:b() - int", "-: expected `->`, `!` or the end"),
            ("a:b() -> int x", "x: expected the end"),
            ("a:b() ->", ": expected a type"),
            ("a:b(super::X)", "super::X: "),
        ] {
            let (_, faults) = functions(&[signature]);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{signature}: {faults:?}");
        }
        let deep = format!("a:b({}", "list<".repeat(100_000));
        assert!(functions(&[&deep]).1[0].contains("nested too deeply"));
    }
}
