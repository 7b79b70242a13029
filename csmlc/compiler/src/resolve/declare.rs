//! First half of `resolve`: everything that has a name gets an id.

use super::{Resolver, name, resolution_rules};
use crate::{
    canonical::{self, ActionKind, Description},
    diagnostics::{Diagnostic, Rule},
    inherit::DUPLICATE_MACHINE,
    lists::Gather,
    model::{Machine, MachineId, Owner, State, StateId, VarId, Variable, arena::Id},
    sorted::SortedMap,
    source::Span,
    text::Text,
    vocabulary::{Gaps, Storage},
};

/// What was declared, paired with its text.
pub(super) struct Declared<'t> {
    /// States with their ids.
    pub(super) states: Vec<(StateId, &'t canonical::State)>,
    /// States of each machine by name.
    pub(super) by_name: SortedMap<(MachineId, &'t str), StateId>,
}

impl Resolver<'_> {
    pub(super) fn declare<'t>(&mut self, description: &'t Description) -> Declared<'t> {
        let mut declared = Declared { states: Vec::new(), by_name: SortedMap::new() };
        if description.machines.is_empty() {
            if !description.own_gaps.states {
                let message = "a collaborative state machine needs at least one state machine";
                self.report(Diagnostic::new(&resolution_rules::NO_MACHINE, description.span, message));
            }
            self.broken = true;
        }
        self.variables(Owner::Root, "", &description.data);
        self.machines(&mut declared, None, "", &description.machines);
        if !self.broken {
            self.created(&declared);
            self.unique_paths();
        }
        declared
    }

    fn machines<'t>(
        &mut self,
        declared: &mut Declared<'t>,
        parent: Option<MachineId>,
        prefix: &str,
        machines: &'t [canonical::Machine],
    ) {
        let mut names = DuplicateFinder::new("machine", &DUPLICATE_MACHINE);
        for machine in machines {
            names.add(self, &machine.name);
            self.machine(declared, parent, prefix, machine);
        }
    }

    fn machine<'t>(
        &mut self,
        declared: &mut Declared<'t>,
        parent: Option<MachineId>,
        prefix: &str,
        machine: &'t canonical::Machine,
    ) {
        let id: MachineId = self.app.machines.next_id();
        let path = join(prefix, &machine.name.value);
        let around = parent.map_or(self.own_gaps, |parent| self.app.machines[parent].gaps).variables;
        self.limit(id.index() + 1, "machines", machine.name.span);
        self.limit(machine.states.len(), "states in one machine", machine.name.span);
        // A machine without states has no initial state either: the pipeline stops before this one is used.
        let first = self.app.states.next_id();
        self.app.machines.push(Machine {
            name: name(&machine.name),
            path: path.clone(),
            parent,
            top: parent.map_or(id, |parent| self.app.machines[parent].top),
            states: Vec::new(),
            initial: first,
            variables: Vec::new(),
            timers: Vec::new(),
            invokes: Vec::new(),
            gaps: Gaps { variables: machine.gaps.variables || around, ..machine.gaps },
            start_unknown: false,
            uncertain: false,
        });
        self.variables(Owner::Machine(id), &path, &machine.data);
        let mut names = DuplicateFinder::new("state", &resolution_rules::DUPLICATE_STATE);
        for state in &machine.states {
            if !names.add(self, &state.name) {
                // Transitions lead to the first one of the name, the other one may be meant.
                self.app.machines[id].uncertain = true;
            }
            self.declare_state(declared, id, &path, state);
        }
        self.initial(id, machine, first);
        self.machines(declared, Some(id), &path, &machine.machines);
    }

    fn declare_state<'t>(
        &mut self,
        declared: &mut Declared<'t>,
        machine: MachineId,
        prefix: &str,
        state: &'t canonical::State,
    ) {
        let id = self.app.states.push(State {
            machine,
            name: name(&state.name),
            terminal: state.terminal.is_some(),
            local: Vec::new(),
            statics: Vec::new(),
            entry: Vec::new(),
            exit: Vec::new(),
            while_actions: Vec::new(),
            after: Vec::new(),
            on: Vec::new(),
            always: Vec::new(),
        });
        self.app.machines[machine].states.push(id);
        self.variables(Owner::State(id), &join(prefix, &state.name.value), &state.data);
        declared.states.push((id, state));
        if state.name.is_broken() {
            return;
        }
        declared.by_name.entry((machine, state.name.as_str())).or_insert(id);
    }

    fn initial(&mut self, id: MachineId, machine: &canonical::Machine, first: StateId) {
        let initial: Vec<_> =
            machine.states.iter().enumerate().filter(|(_, state)| state.initial.is_some()).gather();
        let label = &machine.name.value;
        match initial.as_slice() {
            [] if machine.states.is_empty() => {
                if !machine.gaps.states {
                    let message = format!("machine `{label}` has no states");
                    self.report(Diagnostic::new(&resolution_rules::NO_STATE, machine.name.span, message));
                }
                self.broken = true;
            }
            [] if machine.gaps.states => self.start_unknown(id),
            [] => {
                self.start_unknown(id);
                let mut diagnostic = Diagnostic::new(
                    &resolution_rules::INITIAL_STATE,
                    machine.name.span,
                    format!("machine `{label}` has no initial state"),
                );
                if let Some(state) = machine.states.first() {
                    diagnostic = diagnostic.related(state.name.span, "perhaps this one?").help(format!(
                        "add `\"initial\": true` to the state it starts in, such as `{}`",
                        state.name.value
                    ));
                }
                self.report(diagnostic);
            }
            [(index, _)] => self.app.machines[id].initial = StateId::new(first.index() + index),
            [(_, one), others @ .., (_, last)] => {
                self.start_unknown(id);
                let place = |state: &canonical::State| state.initial.unwrap_or(state.name.span);
                let message = format!("machine `{label}` has {} initial states", initial.len());
                let mut diagnostic = Diagnostic::new(&resolution_rules::INITIAL_STATE, place(last), message)
                    .label("also initial")
                    .related(place(one), "the first one is here");
                for (_, other) in others.iter().take(MOST_LABELS) {
                    diagnostic = diagnostic.related(place(other), "and here");
                }
                self.report(diagnostic.help("leave `initial` at one of them"));
            }
        }
    }

    /// Where the machine starts is in doubt, so that nothing is said about what cannot be reached.
    fn start_unknown(&mut self, machine: MachineId) {
        self.app.gaps.targets = true;
        self.app.machines[machine].start_unknown = true;
        self.app.machines[machine].uncertain = true;
    }

    fn variables(&mut self, owner: Owner, path: &str, variables: &[canonical::Variable]) {
        let mut names = DuplicateFinder::new("variable", &resolution_rules::DUPLICATE_VARIABLE);
        for variable in variables {
            names.add(self, &variable.name);
            let id = self.app.variables.push(Variable {
                name: name(&variable.name),
                owner,
                storage: variable.storage,
                initial: Some(variable.value.clone()),
                optional: false,
                path: join(path, &variable.name.value),
            });
            self.adopt(owner, &variable.name.value, variable.storage, id);
        }
    }

    /// Puts a variable where its component keeps it.
    fn adopt(&mut self, owner: Owner, name: &str, storage: Storage, id: VarId) {
        self.own.entry(owner).or_default().entry(name.to_owned()).or_insert(id);
        match (owner, storage) {
            (_, Storage::Persistent) | (Owner::Root, _) => self.app.root_data.push(id),
            (Owner::Machine(machine), _) => self.app.machines[machine].variables.push(id),
            (Owner::State(state), Storage::Static) => self.app.states[state].statics.push(id),
            (Owner::State(state), Storage::Local) => self.app.states[state].local.push(id),
        }
    }

    /// Slots of variables that only actions create.
    fn created(&mut self, declared: &Declared<'_>) {
        for (id, state) in &declared.states {
            let machine = Owner::Machine(self.app.states[*id].machine);
            let inside = [&state.entry, &state.exit, &state.while_actions].into_iter();
            let transitions = state.on.iter().map(|on| &on.transition).chain(&state.always);
            let inside = inside.map(|list| (Owner::State(*id), list));
            let outside = transitions.map(|transition| (machine, &transition.actions));
            for (owner, list) in inside.chain(outside) {
                canonical::Action::walk(list, &mut |action| {
                    if let ActionKind::Create { name, persistent, .. } = &action.kind {
                        let (owner, storage) = if *persistent {
                            (Owner::Root, Storage::Persistent)
                        } else {
                            (owner, Storage::Local)
                        };
                        self.create(owner, storage, name);
                    }
                });
            }
        }
    }

    fn create(&mut self, owner: Owner, storage: Storage, created: &Text) {
        if let Some(id) = self.own(owner, &created.value) {
            self.app.variables[id].optional = true;
            return;
        }
        let prefix = match owner {
            Owner::Root => String::new(),
            Owner::Machine(machine) => self.app.machines[machine].path.clone(),
            Owner::State(state) => {
                let state = &self.app.states[state];
                join(&self.app.machines[state.machine].path, &state.name.text)
            }
        };
        let id = self.app.variables.push(Variable {
            name: name(created),
            owner,
            storage,
            initial: None,
            optional: true,
            path: join(&prefix, &created.value),
        });
        self.adopt(owner, &created.value, storage, id);
    }

    /// Reports what 16 bits cannot number.
    pub(super) fn limit(&mut self, count: usize, what: &str, span: Span) {
        const MOST: usize = 65_000;
        if count == MOST + 1 {
            let message = format!("more than {MOST} {what}");
            self.report(Diagnostic::new(&resolution_rules::TOO_MANY, span, message));
            self.broken = true;
        }
    }
}

