//! Which variable a name means, and whether it has a value by then (docs/semantics.md#5-data).

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    lists::PushAll,
    model::{Application, MachineId, Name, Owner, StateId, VarId},
    vocabulary::Storage,
};

/// The variables of an application by owner and name.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    local: SortedMap<Owner, SortedMap<String, VarId>>,
    persistent: SortedMap<Owner, SortedMap<String, VarId>>,
    variables: SortedMap<VarId, KnownVariable>,
    machines: SortedMap<MachineId, (Name, Option<MachineId>)>,
    states: SortedMap<StateId, (Name, MachineId)>,
    /// Machines from which variables may be missing because of errors; `None` stands for the root.
    lacking: SortedSet<Option<MachineId>>,
}

/// What is known about one variable.
#[derive(Debug)]
struct KnownVariable {
    name: Name,
    owner: Owner,
    storage: Storage,
    birth: Birth,
}

/// When a variable gets its first value. Within one moment, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Birth {
    /// When the application starts.
    Application(usize),
    /// When an instance of the machine starts: the machine's own data, then its states' static data.
    Instance(MachineId, usize, usize),
    /// At each entry of the state.
    Entry(StateId, usize),
    /// When an action creates it.
    Created,
}

impl Scopes {
    pub(crate) fn new<E>(app: &Application<E>) -> Self {
        let mut births = SortedMap::new();
        for (position, variable) in app.root_data.iter().enumerate() {
            births.insert(*variable, Birth::Application(position));
        }
        for (id, machine) in app.machines.iter() {
            for (position, variable) in machine.variables.iter().enumerate() {
                births.insert(*variable, Birth::Instance(id, 0, position));
            }
            for (number, state) in machine.states.iter().enumerate() {
                for (position, variable) in app.states[*state].statics.iter().enumerate() {
                    births.insert(*variable, Birth::Instance(id, number + 1, position));
                }
            }
        }
        for (id, state) in app.states.iter() {
            for (position, variable) in state.local.iter().enumerate() {
                births.insert(*variable, Birth::Entry(id, position));
            }
        }
        let mut scopes = Self {
            local: SortedMap::new(),
            persistent: SortedMap::new(),
            variables: SortedMap::new(),
            lacking: app
                .machines
                .iter()
                .filter(|(_, machine)| machine.gaps.variables)
                .map(|(id, _)| Some(id))
                .chain(app.gaps.variables.then_some(None))
                .collect(),
            machines: app.machines.iter().map(|(id, m)| (id, (m.name.clone(), m.parent))).collect(),
            states: app.states.iter().map(|(id, s)| (id, (s.name.clone(), s.machine))).collect(),
        };
        for (id, variable) in app.variables.iter() {
            let by_owner = match variable.storage {
                Storage::Persistent => &mut scopes.persistent,
                Storage::Local | Storage::Static => &mut scopes.local,
            };
            by_owner.entry(variable.owner).or_default().entry(variable.name.text.clone()).or_insert(id);
            let created = variable.initial.is_none();
            let birth = births.get(&id).copied().filter(|_| !created).unwrap_or(Birth::Created);
            let known = KnownVariable {
                name: variable.name.clone(),
                owner: variable.owner,
                storage: variable.storage,
                birth,
            };
            scopes.variables.insert(id, known);
        }
        scopes
    }

    /// The components whose data an expression in `scope` sees, innermost first.
    fn chain(&self, scope: Owner) -> Vec<Owner> {
        let mut chain = vec![scope];
        let mut machine = match scope {
            Owner::Root => return chain,
            Owner::Machine(machine) => self.machines.get(&machine).and_then(|(_, parent)| *parent),
            Owner::State(state) => self.states.get(&state).map(|(_, machine)| *machine),
        };
        // Parents stand before what is nested in them, so this ends.
        while let Some(id) = machine {
            chain.push(Owner::Machine(id));
            machine = self.machines.get(&id).and_then(|(_, parent)| *parent);
        }
        chain.push(Owner::Root);
        chain
    }

