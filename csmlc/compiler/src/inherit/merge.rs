//! What a derived machine makes of its base.

use super::{Inherit, inheritance_rules, is_abstract};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::Diagnostic,
    lists::{Gather, PushAll},
    syntax::tree::{Data, Definition, Flag, Machine, On, State, Variable, set},
    text::{Text, shown},
    vocabulary::Storage,
};

/// Most names that one message lists.
const MOST_LISTED: usize = 8;

impl Inherit<'_> {
    /// The derived machine with all it inherits but nested machines.
    pub(super) fn merge(&mut self, base: Machine, derived: Machine) -> Machine {
        let states = self.states(base.states, derived.states);
        let machine = Machine {
            data: data(base.data, derived.data),
            states,
            actions: definitions(base.actions, derived.actions),
            guards: definitions(base.guards, derived.guards),
            definitions_known: base.definitions_known && derived.definitions_known,
            gaps: base.gaps.and(derived.gaps),
            ..derived
        };
        if !is_abstract(&machine) && !self.missing {
            self.undefined_states(&machine);
        }
        machine
    }

    /// The base's states, redefined in place, then further ones.
    fn states(&mut self, base: Vec<State>, derived: Vec<State>) -> Vec<State> {
        let mut inherited: SortedMap<String, usize> = SortedMap::new();
        for (index, state) in base.iter().enumerate().filter(|(_, state)| !state.name.is_broken()) {
            inherited.entry(state.name.value.clone()).or_insert(index);
        }
        let mut states = base;
        for state in derived {
            // One that stands here twice redefines once; the second is a duplicate.
            let slot = inherited.remove(state.name.as_str()).and_then(|index| states.get_mut(index));
            let Some(slot) = slot else {
                states.push(state);
                continue;
            };
            let problem = (!is_open(slot)).then(|| not_virtual(slot, &state));
            redefine(slot, state);
            if let Some(problem) = problem
                && !self.missing
            {
                self.report(problem);
            }
        }
        states
    }

    /// Reports the abstract states that a machine leaves as it inherits them.
    fn undefined_states(&mut self, machine: &Machine) {
        let undefined: Vec<(&Text, Flag)> = machine
            .states
            .iter()
            .filter_map(|state| Some((&state.name, state.is_abstract.filter(|flag| flag.value)?)))
            // Its own have been reported.
            .filter(|(name, _)| name.span.via != machine.name.span.via)
            .gather();
        let names: Vec<&str> = undefined.iter().map(|(name, _)| name.as_str()).gather();
        let Some(list) = list(&names) else {
            return;
        };
        let derived = shown(&machine.name.value);
        let states = if names.len() == 1 { "state" } else { "states" };
        let mut diagnostic = Diagnostic::new(
            &inheritance_rules::UNDEFINED_STATE,
            machine.name.span,
            format!("{derived} does not define the abstract {states} {list}"),
        );
        for (name, flag) in undefined.iter().take(MOST_LISTED) {
            diagnostic = diagnostic.related(flag.span, format!("{} is abstract here", shown(&name.value)));
        }
        let them = if names.len() == 1 { "it" } else { "them" };
        self.report(
            diagnostic.help(format!("define {them}, or make {derived} abstract: \"abstract\": true")),
        );
    }
}

/// Whether a derived machine may redefine a state.
fn is_open(state: &State) -> bool {
    set(state.is_virtual).or(set(state.is_abstract)).is_some()
}

fn not_virtual(base: &State, derived: &State) -> Diagnostic {
    let name = shown(&derived.name.value);
    Diagnostic::new(
        &inheritance_rules::NOT_VIRTUAL,
        derived.name.span,
        format!("the state {name} is inherited and cannot be redefined"),
    )
    .label("redefined here")
    .related(base.name.span, "neither `virtual` nor `abstract` in the base")
    .help("add \"virtual\": true to the state of the base, or give this one another name")
}

