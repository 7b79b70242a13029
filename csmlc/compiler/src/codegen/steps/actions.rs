//! Actions as statements of step functions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Steps;
use crate::{
    codegen::{expr, ident::number, places::Places, rollback::Change, rust_types, site::EventKnowledge},
    ir::{Expr, Kind},
    lists::GatherTokens,
    model::{Action, ActionKind, DatumId, InvokeId, Raise, StateId, TimerId, VarId},
    types::Type,
    vocabulary::Channel,
};

impl Steps<'_> {
    /// Actions in order. `internal` is the state whose internal transition they belong to: only there a
    /// timer is running that can be reset (`docs/semantics.md#6-timers-and-invocations`).
    pub(super) fn actions(
        &self,
        list: &[Action<Expr>],
        trigger: EventKnowledge,
        internal: Option<StateId>,
    ) -> TokenStream {
        list.iter().map(|action| self.action(action, trigger, internal)).gather_tokens()
    }

    fn action(
        &self,
        action: &Action<Expr>,
        trigger: EventKnowledge,
        internal: Option<StateId>,
    ) -> TokenStream {
        let program = self.generator.program;
        let at = self.generator.position(action.span);
        match &action.kind {
            ActionKind::Assign(variable, value) => {
                let grown = expr::grown(*variable, value, program, &self.site(trigger));
                grown.unwrap_or_else(|| self.assign(*variable, self.value(trigger, value), &at))
            }
            ActionKind::Create(variable, value) => {
                let value = self.value(trigger, value);
                let (place, name) = (self.site(trigger).variable(*variable), self.name(*variable));
                quote! {
                    let value = #value;
                    rt::create(&mut #place, value, #name, #at)?;
                }
            }
            ActionKind::Delete(variable) => {
                let (place, name) = (self.site(trigger).variable(*variable), self.name(*variable));
                quote!(rt::delete(&mut #place, #name, #at)?;)
            }
            ActionKind::Raise(raise) => self.raise(raise, trigger),
            ActionKind::Invoke(invoke) => self.invoke(*invoke, trigger),
            ActionKind::Match(it) => self.matching(it, trigger, internal),
            ActionKind::ResetTimer(timer) if internal == Some(program.app.timers[*timer].state) => {
                self.set_timer(*timer, trigger)
            }
            ActionKind::ResetTimer(_) => quote!(),
        }
    }

    fn assign(&self, variable: VarId, value: TokenStream, at: &TokenStream) -> TokenStream {
        let place = self.site(EventKnowledge::None).variable(variable);
        if self.generator.program.app.variables[variable].optional {
            let name = self.name(variable);
            return quote! {
                let value = #value;
                *rt::existing(&mut #place, #name, #at)? = value;
            };
        }
        quote!(#place = #value;)
    }

    /// Gives a variable its initial value; one that only actions create becomes absent.
    pub(super) fn initialise(&self, variable: VarId, trigger: EventKnowledge) -> TokenStream {
        let declared = &self.generator.program.app.variables[variable];
        let place = self.site(trigger).variable(variable);
        let Some(initial) = &declared.initial else { return quote!(#place = None;) };
        let value = self.value(trigger, initial);
        if declared.optional { quote!(#place = Some(#value);) } else { quote!(#place = #value;) }
    }

    /// Starts a timer, its delay evaluated now.
    pub(super) fn set_timer(&self, timer: TimerId, trigger: EventKnowledge) -> TokenStream {
        let index = self.timer_index(timer);
        let delay = &self.generator.program.app.timers[timer].delay;
        let at = self.generator.position(delay.span);
        let milliseconds = match (&delay.kind, &delay.ty) {
            (Kind::Int(ms), _) if *ms >= 0 => {
                let ms = number(*ms as u64);
                return quote!(cx.set_timer(#index, #ms););
            }
            (_, ty) => {
                let value = self.value(trigger, delay);
                match ty {
                    Type::Float => quote!(rt::float::delay(#value, #at)?),
                    Type::Dynamic => {
                        let value = expr::borrowed(delay, self.generator.program, &self.site(trigger));
                        quote!(rt::dynamic::delay(#value, #at)?)
                    }
                    _ => quote!(rt::int::delay(#value, #at)?),
                }
            }
        };
        quote! {
            let delay = #milliseconds;
            cx.set_timer(#index, delay);
        }
    }

    pub(super) fn raises(&self, list: &[Raise<Expr>], trigger: EventKnowledge) -> TokenStream {
        list.iter().map(|raise| self.raise(raise, trigger)).gather_tokens()
    }

    fn raise(&self, raise: &Raise<Expr>, trigger: EventKnowledge) -> TokenStream {
        let channel = match raise.channel {
            Channel::Internal => quote!(rt::Channel::Internal),
            Channel::External => quote!(rt::Channel::External),
            Channel::Global => quote!(rt::Channel::Global),
            Channel::Peripheral => quote!(rt::Channel::Peripheral),
        };
        let event = self.event(raise, trigger);
        if raise.data.iter().any(|(_, value)| takes_context(value)) {
            return quote! {
                let raised = #event;
                cx.raise(#channel, raised);
            };
        }
        quote!(cx.raise(#channel, #event);)
    }

    fn event(&self, raise: &Raise<Expr>, trigger: EventKnowledge) -> TokenStream {
        let app = &self.generator.program.app;
        let names = &self.generator.names;
        let variant = &names.events[raise.event];
        let all = &app.events[raise.event].data;
        if all.is_empty() {
            return quote!(Event::#variant);
        }
        let mut fields = TokenStream::new();
        for (datum, value) in &raise.data {
            let (field, given) = (&names.data[*datum], self.value(trigger, value));
            let given = match self.optional_output(value) {
                _ if !app.data[*datum].optional => given,
                Some(output) => quote!(if #output.is_some() { Some(#given) } else { None }),
                None => quote!(Some(#given)),
            };
            fields.extend(quote!(#field: #given,));
        }
        let absent = |datum: &&DatumId| raise.data.iter().all(|(carried, _)| carried != *datum);
        for datum in all.iter().filter(absent) {
            let field = &names.data[*datum];
            fields.extend(quote!(#field: None,));
        }
        let root = names.root(self.id);
        quote!(Event::#variant(#root::event::#variant { #fields }))
    }

    /// Place of the output that an expression passes on, if the service may leave it out.
    fn optional_output(&self, value: &Expr) -> Option<TokenStream> {
        match &value.kind {
            Kind::Coerce(_, inner) => self.optional_output(inner),
            Kind::Output(output) if self.generator.program.app.outputs[*output].optional => {
                Some(self.site(EventKnowledge::None).output(*output))
            }
            _ => None,
        }
    }

    fn invoke(&self, id: InvokeId, trigger: EventKnowledge) -> TokenStream {
        let app = &self.generator.program.app;
        let names = &self.generator.names;
        let invoke = &app.invokes[id];
        let service = &names.services[invoke.service];
        let (variant, input) = (&service.variant, &service.input);
        let index = self.invoke_index(id);
        let all = &app.services[invoke.service].inputs;
        if all.is_empty() {
            return quote!(cx.invoke(#index, Call::#variant););
        }
        let mut fields = TokenStream::new();
        for (datum, value) in &invoke.input {
            let (field, value) = (&names.inputs[*datum], self.value(trigger, value));
            let value = if app.inputs[*datum].optional { quote!(Some(#value)) } else { value };
            fields.extend(quote!(#field: #value,));
        }
        for datum in all.iter().filter(|datum| invoke.input.iter().all(|(given, _)| given != *datum)) {
            let field = &names.inputs[*datum];
            fields.extend(quote!(#field: None,));
        }
        let root = names.root(self.id);
        let call = quote!(Call::#variant(#root::service::#input { #fields }));
        if invoke.input.iter().any(|(_, value)| takes_context(value)) {
            return quote! {
                let call = #call;
                cx.invoke(#index, call);
            };
        }
        quote!(cx.invoke(#index, #call);)
    }

    /// Index of a timer among its machine's.
    pub(super) fn timer_index(&self, timer: TimerId) -> Literal {
        number(self.machine.timers.iter().position(|id| *id == timer).unwrap_or_default() as u64)
    }

    /// Index of an invocation among its machine's.
    pub(super) fn invoke_index(&self, invoke: InvokeId) -> Literal {
        number(self.machine.invokes.iter().position(|id| *id == invoke).unwrap_or_default() as u64)
    }

    /// Place of what a step changes.
    pub(super) fn place(&self, change: Change) -> TokenStream {
        match change {
            Change::State => quote!(cx.machine.state),
            Change::Random => quote!(cx.machine.rng),
            Change::Variable(variable) => self.site(EventKnowledge::None).variable(variable),
        }
    }

    /// Whether saving it is a plain copy.
    pub(super) fn is_copy(&self, change: Change) -> bool {
        match change {
            Change::State | Change::Random => true,
            Change::Variable(variable) => rust_types::is_copy(&self.generator.program.variables[variable]),
        }
    }

    /// A variable's name as the user wrote it.
    fn name(&self, variable: VarId) -> &str {
        &self.generator.program.app.variables[variable].name.text
    }
}

/// Whether evaluating it changes something through `cx`, so that it cannot be an argument of a method of `cx`.
fn takes_context(value: &Expr) -> bool {
    value.acts() || expr::has_functions(value)
}
