//! The words that are values of keywords, to compare what describes the language elsewhere with.

use crate::lists::Gather;
use std::mem::{Discriminant, discriminant};

use super::{
    action::{ActionType, TYPES},
    component::{CHANNELS, MEMORY_MODES, VERSIONS},
};

/// The spellings of `type`, those of one type together; without what is only recognised to be refused.
pub fn types() -> Vec<Vec<&'static str>> {
    let mut groups: Vec<(Discriminant<ActionType>, Vec<&'static str>)> = Vec::new();
    for (word, of) in TYPES {
        if matches!(of, ActionType::Lock) {
            continue;
        }
        match groups.iter_mut().find(|(other, _)| *other == discriminant(&of)) {
            Some((_, words)) => words.push(word),
            None => groups.push((discriminant(&of), vec![word])),
        }
    }
    groups.into_iter().map(|(_, words)| words).gather()
}

/// The values of `channel`.
pub fn channels() -> Vec<&'static str> {
    CHANNELS.iter().map(|(word, _)| *word).gather()
}

/// The values of `memoryMode`.
pub fn memory_modes() -> Vec<&'static str> {
    MEMORY_MODES.iter().map(|(word, _)| *word).gather()
}

/// The values of `version`.
pub fn versions() -> Vec<&'static str> {
    VERSIONS.to_vec()
}