/// Most related places of one diagnostic.
const MOST_LABELS: usize = 8;

/// Finds names that stand twice in one scope.
pub(super) struct DuplicateFinder<'t> {
    what: &'static str,
    rule: &'static Rule,
    seen: SortedMap<&'t str, Span>,
}

impl<'t> DuplicateFinder<'t> {
    pub(super) fn new(what: &'static str, rule: &'static Rule) -> Self {
        Self { what, rule, seen: SortedMap::new() }
    }

    /// Adds one; whether it is the first of its name.
    pub(super) fn add(&mut self, resolver: &mut Resolver<'_>, name: &'t Text) -> bool {
        if name.is_broken() {
            return true;
        }
        if name.value.is_empty() {
            let message = format!("this {} has an empty name", self.what);
            resolver.report(
                Diagnostic::new(&resolution_rules::EMPTY_NAME, name.span, message).help("give it a name"),
            );
        }
        if let Some(first) = self.seen.get(name.as_str()) {
            // Which of both is meant, and which is therefore unused, is not known.
            resolver.app.gaps.join(Gaps { targets: true, reads: true, ..Gaps::default() });
            let message = format!("{} `{}` is declared twice", self.what, name.value);
            resolver.report(
                Diagnostic::new(self.rule, name.span, message)
                    .label("declared again here")
                    .related(*first, "first declared here"),
            );
            return false;
        }
        self.seen.insert(name.as_str(), name.span);
        true
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}
