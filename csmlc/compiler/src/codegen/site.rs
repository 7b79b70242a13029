//! Places in a function being generated: where it finds variables, event data and outputs.

use crate::sorted::SortedMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    Generator, names,
    places::{Context, EventAccess, Places},
};
use crate::{
    lists::Gather,
    model::{DatumId, MachineId, MatchId, OutputId, Owner, VarId},
    vocabulary::Storage,
};

/// What a function knows of the triggering event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKnowledge {
    /// There is none.
    None,
    /// Its payload is the parameter `payload`.
    Payload,
    /// The parameter `event` is an `Option<&Event>`.
    Any,
}

/// A function being generated.
pub(super) struct Site<'g> {
    pub(super) generator: &'g Generator<'g>,
    /// The machine whose function it is; none for the root's initial values.
    pub(super) machine: Option<MachineId>,
    pub(super) trigger: EventKnowledge,
    /// Variables whose new values wait in a `let` until nothing can fail any more.
    pub(super) late: SortedMap<VarId, Ident>,
    /// Type of the parameter `reply`, the output of a completed service.
    pub(super) reply: Option<TokenStream>,
}

impl Places for Site<'_> {
    fn variable(&self, id: VarId) -> TokenStream {
        if let Some(waiting) = self.late.get(&id) {
            return quote!(#waiting);
        }
        let program = self.generator.program;
        let names = &self.generator.names;
        let variable = &program.app.variables[id];
        let field = &names.variables[id];
        let shared = if self.machine.is_some() { quote!(cx.shared) } else { quote!(shared) };
        match variable.owner {
            _ if variable.storage == Storage::Persistent => quote!(#shared.persistent.#field),
            Owner::Root => quote!(#shared.root.#field),
            Owner::Machine(machine) if Some(machine) == self.machine => quote!(cx.machine.data.#field),
            Owner::Machine(machine) => {
                let outer = &names.machines[machine].outer;
                quote!(cx.outer.#outer.#field)
            }
            Owner::State(state) => {
                let data = &names.states[state].field;
                quote!(cx.machine.data.#data.#field)
            }
        }
    }

    fn event(&self) -> EventAccess {
        match self.trigger {
            EventKnowledge::None => EventAccess::None,
            EventKnowledge::Payload => EventAccess::Payload(quote!(payload)),
            EventKnowledge::Any => EventAccess::Any(quote!(event)),
        }
    }

    fn datum_field(&self, datum: DatumId) -> TokenStream {
        let name = &self.generator.names.data[datum];
        quote!(#name)
    }

    fn datum_pattern(&self, datum: DatumId) -> TokenStream {
        let event = &self.generator.names.events[self.generator.program.app.data[datum].event];
        quote!(Event::#event(payload))
    }

    fn output(&self, output: OutputId) -> TokenStream {
        let name = &self.generator.names.outputs[output];
        quote!(reply.#name)
    }

    fn matched(&self, id: MatchId) -> TokenStream {
        let name = &self.generator.names.matches[id];
        quote!(#name)
    }

    fn rng(&self) -> TokenStream {
        if self.machine.is_some() { quote!(cx.machine.rng) } else { quote!(shared.rng) }
    }

    fn runtime(&self) -> TokenStream {
        quote!(rt)
    }

    fn context(&self) -> Context {
        if self.machine.is_none() {
            return Context { name: quote!(shared), ty: quote!(Shared), generics: quote!() };
        }
        Context {
            name: quote!(cx),
            ty: quote!(Context<'_, F>),
            generics: quote!(<F: rt::EffectsFor<Machines>>),
        }
    }

    fn event_argument(&self) -> Option<TokenStream> {
        match self.trigger {
            EventKnowledge::None => None,
            EventKnowledge::Payload => Some(quote!(Some(event))),
            EventKnowledge::Any => Some(quote!(event)),
        }
    }

    fn reply_argument(&self) -> Option<(TokenStream, TokenStream)> {
        Some((quote!(reply), self.reply.clone()?))
    }

    fn taken(&self) -> Vec<String> {
        let late = self.late.values().map(ToString::to_string);
        // By depth: no deeper one has a name that the first ones do not have.
        let matched = (1..=self.generator.names.match_depth).map(|depth| names::matched(depth).to_string());
        late.chain(matched).gather()
    }

    fn loop_limit(&self) -> u64 {
        self.generator.loop_limit
    }
}
