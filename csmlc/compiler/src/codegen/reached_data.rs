//! What each machine's step functions reach beyond the machine itself.

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    ir::{Expr, Program},
    model::{Action, ActionKind, MachineId, Owner, Raise, VarId},
    vocabulary::Storage,
};

/// Components whose data each machine names.
#[derive(Debug, Default)]
pub(super) struct Uses {
    outer: SortedSet<(MachineId, Owner)>,
    persistent: SortedMap<MachineId, SortedSet<VarId>>,
    /// Machines that draw random numbers.
    pub(super) random: SortedSet<MachineId>,
}

impl Uses {
    pub(super) fn new(program: &Program) -> Self {
        let mut uses = Self::default();
        let app = &program.app;
        // Persistent data get their initial values with the application, not in a step of a machine.
        let own = app.variables.values().filter(|variable| variable.storage != Storage::Persistent);
        for variable in own {
            if let (Some(initial), Some(machine)) = (&variable.initial, machine_of(program, variable.owner)) {
                uses.expression(program, machine, initial);
            }
        }
        for timer in app.timers.values() {
            let machine = app.states[timer.state].machine;
            uses.expression(program, machine, &timer.delay);
            uses.raises(program, machine, &timer.raises);
        }
        for invoke in app.invokes.values() {
            for (_, value) in &invoke.input {
                uses.expression(program, invoke.machine, value);
            }
            for (_, variable) in &invoke.output {
                uses.variable(program, invoke.machine, *variable);
            }
            uses.raises(program, invoke.machine, &invoke.done);
        }
        for state in app.states.values() {
            let machine = state.machine;
            for list in [&state.entry, &state.exit, &state.while_actions] {
                uses.actions(program, machine, list);
            }
            let transitions = state.on.iter().flat_map(|on| &on.transitions).chain(&state.always);
            for transition in transitions {
                for guard in &transition.guards {
                    uses.expression(program, machine, guard);
                }
                uses.actions(program, machine, &transition.actions);
            }
        }
        uses
    }

    /// Whether a machine names data of a component around it.
    pub(super) fn outer(&self, machine: MachineId, owner: Owner) -> bool {
        self.outer.contains(&(machine, owner))
    }

    /// The persistent variables that a step of a machine may read or change.
    pub(super) fn persistent(&self, machine: MachineId) -> impl Iterator<Item = VarId> {
        self.persistent.get(&machine).into_iter().flatten().copied()
    }

    fn actions(&mut self, program: &Program, machine: MachineId, actions: &[Action<Expr>]) {
        for action in Action::all(actions) {
            match &action.kind {
                ActionKind::Assign(variable, value) | ActionKind::Create(variable, value) => {
                    self.variable(program, machine, *variable);
                    self.expression(program, machine, value);
                }
                ActionKind::Delete(variable) => self.variable(program, machine, *variable),
                ActionKind::Raise(raise) => self.raises(program, machine, std::slice::from_ref(raise)),
                ActionKind::Match(it) => {
                    self.expression(program, machine, &it.value);
                    for case in &it.cases {
                        self.expression(program, machine, &case.test);
                    }
                }
                ActionKind::Invoke(_) | ActionKind::ResetTimer(_) => {}
            }
        }
    }

    fn raises(&mut self, program: &Program, machine: MachineId, raises: &[Raise<Expr>]) {
        for (_, value) in raises.iter().flat_map(|raise| &raise.data) {
            self.expression(program, machine, value);
        }
    }

    fn expression(&mut self, program: &Program, machine: MachineId, expression: &Expr) {
        for variable in expression.variables().into_iter().chain(expression.changes()) {
            self.variable(program, machine, variable);
        }
        if expression.uses_random() {
            self.random.insert(machine);
        }
    }

    fn variable(&mut self, program: &Program, machine: MachineId, id: VarId) {
        let variable = &program.app.variables[id];
        match variable.owner {
            _ if variable.storage == Storage::Persistent => {
                self.persistent.entry(machine).or_default().insert(id);
                self.outer.insert((machine, Owner::Root))
            }
            Owner::State(_) => false,
            owner => owner != Owner::Machine(machine) && self.outer.insert((machine, owner)),
        };
    }
}

fn machine_of(program: &Program, owner: Owner) -> Option<MachineId> {
    match owner {
        Owner::Root => None,
        Owner::Machine(machine) => Some(machine),
        Owner::State(state) => Some(program.app.states[state].machine),
    }
}
