//! Identifiers of everything a program names.

use crate::{
    ir::Program,
    model::{
        Action, ActionKind, Application, DatumId, EventId, InputId, MachineId, MatchId, OutputId, Owner,
        ServiceId, StateId, VarId,
        arena::{Arena, Id},
    },
    sorted::SortedMap,
    vocabulary::Storage,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::ident::{Scope, snake};

/// Names that generated code itself uses at the root of the module.
const ROOT: &[&str] = &[
    "App",
    "Call",
    "DESCRIPTION",
    "Event",
    "Instance",
    "Machines",
    "NAME",
    "Persistent",
    "Reply",
    "Root",
    "Services",
    "Shared",
    "event",
    "rt",
    "service",
    "core",
    "std",
    "alloc",
];
/// Names that generated code itself uses in a machine's module.
const MACHINE: &[&str] = &[
    "Call", "Context", "Data", "Event", "Instance", "Machine", "Machines", "NAME", "Outer", "PATH", "Reply",
    "Shared", "State", "rt", "core", "std", "alloc",
];

/// Identifiers of a program.
pub(super) struct Names {
    pub(super) machines: Arena<MachineId, MachineNames>,
    pub(super) states: Arena<StateId, StateNames>,
    /// Variants of `Event`, and payload structs.
    pub(super) events: Arena<EventId, Ident>,
    pub(super) data: Arena<DatumId, Ident>,
    pub(super) services: Arena<ServiceId, ServiceNames>,
    pub(super) inputs: Arena<InputId, Ident>,
    pub(super) outputs: Arena<OutputId, Ident>,
    pub(super) variables: Arena<VarId, Ident>,
    /// Locals that hold the value of a `match`.
    pub(super) matches: Arena<MatchId, Ident>,
    /// How deep `match` actions nest.
    pub(super) match_depth: usize,
}

/// Identifiers of a machine.
pub(super) struct MachineNames {
    /// Its module.
    pub(super) module: Ident,
    /// Modules around it, from the root of the generated module, itself included.
    pub(super) path: Vec<Ident>,
    /// Its field in the top-level machine's `Instance`.
    pub(super) field: Ident,
    /// Its data as a field of a nested machine's `Outer`.
    pub(super) outer: Ident,
    /// Its variant of the root's `Instance`, if it is a top-level machine.
    pub(super) variant: Ident,
}

/// Identifiers of a state.
pub(super) struct StateNames {
    /// Variant of `State`.
    pub(super) variant: Ident,
    /// Unique in the machine, for the names of functions.
    pub(super) function: Ident,
    /// Struct of its data.
    pub(super) data: Ident,
    /// Field of its data in `Data`.
    pub(super) field: Ident,
}

/// Identifiers of a service type.
pub(super) struct ServiceNames {
    /// Method of `Services`.
    pub(super) method: Ident,
    /// Variant of `Call` and `Reply`.
    pub(super) variant: Ident,
    /// Struct of its input.
    pub(super) input: Ident,
    /// Struct of its output.
    pub(super) output: Ident,
}

impl Names {
    pub(super) fn new(program: &Program) -> Self {
        let app = &program.app;
        let mut variants = Scope::new(&[]);
        let events = collect(app.events.values().map(|event| variants.camel(&event.name.text)));
        let mut fields: SortedMap<EventId, Scope> = SortedMap::new();
        let data = collect(
            app.data.values().map(|datum| fields.entry(datum.event).or_default().snake(&datum.name.text)),
        );
        let mut inputs: SortedMap<ServiceId, Scope> = SortedMap::new();
        let mut outputs: SortedMap<ServiceId, Scope> = SortedMap::new();
        let depths = match_depths(app);
        Self {
            matches: collect(depths.iter().map(|depth| matched(*depth))),
            match_depth: depths.iter().copied().max().unwrap_or_default(),
            machines: machines(app),
            states: states(app),
            events,
            data,
            services: services(app),
            inputs: collect(
                app.inputs
                    .values()
                    .map(|input| inputs.entry(input.service).or_default().snake(&input.name.text)),
            ),
            outputs: collect(
                app.outputs
                    .values()
                    .map(|output| outputs.entry(output.service).or_default().snake(&output.name.text)),
            ),
            variables: variables(app),
        }
    }

    /// Path from a machine's module to the root of the generated module: `super::super`.
    pub(super) fn root(&self, machine: MachineId) -> TokenStream {
        let supers = self.machines[machine].path.iter().map(|_| quote!(super));
        quote!(#(#supers)::*)
    }
}

fn collect<I: Id, T>(items: impl Iterator<Item = T>) -> Arena<I, T> {
    let mut arena = Arena::new();
    for item in items {
        arena.push(item);
    }
    arena
}

fn machines<E>(app: &Application<E>) -> Arena<MachineId, MachineNames> {
    let mut modules: SortedMap<Option<MachineId>, Scope> = SortedMap::new();
    let mut fields: SortedMap<MachineId, Scope> = SortedMap::new();
    let mut outers: SortedMap<MachineId, Scope> = SortedMap::new();
    let mut variants = Scope::new(&[]);
    let mut named: Arena<MachineId, MachineNames> = Arena::new();
    for machine in app.machines.values() {
        let reserved = if machine.parent.is_some() { MACHINE } else { ROOT };
        let module =
            modules.entry(machine.parent).or_insert_with(|| Scope::new(reserved)).snake(&machine.name.text);
        let mut path = machine.parent.map(|parent| named[parent].path.clone()).unwrap_or_default();
        path.push(module.clone());
        let below = machine.path.strip_prefix(&app.machines[machine.top].path).unwrap_or_default();
        let field = match machine.parent {
            None => format_ident!("machine"),
            Some(_) => fields.entry(machine.top).or_insert_with(|| Scope::new(&["machine"])).snake(below),
        };
        let outer = outers.entry(machine.top).or_insert_with(|| Scope::new(&[])).snake(&machine.name.text);
        let variant = variants.camel(&machine.name.text);
        named.push(MachineNames { module, path, field, outer, variant });
    }
    named
}

fn states<E>(app: &Application<E>) -> Arena<StateId, StateNames> {
    let mut scopes: SortedMap<MachineId, (Scope, Scope, Scope, Scope)> = SortedMap::new();
    collect(app.states.values().map(|state| {
        let (variants, functions, structs, fields) = scopes.entry(state.machine).or_insert_with(|| {
            // Machine variables come first: they keep their plain names.
            let mut fields = Scope::new(&[]);
            for variable in &app.machines[state.machine].variables {
                fields.snake(&app.variables[*variable].name.text);
            }
            (Scope::new(&[]), Scope::new(&[]), Scope::new(MACHINE), fields)
        });
        let name = &state.name.text;
        StateNames {
            variant: variants.camel(name),
            function: functions.snake(name),
            data: structs.camel(&format!("{name} data")),
            field: fields.snake(name),
        }
    }))
}

fn services<E>(app: &Application<E>) -> Arena<ServiceId, ServiceNames> {
    let mut methods = Scope::new(&[]);
    let mut variants = Scope::new(&[]);
    let mut structs = Scope::new(&[]);
    collect(app.services.values().map(|service| {
        let name = &service.name.text;
        ServiceNames {
            method: methods.snake(name),
            variant: variants.camel(name),
            input: structs.camel(&format!("{name} input")),
            output: structs.camel(&format!("{name} output")),
        }
    }))
}

fn variables<E>(app: &Application<E>) -> Arena<VarId, Ident> {
    let mut scopes: SortedMap<(Option<Owner>, bool), Scope> = SortedMap::new();
    collect(app.variables.values().map(|variable| {
        // All persistent variables live in one struct, named by their paths.
        if variable.storage == Storage::Persistent {
            return scopes.entry((None, true)).or_default().snake(&snake(&variable.path.replace('/', " ")));
        }
        scopes.entry((Some(variable.owner), false)).or_default().snake(&variable.name.text)
    }))
}

/// Name of the local that holds the value of a `match` that is the `depth`th from outside, from 1.
pub(super) fn matched(depth: usize) -> Ident {
    if depth < 2 { format_ident!("matched") } else { format_ident!("matched_{depth}") }
}

/// How deep each `match` stands within others, from 1.
fn match_depths<E>(app: &Application<E>) -> Vec<usize> {
    let mut depths = vec![1; app.matches.len()];
    for list in app.states.values().flat_map(|state| state.action_lists()) {
        note_depths(list, 1, &mut depths);
    }
    depths
}

fn note_depths<E>(list: &[Action<E>], depth: usize, depths: &mut [usize]) {
    for action in list {
        if let ActionKind::Match(it) = &action.kind {
            if let Some(noted) = depths.get_mut(it.id.index()) {
                *noted = depth;
            }
            for list in it.lists() {
                note_depths(list, depth + 1, depths);
            }
        }
    }
}