/// A state keeps what it has and takes over what the derived machine says of it.
fn redefine(base: &mut State, derived: State) {
    // What could be redefined once can be redefined further down, unless this one says otherwise.
    let open = derived.is_virtual.or(base.is_virtual.filter(|flag| flag.value)).or(base.is_abstract);
    base.is_virtual = open;
    base.is_abstract = derived.is_abstract;
    base.initial = derived.initial.or(base.initial);
    base.terminal = derived.terminal.or(base.terminal);
    base.data = data(std::mem::take(&mut base.data), derived.data);
    base.entry.push_all(derived.entry);
    base.exit.push_all(derived.exit);
    base.while_actions.push_all(derived.while_actions);
    base.after.push_all(derived.after);
    base.on = transitions(std::mem::take(&mut base.on), derived.on);
    base.always.push_all(derived.always);
    base.name = derived.name;
    base.span = derived.span;
}

/// The base's variables, those of a name that is declared again in their place, then further ones.
fn data(base: Vec<Data>, derived: Vec<Data>) -> Vec<Data> {
    if derived.is_empty() {
        return base;
    }
    let flat = |data: Vec<Data>| -> Vec<(Storage, Variable)> {
        let each = |data: Data| data.variables.into_iter().map(move |variable| (data.storage, variable));
        data.into_iter().flat_map(each).gather()
    };
    let merged = replace(flat(base), flat(derived), |(_, variable)| &variable.name);
    let mut data: Vec<Data> = Vec::new();
    for (storage, variable) in merged {
        match data.last_mut() {
            Some(last) if last.storage == storage => last.variables.push(variable),
            _ => data.push(Data { storage, variables: vec![variable] }),
        }
    }
    data
}

/// The base's named actions or guards, those that are defined again in their place, then further ones.
fn definitions<T>(base: Vec<Definition<T>>, derived: Vec<Definition<T>>) -> Vec<Definition<T>> {
    replace(base, derived, |definition| &definition.name)
}

/// A list in which an item takes the place of the first one of its name. The second item of a name is appended, so
/// that it is found to be one too many.
fn replace<T>(base: Vec<T>, derived: Vec<T>, name: impl Fn(&T) -> &Text) -> Vec<T> {
    let mut inherited: SortedMap<String, usize> = SortedMap::new();
    for (index, item) in base.iter().enumerate() {
        inherited.entry(name(item).value.clone()).or_insert(index);
    }
    let mut items = base;
    for item in derived {
        let slot = inherited.remove(name(&item).as_str()).and_then(|index| items.get_mut(index));
        match slot {
            Some(slot) => *slot = item,
            None => items.push(item),
        }
    }
    items
}

/// The base's transitions, those for an event that the derived state handles replaced by its own where the first of
/// them stood, then those for further events.
fn transitions(base: Vec<On>, derived: Vec<On>) -> Vec<On> {
    let known: SortedSet<String> = base.iter().map(|on| on.event.value.clone()).collect();
    let (replacing, further): (Vec<_>, Vec<_>) =
        derived.into_iter().partition(|on| known.contains(on.event.as_str()));
    let mut by_event: SortedMap<String, Vec<On>> = SortedMap::new();
    for on in replacing {
        by_event.entry(on.event.value.clone()).or_default().push(on);
    }
    let mut transitions = Vec::new();
    for on in base {
        match by_event.get_mut(on.event.as_str()) {
            None => transitions.push(on),
            // Empty after the first transition for the event.
            Some(own) => transitions.append(own),
        }
    }
    transitions.push_all(further);
    transitions
}

/// `a`, `b` and `c`
fn list(names: &[&str]) -> Option<String> {
    let mut parts: Vec<String> = names.iter().take(MOST_LISTED).map(|name| shown(name)).gather();
    if names.len() > MOST_LISTED {
        parts.push(format!("{} more", names.len() - MOST_LISTED));
    }
    let last = parts.pop()?;
    if parts.is_empty() { Some(last) } else { Some(format!("{} and {last}", parts.join(", "))) }
}
