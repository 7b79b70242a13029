//! The functions of a state: entering, leaving, its events, its `always` transitions; and what settles a machine.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Settling, Steps};
use crate::{
    codegen::{
        rollback::{self, Change},
        site::EventKnowledge,
        step_function::{Returns, StepFunction, mentions},
    },
    ir::Expr,
    lists::{Gather, GatherTokens},
    model::{Action, ActionKind, On, StateId},
    sorted::SortedSet,
};

impl Steps<'_> {
    pub(super) fn enter(&mut self, id: StateId) {
        let Some(statements) = self.bodies.get(&id).map(|bodies| bodies.enter.clone()) else { return };
        let fails = self.generator.rollback.entering(id).fails;
        self.passage("enter", format!("Enters {}.", self.describe(id)), id, statements, fails);
    }

    pub(super) fn exit(&mut self, id: StateId) {
        let Some(statements) = self.bodies.get(&id).map(|bodies| bodies.exit.clone()) else { return };
        let fails = self.generator.rollback.leaving(id).fails;
        self.passage("exit", format!("Leaves {}.", self.describe(id)), id, statements, fails);
    }

    fn passage(&mut self, prefix: &str, doc: String, id: StateId, statements: TokenStream, fails: bool) {
        if statements.is_empty() {
            return;
        }
        let mut function = StepFunction::new(self.function_of(prefix, id), doc, Returns::nothing(fails));
        function.statements = statements;
        self.outlined(function, &[any_event()]);
    }

    /// The statement that enters a state; `event` is an `Option<&Event>`.
    pub(super) fn enter_call(&self, id: StateId, event: &TokenStream) -> TokenStream {
        let body = self.bodies.get(&id).map(|bodies| &bodies.enter);
        self.passage_call("enter", id, body, event, self.generator.rollback.entering(id).fails)
    }

    /// The statement that leaves a state.
    pub(super) fn exit_call(&self, id: StateId, event: &TokenStream) -> TokenStream {
        let body = self.bodies.get(&id).map(|bodies| &bodies.exit);
        self.passage_call("exit", id, body, event, self.generator.rollback.leaving(id).fails)
    }

    fn passage_call(
        &self,
        prefix: &str,
        id: StateId,
        body: Option<&TokenStream>,
        event: &TokenStream,
        fails: bool,
    ) -> TokenStream {
        let Some(body) = body.filter(|body| !body.is_empty()) else { return quote!() };
        let name = self.function_of(prefix, id);
        let event = mentions(body, "event").then(|| quote!(, #event));
        let question = fails.then(|| quote!(?));
        quote!(#name(cx #event) #question;)
    }

    /// Entering a state: local data anew, entry and `while` actions, timers (`docs/semantics.md#3-execution`).
    pub(super) fn entering(&self, id: StateId) -> TokenStream {
        let program = self.generator.program;
        let state = &program.app.states[id];
        let mut statements = TokenStream::new();
        for variable in &state.local {
            statements.extend(self.initialise(*variable, EventKnowledge::Any));
        }
        statements.extend(self.actions(&state.entry, EventKnowledge::Any, None));
        statements.extend(self.actions(&state.while_actions, EventKnowledge::Any, None));
        for timer in &state.after {
            statements.extend(self.set_timer(*timer, EventKnowledge::Any));
        }
        statements
    }

    /// Leaving a state: `while` invocations and timers end, then exit actions.
    pub(super) fn leaving(&self, id: StateId) -> TokenStream {
        let program = self.generator.program;
        let state = &program.app.states[id];
        let mut statements = TokenStream::new();
        let invokes = |action: &Action<Expr>| matches!(action.kind, ActionKind::Invoke(_));
        if Action::all(&state.while_actions).any(invokes) {
            statements.extend(quote!(cx.cancel_while();));
        }
        for timer in &state.after {
            let index = self.timer_index(*timer);
            statements.extend(quote!(cx.cancel_timer(#index);));
        }
        statements.extend(self.actions(&state.exit, EventKnowledge::Any, None));
        statements
    }

    /// The functions for `always` transitions, one for each state that has some; what they take goes into
    /// [`settling`](Steps::settling).
    pub(super) fn always_functions(&mut self) -> Vec<Vec<TokenStream>> {
        let states = &self.generator.program.app.states;
        let mut all = Vec::new();
        let mut event = SortedSet::new();
        for id in &self.machine.states {
            if !states[*id].always.is_empty() && self.always(*id) {
                event.insert(*id);
            }
            all.push(std::mem::take(&mut self.functions));
        }
        if all.iter().any(|functions| !functions.is_empty()) {
            self.settling = Some(Settling { event, counts: self.generator.rollback.cyclic(self.id) });
        }
        all
    }

    /// One state's `always` transitions; whether they look at the event.
    fn always(&mut self, id: StateId) -> bool {
        let program = self.generator.program;
        let transitions = &program.app.states[id].always;
        let fails = self.generator.rollback.choice(program, id, None, transitions).fails;
        let choice = self.choose(id, None, transitions, fails);
        let doc = format!("`always` transitions of {}; whether one led to a state.", self.describe(id));
        let mut function = StepFunction::new(self.function_of("always", id), doc, Returns::bool(fails));
        (function.statements, function.tail) = choice.into_body(&returned(quote!(false), fails));
        let event = mentions(&function.body(), "event");
        self.outlined(function, &[any_event()]);
        event
    }

    /// `always` transitions, followed until none is enabled (`docs/semantics.md#3-execution`).
    pub(super) fn settle(&mut self) {
        let Some(settling) = &self.settling else { return };
        let program = self.generator.program;
        let states = self.machine.states.iter().copied();
        let (with, without): (Vec<StateId>, Vec<StateId>) =
            states.partition(|id| !program.app.states[*id].always.is_empty());
        let arms = with.iter().map(|id| {
            let facts = self.generator.rollback.choice(program, *id, None, &program.app.states[*id].always);
            let (variant, name) = (self.variant(*id), self.function_of("always", *id));
            let event = settling.event.contains(id).then(|| quote!(, event));
            let question = facts.fails.then(|| quote!(?));
            quote!(#variant => #name(cx #event) #question,)
        });
        let arms: TokenStream = arms.gather_tokens();
        let rest = (!without.is_empty()).then(|| quote!(_ => false,));
        let limit = settling.counts.then(|| {
            let at = self.generator.position(self.machine.name.span);
            let name = &self.machine.name.text;
            quote! {
                micro_steps += 1;
                if micro_steps > cx.micro_step_limit() {
                    return Err(rt::livelock(#name, cx.micro_step_limit(), #at));
                }
            }
        });
        let doc = "Follows `always` transitions until none is enabled.".to_owned();
        let mut function = StepFunction::new(format_ident!("settle"), doc, Returns::Outcome);
        let start = settling.counts.then(|| quote!(let mut micro_steps = micro_steps;));
        function.statements = quote! {
            #start
            while match cx.machine.state { #arms #rest } {
                #limit
            }
        };
        function.tail = match self.ends() {
            Some(terminal) => quote!(Ok(if #terminal { cx.terminate() } else { rt::Outcome::Handled })),
            None => quote!(Ok(rt::Outcome::Handled)),
        };
        self.outlined(function, &[any_event(), ("micro_steps", quote!(u32))]);
    }

    /// Whether the active state is terminal, if the machine has terminal states.
    fn ends(&self) -> Option<TokenStream> {
        let states = self.machine.states.iter().copied();
        let terminal: Vec<_> = states.filter(|id| self.generator.program.app.states[*id].terminal).gather();
        if terminal.is_empty() {
            return None;
        }
        let variants = terminal.iter().map(|id| self.variant(*id));
        Some(quote!(matches!(cx.machine.state, #(#variants)|*)))
    }

    /// Handles one event: one function per state.
    pub(super) fn step(&self) -> TokenStream {
        let program = self.generator.program;
        let mut arms = TokenStream::new();
        let mut silent = Vec::new();
        for id in &self.machine.states {
            let state = &program.app.states[*id];
            let variant = self.variant(*id);
            if state.on.is_empty() || state.terminal {
                silent.push(variant);
                continue;
            }
            let name = self.function_of("on", *id);
            arms.extend(quote!(#variant => #name(cx, event),));
        }
        let body = if arms.is_empty() {
            quote!(Ok(rt::Outcome::Unhandled))
        } else {
            let rest = (!silent.is_empty()).then(|| quote!(#(#silent)|* => Ok(rt::Outcome::Unhandled),));
            quote!(match cx.machine.state { #arms #rest })
        };
        let [cx, event] = ["cx", "event"].map(|name| crate::codegen::step_function::used(&body, name));
        // Always: otherwise LLVM passes the data of a small event as arguments, read before the state is known.
        quote! {
            #[inline(always)]
            fn step<F: rt::EffectsFor<Machines>>(#cx: &mut Context<'_, F>, #event: &Event) -> rt::StepResult {
                #body
            }
        }
    }

    /// All events of one state.
    pub(super) fn on(&mut self, id: StateId) {
        let program = self.generator.program;
        let state = &program.app.states[id];
        if state.on.is_empty() || state.terminal {
            return;
        }
        let mut arms = TokenStream::new();
        let mut covered = 0;
        for on in &state.on {
            let (arm, covers) = self.on_event(id, on);
            arms.extend(arm);
            covered += usize::from(covers);
        }
        if covered < program.app.events.len() {
            arms.extend(quote!(_ => Ok(rt::Outcome::Unhandled),));
        }
        let doc = format!("Events in {}.", self.describe(id));
        let mut function = StepFunction::new(self.function_of("on", id), doc, Returns::Outcome);
        function.tail = quote!(match event { #arms });
        function.parameters = vec![("event", quote!(&Event))];
        self.functions.push(function.tokens());
    }

    /// The arms for one event in one state, and whether they cover it.
    fn on_event(&mut self, id: StateId, on: &On<Expr>) -> (TokenStream, bool) {
        let program = self.generator.program;
        let facts = self.generator.rollback.choice(program, id, Some(on.event), &on.transitions);
        let event = &program.app.events[on.event];
        let choice = self.choose(id, Some(on.event), &on.transitions, true);
        // The transition rolls back its own changes.
        let guards = rollback::guards(program, &on.transitions, EventKnowledge::Payload);
        let saves: Vec<Change> = guards.changes.intersection(&facts.saves).copied().gather();
        let variant = &self.generator.names.events[on.event];
        let pattern = |body: &TokenStream| match (event.data.is_empty(), mentions(body, "payload")) {
            (true, _) => quote!(Event::#variant),
            (false, true) => quote!(Event::#variant(payload)),
            (false, false) => quote!(Event::#variant(_)),
        };
        if saves.is_empty() {
            let covers = choice.covers();
            return (choice.into_arms(&pattern, &quote!(Ok(rt::Outcome::Unhandled))), covers);
        }
        let state = &program.app.states[id].name.text;
        let name = self.claim(&format!("on {state} {}", event.name.text));
        let doc =
            format!("Event {} in {}.", crate::codegen::ident::quoted(&event.name.text), self.describe(id));
        let mut function = StepFunction::new(name, doc, Returns::Outcome);
        (function.statements, function.tail) = choice.into_body(&quote!(Ok(rt::Outcome::Unhandled)));
        let parameters = self.event_parameters(on.event);
        let call = self.outlined(function, &parameters);
        let (statements, tail) = self.call_saving(&call, &saves);
        let pattern = pattern(&quote!(#statements #tail));
        (quote!(#pattern => { #statements #tail }), true)
    }
}

/// The parameter of functions that may run in a step of any trigger.
pub(super) fn any_event() -> (&'static str, TokenStream) {
    ("event", quote!(Option<&Event>))
}

/// A value as a function returns it.
pub(super) fn returned(value: TokenStream, fails: bool) -> TokenStream {
    if fails { quote!(Ok(#value)) } else { value }
}