    /// The variable that `name` means in `scope`: local and static data of each component outwards, then
    /// persistent data in the same order.
    pub(crate) fn find(&self, scope: Owner, name: &str) -> Option<VarId> {
        let chain = self.chain(scope);
        [&self.local, &self.persistent]
            .into_iter()
            .find_map(|storage| chain.iter().find_map(|owner| storage.get(owner)?.get(name).copied()))
    }

    /// Whether a variable that cannot be seen in `scope` may only be missing because of an error.
    pub(crate) fn may_lack(&self, scope: Owner) -> bool {
        let machine = match scope {
            Owner::Root => None,
            Owner::Machine(machine) => Some(machine),
            Owner::State(state) => self.states.get(&state).map(|(_, machine)| *machine),
        };
        self.lacking.contains(&machine)
    }

    /// Names that can be seen in `scope`.
    pub(crate) fn visible(&self, scope: Owner) -> Vec<&str> {
        let mut names = Vec::new();
        for owner in self.chain(scope) {
            for storage in [&self.local, &self.persistent] {
                names.push_all(storage.get(&owner).into_iter().flat_map(|of| of.keys().map(String::as_str)));
            }
        }
        names
    }

    /// A variable of this name that cannot be seen: where it is declared and what owns it.
    pub(crate) fn elsewhere(&self, name: &str) -> Option<(&Name, String)> {
        let known = self.variables.values().find(|known| known.name.text == name)?;
        Some((&known.name, self.describe(known.owner)))
    }

    /// Where a variable is declared.
    pub(crate) fn name(&self, variable: VarId) -> Option<&Name> {
        self.variables.get(&variable).map(|known| &known.name)
    }

    fn describe(&self, owner: Owner) -> String {
        match owner {
            Owner::Root => "the root".to_owned(),
            Owner::Machine(id) => {
                let name = self.machines.get(&id).map_or("", |(name, _)| &name.text);
                format!("machine `{name}`")
            }
            Owner::State(id) => {
                let name = self.states.get(&id).map_or("", |(name, _)| &name.text);
                format!("state `{name}`")
            }
        }
    }

    /// Why `used` has no value yet when the initial value of `variable` is evaluated; nothing if it has one.
    pub(crate) fn too_early(&self, variable: VarId, used: VarId) -> Option<String> {
        if variable == used {
            return Some("a variable cannot be used in its own initial value".to_owned());
        }
        let (of, by) = (self.variables.get(&variable)?, self.variables.get(&used)?);
        match (of.birth, by.birth) {
            (Birth::Application(at), Birth::Application(before)) if before < at => None,
            (Birth::Application(_), Birth::Application(_)) => Some("it is declared later".to_owned()),
            (Birth::Application(_), _) if of.storage == Storage::Persistent => {
                Some("persistent data get their value when the application starts, and can use only the root's and persistent data declared before them".to_owned())
            }
            (_, Birth::Created) => self.not_created(of, by.owner),
            (_, Birth::Application(_)) => None,
            (Birth::Instance(machine, state, at), Birth::Instance(owner, group, before)) => {
                let later = machine == owner && (group, before) >= (state, at);
                later.then(|| "it is declared later".to_owned())
            }
            (Birth::Entry(..), Birth::Instance(..)) => None,
            (Birth::Entry(_, at), Birth::Entry(_, before)) if before < at => None,
            (Birth::Entry(..), Birth::Entry(..)) => Some("it is declared later".to_owned()),
            (_, Birth::Entry(..)) => Some("a state's local data exist only while the state is active".to_owned()),
            (_, Birth::Instance(..)) => Some("a machine's data exist only once an instance has started".to_owned()),
        }
    }

    /// A variable that an action creates can exist only if its owner was running before.
    fn not_created(&self, of: &KnownVariable, owner: Owner) -> Option<String> {
        let exists = match (of.birth, owner) {
            (Birth::Application(_), _) => false,
            (_, Owner::Root) => true,
            (Birth::Instance(machine, ..), Owner::Machine(creator)) => machine != creator,
            (Birth::Entry(..), Owner::Machine(_)) => true,
            _ => false,
        };
        (!exists).then(|| "it is created by an action that cannot have run by then".to_owned())
    }
}
