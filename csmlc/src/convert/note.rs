//! What stays although CSML 2.0 has no form for it.

use std::collections::BTreeMap;

use csml_compiler::source::{LineColumn, Source};

/// A remark on what was converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The first place that it is about.
    pub place: LineColumn,
    /// What stays, and why.
    pub message: String,
}

/// A kind of construct beyond CSML 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stays {
    /// `extends`, `abstract`, `virtual`
    Inheritance,
    /// Lists of named actions and guards
    Names,
    /// Timers with transitions in machines that inherit
    Timed,
    /// `match`
    Match,
    /// The channel `peripheral`, and the channel of a transition
    Channel,
}

/// What was met, with the first byte of the first of each kind.
#[derive(Debug, Default)]
pub(super) struct Met {
    stays: BTreeMap<Stays, u32>,
    /// Whether an action or guard is used by its name.
    pub(super) uses_names: bool,
}

impl Met {
    pub(super) fn add(&mut self, what: Stays, start: Option<u32>) {
        let start = start.unwrap_or_default();
        let first = self.stays.entry(what).or_insert(start);
        *first = start.min(*first);
    }

    /// Whether there is something that `flatten` writes out.
    pub(super) fn has_names(&self) -> bool {
        let written_out = [Stays::Inheritance, Stays::Names, Stays::Timed];
        self.uses_names || written_out.iter().any(|what| self.stays.contains_key(what))
    }

    /// A note for each kind that stays, in order of place.
    pub(super) fn notes(&self, source: &Source, flattened: bool) -> Vec<Note> {
        let stays =
            |what: &Stays| !(flattened && matches!(what, Stays::Inheritance | Stays::Names | Stays::Timed));
        let note = |(what, start): (&Stays, &u32)| Note {
            place: source.position(*start),
            message: message(*what).to_owned(),
        };
        let mut notes: Vec<_> = self.stays.iter().filter(|(what, _)| stays(what)).map(note).collect();
        notes.sort_by_key(|note| note.place);
        notes
    }
}

/// The note on a component whose data cannot keep their order.
pub(super) fn disordered(source: &Source, start: u32) -> Note {
    Note {
        place: source.position(start),
        message: "the data of this component are declared in another order than before: CSML 2.0 has one list for each \
                  kind, and no order of the lists puts every initial value after those it uses"
            .to_owned(),
    }
}

fn message(what: Stays) -> &'static str {
    match what {
        Stays::Inheritance => {
            "inheritance stays as it is: CSML 2.0 has none; `--flatten` writes out what machines inherit"
        }
        Stays::Names => {
            "named actions and guards stay in the lists of their machine, which CSML 2.0 does not have; `--flatten` \
             writes them out where they are used"
        }
        Stays::Timed => {
            "the transitions of timers stay in `after`, as machines inherit them: each machine needs an event of its \
             own; `--flatten` writes them out"
        }
        Stays::Match => "the action `match` stays as it is: CSML 2.0 has no such action",
        Stays::Channel => {
            "the channel `peripheral`, or the channel of a transition, stays as it is: CSML 2.0 has none"
        }
    }
}
