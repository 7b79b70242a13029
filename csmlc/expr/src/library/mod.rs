//! The functions and methods expressions can call, as one table (docs/expressions/library.md).
//!
//! CONTRACT. The compiler types and generates calls from this table, the evaluator calls by name, and the
//! reference of the language is written from it. What an entry's `path` names lives in
//! `csml_rt_core::private` and takes, in this order: the receiver, the parameters, the instance's generator
//! if [`Entry::random`] (`&mut Rng`), and the place if [`Entry::fails`] (`Position`). It returns the result,
//! in a `Result<_, StepError>` if it fails.
//!
//! How values are passed: `Bool`, `Int` and `Float` by value, `Text` as `&str`, `Bytes` as `&Bytes`, lists as
//! `&[T]`, sets as `&BTreeSet<T>`, maps as `&BTreeMap<K, V>`, `Any` as `&Value`, and an [`Ty::Item`],
//! [`Ty::Key`] or [`Ty::Entry`] as `&T`, or owned if [`Entry::keeps`]. A receiver that [`Entry::changes`] is
//! `&mut Vec<T>`, `&mut BTreeSet<T>` or `&mut BTreeMap<K, V>`. Results are owned.

mod list;
mod map;
mod math;
mod scalars;
mod set;
mod standard;
mod text;

/// One function or method with one list of parameters. Several entries may share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it is called on, or where it is found.
    pub on: On,
    /// Its name.
    pub name: &'static str,
    /// Names and types of its parameters, the receiver aside.
    pub parameters: &'static [(&'static str, Ty)],
    /// The type of its result.
    pub result: Ty,
    /// The Rust function, below `csml_rt_core::private`, such as `text::substring`.
    pub path: &'static str,
    /// Whether it can end in a step error.
    pub fails: bool,
    /// Whether it changes its receiver.
    pub changes: bool,
    /// Whether items, keys and values are moved into the receiver or result.
    pub keeps: bool,
    /// Whether it draws random numbers.
    pub random: bool,
    /// What it does, a sentence for the reference.
    pub doc: &'static str,
    /// When it fails, a sentence for the reference; empty if it does not.
    pub errors: &'static str,
    /// An expression that calls it, and the text of its value or `error`, for the reference; checked by a test.
    pub example: (&'static str, &'static str),
}

/// What an entry is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// A function of a namespace.
    Namespace(&'static str),
    /// A method of strings.
    Text,
    /// A method of `bytes`.
    Bytes,
    /// A method of lists; [`Ty::Item`] is the type of their items.
    List,
    /// A method of sets; [`Ty::Item`] is the type of their elements.
    Set,
    /// A method of maps; [`Ty::Key`] and [`Ty::Entry`] are the types of their keys and values.
    Map,
    /// A method of integers.
    Int,
    /// A method of floats.
    Float,
    /// A method of truth values.
    Bool,
}

/// A type in the signature of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`; takes an `int` too.
    Float,
    /// `string`
    Text,
    /// `bytes`
    Bytes,
    /// The items of the receiver; of a function, a type of its own that all mentions share.
    Item,
    /// The keys of the receiver.
    Key,
    /// The values of the receiver.
    Entry,
    /// The receiver's own type.
    Receiver,
    /// `list<T>`
    List(&'static Ty),
    /// `set<T>`
    Set(&'static Ty),
    /// `option<T>`
    Option(&'static Ty),
    /// Anything, untyped.
    Any,
    /// Nothing of interest: `null`.
    Null,
}

impl Entry {
    /// An entry that has nothing but where it stands; the tables fill in the rest.
    const fn on(on: On) -> Self {
        Self {
            on,
            name: "",
            parameters: &[],
            result: Ty::Null,
            path: "",
            fails: false,
            changes: false,
            keeps: false,
            random: false,
            doc: "",
            errors: "",
            example: ("", ""),
        }
    }
}

/// All entries: methods by their receiver, then functions by their namespace.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    const GROUPS: [&[Entry]; 7] = [
        text::ENTRIES,
        list::ENTRIES,
        set::ENTRIES,
        map::ENTRIES,
        scalars::ENTRIES,
        math::ENTRIES,
        standard::ENTRIES,
    ];
    GROUPS.into_iter().flatten()
}

/// Entries of this name that are methods, whatever they are called on.
pub fn methods(name: &str) -> impl Iterator<Item = &'static Entry> {
    entries().filter(move |entry| entry.name == name && !matches!(entry.on, On::Namespace(_)))
}

/// Entries of this name in a namespace.
pub fn functions(namespace: &str, name: &str) -> impl Iterator<Item = &'static Entry> {
    entries().filter(move |entry| {
        entry.name == name && matches!(entry.on, On::Namespace(known) if known == namespace)
    })
}

/// The namespaces.
pub const NAMESPACES: [&str; 3] = ["math", "std", "utility"];

/// Names of the functions in a namespace, for suggestions.
pub fn function_names(namespace: &str) -> Vec<&'static str> {
    let namespace = NAMESPACES.into_iter().find(|known| *known == namespace);
    namespace.map_or_else(Vec::new, |namespace| names_on(On::Namespace(namespace)))
}

/// Names of the methods of a kind of receiver, for suggestions.
pub fn names_on(on: On) -> Vec<&'static str> {
    names(entries().filter(|entry| entry.on == on))
}

/// Names of all methods, for suggestions where the receiver is not known.
pub fn method_names() -> Vec<&'static str> {
    names(entries().filter(|entry| !matches!(entry.on, On::Namespace(_))))
}

/// Each name once, sorted.
fn names(entries: impl Iterator<Item = &'static Entry>) -> Vec<&'static str> {
    let mut names: Vec<_> = entries.map(|entry| entry.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
