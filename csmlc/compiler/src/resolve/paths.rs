//! Paths that are keys outside of the description: instances by machine path, persistent variables by component path.

use super::{Resolver, resolution_rules::AMBIGUOUS_PATH};
use crate::{
    diagnostics::Diagnostic,
    model::{Machine, Owner, VarId},
    sorted::SortedMap,
    vocabulary::Storage,
};

impl Resolver<'_> {
    /// Reports paths that name two machines or two persistent variables: traces, stores, topics and `to` of event
    /// files could not tell them apart.
    pub(super) fn unique_paths(&mut self) {
        let mut found = self.machine_paths();
        found.append(&mut self.persistent_paths());
        for diagnostic in found {
            self.report(diagnostic);
        }
    }

    fn machine_paths(&self) -> Vec<Diagnostic> {
        let mut first: SortedMap<&str, &Machine> = SortedMap::new();
        let mut found = Vec::new();
        for machine in self.app.machines.values() {
            let Some(before) = first.get(machine.path.as_str()) else {
                first.insert(&machine.path, machine);
                continue;
            };
            // Two of one name in one place are reported as such.
            if machine.parent == before.parent && machine.name.text == before.name.text {
                continue;
            }
            let message = format!("two machines have the path `{}`", machine.path);
            found.push(
                Diagnostic::new(&AMBIGUOUS_PATH, machine.name.span, message)
                    .label(format!("this one is {}", self.place(machine)))
                    .related(before.name.span, format!("this one is {}", self.place(before)))
                    .help("rename one of them: `/` stands between a machine and the one nested in it"),
            );
        }
        found
    }

    fn persistent_paths(&self) -> Vec<Diagnostic> {
        let mut first: SortedMap<&str, VarId> = SortedMap::new();
        let mut found = Vec::new();
        for (id, variable) in self.app.variables.iter() {
            if variable.storage != Storage::Persistent {
                continue;
            }
            let Some(before) = first.get(variable.path.as_str()) else {
                first.insert(&variable.path, id);
                continue;
            };
            let before = &self.app.variables[*before];
            if variable.owner == before.owner && variable.name.text == before.name.text {
                continue;
            }
            let message = format!("two persistent variables have the path `{}`", variable.path);
            let belongs = |owner| format!("this one belongs to {}", self.component(owner));
            found.push(
                Diagnostic::new(&AMBIGUOUS_PATH, variable.name.span, message)
                    .label(belongs(variable.owner))
                    .related(before.name.span, belongs(before.owner))
                    .help("rename one of the variables, or what they belong to")
                    .note("a store keeps one value for each path"),
            );
        }
        found
    }

    fn place(&self, machine: &Machine) -> String {
        match machine.parent {
            None => "a top-level machine".to_owned(),
            Some(parent) => format!("nested in machine `{}`", self.app.machines[parent].path),
        }
    }

    fn component(&self, owner: Owner) -> String {
        match owner {
            Owner::Root => "the root".to_owned(),
            Owner::Machine(machine) => format!("machine `{}`", self.app.machines[machine].path),
            Owner::State(state) => {
                let state = &self.app.states[state];
                format!("state `{}` of machine `{}`", state.name.text, self.app.machines[state.machine].path)
            }
        }
    }
}
