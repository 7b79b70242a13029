//! Named actions and guards: which definition a name stands for, from the machine outwards.

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    syntax::tree::{Action, Definition, Guard},
    text::Text,
};

/// A definition found by name.
#[derive(Debug)]
pub(super) struct FoundDefinition<'a, T> {
    /// The action or guard itself, never a reference.
    pub(super) item: &'a T,
    /// The scope in which it is defined, and in which names within it are looked up.
    pub(super) depth: usize,
}

// Not derived: what is found need not be `Copy` itself.
impl<T> Copy for FoundDefinition<'_, T> {}

impl<T> Clone for FoundDefinition<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// The definitions of one machine. Those with errors have a name and nothing else.
pub(super) type Definitions<'a, T> = SortedMap<&'a str, Option<FoundDefinition<'a, T>>>;

/// What may be named.
pub(super) trait Named {
    /// What it refers to, if it is a reference.
    fn refers_to(&self) -> Option<Reference<'_>>;
}

/// A reference to something named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference<'a> {
    /// The name.
    pub(super) name: &'a Text,
    /// Whether it may mean something else where there is no such name.
    pub(super) optional: bool,
}

impl Named for Action {
    fn refers_to(&self) -> Option<Reference<'_>> {
        match self {
            Self::Reference(name) => Some(Reference { name, optional: false }),
            Self::Inline(_) => None,
        }
    }
}

impl Named for Guard {
    fn refers_to(&self) -> Option<Reference<'_>> {
        match self {
            Self::Reference(name) => Some(Reference { name, optional: false }),
            Self::Plain(name) => Some(Reference { name, optional: true }),
            Self::Expression(_) => None,
        }
    }
}

/// What is wrong with definitions.
#[derive(Debug)]
pub(super) enum Problem<'a> {
    /// A name is defined again.
    Twice { first: &'a Text, again: &'a Text },
    /// A definition refers to itself in the end.
    Cycle { name: &'a Text },
    /// A definition refers to an unknown name.
    Unknown { name: &'a Text },
}

/// Resolves the definitions of one machine, each once. `outer` finds names of the machines around it.
pub(super) fn resolve<'a, T: Named>(
    definitions: &'a [Definition<T>],
    depth: usize,
    outer: impl Fn(&str) -> Option<Option<FoundDefinition<'a, T>>>,
    mut problem: impl FnMut(Problem<'a>),
) -> Definitions<'a, T> {
    let mut by_name: SortedMap<&str, &Definition<T>> = SortedMap::new();
    for definition in definitions {
        let first = *by_name.entry(definition.name.as_str()).or_insert(definition);
        if !std::ptr::eq(first, definition) {
            problem(Problem::Twice { first: &first.name, again: &definition.name });
        }
    }
    let mut resolved: Definitions<'a, T> = SortedMap::new();
    for definition in definitions {
        let mut path = SortedSet::new();
        let mut next = definition.name.as_str();
        let result = loop {
            if let Some(known) = resolved.get(next) {
                break *known;
            }
            let Some(item) = by_name.get(next).and_then(|found| found.item.as_ref()) else {
                break None;
            };
            path.insert(next);
            let itself = Some(FoundDefinition { item, depth });
            let Some(Reference { name, optional }) = item.refers_to() else {
                break itself;
            };
            next = name.as_str();
            if path.contains(next) {
                problem(Problem::Cycle { name });
                break None;
            }
            if by_name.contains_key(next) {
                continue;
            }
            match outer(next) {
                Some(known) => break known,
                None if optional => break itself,
                None => {
                    problem(Problem::Unknown { name });
                    break None;
                }
            }
        };
        resolved.insert(definition.name.as_str(), result);
        for name in path {
            resolved.insert(name, result);
        }
    }
    resolved
}
