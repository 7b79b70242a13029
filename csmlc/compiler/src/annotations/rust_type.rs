//! Rust types as a user writes them in a type annotation.
//!
//! Own reading instead of `syn`, which the macro does not have: the grammar is paths and `<…>` only.

use crate::lists::Gather;
use proc_macro2::{TokenStream, TokenTree};

use crate::types::Type;

/// Why a text is no type that data can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Levels of `Vec<Option<…>>`, as many as inference has.
const MAX_LEVELS: usize = 8;

/// The type that a text means.
pub(super) fn parse(text: &str) -> Result<Type, Unusable> {
    let mut parser = TypeParser::new(text)?;
    let ty = parser.ty(MAX_LEVELS)?;
    parser.end()?;
    Ok(ty)
}

/// A path to an item of the user's as generated code can name it from any module: `crate::a::b` as it is, `a::b`
/// with `::` before it.
///
/// # Errors
/// If the text is no such path.
pub fn normal_path(text: &str) -> Result<String, Unusable> {
    let mut parser = TypeParser::new(text)?;
    let path = parser.path()?;
    parser.end()?;
    path.absolute()
}

/// A path without generic arguments.
struct RustPath {
    /// Whether it begins with `::`.
    rooted: bool,
    segments: Vec<String>,
}

impl RustPath {
    /// What the language calls it, if it is one of its own: the name within `std`.
    fn own(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [name] if !self.rooted && !RELATIVE.contains(&name.as_str()) => Some(name),
            [krate, .., name] if matches!(krate.as_str(), "std" | "core" | "alloc") => {
                OWN.contains(&name.as_str()).then_some(name)
            }
            [krate, name] if krate == "csml_rt" && matches!(name.as_str(), "Value" | "Bytes") => Some(name),
            _ => None,
        }
    }

    fn absolute(&self) -> Result<String, Unusable> {
        let path = self.segments.join("::");
        match self.segments.as_slice() {
            [first, _, ..] if first == "crate" && !self.rooted => Ok(path),
            [first, ..] if RELATIVE.contains(&first.as_str()) => Err(unusable(
                format!("`{path}` is a relative path, and generated code is elsewhere"),
                "write the path from the root of the crate: `crate::…`",
            )),
            [_] if !self.rooted => Err(unusable(
                format!("`{path}` is not a full path"),
                format!("write the full path, such as `crate::{path}`"),
            )),
            [_] => Err(unusable(
                format!("`::{path}` is a crate, not a type"),
                format!("write the path of the type: `::{path}::…`"),
            )),
            _ => Ok(format!("::{path}")),
        }
    }
}

/// Names that mean different things in different places.
const RELATIVE: &[&str] = &["crate", "self", "super", "Self"];

const OWN: &[&str] = &["String", "Vec", "Option", "BTreeMap", "BTreeSet"];

struct TypeParser {
    /// Reversed: the next one is the last.
    tokens: Vec<TokenTree>,
}

impl TypeParser {
    fn new(text: &str) -> Result<Self, Unusable> {
        let no_rust = |_| Unusable { message: "this is not valid Rust".to_owned(), help: None };
        let mut tokens: Vec<TokenTree> = text.parse::<TokenStream>().map_err(no_rust)?.into_iter().gather();
        tokens.reverse();
        Ok(Self { tokens })
    }

