//! The functions and methods expressions can call, as one table (EXPRESSIONS, Namespaces).

use crate::ir::Function;

/// What a name calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A function with this many arguments.
    Known(Function, usize),
    /// Part of the language, but not of this compiler yet.
    NotYet,
}

const NOT_YET: Callee = Callee::NotYet;

/// Namespace, name, meaning.
const FUNCTIONS: &[(&str, &str, Callee)] = &[
    ("std", "randomPayload", Callee::Known(Function::RandomPayload, 1)),
    ("utility", "genRandPayload", Callee::Known(Function::RandomPayload, 1)),
    ("utility", "randomPayload", Callee::Known(Function::RandomPayload, 1)),
    ("std", "takeRandom", NOT_YET),
    ("std", "randomAround", NOT_YET),
    ("std", "repeat", NOT_YET),
    ("std", "seed", NOT_YET),
    ("utility", "takeRandom", NOT_YET),
    ("utility", "randomAround", NOT_YET),
    ("utility", "repeat", NOT_YET),
    ("utility", "seed", NOT_YET),
];

/// Methods of any type that are part of the language.
const METHODS: &[(&str, Callee)] = &[
    ("size", Callee::Known(Function::Size, 0)),
    ("length", Callee::Known(Function::Size, 0)),
    ("isEmpty", Callee::Known(Function::Empty, 0)),
    ("isBlank", NOT_YET),
    ("contains", NOT_YET),
    ("startsWith", NOT_YET),
    ("endsWith", NOT_YET),
    ("indexOf", NOT_YET),
    ("lastIndexOf", NOT_YET),
    ("substring", NOT_YET),
    ("toUpperCase", NOT_YET),
    ("toLowerCase", NOT_YET),
    ("trim", NOT_YET),
    ("strip", NOT_YET),
    ("replace", NOT_YET),
    ("split", NOT_YET),
    ("charAt", NOT_YET),
    ("concat", NOT_YET),
    ("repeat", NOT_YET),
    ("matches", NOT_YET),
    ("equals", NOT_YET),
    ("compareTo", NOT_YET),
    ("toString", NOT_YET),
    ("containsAll", NOT_YET),
    ("get", NOT_YET),
    ("set", NOT_YET),
    ("add", NOT_YET),
    ("addAll", NOT_YET),
    ("remove", NOT_YET),
    ("clear", NOT_YET),
    ("subList", NOT_YET),
    ("getOrDefault", NOT_YET),
    ("put", NOT_YET),
    ("putAll", NOT_YET),
    ("containsKey", NOT_YET),
    ("containsValue", NOT_YET),
    ("keySet", NOT_YET),
    ("values", NOT_YET),
    ("intValue", NOT_YET),
    ("doubleValue", NOT_YET),
];

/// The function of this name. Everything in `math:` is only to come.
pub(crate) fn function(namespace: Option<&str>, name: &str) -> Option<Callee> {
    let namespace = namespace?;
    let found = FUNCTIONS.iter().find(|entry| entry.0 == namespace && entry.1 == name);
    found.map(|entry| entry.2).or((namespace == "math").then_some(NOT_YET))
}

/// The method of this name, whatever it is called on.
pub(crate) fn method(name: &str) -> Option<Callee> {
    METHODS.iter().find(|entry| entry.0 == name).map(|entry| entry.1)
}
