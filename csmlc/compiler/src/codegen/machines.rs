//! `Machines` and `Instance`: the application as the runtime drives it.

use crate::lists::Gather;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
};
use crate::model::{MachineId, arena::Id};

impl Generator<'_> {
    /// Top-level machines.
    fn tops(&self) -> Vec<MachineId> {
        let machines = self.program.app.machines.iter();
        machines.filter(|(_, machine)| machine.parent.is_none()).map(|(id, _)| id).gather()
    }

    /// `Instance`, `Machines` and its implementation.
    pub(super) fn machines(&self) -> TokenStream {
        let app = &self.program.app;
        let variants = self.tops().into_iter().map(|id| {
            let names = &self.names.machines[id];
            let (variant, module) = (&names.variant, &names.module);
            let doc = format!(" An instance of machine {}.", quoted(&app.machines[id].name.text));
            quote!(#[doc = #doc] #variant(#module::Instance))
        });
        let instance = self.new_instance();
        let seed = self.seed();
        let (look, visit) = (self.look(), self.visit());
        let shared = self.shared_functions();
        quote! {
            /// A top-level instance, of any machine.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Instance {
                #(#variants),*
            }

            /// The machines as the runtime drives them, see [`rt::Machines`].
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct Machines;

            impl rt::Compiled for Machines {
                type Event = Event;
                type Call = Call;
                type Shared = Shared;
                type Instance = Instance;

                const DESCRIPTION: &'static rt::Description = &DESCRIPTION;

                #instance
                #seed
                #look
                #visit
                #shared
            }
        }
    }

    fn new_instance(&self) -> TokenStream {
        let tops = self.tops();
        let new = |id: MachineId| {
            let variant = &self.names.machines[id].variant;
            quote!(Instance::#variant(rt::Default::default()))
        };
        let (top, body) = match tops.as_slice() {
            [id] => (quote!(_), new(*id)),
            [first, others @ ..] => {
                let arms = others.iter().map(|id| {
                    let (index, new) = (number(id.index() as u64), new(*id));
                    quote!(#index => #new)
                });
                let first = new(*first);
                (quote!(top), quote!(match top { #(#arms,)* _ => #first }))
            }
            [] => return quote!(),
        };
        quote! {
            fn instance(#top: u16) -> Instance {
                #body
            }
        }
    }

    /// `seed`, if some machine draws random numbers.
    fn seed(&self) -> TokenStream {
        let app = &self.program.app;
        let arms = self.tops().into_iter().filter_map(|top| {
            let hierarchy = app.machines.iter().filter(|(_, machine)| machine.top == top);
            let drawing = hierarchy.zip(0_u64..).filter(|((id, _), _)| self.draws(*id));
            let seeds: Vec<TokenStream> = drawing
                .map(|((id, _), index)| {
                    let field = &self.names.machines[id].field;
                    let offset = number(index);
                    let seed = if index == 0 { quote!(seed) } else { quote!(seed.wrapping_add(#offset)) };
                    quote!(it.#field.rng = rt::Rng::new(#seed);)
                })
                .gather();
            let variant = &self.names.machines[top].variant;
            (!seeds.is_empty()).then(|| quote!(Instance::#variant(it) => { #(#seeds)* }))
        });
        let arms: Vec<TokenStream> = arms.gather();
        if arms.is_empty() {
            return quote!();
        }
        let rest = (arms.len() < self.tops().len()).then(|| quote!(_ => {}));
        quote! {
            fn seed(instance: &mut Instance, seed: u64) {
                match instance { #(#arms)* #rest }
            }
        }
    }

    fn look(&self) -> TokenStream {
        let arms = self.program.app.machines.iter().map(|(id, machine)| {
            let (variant, field) =
                (&self.names.machines[machine.top].variant, &self.names.machines[id].field);
            let index = number(id.index() as u64);
            quote!((Instance::#variant(it), #index) => Some(look.look(&it.#field)),)
        });
        quote! {
            #[inline]
            fn look<L: rt::Look<Self>>(instance: &Instance, machine: u16, look: L) -> Option<L::Output> {
                match (instance, machine) {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }

    fn visit(&self) -> TokenStream {
        let arms = self.program.app.machines.iter().map(|(id, machine)| {
            let names = &self.names.machines[id];
            let (variant, field) = (&self.names.machines[machine.top].variant, &names.field);
            let index = number(id.index() as u64);
            let outer = self.outer_value(id);
            quote!((Instance::#variant(it), #index) => Some(visit.visit(&mut it.#field, #outer)),)
        });
        quote! {
            #[inline]
            fn visit<'m, V: rt::Visit<'m, Self>>(
                instance: &'m mut Instance,
                machine: u16,
                visit: V,
            ) -> Option<V::Output> {
                match (instance, machine) {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }

    /// The data around a machine that it names, from an instance `it`.
    fn outer_value(&self, id: MachineId) -> TokenStream {
        let outer = self.outer_data(id);
        if outer.is_empty() {
            return quote!(());
        }
        let fields = outer.into_iter().map(|outer| {
            let (name, from) = (&self.names.machines[outer].outer, &self.names.machines[outer].field);
            quote!(#name: &mut it.#from.data)
        });
        let path = &self.names.machines[id].path;
        quote!(#(#path)::*::Outer { #(#fields),* })
    }
}
