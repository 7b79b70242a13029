//! The module of one machine: `State`, `Data`, `Machine`, and for a top-level machine `Instance`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
    steps::Steps,
};
use crate::model::{MachineId, Owner, StateId, VarId, arena::Id};

impl Generator<'_> {
    /// The module of a machine, with those of the machines nested in it.
    pub(super) fn machine(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let names = &self.names.machines[id];
        let (module, runtime) = (&names.module, &self.runtime);
        let root = self.names.root(id);
        let doc = format!(" Machine {} ({}).", quoted(&machine.name.text), self.place(machine.name.span));
        let (name, path) = (&machine.name.text, &machine.path);
        let state = self.state_enum(id);
        let data = self.machine_data(id);
        let structure = self.machine_struct(id);
        let context = self.context(id);
        let instance = machine.parent.is_none().then(|| self.instance(id));
        let functions = Steps::new(self, id).generate();
        let nested = app
            .machines
            .iter()
            .filter(|(_, nested)| nested.parent == Some(id))
            .map(|(nested, _)| self.machine(nested));
        quote! {
            #[doc = #doc]
            pub mod #module {
                use #runtime as rt;
                #[allow(unused_imports, reason = "a machine nothing is shared with does not name `Shared`")]
                use #root::{Call, Event, Shared};

                /// The machine's name in the description.
                pub const NAME: &str = #name;
                /// Its path from the top-level machine.
                pub const PATH: &str = #path;

                #state
                #data
                #structure
                #instance
                #context
                #functions
                #(#nested)*
            }
        }
    }

    fn state_enum(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let variants = machine.states.iter().map(|state| {
            let variant = &self.names.states[*state].variant;
            let declared = &app.states[*state];
            let doc = format!(" State {} ({}).", quoted(&declared.name.text), self.place(declared.name.span));
            let default = (*state == machine.initial).then(|| quote!(#[default]));
            quote!(#[doc = #doc] #default #variant)
        });
        let names = machine.states.iter().map(|state| {
            let (variant, name) = (&self.names.states[*state].variant, &app.states[*state].name.text);
            quote!(Self::#variant => #name)
        });
        let from_names = machine.states.iter().map(|state| {
            let (variant, name) = (&self.names.states[*state].variant, &app.states[*state].name.text);
            quote!(#name => Some(Self::#variant))
        });
        let doc = format!(" States of machine {}.", quoted(&machine.name.text));
        let width = if machine.states.len() <= 256 { quote!(u8) } else { quote!(u16) };
        quote! {
            #[doc = #doc]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[repr(#width)]
            pub enum State {
                #(#variants),*
            }

            impl State {
                /// The state's name in the description.
                #[must_use]
                pub const fn name(self) -> &'static str {
                    match self {
                        #(#names),*
                    }
                }

                /// The state with this name in the description.
                #[must_use]
                pub fn from_name(name: &str) -> Option<Self> {
                    match name {
                        #(#from_names,)*
                        _ => None,
                    }
                }
            }

            impl AsRef<str> for State {
                fn as_ref(&self) -> &str {
                    self.name()
                }
            }
        }
    }

    /// Variables of a state: static ones, then local ones.
    fn state_variables(&self, state: StateId) -> Vec<VarId> {
        let state = &self.program.app.states[state];
        state.statics.iter().chain(&state.local).copied().collect()
    }

    fn states_with_data(&self, id: MachineId) -> Vec<(StateId, Vec<VarId>)> {
        let states = self.program.app.machines[id].states.iter();
        let states = states.map(|state| (*state, self.state_variables(*state)));
        states.filter(|(_, variables)| !variables.is_empty()).collect()
    }

    fn machine_data(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let states = self.states_with_data(id);
        let structs = states.iter().map(|(state, variables)| {
            let doc = format!(" Data of state {}.", quoted(&app.states[*state].name.text));
            self.variables_struct(&self.names.states[*state].data, &doc, variables, &[])
        });
        let further: Vec<(&Ident, &Ident, String)> = states
            .iter()
            .map(|(state, _)| {
                let names = &self.names.states[*state];
                (
                    &names.field,
                    &names.data,
                    format!(" Data of state {}.", quoted(&app.states[*state].name.text)),
                )
            })
            .collect();
        let doc = format!(" Data of machine {} and its states.", quoted(&machine.name.text));
        let data = self.variables_struct(&quote::format_ident!("Data"), &doc, &machine.variables, &further);
        quote!(#data #(#structs)*)
    }

    fn machine_struct(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let draws = self.draws(id);
        let rng = draws.then(|| quote!(rng: rt::Rng,));
        let with_seed = if draws {
            quote!(Self { rng: rt::Rng::new(seed), ..Self::default() })
        } else {
            quote!(Self::default())
        };
        let seed = super::function::used(&with_seed, "seed");
        let variables = self.listed(&quote!(self.data), &machine.variables, false);
        let arms = self.states_with_data(id).into_iter().map(|(state, variables)| {
            let names = &self.names.states[state];
            let (variant, field) = (&names.variant, &names.field);
            let listed = self.listed(&quote!(self.data.#field), &variables, false);
            quote!(State::#variant => data.extend(#listed),)
        });
        let arms: TokenStream = arms.collect();
        let body = if arms.is_empty() {
            quote! {
                if !self.entered {
                    return rt::Vec::new();
                }
                #variables
            }
        } else {
            let rest = (self.states_with_data(id).len() < machine.states.len()).then(|| quote!(_ => {}));
            quote! {
                if !self.entered {
                    return rt::Vec::new();
                }
                let mut data = #variables;
                match self.state {
                    #arms
                    #rest
                }
                data
            }
        };
        let doc = format!(" Machine {}: its active state and its data.", quoted(&machine.name.text));
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct Machine {
                /// The active state; the initial one before the start.
                pub state: State,
                /// Its data.
                pub data: Data,
                status: rt::Status,
                entered: bool,
                #rng
            }

            impl Machine {
                pub(crate) fn new(#seed: u64) -> Self {
                    #with_seed
                }

                /// Where the machine stands in its life.
                #[must_use]
                #[inline]
                pub const fn status(&self) -> rt::Status {
                    self.status
                }

                /// Ends the machine: it handles nothing more.
                pub(crate) fn end(&mut self) {
                    self.status = rt::Status::Ended;
                }

                /// Index of the active state; `None` before the start.
                pub(crate) fn active(&self) -> Option<u16> {
                    self.entered.then_some(self.state as u16)
                }

                /// Visible variables, inner ones last.
                pub(crate) fn listed(&self) -> rt::Vec<(&'static str, rt::Value)> {
                    #body
                }
            }
        }
    }

    /// Whether the machine draws random numbers.
    fn draws(&self, id: MachineId) -> bool {
        self.uses.random.contains(&id)
    }

    /// Machines around this one whose data its functions name, outermost last.
    pub(super) fn outer_data(&self, id: MachineId) -> Vec<MachineId> {
        let machines = &self.program.app.machines;
        let around = std::iter::successors(machines[id].parent, |outer| machines[*outer].parent);
        around.filter(|outer| self.uses.outer(id, Owner::Machine(*outer))).collect()
    }

    /// `Cx`: what a step of this machine can reach.
    fn context(&self, id: MachineId) -> TokenStream {
        let root = self.names.root(id);
        let outer = self.outer_data(id).into_iter().map(|outer| {
            let (field, path) = (&self.names.machines[outer].outer, &self.names.machines[outer].path);
            quote!(pub(crate) #field: &'a mut #root::#(#path)::*::Data,)
        });
        let shared = self.uses.shared(id).then(|| quote!(pub(crate) shared: &'a mut Shared,));
        quote! {
            /// What a step of this machine can reach.
            pub(crate) struct Cx<'a, F> {
                pub(crate) machine: &'a mut Machine,
                #(#outer)*
                #shared
                pub(crate) fx: &'a mut F,
            }
        }
    }

    /// A `Cx` for machine `id`, built from an `Instance` as `self`.
    fn context_value(&self, id: MachineId) -> TokenStream {
        let prefix = self.relative(id);
        let field = &self.names.machines[id].field;
        let outer = self.outer_data(id).into_iter().map(|outer| {
            let (name, from) = (&self.names.machines[outer].outer, &self.names.machines[outer].field);
            quote!(#name: &mut self.#from.data,)
        });
        let shared = self.uses.shared(id).then(|| quote!(shared,));
        quote!(#prefix Cx { machine: &mut self.#field, #(#outer)* #shared fx })
    }

    /// Path of a machine's module from its top-level machine's module, ending in `::`.
    fn relative(&self, id: MachineId) -> TokenStream {
        let path = self.names.machines[id].path.iter().skip(1);
        quote!(#(#path::)*)
    }

    /// `Instance`: a top-level machine with everything nested in it.
    fn instance(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let all: Vec<MachineId> =
            app.machines.iter().filter(|(_, m)| m.top == id).map(|(id, _)| id).collect();
        let fields = all.iter().map(|machine| {
            let (field, prefix) = (&self.names.machines[*machine].field, self.relative(*machine));
            let doc = format!(" Machine {}.", quoted(&app.machines[*machine].name.text));
            quote!(#[doc = #doc] pub #field: #prefix Machine,)
        });
        let timers: usize = all.iter().map(|machine| app.machines[*machine].timers.len()).sum();
        let timers = number(timers as u64);
        let news = all.iter().enumerate().map(|(index, machine)| {
            let (field, prefix) = (&self.names.machines[*machine].field, self.relative(*machine));
            let seed = if index == 0 {
                quote!(seed)
            } else {
                let index = number(index as u64);
                quote!(seed.wrapping_add(#index))
            };
            quote!(#field: #prefix Machine::new(#seed),)
        });
        let steps = self.dispatch(&all);
        let doc = format!(
            " An instance of machine {} with everything nested in it.",
            quoted(&app.machines[id].name.text)
        );
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            pub struct Instance {
                #(#fields)*
                timers: [rt::TimerKey; #timers],
            }

            impl Instance {
                /// An instance that has not been started. `seed` feeds its random functions.
                #[must_use]
                pub fn new(seed: u64) -> Self {
                    Self {
                        #(#news)*
                        timers: [rt::TimerKey::NONE; #timers],
                    }
                }

                #steps
            }
        }
    }

    /// Methods of `Instance` that choose the machine by its index.
    fn dispatch(&self, all: &[MachineId]) -> TokenStream {
        let app = &self.program.app;
        let mut tables = Tables::default();
        let mut first_timer = 0u16;
        for machine in all {
            let index = number(machine.index() as u64);
            let (field, prefix) = (&self.names.machines[*machine].field, self.relative(*machine));
            let cx = self.context_value(*machine);
            tables.start.extend(quote!(#index => #prefix start(&mut #cx),));
            tables.step.extend(quote!(#index => #prefix step(&mut #cx, event),));
            if !app.machines[*machine].timers.is_empty() {
                tables.fire.extend(quote!(#index => #prefix fire(&mut #cx, timer),));
                let first = number(first_timer);
                tables.timer.extend(if first_timer == 0 {
                    quote!(#index => timer,)
                } else {
                    quote!(#index => #first + timer,)
                });
                first_timer += app.machines[*machine].timers.len() as u16;
            }
            let completes = |id: &crate::model::InvokeId| {
                let invoke = &app.invokes[*id];
                !invoke.output.is_empty() || !invoke.done.is_empty()
            };
            if app.machines[*machine].invokes.iter().any(completes) {
                tables.complete.extend(quote!(#index => #prefix complete(&mut #cx, invoke, reply),));
            }
            tables.status.extend(quote!(#index => self.#field.status(),));
            tables.end.extend(quote!(#index => self.#field.end(),));
            tables.state.extend(quote!(#index => self.#field.active(),));
            tables.data.extend(quote!(#index => self.#field.listed(),));
        }
        tables.methods(self, all)
    }
}

/// Arms of the methods of `Instance`.
#[derive(Default)]
struct Tables {
    start: TokenStream,
    step: TokenStream,
    fire: TokenStream,
    complete: TokenStream,
    timer: TokenStream,
    status: TokenStream,
    end: TokenStream,
    state: TokenStream,
    data: TokenStream,
}

impl Tables {
    fn methods(self, generator: &Generator<'_>, all: &[MachineId]) -> TokenStream {
        let Self { start, step, fire, complete, timer, status, end, state, data, .. } = self;
        let first = all.first().copied();
        let root = first.map(|id| generator.names.root(id)).unwrap_or_default();
        let bounds = quote!(F: rt::Effects<Event = Event, Call = Call>);
        let start = quote!(match machine { #start _ => Ok(rt::Outcome::Unhandled), });
        let step = quote!(match machine { #step _ => Ok(rt::Outcome::Unhandled), });
        let fire =
            if fire.is_empty() { quote!(Ok(())) } else { quote!(match machine { #fire _ => Ok(()), }) };
        let complete = if complete.is_empty() {
            quote!(Ok(()))
        } else {
            quote!(match machine { #complete _ => Ok(()), })
        };
        let parameters = |body: &TokenStream, names: &[&str]| -> Vec<Ident> {
            names.iter().map(|name| super::function::used(body, name)).collect()
        };
        let in_start = parameters(&start, &["shared", "machine", "fx"]);
        let in_step = parameters(&step, &["shared", "machine", "event", "fx"]);
        let in_fire = parameters(&fire, &["shared", "machine", "timer", "fx"]);
        let in_complete = parameters(&complete, &["shared", "machine", "invoke", "reply", "fx"]);
        let ([a, b, c], [d, e, f, g], [h, i, j, k], [l, m, n, o, p]) =
            (in_start.as_slice(), in_step.as_slice(), in_fire.as_slice(), in_complete.as_slice())
        else {
            return TokenStream::new();
        };
        let timer = quote! {
            let index = match machine {
                #timer
                _ => timer,
            };
            &mut self.timers[usize::from(index)]
        };
        quote! {
            /// Starts one machine; nested ones are started after the machine around them.
            ///
            /// # Errors
            /// The step error; the caller ends the machine.
            pub fn start<#bounds>(&mut self, #a: &mut Shared, #b: u16, #c: &mut F) -> Result<rt::Outcome, rt::StepError> {
                #start
            }

            /// Handles one event.
            ///
            /// # Errors
            /// The step error; nothing has changed.
            #[inline]
            pub fn step<#bounds>(&mut self, #d: &mut Shared, #e: u16, #f: &Event, #g: &mut F) -> Result<rt::Outcome, rt::StepError> {
                #step
            }

            /// An `after` timer is due.
            ///
            /// # Errors
            /// The step error; nothing has changed.
            pub fn fire<#bounds>(&mut self, #h: &mut Shared, #i: u16, #j: u16, #k: &mut F) -> Result<(), rt::StepError> {
                #fire
            }

            /// An invocation has completed.
            ///
            /// # Errors
            /// The step error; nothing has changed.
            pub fn complete<#bounds>(&mut self, #l: &mut Shared, #m: u16, #n: u16, #o: &#root::Reply, #p: &mut F) -> Result<(), rt::StepError> {
                #complete
            }

            /// The host's note about a timer.
            ///
            /// # Panics
            /// If the machine has no such timer.
            #[inline]
            pub fn timer_key(&mut self, machine: u16, timer: u16) -> &mut rt::TimerKey {
                #timer
            }

            /// Where a machine stands in its life.
            #[must_use]
            #[inline]
            pub fn status(&self, machine: u16) -> rt::Status {
                match machine { #status _ => rt::Status::Ended, }
            }

            /// Ends a machine.
            pub fn end(&mut self, machine: u16) {
                match machine { #end _ => {} }
            }

            /// Index of a machine's active state.
            #[must_use]
            pub fn state(&self, machine: u16) -> Option<u16> {
                match machine { #state _ => None, }
            }

            /// Visible variables of a machine, inner ones last.
            #[must_use]
            pub fn data(&self, machine: u16) -> rt::Vec<(&'static str, rt::Value)> {
                match machine { #data _ => rt::Vec::new(), }
            }
        }
    }
}
