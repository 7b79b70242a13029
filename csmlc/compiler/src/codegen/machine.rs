//! The module of one machine: `State`, `Data`, `Machine`, its step functions, and for a top-level machine `Instance`.

use crate::lists::{Gather, GatherTokens};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    Generator,
    ident::{number, quoted},
    step_function::names,
    steps::{StepFunctions, Steps},
};
use crate::model::{MachineId, Owner, StateId, VarId, arena::Id};

impl Generator<'_> {
    /// The module of a machine, with those of the machines nested in it.
    pub(super) fn machine(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let module = &self.names.machines[id].module;
        let doc = format!(" Machine {} ({}).", quoted(&machine.name.text), self.place(machine.name.span));
        let (name, path) = (&machine.name.text, &machine.path);
        let state = self.state_enum(id);
        let data = self.machine_data(id);
        let types = self.machine_types(id);
        let instance = machine.parent.is_none().then(|| self.instance(id));
        let StepFunctions { functions, methods, builds } = Steps::new(self, id).generate();
        let steps = self.steps_impl(id, &methods, builds);
        let state_functions = self.state_functions(id);
        let body = quote!(#types #functions #state_functions #steps #data);
        let imports = self.imports(id, &body);
        let nested = app
            .machines
            .iter()
            .filter(|(_, nested)| nested.parent == Some(id))
            .map(|(nested, _)| self.machine(nested));
        quote! {
            #[doc = #doc]
            pub mod #module {
                #imports

                /// The machine's name in the description.
                pub const NAME: &str = #name;
                /// Its path from the top-level machine.
                pub const PATH: &str = #path;

                #state
                #data
                #types
                #instance
                #functions
                #steps
                #state_functions
                #(#nested)*
            }
        }
    }

    /// What the module uses of the root of the generated module.
    fn imports(&self, id: MachineId, body: &TokenStream) -> TokenStream {
        let root = self.names.root(id);
        let all = ["Call", "DESCRIPTION", "Event", "Machines", "Reply", "Shared", "rt"];
        let used = all.into_iter().filter(|name| names(body, name)).map(|name| format_ident!("{name}"));
        quote!(use #root::{#(#used),*};)
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
        let doc = format!(" States of machine {}.", quoted(&machine.name.text));
        let width = if machine.states.len() <= 256 { quote!(u8) } else { quote!(u16) };
        quote! {
            #[doc = #doc]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[repr(#width)]
            pub enum State {
                #(#variants),*
            }
        }
    }

    /// Names and indices of states.
    fn state_functions(&self, id: MachineId) -> TokenStream {
        let states = self.program.app.machines[id].states.iter();
        let variants = states.map(|state| &self.names.states[*state].variant);
        let machine = number(id.index() as u64);
        quote! {
            impl State {
                /// Every state, in order of the description.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The state's name in the description.
                #[must_use]
                pub fn name(self) -> &'static str {
                    rt::state_name(&DESCRIPTION, #machine, self as u16)
                }

                /// The state with this name in the description.
                #[must_use]
                pub fn from_name(name: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|state| state.name() == name)
                }
            }

            impl rt::State for State {
                #[inline]
                fn index(self) -> u16 {
                    self as u16
                }
            }
        }
    }

    /// Variables of a state: static ones, then local ones.
    fn state_variables(&self, state: StateId) -> Vec<VarId> {
        let state = &self.program.app.states[state];
        state.statics.iter().chain(&state.local).copied().gather()
    }

    fn states_with_data(&self, id: MachineId) -> Vec<(StateId, Vec<VarId>)> {
        let states = self.program.app.machines[id].states.iter();
        let states = states.map(|state| (*state, self.state_variables(*state)));
        states.filter(|(_, variables)| !variables.is_empty()).gather()
    }

    /// Whether the machine or a state of it has variables.
    fn has_data(&self, id: MachineId) -> bool {
        !self.program.app.machines[id].variables.is_empty() || !self.states_with_data(id).is_empty()
    }

    fn machine_data(&self, id: MachineId) -> TokenStream {
        if !self.has_data(id) {
            return quote!();
        }
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
            .gather();
        let doc = format!(" Data of machine {} and its states.", quoted(&machine.name.text));
        let data = self.variables_struct(&format_ident!("Data"), &doc, &machine.variables, &further);
        quote!(#data #(#structs)*)
    }

    /// `Machine`, and what its steps reach.
    fn machine_types(&self, id: MachineId) -> TokenStream {
        let machine = &self.program.app.machines[id];
        let timers = machine.timers.len();
        let data = if self.has_data(id) { quote!(Data) } else { quote!(()) };
        let count = number(timers as u64);
        let arguments = match (self.draws(id), timers, self.has_data(id)) {
            (true, ..) => quote!(State, #data, #count, rt::Rng),
            (false, 0, false) => quote!(State),
            (false, 0, true) => quote!(State, #data),
            (false, ..) => quote!(State, #data, #count),
        };
        let doc = format!(" Machine {}: its active state and its data.", quoted(&machine.name.text));
        let root = self.names.root(id);
        let outer: Vec<_> = self.outer_data(id).into_iter().gather();
        let outer = (!outer.is_empty()).then(|| {
            let fields = outer.into_iter().map(|outer| {
                let (field, path) = (&self.names.machines[outer].outer, &self.names.machines[outer].path);
                let doc =
                    format!(" Data of machine {}.", quoted(&self.program.app.machines[outer].name.text));
                quote!(#[doc = #doc] pub #field: &'a mut #root::#(#path)::*::Data)
            });
            quote! {
                /// Data of the machines around it.
                pub struct Outer<'a> {
                    #(#fields),*
                }
            }
        });
        quote! {
            #[doc = #doc]
            pub type Machine = rt::Machine<#arguments>;

            #outer

            type Context<'a, F> = rt::Context<'a, Machines, Machine, F>;
        }
    }

    /// The machine's `Steps`: what the runtime calls.
    fn steps_impl(&self, id: MachineId, methods: &TokenStream, builds: bool) -> TokenStream {
        let builds = (!builds).then(|| {
            quote!(
                const BUILDS: bool = false;
            )
        });
        let outer = if self.outer_data(id).is_empty() { quote!(()) } else { quote!(Outer<'a>) };
        let variables = self.variables_function(id);
        quote! {
            impl rt::Steps<Machines> for Machine {
                type Outer<'a> = #outer;
                #builds

                #methods
                #variables
            }
        }
    }

    fn variables_function(&self, id: MachineId) -> TokenStream {
        if !self.has_data(id) {
            return quote!();
        }
        let machine = &self.program.app.machines[id];
        let with_data = self.states_with_data(id);
        let own = self.listed(&quote!(self.data), &machine.variables);
        let arms = with_data.iter().map(|(state, variables)| {
            let names = &self.names.states[*state];
            let (variant, field) = (&names.variant, &names.field);
            let listed = self.listed(&quote!(self.data.#field), variables);
            quote!(State::#variant => variables.extend(#listed),)
        });
        let arms: TokenStream = arms.gather_tokens();
        let body = if arms.is_empty() {
            own
        } else {
            let rest = (with_data.len() < machine.states.len()).then(|| quote!(_ => {}));
            quote! {
                let mut variables = #own;
                match self.state { #arms #rest }
                variables
            }
        };
        quote! {
            fn variables(&self) -> rt::Variables {
                #body
            }
        }
    }

    /// Whether the machine draws random numbers.
    pub(super) fn draws(&self, id: MachineId) -> bool {
        self.uses.random.contains(&id)
    }

    /// Machines around this one whose data its functions name, outermost last.
    pub(super) fn outer_data(&self, id: MachineId) -> Vec<MachineId> {
        let machines = &self.program.app.machines;
        let around = std::iter::successors(machines[id].parent, |outer| machines[*outer].parent);
        around.filter(|outer| self.uses.outer(id, Owner::Machine(*outer))).gather()
    }

    /// `Instance`: a top-level machine with everything nested in it.
    fn instance(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let all = app.machines.iter().filter(|(_, machine)| machine.top == id);
        let fields = all.map(|(nested, machine)| {
            let names = &self.names.machines[nested];
            let (field, path) = (&names.field, names.path.iter().skip(1));
            let doc = format!(" Machine {}.", quoted(&machine.name.text));
            quote!(#[doc = #doc] pub #field: #(#path::)* Machine)
        });
        let doc = format!(
            " An instance of machine {} with everything nested in it.",
            quoted(&app.machines[id].name.text)
        );
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct Instance {
                #(#fields),*
            }
        }
    }
}