    fn takes(&mut self, c: char) -> bool {
        let found = matches!(self.tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
        if found {
            self.tokens.pop();
        }
        found
    }

    fn separator(&mut self) -> bool {
        self.takes(':') && self.takes(':')
    }

    fn expected(&self, what: &str) -> Unusable {
        let found = match self.tokens.last() {
            None => "the end".to_owned(),
            Some(TokenTree::Group(_)) => "a bracket".to_owned(),
            Some(token) => format!("`{token}`"),
        };
        Unusable { message: format!("expected {what}, found {found}"), help: None }
    }

    fn end(&self) -> Result<(), Unusable> {
        if self.tokens.is_empty() { Ok(()) } else { Err(self.expected("the end")) }
    }

    fn path(&mut self) -> Result<RustPath, Unusable> {
        let rooted = self.separator();
        let mut segments = Vec::new();
        loop {
            match self.tokens.last() {
                Some(TokenTree::Ident(ident)) => segments.push(ident.to_string()),
                _ => return Err(self.expected("a path such as `crate::Reading`")),
            }
            self.tokens.pop();
            if !self.separator() {
                return Ok(RustPath { rooted, segments });
            }
        }
    }

    fn ty(&mut self, levels: usize) -> Result<Type, Unusable> {
        let Some(levels) = levels.checked_sub(1) else {
            return Err(Unusable { message: "the type is nested too deeply".to_owned(), help: None });
        };
        let path = self.path()?;
        let mut arguments = Vec::new();
        let generic = self.takes('<');
        if generic {
            loop {
                arguments.push(self.argument(levels)?);
                if !self.takes(',') {
                    break;
                }
            }
            if !self.takes('>') {
                return Err(self.expected("`>`"));
            }
        }
        match (path.own(), arguments.as_slice()) {
            (Some("bool"), []) => Ok(Type::Bool),
            (Some("i64"), []) => Ok(Type::Int),
            (Some("f64"), []) => Ok(Type::Float),
            (Some("String"), []) => Ok(Type::Text),
            (Some("Bytes"), []) => Ok(Type::Bytes),
            (Some("Value"), []) if path.segments.len() > 1 => Ok(Type::Dynamic),
            (Some("Vec"), [Argument::Byte]) => Ok(Type::Bytes),
            (Some("Vec"), [Argument::Type(item)]) => Ok(Type::List(Box::new(item.clone()))),
            (Some("Option"), [Argument::Type(item)]) => match item {
                Type::Option(_) | Type::Dynamic => Ok(item.clone()),
                item => Ok(Type::Option(Box::new(item.clone()))),
            },
            (Some("BTreeSet"), [Argument::Type(item)]) => Ok(Type::Set(Box::new(key(item)?))),
            (Some("BTreeMap"), [Argument::Type(k), Argument::Type(value)]) => {
                Ok(Type::Map(Box::new(key(k)?), Box::new(value.clone())))
            }
            (Some(name), _) => Err(not_ours(name, generic)),
            (None, _) if generic => Err(unusable(
                "a type of your own cannot have `<…>` here",
                "name it with `pub type Name = …;` and use the name",
            )),
            (None, _) => Ok(Type::Host(path.absolute()?.into())),
        }
    }

    fn argument(&mut self, levels: usize) -> Result<Argument, Unusable> {
        if matches!(self.tokens.last(), Some(TokenTree::Ident(ident)) if ident == "u8") {
            self.tokens.pop();
            return Ok(Argument::Byte);
        }
        self.ty(levels).map(Argument::Type)
    }
}

/// The types between `<` and `>`.
enum Argument {
    /// `u8`, of which only `Vec` makes something.
    Byte,
    Type(Type),
}

/// Elements of sets and keys of maps need an order, which a type of the user's may not have.
fn key(ty: &Type) -> Result<Type, Unusable> {
    if ty.has_host() {
        return Err(unusable(
            "a type of your own cannot be a key or an element of a set",
            "use `String`, `i64` or `bool`, or give the whole collection a type of your own",
        ));
    }
    Ok(ty.clone())
}

/// Why a type that is not the language's is refused.
fn not_ours(name: &str, generic: bool) -> Unusable {
    let help = match name {
        "i8" | "i16" | "i32" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => {
            "integers of expressions have 64 bits: `i64`".to_owned()
        }
        "f32" => "floats of expressions have 64 bits: `f64`".to_owned(),
        "str" | "char" => "write `String`".to_owned(),
        "HashMap" => "write `BTreeMap`, whose order is the same in every run".to_owned(),
        "HashSet" => "write `BTreeSet`, whose order is the same in every run".to_owned(),
        "Vec" | "Option" | "BTreeSet" => format!("`{name}` takes one type between `<` and `>`"),
        "BTreeMap" => "`BTreeMap` takes two types between `<` and `>`".to_owned(),
        "Value" => "write `csml_rt::Value` for data of any type".to_owned(),
        "bool" | "i64" | "f64" | "String" if generic => format!("`{name}` takes no `<…>`"),
        _ => format!("write the full path, such as `crate::{name}`"),
    };
    unusable(format!("`{name}` is not a type of the expression language"), help)
}

fn unusable(message: impl Into<String>, help: impl Into<String>) -> Unusable {
    Unusable { message: message.into(), help: Some(help.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).to_string()
    }

    #[test]
    fn the_languages_own_types() {
        for (rust, own) in [
            ("bool", "bool"),
            ("i64", "int"),
            ("f64", "float"),
            ("String", "string"),
            ("::std::string::String", "string"),
            ("Vec<u8>", "bytes"),
            ("csml_rt::Bytes", "bytes"),
            ("Vec < Vec<i64> >", "list<list<int>>"),
            ("BTreeSet<String>", "set<string>"),
            ("std::collections::BTreeMap<String, Option<f64>>", "map<string, option<float>>"),
            ("Option<Option<bool>>", "option<bool>"),
            ("::csml_rt::Value", "dynamic"),
        ] {
            assert_eq!(shown(rust), own, "{rust}");
        }
    }

    #[test]
    fn types_of_the_users_are_paths_from_a_root() {
        assert_eq!(shown("crate::Reading"), "crate::Reading");
        assert_eq!(shown("house :: Reading"), "::house::Reading");
        assert_eq!(shown("std::time::Duration"), "::std::time::Duration");
        assert_eq!(shown("Vec<Option<crate::r#type::R>>"), "list<option<crate::r#type::R>>");
        assert!(parse("Vec<crate::R>").unwrap().has_host());
        assert_eq!(normal_path("a::b").unwrap(), "::a::b");
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, expected) in [
            ("Reading", "such as `crate::Reading`"),
            ("super::Reading", "`crate::…`"),
            ("crate", "`crate::…`"),
            ("::house", "`::house::…`"),
            ("u32", "`i64`"),
            ("f32", "`f64`"),
            ("HashMap<String, i64>", "`BTreeMap`"),
            ("Vec", "one type"),
            ("BTreeMap<String>", "two types"),
            ("crate::W<i64>", "pub type"),
            ("BTreeMap<crate::K, i64>", "`String`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.help.as_deref().unwrap_or_default().contains(expected), "{text}: {error:?}");
        }
        for text in
            ["", "&str", "(i64, i64)", "[u8; 4]", "Vec<", "Vec<i64", "i64 i64", "a:b", "\"", "crate::"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"Vec<".repeat(10_000)).is_err());
    }
}
