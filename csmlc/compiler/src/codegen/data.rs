//! Data shared by all instances: the root's local data and the persistent data.

use crate::lists::{Gather, GatherTokens};
use crate::sorted::SortedMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Generator, expr,
    ident::{number, quoted},
    places::Places,
    records, rust_types,
    site::{EventKnowledge, Site},
};
use crate::{model::VarId, vocabulary::Storage};

impl Generator<'_> {
    /// `Root`, `Persistent` and `Shared`.
    pub(super) fn shared(&self) -> TokenStream {
        let (persistent, local) = self.root_variables();
        let structure = |name: &str, doc: &str, variables: &[VarId]| {
            let name = quote::format_ident!("{name}");
            let structure = self.variables_struct(&name, doc, variables, &[]);
            if variables.is_empty() { (quote!(), quote!(())) } else { (structure, quote!(#name)) }
        };
        let (root, root_type) = structure("Root", " The root's local data.", &local);
        let (persistent, persistent_type) =
            structure("Persistent", " Persistent data: one value for the whole application.", &persistent);
        let rng = self.root_draws().then(|| quote!(, rt::Rng));
        quote! {
            #root
            #persistent

            /// What the instances of the application share.
            pub type Shared = rt::Shared<#root_type, #persistent_type #rng>;
        }
    }

    /// Persistent variables, in the order of [`persistent`](csml_rt_core::Description::persistent).
    pub(super) fn persistent_variables(&self) -> Vec<VarId> {
        self.root_variables().0
    }

    /// Persistent variables and the root's local ones.
    fn root_variables(&self) -> (Vec<VarId>, Vec<VarId>) {
        let app = &self.program.app;
        app.root_data.iter().partition(|id| app.variables[**id].storage == Storage::Persistent)
    }

    /// Whether an initial value of shared data draws random numbers.
    fn root_draws(&self) -> bool {
        let app = &self.program.app;
        let initials = app.root_data.iter().filter_map(|id| app.variables[*id].initial.as_ref());
        initials.into_iter().any(crate::ir::Expr::uses_random)
    }

    /// A struct of variables, with further fields of given types.
    pub(super) fn variables_struct(
        &self,
        name: &Ident,
        doc: &str,
        variables: &[VarId],
        further: &[(&Ident, &Ident, String)],
    ) -> TokenStream {
        let fields = variables.iter().map(|id| {
            let variable = &self.program.app.variables[*id];
            let field = &self.names.variables[*id];
            let ty = &self.program.variables[*id];
            let doc = format!(
                " {} ({}), of type `{ty}`.",
                quoted(&variable.name.text),
                self.place(variable.name.span)
            );
            let ty = rust_types::rust_type(ty, &quote!(rt));
            let ty = if variable.optional { quote!(Option<#ty>) } else { ty };
            quote!(#[doc = #doc] pub #field: #ty)
        });
        let further = further.iter().map(|(field, ty, doc)| quote!(#[doc = #doc] pub #field: #ty));
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct #name {
                #(#fields,)*
                #(#further,)*
            }
        }
    }

    /// Initial values of shared data, and access to them.
    pub(super) fn shared_functions(&self) -> TokenStream {
        let app = &self.program.app;
        let site = Site {
            generator: self,
            machine: None,
            trigger: EventKnowledge::None,
            late: SortedMap::new(),
            reply: None,
        };
        let (persistent, local) = self.root_variables();
        let mut positions = 0_usize..;
        let values = app.root_data.iter().map(|id| {
            let place = site.variable(*id);
            let variable = &app.variables[*id];
            let initial = variable.initial.as_ref().map(|initial| {
                let value = expr::owned(initial, self.program, &site);
                if variable.optional { quote!(Some(#value)) } else { value }
            });
            let position = (variable.storage == Storage::Persistent).then(|| positions.next()).flatten();
            let stored = position.map(|position| self.stored(*id, position));
            match (stored, initial) {
                (None, Some(value)) => quote!(#place = #value;),
                (Some(stored), Some(value)) => {
                    let found = if variable.optional { quote!(Some(value)) } else { quote!(value) };
                    quote! {
                        match #stored {
                            Some(value) => #place = #found,
                            None => #place = #value,
                        }
                    }
                }
                (Some(stored), None) => quote!(#place = #stored;),
                (None, None) => quote!(),
            }
        });
        let values: TokenStream = values.gather_tokens();
        let seed = self.root_draws().then(|| quote!(shared.rng = rt::Rng::new(stored.seed);));
        let initialise = (!values.is_empty()).then(|| {
            let body = quote!(#seed #values);
            let stored = super::step_function::used(&body, "stored");
            quote! {
                fn initialise(shared: &mut Shared, #stored: &rt::Stored<'_>) -> Result<(), rt::InitError> {
                    #body
                    Ok(())
                }
            }
        });
        let access = self.persistent_access(&persistent);
        let root_data = (!local.is_empty()).then(|| {
            let listed = self.listed(&quote!(shared.root), &local);
            quote! {
                fn root_data(shared: &Shared) -> rt::Variables {
                    #listed
                }
            }
        });
        quote!(#initialise #access #root_data)
    }

    /// What a store has of a persistent variable: an expression of type `Option`.
    fn stored(&self, id: VarId, position: usize) -> TokenStream {
        let path = &self.program.app.variables[id].path;
        let position = number(position as u64);
        let value = if self.program.variables[id].has_host() { quote!(host_value) } else { quote!(value) };
        quote!(stored.#value(#position, #path)?)
    }

    /// `Machines::persistent_value` and `set_persistent`.
    fn persistent_access(&self, variables: &[VarId]) -> TokenStream {
        let arms = variables.iter().enumerate().map(|(position, id)| {
            let variable = &self.program.app.variables[*id];
            let (field, ty) = (&self.names.variables[*id], &self.program.variables[*id]);
            let to_value = records::to_value(ty);
            let place = quote!(shared.persistent.#field);
            let host = ty.has_host().then(|| quote!(host::));
            let position = number(position as u64);
            if variable.optional {
                let get = quote!(#position => #place.as_ref().map(#to_value),);
                (get, quote!(#position => rt::#host set_slot(&mut #place, value),))
            } else {
                let get = quote!(#position => Some(#to_value(&#place)),);
                (get, quote!(#position => rt::#host set_variable(&mut #place, value),))
            }
        });
        let (get, set): (TokenStream, TokenStream) = arms.unzip();
        if variables.is_empty() {
            return quote!();
        }
        quote! {
            fn persistent_value(shared: &Shared, variable: u16) -> Option<rt::Value> {
                match variable {
                    #get
                    _ => None,
                }
            }

            fn set_persistent(shared: &mut Shared, variable: u16, value: Option<&rt::Value>) -> Result<(), rt::Misfit> {
                match variable {
                    #set
                    _ => Err(rt::Misfit::new("no such variable")),
                }
            }
        }
    }

    /// An expression listing variables with their names, leaving out absent ones.
    pub(super) fn listed(&self, base: &TokenStream, variables: &[VarId]) -> TokenStream {
        let data: Vec<_> = variables
            .iter()
            .map(|id| {
                let variable = &self.program.app.variables[*id];
                let field = &self.names.variables[*id];
                (
                    variable.name.text.as_str(),
                    quote!(#base.#field),
                    &self.program.variables[*id],
                    variable.optional,
                )
            })
            .gather();
        let listed = records::listed(&data);
        if variables.iter().any(|id| self.program.app.variables[*id].optional) {
            return listed;
        }
        quote!(rt::Vec::from(#listed))
    }
}
