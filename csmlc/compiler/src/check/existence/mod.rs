//! Variables that actions create and delete exist where they are used (docs/semantics.md#2-static-rules,
//! docs/semantics.md#5-data).
//!
//! Each variable that may be absent is followed over the states of each machine that has to do with it: what the
//! actions do to it in the order in which they run, joined where ways meet. Between two steps of a machine others
//! may have their say about what is not its own. What is so on all ways is certain and an error; what is so on some
//! is a warning.

mod existence_report;
pub(super) mod existence_rules;
mod ops;
mod presence;
#[cfg(test)]
mod tests;
mod variable_uses;
mod walk;

use self::{
    ops::{MachinePart, Op, Ops},
    presence::{Cause, Presence},
    walk::{Parts, PresenceWalk},
};
use crate::sorted::SortedMap;
use crate::{
    diagnostics::Diagnostics,
    expr::Resolved,
    model::{Application, MachineId, Owner, StateId, VarId, graph},
    source::Span,
    vocabulary::Storage,
};

/// Following a variable costs as much as its machine is large. Of machine-made descriptions with very many of both
/// only the first variables are followed; the others are checked when they are used, as always.
const MOST_WORK: usize = 20_000_000;

pub(super) fn check(app: &Application<Resolved>, diagnostics: &mut Diagnostics) {
    if app.variables.values().all(|variable| !variable.optional) {
        return;
    }
    let existence = Existence::new(app);
    let mut work = existence.work;
    for (machine, doing) in &existence.machines {
        for (variable, parts) in &doing.ops.by_variable {
            // Each completion is followed by itself.
            let completions = parts.keys().filter(|part| matches!(part, MachinePart::Done(_))).count();
            work += existence.cost(*machine, *variable).saturating_mul(1 + completions);
            if work > MOST_WORK {
                return;
            }
            existence.variable(*machine, *variable, parts, diagnostics);
        }
    }
}

/// Where a machine creates and deletes a variable, the first of each.
#[derive(Default, Clone, Copy)]
struct Changes {
    created: Option<Span>,
    deleted: Option<Span>,
}

/// What a machine does.
struct Doing {
    /// How many states and transitions there are to follow.
    size: usize,
    ops: Ops,
}

struct Existence<'a> {
    app: &'a Application<Resolved>,
    machines: SortedMap<MachineId, Doing>,
    changes: SortedMap<VarId, SortedMap<MachineId, Changes>>,
    /// Of variables that their machine changes and nested ones see: what it leaves behind after any step.
    left: SortedMap<VarId, Presence>,
    work: usize,
}

impl<'a> Existence<'a> {
    fn new(app: &'a Application<Resolved>) -> Self {
        let mut this = Self {
            app,
            machines: SortedMap::new(),
            changes: SortedMap::new(),
            left: SortedMap::new(),
            work: 0,
        };
        for id in app.machines.ids() {
            let states = graph::entered(app, id);
            let ops = ops::collect(app, id, &states);
            for (variable, parts) in &ops.by_variable {
                this.collect_changes(id, *variable, parts);
            }
            let size = states.iter().map(|state| this.size(*state)).sum();
            this.machines.insert(id, Doing { size, ops });
        }
        this.follow_owners();
        this
    }

    fn collect_changes(&mut self, machine: MachineId, variable: VarId, parts: &Parts) {
        let mut all = Changes::default();
        for steps in parts.values() {
            ops::each(steps, &mut |op| match op {
                Op::Create(span) => all.created = all.created.or(Some(span)),
                Op::Delete(span) => all.deleted = all.deleted.or(Some(span)),
                Op::Use { .. } => {}
            });
        }
        if all.created.is_some() || all.deleted.is_some() {
            self.changes.entry(variable).or_default().insert(machine, all);
        }
    }

    fn follow_owners(&mut self) {
        let mut left = SortedMap::new();
        for (id, doing) in &self.machines {
            for variable in doing.ops.by_variable.keys() {
                let Owner::Machine(owner) = self.app.variables[*variable].owner else { continue };
                let changed = self.changes.get(variable).and_then(|by| by.get(&owner)).is_some();
                let parts = self.machines.get(&owner).and_then(|doing| doing.ops.by_variable.get(variable));
                let (true, Some(parts)) = (owner != *id && changed && !left.contains_key(variable), parts)
                else {
                    continue;
                };
                self.work += self.cost(owner, *variable);
                if self.work > MOST_WORK {
                    break;
                }
                let mut walk = PresenceWalk::new(self.app, *variable, parts, Presence::default());
                walk.start(self.app.machines[owner].initial, self.birth(*variable));
                left.insert(*variable, walk.between().seen_from_outside(owner));
            }
        }
        self.left = left;
    }

    /// What following a variable costs.
    fn cost(&self, machine: MachineId, variable: VarId) -> usize {
        match (self.app.variables[variable].owner, self.app.variables[variable].storage) {
            (Owner::State(state), Storage::Local) => self.size(state),
            _ => self.machines.get(&machine).map_or(0, |doing| doing.size),
        }
    }

    fn size(&self, state: StateId) -> usize {
        let state = &self.app.states[state];
        1 + state.always.len() + state.on.iter().map(|on| on.transitions.len()).sum::<usize>()
    }

    fn variable(&self, machine: MachineId, variable: VarId, parts: &Parts, diagnostics: &mut Diagnostics) {
        let others = self.others(machine, variable);
        // A nested machine starts after the owner has, and any other one of its kind may have run before.
        let mut birth = self.left.get(&variable).copied().filter(|_| !self.owns(machine, variable));
        if !self.owns(machine, variable) {
            birth.get_or_insert(self.birth(variable)).join(others);
        }
        let mut walk = PresenceWalk::new(self.app, variable, parts, others);
        walk.start(self.app.machines[machine].initial, birth.unwrap_or(self.birth(variable)));
        let mut found = walk.find();
        for part in parts.keys() {
            let MachinePart::Done(invoke) = part else { continue };
            let begins = self.machines.get(&machine).and_then(|doing| doing.ops.invoked.get(invoke));
            if let Some(begins) = begins {
                found.extend(walk.find_completion(*invoke, *begins));
            }
        }
        existence_report::report(self.app, variable, &found, diagnostics);
    }

    /// Whether a variable comes into being with the machine.
    fn owns(&self, machine: MachineId, variable: VarId) -> bool {
        match self.app.variables[variable].owner {
            Owner::Root => false,
            Owner::Machine(owner) => owner == machine,
            Owner::State(state) => self.app.states[state].machine == machine,
        }
    }

    /// Whether a variable exists when what owns it begins.
    fn birth(&self, variable: VarId) -> Presence {
        let declared = &self.app.variables[variable];
        match (&declared.initial, declared.storage) {
            (Some(_), _) => Presence::there(Cause::Birth),
            (None, Storage::Persistent) => {
                Presence { there: Some(Cause::EarlierRun), gone: Some(Cause::Birth) }
            }
            (None, _) => Presence::gone(Cause::Birth),
        }
    }

    /// What other machines may do to a variable between two steps of this one.
    fn others(&self, machine: MachineId, variable: VarId) -> Presence {
        let mut all = Presence::default();
        for (other, changes) in self.changes.get(&variable).into_iter().flatten() {
            if *other == machine {
                continue;
            }
            all.join(match self.left.get(&variable) {
                Some(left) if self.owns(*other, variable) => *left,
                _ => Presence {
                    there: changes.created.map(|span| Cause::Elsewhere(*other, span)),
                    gone: changes.deleted.map(|span| Cause::Elsewhere(*other, span)),
                },
            });
        }
        all
    }
}
