//! What the macro leaves in place of a module that could not be generated: the same public names, as far as they are
//! known, so that what uses the module brings no errors of its own.
//!
//! Each type is one that is in error. rustc says nothing about the use of such a type, and stable Rust has no other way
//! to name it than through an expression in error: `<[(); compile_error!("…")] as IntoIterator>::Item`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::ident::Scope;
use crate::{
    canonical::{Action, ActionKind, Description, Event, Machine},
    sorted::{SortedMap, SortedSet},
};

/// The module of a description in error. `error` is the call of `compile_error!` for its first error.
pub(crate) fn placeholder(
    module: &Ident,
    description: Option<&Description>,
    app: bool,
    error: &TokenStream,
) -> TokenStream {
    let broken = Ident::new("__CsmlBroken", Span::call_site());
    let types = ["Call", "Event", "Instance", "Machines", "Persistent", "Reply", "Root", "Shared"];
    let application = app.then_some("App");
    let types = aliases(types.into_iter().chain(application), &quote!(#broken));
    let mut mentioned = Mentioned::default();
    description.into_iter().flat_map(|it| &it.machines).for_each(|machine| mentioned.machine(machine));
    let mut scope = Scope::new(&[]);
    let events: Vec<String> = mentioned.events.iter().map(|name| scope.camel(name).to_string()).collect();
    let events = aliases(events.iter().map(String::as_str), &quote!(super::#broken));
    let mut structs = Scope::new(&[]);
    let records: Vec<String> = mentioned
        .services
        .iter()
        .flat_map(|(name, _)| ["input", "output"].map(|what| format!("{name} {what}")))
        .map(|name| structs.camel(&name).to_string())
        .collect();
    let records = aliases(records.iter().map(String::as_str), &quote!(super::#broken));
    let mut methods = Scope::new(&[]);
    let methods = mentioned.services.iter().map(|(name, input)| {
        let method = methods.snake(name);
        let input = input.then(|| quote!(, input: #broken));
        quote!(fn #method(&self #input) -> #broken;)
    });
    let services = app.then(|| quote!(pub trait Services { #(#methods)* }));
    let machines = machines(description.map_or(&[], |it| &it.machines), &broken, &quote!(super));
    quote! {
        #[allow(dead_code, unused_imports)]
        pub mod #module {
            type #broken = <[(); #error] as ::core::iter::IntoIterator>::Item;
            #types
            #services
            pub mod event { #events }
            pub mod service { #records }
            #machines
        }
    }
}

fn aliases<'n>(names: impl Iterator<Item = &'n str>, to: &TokenStream) -> TokenStream {
    names.map(|name| Ident::new(name, Span::call_site())).map(|name| quote!(pub type #name = #to;)).collect()
}

/// Modules of machines. `root` leads from one of them to the root of the generated module.
fn machines(machines: &[Machine], broken: &Ident, root: &TokenStream) -> TokenStream {
    let mut names = Scope::new(&["event", "service"]);
    let modules = machines.iter().map(|machine| {
        let module = names.snake(&machine.name.value);
        let types = aliases(["State", "Data"].into_iter(), &quote!(#root::#broken));
        let nested = self::machines(&machine.machines, broken, &quote!(#root::super));
        quote!(pub mod #module { #types #nested })
    });
    modules.collect()
}

/// Names that a description mentions, in order of the text.
#[derive(Default)]
struct Mentioned<'d> {
    events: Vec<&'d str>,
    known_events: SortedSet<&'d str>,
    /// Services, and whether they take input.
    services: Vec<(&'d str, bool)>,
    known_services: SortedMap<&'d str, usize>,
}

impl<'d> Mentioned<'d> {
    // Recursion: the reader limits the depth.
    fn machine(&mut self, machine: &'d Machine) {
        for state in &machine.states {
            let lists = [&state.entry, &state.exit, &state.while_actions];
            lists.into_iter().for_each(|list| self.actions(list));
            state.after.iter().flat_map(|timer| &timer.raises).for_each(|event| self.event(event));
            for on in &state.on {
                self.event_name(on.event.as_str());
                self.actions(&on.transition.actions);
            }
            state.always.iter().for_each(|transition| self.actions(&transition.actions));
        }
        machine.machines.iter().for_each(|machine| self.machine(machine));
    }

    fn actions(&mut self, list: &'d [Action]) {
        Action::walk(list, &mut |action| match &action.kind {
            ActionKind::Raise(event) => self.event(event),
            ActionKind::Invoke(invoke) => {
                let name = invoke.service.as_str();
                let at = *self.known_services.entry(name).or_insert(self.services.len());
                if at == self.services.len() {
                    self.services.push((name, false));
                }
                if let Some((_, input)) = self.services.get_mut(at) {
                    *input |= !invoke.input.is_empty();
                }
                invoke.done.iter().for_each(|event| self.event(event));
            }
            _ => {}
        });
    }

    fn event(&mut self, event: &'d Event) {
        self.event_name(event.name.as_str());
    }

    fn event_name(&mut self, name: &'d str) {
        if self.known_events.insert(name) {
            self.events.push(name);
        }
    }
}
