//! Which variables can be seen from where (SEMANTICS 5).

use std::collections::BTreeMap;

use crate::{
    canonical::Storage,
    model::{App, Owner, VarId},
};

/// Variables by component and name.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    names: BTreeMap<Owner, BTreeMap<String, VarId>>,
}

impl Scopes {
    /// Adds a variable, if its name is free in its component.
    pub(crate) fn insert(&mut self, owner: Owner, name: &str, id: VarId) {
        self.names.entry(owner).or_default().entry(name.to_owned()).or_insert(id);
    }

    /// The variable `name` of one component.
    pub(crate) fn own(&self, owner: Owner, name: &str) -> Option<VarId> {
        self.names.get(&owner)?.get(name).copied()
    }

    /// What `name` means within `scope`: local and static data from the inside out, then persistent data in
    /// the same order.
    pub(crate) fn lookup<E>(&self, app: &App<E>, scope: Owner, name: &str) -> Option<VarId> {
        let found = || owners(app, scope).filter_map(|owner| self.own(owner, name));
        let persistent = |id: &VarId| app.variables[*id].storage == Storage::Persistent;
        found().find(|id| !persistent(id)).or_else(|| found().find(persistent))
    }

    /// Names visible within `scope`, inner ones first.
    pub(crate) fn visible<'a, E>(&'a self, app: &'a App<E>, scope: Owner) -> impl Iterator<Item = &'a str> {
        owners(app, scope)
            .filter_map(|owner| self.names.get(&owner))
            .flat_map(|names| names.keys().map(String::as_str))
    }

    /// Components anywhere that have a variable `name`.
    pub(crate) fn anywhere<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Owner> + 'a {
        self.names.iter().filter(move |(_, names)| names.contains_key(name)).map(|(owner, _)| *owner)
    }
}

/// A component and those around it, from the inside out.
pub(crate) fn owners<E>(app: &App<E>, scope: Owner) -> impl Iterator<Item = Owner> + '_ {
    std::iter::successors(Some(scope), |owner| match *owner {
        Owner::Root => None,
        Owner::State(state) => Some(Owner::Machine(app.states[state].machine)),
        Owner::Machine(machine) => Some(app.machines[machine].parent.map_or(Owner::Root, Owner::Machine)),
    })
}

/// How a component is called in a message.
pub(crate) fn describe<E>(app: &App<E>, owner: Owner) -> String {
    match owner {
        Owner::Root => "the collaborative state machine".to_owned(),
        Owner::Machine(machine) => format!("machine `{}`", app.machines[machine].name.text),
        Owner::State(state) => {
            let state = &app.states[state];
            format!("state `{}` of machine `{}`", state.name.text, app.machines[state.machine].name.text)
        }
    }
}
