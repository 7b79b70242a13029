//! Step functions of one machine: one to enter and one to leave a state, one for the events of a state, one for its
//! `always` transitions. Transitions stand in them; what is long or has to be rolled back has a function of its own,
//! so that functions stay small however large the machine is.

mod actions;
mod late;
mod lifecycle;
mod matches;
mod states;
mod taking;
mod transition_choice;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    Generator, expr,
    ident::{Scope, quoted},
    rollback::Change,
    site::{EventKnowledge, Site},
    step_function::{StepFunction, mentions},
};
use crate::{
    codegen::rust_types::builds,
    ir::Expr,
    lists::{Gather, PushAll},
    model::{Machine, MachineId, StateId, VarId},
    sorted::{SortedMap, SortedSet},
};

/// Names that stand for themselves among the functions, or are locals of theirs.
const RESERVED: &[&str] =
    &["settle", "start", "cx", "event", "micro_steps", "payload", "reply", "matched", "unmatched"];

/// Generator of one machine's step functions.
pub(super) struct Steps<'g> {
    pub(super) generator: &'g Generator<'g>,
    pub(super) id: MachineId,
    pub(super) machine: &'g Machine,
    names: Scope,
    functions: Vec<TokenStream>,
    /// See [`Site::late`].
    late: SortedMap<VarId, Ident>,
    /// See [`Site::reply`].
    reply: Option<TokenStream>,
    /// What entering and leaving states does, by position in the machine.
    bodies: SortedMap<StateId, Bodies>,
    /// How `always` transitions are followed, if the machine has any.
    settling: Option<Settling>,
}

/// The statements of entering and leaving a state.
#[derive(Default)]
struct Bodies {
    enter: TokenStream,
    exit: TokenStream,
}

/// What the function `settle` takes.
struct Settling {
    /// States whose `always` transitions look at the event.
    event: SortedSet<StateId>,
    /// Whether it counts micro-steps: the transitions can go round.
    counts: bool,
}

/// What a machine's module has of step functions.
pub(super) struct StepFunctions {
    /// Functions of the module.
    pub(super) functions: TokenStream,
    /// Functions of the machine's `Steps`.
    pub(super) methods: TokenStream,
    /// Whether a step after the start may build, copy or search data of any size.
    pub(super) builds: bool,
}

impl<'g> Steps<'g> {
    pub(super) fn new(generator: &'g Generator<'g>, id: MachineId) -> Self {
        let machine = &generator.program.app.machines[id];
        let mut names = Scope::new(RESERVED);
        // What `function_of` makes: a state `exit` or an event without letters must not make it once more.
        for state in &machine.states {
            let function = &generator.names.states[*state].function;
            for prefix in ["enter", "exit", "always", "on"] {
                names.reserve(format!("{prefix}_{function}"));
            }
        }
        Self {
            generator,
            id,
            machine,
            names,
            functions: Vec::new(),
            late: SortedMap::new(),
            reply: None,
            bodies: SortedMap::new(),
            settling: None,
        }
    }

    /// All functions of the machine.
    pub(super) fn generate(mut self) -> StepFunctions {
        for state in &self.machine.states {
            let bodies = Bodies { enter: self.entering(*state), exit: self.leaving(*state) };
            self.bodies.insert(*state, bodies);
        }
        let always = self.always_functions();
        let start = self.start();
        for (state, always) in self.machine.states.iter().zip(always) {
            self.enter(*state);
            self.exit(*state);
            self.on(*state);
            self.functions.push_all(always);
        }
        self.settle();
        let step = self.step();
        let fire = self.fire();
        let complete = self.complete();
        let functions = self.functions;
        let functions = quote!(#(#functions)*);
        let steps = quote!(#step #fire #complete);
        let builds = builds(functions.clone()) || builds(steps.clone());
        StepFunctions { functions, methods: quote!(#start #steps), builds }
    }

    fn site(&self, trigger: EventKnowledge) -> Site<'g> {
        Site {
            generator: self.generator,
            machine: Some(self.id),
            trigger,
            late: self.late.clone(),
            reply: self.reply.clone(),
        }
    }

    fn claim(&mut self, name: &str) -> Ident {
        self.names.snake(name)
    }

    fn value(&self, trigger: EventKnowledge, value: &Expr) -> TokenStream {
        expr::owned(value, self.generator.program, &self.site(trigger))
    }

    fn variant(&self, state: StateId) -> TokenStream {
        let variant = &self.generator.names.states[state].variant;
        quote!(State::#variant)
    }

    fn function_of(&self, prefix: &str, state: StateId) -> Ident {
        format_ident!("{prefix}_{}", self.generator.names.states[state].function)
    }

    fn describe(&self, state: StateId) -> String {
        format!("state {}", quoted(&self.generator.program.app.states[state].name.text))
    }

    /// `let saved = …;`, and the statements that put everything back where `result` is an error.
    fn saving(&self, saves: &[Change]) -> (TokenStream, TokenStream) {
        let places: Vec<TokenStream> = saves.iter().map(|change| self.place(*change)).gather();
        let copies = saves.iter().zip(&places).map(|(change, place)| {
            if self.is_copy(*change) { quote!(#place) } else { quote!(#place.clone()) }
        });
        let (saved, restore) = match places.as_slice() {
            [place] => (quote!(#(#copies)*), quote!(#place = saved;)),
            _ => (quote!((#(#copies),*)), quote!((#(#places),*) = saved;)),
        };
        (quote!(let saved = #saved;), quote!(if result.is_err() { #restore }))
    }

    /// A call of a function that can fail, taking back its changes if it does: statements and what they end with,
    /// a `Result`.
    fn call_saving(&self, call: &TokenStream, saves: &[Change]) -> (TokenStream, TokenStream) {
        if saves.is_empty() {
            return (quote!(), quote!(#call));
        }
        let (save, restore) = self.saving(saves);
        (quote!(#save let result = #call; #restore), quote!(result))
    }

    /// Adds a function with these statements, taking what they mention of `parameters`; returns a call of it.
    fn outlined(
        &mut self,
        mut function: StepFunction,
        parameters: &[(&'static str, TokenStream)],
    ) -> TokenStream {
        let body = function.body();
        let used = parameters.iter().filter(|(name, _)| mentions(&body, name));
        function.parameters = used.cloned().gather();
        let arguments = function.parameters.iter().map(|(name, _)| format_ident!("{name}"));
        let name = &function.name;
        let call = quote!(#name(cx #(, #arguments)*));
        self.functions.push(function.tokens());
        call
    }
}
