//! Taking a transition: what it does, in which order (`docs/semantics.md#3-execution`, 2 and 3).

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Steps,
    states::{any_event, returned},
};
use crate::{
    codegen::{
        rollback::Change,
        site::EventKnowledge,
        step_function::{Returns, StepFunction, length},
    },
    ir::Expr,
    lists::Gather,
    model::{Action, EventId, StateId, Transition},
    sorted::SortedSet,
};

/// Tokens that a transition may have among the other transitions of its state. What is longer gets a function.
const SHORT: usize = 160;

/// The four ways a transition can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransitionKind {
    On,
    Else,
    Always,
    AlwaysElse,
}

impl TransitionKind {
    fn tokens(self) -> TokenStream {
        match self {
            Self::On => quote!(rt::TransitionKind::On),
            Self::Else => quote!(rt::TransitionKind::Else),
            Self::Always => quote!(rt::TransitionKind::Always),
            Self::AlwaysElse => quote!(rt::TransitionKind::AlwaysElse),
        }
    }

    pub(super) fn otherwise(self) -> Self {
        if self.is_always() { Self::AlwaysElse } else { Self::Else }
    }

    pub(super) fn is_always(self) -> bool {
        matches!(self, Self::Always | Self::AlwaysElse)
    }
}

/// The code that takes a transition.
pub(super) struct TransitionCode {
    /// Says where it stands in the description.
    pub(super) doc: TokenStream,
    pub(super) statements: TokenStream,
    /// What the function around it returns then.
    pub(super) tail: TokenStream,
}

impl Steps<'_> {
    /// Takes a transition of `from` towards `to`, with `actions` on the way.
    pub(super) fn take(
        &mut self,
        from: StateId,
        event: Option<EventId>,
        transition: &Transition<Expr>,
        (to, actions): (Option<StateId>, &[Action<Expr>]),
        kind: TransitionKind,
        fails: bool,
    ) -> TransitionCode {
        let program = self.generator.program;
        let settles = !kind.is_always();
        let facts = self.generator.rollback.transition(program, from, to, actions, settles);
        let late = if settles { self.written_late(from, to, actions, &facts) } else { SortedSet::new() };
        let statements = self.passing(from, to, actions, kind, &late);
        let (more, tail) = match (event, to) {
            (None, to) => {
                let moved = to.is_some();
                (quote!(), returned(quote!(#moved), fails))
            }
            (Some(_), Some(to)) => (quote!(), self.outcome(to, &quote!(Some(event)), 1)),
            (Some(_), None) => (quote!(), quote!(Ok(rt::Outcome::Handled))),
        };
        let statements = quote!(#statements #more);
        let saved = |change: &Change| settles && !late.contains(change);
        let saves: Vec<Change> = facts.saves.iter().copied().filter(saved).gather();
        let way = to.map_or_else(|| "Stays".to_owned(), |to| format!("To {}", self.describe(to)));
        let place = self.generator.place(transition.span);
        if saves.is_empty() && length(&statements) <= SHORT {
            let comment = format!("// {way} ({place}).");
            return TransitionCode { doc: quote!(#[doc = #comment]), statements, tail };
        }
        self.take_by_call(
            from,
            event,
            &format!("{way} ({place})."),
            to,
            (statements, tail),
            &saves,
            facts.fails,
        )
    }

    /// A transition in a function of its own.
    #[expect(clippy::too_many_arguments, reason = "all that is known of a transition")]
    fn take_by_call(
        &mut self,
        from: StateId,
        event: Option<EventId>,
        doc: &str,
        to: Option<StateId>,
        (statements, tail): (TokenStream, TokenStream),
        saves: &[Change],
        fails: bool,
    ) -> TransitionCode {
        let program = self.generator.program;
        let states = &program.app.states;
        let trigger = event.map_or("always", |event| program.app.events[event].name.text.as_str());
        let way = to.map_or_else(|| "stays".to_owned(), |to| format!("to {}", states[to].name.text));
        let name = self.claim(&format!("{} {trigger} {way}", states[from].name.text));
        let doc = format!("Transition of {}. {doc}", self.describe(from));
        let returns = if event.is_some() { Returns::Outcome } else { Returns::nothing(fails) };
        let mut function = StepFunction::new(name, doc, returns);
        function.statements = statements;
        let parameters = match event {
            Some(event) => {
                function.tail = tail.clone();
                self.event_parameters(event)
            }
            None => vec![any_event()],
        };
        let call = self.outlined(function, &parameters);
        if event.is_none() {
            let question = fails.then(|| quote!(?));
            return TransitionCode { doc: quote!(), statements: quote!(#call #question;), tail };
        }
        let (statements, tail) = self.call_saving(&call, saves);
        TransitionCode { doc: quote!(), statements, tail }
    }

    /// What a function for an event can be given.
    pub(super) fn event_parameters(&self, event: EventId) -> Vec<(&'static str, TokenStream)> {
        let mut parameters = vec![("event", quote!(&Event))];
        if !self.generator.program.app.events[event].data.is_empty() {
            let payload = &self.generator.names.events[event];
            let root = self.generator.names.root(self.id);
            parameters.push(("payload", quote!(&#root::event::#payload)));
        }
        parameters
    }

    /// Leaving a state, the actions, and entering the next; or the actions alone.
    fn passing(
        &mut self,
        from: StateId,
        to: Option<StateId>,
        actions: &[Action<Expr>],
        kind: TransitionKind,
        late: &SortedSet<Change>,
    ) -> TokenStream {
        let trigger = if kind.is_always() { EventKnowledge::Any } else { EventKnowledge::Payload };
        let internal = if to.is_none() { Some(from) } else { None };
        let acting = self.actions_writing_late(actions, trigger, internal, late);
        let Some(to) = to else { return quote!(cx.internal(); #acting) };
        let event = if kind.is_always() { quote!(event) } else { quote!(Some(event)) };
        let (exit, enter) = (self.exit_call(from, &event), self.enter_call(to, &event));
        let (target, kind) = (self.variant(to), kind.tokens());
        quote! {
            #exit
            #acting
            cx.transition(#target, #kind);
            #enter
        }
    }

    /// How a step ends that has entered a state after `taken` micro-steps: a `StepResult`.
    pub(super) fn outcome(&self, state: StateId, event: &TokenStream, taken: u32) -> TokenStream {
        let states = &self.generator.program.app.states;
        if states[state].terminal {
            return quote!(Ok(cx.terminate()));
        }
        match &self.settling {
            Some(settling) if !states[state].always.is_empty() => {
                let event = (!settling.event.is_empty()).then(|| quote!(, #event));
                let taken = crate::codegen::ident::number(taken);
                let taken = settling.counts.then(|| quote!(, #taken));
                quote!(settle(cx #event #taken))
            }
            _ => quote!(Ok(rt::Outcome::Handled)),
        }
    }
}
