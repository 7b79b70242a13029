//! Step functions of one machine: flat, one per state, transition, timer and invocation.

use crate::sorted::{SortedMap, SortedSet};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{
    Generator, expr,
    function::{Function, Parameter, call, returned},
    ident::{Scope, number, quoted},
    plan::{self, Change, Facts},
    site::{Site, Trigger},
};
use crate::{
    ir::Expr,
    model::{Action, EventId, Machine, MachineId, On, StateId, Transition, VarId},
};

/// Functions that [`super::machine`] writes or that stand for themselves.
const RESERVED: &[&str] = &[
    "start",
    "step",
    "fire",
    "complete",
    "settle",
    "cx",
    "event",
    "payload",
    "reply",
    "matched",
    "unmatched",
];

/// Generator of one machine's step functions.
pub(super) struct Steps<'g> {
    pub(super) generator: &'g Generator<'g>,
    pub(super) id: MachineId,
    pub(super) machine: &'g Machine,
    names: Scope,
    pub(super) functions: Vec<TokenStream>,
    /// See [`Site::late`].
    pub(super) late: SortedMap<VarId, Ident>,
    /// See [`Site::reply`].
    pub(super) reply: Option<TokenStream>,
}

/// The four ways a transition can be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Via {
    On,
    Else,
    Always,
    AlwaysElse,
}

impl Via {
    fn tokens(self) -> TokenStream {
        match self {
            Self::On => quote!(rt::Via::On),
            Self::Else => quote!(rt::Via::Else),
            Self::Always => quote!(rt::Via::Always),
            Self::AlwaysElse => quote!(rt::Via::AlwaysElse),
        }
    }

    fn otherwise(self) -> Self {
        if self.is_always() { Self::AlwaysElse } else { Self::Else }
    }

    fn is_always(self) -> bool {
        matches!(self, Self::Always | Self::AlwaysElse)
    }
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
        Self { generator, id, machine, names, functions: Vec::new(), late: SortedMap::new(), reply: None }
    }

    /// All functions of the machine.
    pub(super) fn generate(mut self) -> TokenStream {
        for state in &self.machine.states {
            self.enter(*state);
            self.exit(*state);
        }
        self.settle();
        self.start();
        self.step();
        self.fire();
        self.complete();
        let functions = self.functions;
        quote!(#(#functions)*)
    }

    pub(super) fn site(&self, trigger: Trigger) -> Site<'g> {
        Site {
            generator: self.generator,
            machine: Some(self.id),
            trigger,
            late: self.late.clone(),
            reply: self.reply.clone(),
        }
    }

    pub(super) fn claim(&mut self, name: &str) -> Ident {
        self.names.snake(name)
    }

    pub(super) fn value(&self, trigger: Trigger, value: &Expr) -> TokenStream {
        expr::owned(value, self.generator.program, &self.site(trigger))
    }

    pub(super) fn variant(&self, state: StateId) -> TokenStream {
        let variant = &self.generator.names.states[state].variant;
        quote!(State::#variant)
    }

    fn function_of(&self, prefix: &str, state: StateId) -> Ident {
        format_ident!("{prefix}_{}", self.generator.names.states[state].function)
    }

    fn enter(&mut self, id: StateId) {
        let statements = self.entering(id);
        if statements.is_empty() {
            return;
        }
        let mut function = Function::new(self.function_of("enter", id));
        function.doc = Some(format!("Enters {}.", self.describe(id)));
        function.parameters = vec![any_event()];
        function.fails = self.generator.plan.entering(id).fails;
        function.statements = statements;
        self.functions.push(function.tokens());
    }

    fn exit(&mut self, id: StateId) {
        let statements = self.leaving(id);
        if statements.is_empty() {
            return;
        }
        let mut function = Function::new(self.function_of("exit", id));
        function.doc = Some(format!("Leaves {}.", self.describe(id)));
        function.parameters = vec![any_event()];
        function.fails = self.generator.plan.leaving(id).fails;
        function.statements = statements;
        self.functions.push(function.tokens());
    }

    /// Entering a state: local data anew, entry and `while` actions, timers (SEMANTICS 3, d to g).
    fn entering(&self, id: StateId) -> TokenStream {
        let program = self.generator.program;
        let state = &program.app.states[id];
        let mut statements = TokenStream::new();
        for variable in &state.local {
            statements.extend(self.initialise(*variable, Trigger::Any));
        }
        statements.extend(self.actions(&state.entry, Trigger::Any, None));
        statements.extend(self.actions(&state.while_actions, Trigger::Any, None));
        for timer in &state.after {
            statements.extend(self.set_timer(*timer, Trigger::Any));
        }
        statements
    }

    /// Whether entering a state does nothing.
    pub(super) fn entering_is_empty(&self, id: StateId) -> bool {
        self.entering(id).is_empty()
    }

    /// Leaving a state: `while` invocations and timers end, then exit actions (SEMANTICS 3, a and b).
    fn leaving(&self, id: StateId) -> TokenStream {
        let program = self.generator.program;
        let state = &program.app.states[id];
        let mut statements = TokenStream::new();
        let invokes = |action: &Action<Expr>| matches!(action.kind, crate::model::ActionKind::Invoke(_));
        if Action::all(&state.while_actions).any(invokes) {
            statements.extend(quote!(cx.fx.cancel_while();));
        }
        for timer in &state.after {
            let index = self.timer_index(*timer);
            statements.extend(quote!(cx.fx.cancel_timer(#index);));
        }
        statements.extend(self.actions(&state.exit, Trigger::Any, None));
        statements
    }

    /// `always` transitions, followed until none is enabled (SEMANTICS 3).
    fn settle(&mut self) {
        let program = self.generator.program;
        let states = self.machine.states.iter().copied();
        let with: Vec<StateId> = states.filter(|id| !program.app.states[*id].always.is_empty()).collect();
        if with.is_empty() {
            return;
        }
        let mut fails = false;
        let mut arms = TokenStream::new();
        for id in with {
            let facts = self.generator.plan.choice(program, id, None, &program.app.states[id].always);
            let name = self.function_of("always", id);
            self.always(id, name.clone(), &facts);
            fails |= self.generator.plan.settling(id).fails;
            let call = call(&name, &[quote!(event)], facts.fails);
            let variant = self.variant(id);
            arms.extend(quote!(#variant => #call,));
        }
        let all = self.machine.states.iter().all(|id| !program.app.states[*id].always.is_empty());
        let rest = (!all).then(|| quote!(_ => false,));
        let limit = self.generator.plan.cyclic(self.id).then(|| {
            let at = self.generator.position(self.machine.name.span);
            let name = &self.machine.name.text;
            quote! {
                taken += 1;
                if taken > cx.fx.micro_step_limit() {
                    return Err(rt::livelock(#name, cx.fx.micro_step_limit(), #at));
                }
            }
        });
        let mut function = Function::new(format_ident!("settle"));
        function.doc = Some("Follows `always` transitions until none is enabled.".to_owned());
        function.parameters = vec![any_event()];
        if limit.is_some() {
            function.parameters.push(Parameter::new("taken", quote!(u32)));
            function.statements = quote!(let mut taken = taken;);
        }
        function.returns = Some(quote!(rt::Outcome));
        function.fails = fails;
        function.statements.extend(quote! {
            while match cx.machine.state { #arms #rest } {
                #limit
            }
        });
        let ended = self.ends();
        function.tail = Some(match ended {
            Some(terminal) => quote! {
                if #terminal {
                    cx.machine.status = rt::Status::Ended;
                    rt::Outcome::Terminated
                } else {
                    rt::Outcome::Handled
                }
            },
            None => quote!(rt::Outcome::Handled),
        });
        self.functions.push(function.tokens());
    }

    /// Whether the active state is terminal, if the machine has terminal states.
    fn ends(&self) -> Option<TokenStream> {
        let states = self.machine.states.iter().copied();
        let terminal: Vec<_> = states.filter(|id| self.generator.program.app.states[*id].terminal).collect();
        if terminal.is_empty() {
            return None;
        }
        let variants = terminal.iter().map(|id| self.variant(*id));
        Some(quote!(matches!(cx.machine.state, #(#variants)|*)))
    }

    fn always(&mut self, id: StateId, name: Ident, facts: &Facts) {
        let state = &self.generator.program.app.states[id];
        let choice = self.choose(id, None, &state.always, facts.fails);
        let mut function = Function::new(name);
        function.doc =
            Some(format!("`always` transitions of {}; whether one led to a state.", self.describe(id)));
        function.parameters = vec![any_event()];
        function.returns = Some(quote!(bool));
        function.fails = facts.fails;
        function.statements = choice.statements;
        function.tail = Some(choice.tail);
        function.tail_is_result = choice.tail_is_result;
        self.functions.push(function.tokens());
    }

    /// Handles one event: one function per state, one per state and event.
    fn step(&mut self) {
        let program = self.generator.program;
        let mut arms = TokenStream::new();
        let mut silent = Vec::new();
        for id in self.machine.states.clone() {
            let state = &program.app.states[id];
            let variant = self.variant(id);
            if state.on.is_empty() || state.terminal {
                silent.push(variant);
                continue;
            }
            let name = self.function_of("on", id);
            let fails = self.on(id, &name, &state.on);
            let call = call(&name, &[quote!(event)], false);
            arms.extend(if fails { quote!(#variant => #call,) } else { quote!(#variant => Ok(#call),) });
        }
        if !silent.is_empty() {
            arms.extend(quote!(#(#silent)|* => Ok(rt::Outcome::Unhandled),));
        }
        let mut function = Function::new(format_ident!("step"));
        function.doc = Some("Handles one event.".to_owned());
        function.public = true;
        function.parameters = vec![Parameter::new("event", quote!(&Event))];
        function.returns = Some(quote!(rt::Outcome));
        function.fails = true;
        function.tail = Some(quote!(match cx.machine.state { #arms }));
        function.tail_is_result = true;
        function.inline = true;
        self.functions.push(function.tokens());
    }

    /// All events of one state; whether handling one can fail.
    fn on(&mut self, id: StateId, name: &Ident, groups: &[On<Expr>]) -> bool {
        let mut handlers = Vec::new();
        for on in groups {
            handlers.push(self.on_event(id, on));
        }
        let fails = handlers.iter().any(|(_, fails)| *fails);
        let mut arms = TokenStream::new();
        for (on, (handler, handler_fails)) in groups.iter().zip(&handlers) {
            let event = &self.generator.names.events[on.event];
            let has_data = !self.generator.program.app.events[on.event].data.is_empty();
            let (pattern, arguments) = if has_data {
                (quote!(Event::#event(payload)), vec![quote!(event), quote!(payload)])
            } else {
                (quote!(Event::#event), vec![quote!(event)])
            };
            let call = call(handler, &arguments, false);
            arms.extend(match (fails, handler_fails) {
                (true, false) => quote!(#pattern => Ok(#call),),
                _ => quote!(#pattern => #call,),
            });
        }
        if groups.len() < self.generator.program.app.events.len() {
            let unhandled =
                if fails { quote!(Ok(rt::Outcome::Unhandled)) } else { quote!(rt::Outcome::Unhandled) };
            arms.extend(quote!(_ => #unhandled,));
        }
        let mut function = Function::new(name.clone());
        function.doc = Some(format!("Events in {}.", self.describe(id)));
        function.parameters = vec![Parameter::new("event", quote!(&Event))];
        function.returns = Some(quote!(rt::Outcome));
        function.fails = fails;
        function.tail = Some(quote!(match event { #arms }));
        function.tail_is_result = true;
        function.inline = true;
        self.functions.push(function.tokens());
        fails
    }

    /// One event in one state; its function and whether it can fail.
    fn on_event(&mut self, id: StateId, on: &On<Expr>) -> (Ident, bool) {
        let program = self.generator.program;
        let facts = self.generator.plan.choice(program, id, Some(on.event), &on.transitions);
        let event = &program.app.events[on.event];
        let state = &program.app.states[id];
        let name = self.claim(&format!("on {} {}", state.name.text, event.name.text));
        let choice = self.choose(id, Some(on.event), &on.transitions, facts.fails);
        let mut function = Function::new(name.clone());
        function.doc = Some(format!("Event {} in {}.", quoted(&event.name.text), self.describe(id)));
        function.parameters = vec![Parameter::new("event", quote!(&Event))];
        if !event.data.is_empty() {
            let payload = &self.generator.names.events[on.event];
            let root = self.generator.names.root(self.id);
            function.parameters.push(Parameter::new("payload", quote!(&#root::event::#payload)));
        }
        function.returns = Some(quote!(rt::Outcome));
        function.fails = facts.fails;
        function.statements = choice.statements;
        function.tail = Some(choice.tail);
        function.tail_is_result = choice.tail_is_result;
        function.inline = true;
        // What the transition taken changes it takes back itself.
        let guards = plan::guards(program, &on.transitions, Trigger::Payload);
        let saves: Vec<Change> = guards.changes.intersection(&facts.saves).copied().collect();
        self.push_restoring(function, &saves);
        (name, facts.fails)
    }

    /// Chooses among the transitions for one trigger: at most one may be enabled (SEMANTICS 3).
    ///
    /// Candidates stand one after the other, each returning if it is taken: nesting would grow with their
    /// number. Only those that are not known to exclude each other are checked before one is taken.
    fn choose(
        &mut self,
        id: StateId,
        event: Option<EventId>,
        transitions: &[Transition<Expr>],
        fails: bool,
    ) -> Choice {
        let program = self.generator.program;
        let via = if event.is_some() { Via::On } else { Via::Always };
        let trigger = event.map_or("always", |event| program.app.events[event].name.text.as_str());
        let nothing = if via.is_always() { quote!(false) } else { quote!(rt::Outcome::Unhandled) };
        let mut guards: Vec<Option<TokenStream>> = transitions.iter().map(|t| self.guard(t, via)).collect();
        // Without guards, or with `else`, a transition is enabled whatever is the case.
        let certain = |index: usize| {
            let decided = |transition: &Transition<Expr>| transition.else_target.is_some();
            guards.get(index).is_none_or(Option::is_none) || transitions.get(index).is_some_and(decided)
        };
        let (always_enabled, tested): (Vec<usize>, Vec<usize>) =
            (0..transitions.len()).partition(|i| certain(*i));
        let at = transitions.get(1).or(transitions.first()).map_or(self.machine.name.span, |t| t.span);
        let at = self.generator.position(at);
        let state = &program.app.states[id].name.text;
        let conflict = quote!(rt::nondeterminism(#state, #trigger, #at));
        if always_enabled.len() > 1 {
            return Choice { statements: quote!(), tail: quote!(Err(#conflict)), tail_is_result: true };
        }
        let checked = |index: usize| transitions.len() > 1 && program.choices.is_checked(id, event, index);
        let any_checked = program.choices.has_check(id, event, transitions.len());
        let mut statements = TokenStream::new();
        let order: Vec<usize> = tested.iter().chain(&always_enabled).copied().collect();
        for (index, guard) in guards.iter_mut().enumerate() {
            if let Some(guard) = guard
                && (checked(index) || self.evaluated_first(transitions, &order, index, any_checked))
            {
                let name = format_ident!("enabled_{}", index + 1);
                statements.extend(quote!(let #name = #guard;));
                *guard = quote!(#name);
            }
        }
        let both = |index: &&usize| checked(**index);
        let enabled: Vec<_> =
            tested.iter().filter(both).filter_map(|index| guards.get(*index)?.as_ref()).collect();
        let certain = always_enabled.iter().filter(both).count();
        if enabled.len() + certain > 1 {
            let both = match (certain, enabled.as_slice()) {
                (0, [one, other]) => quote!(#one && #other),
                (1, [one]) => quote!(#one),
                (certain, _) => {
                    let most = number(1 - certain as u64);
                    quote!([#(#enabled),*].into_iter().filter(|enabled| *enabled).count() > #most)
                }
            };
            statements.extend(quote!(if #both { return Err(#conflict); }));
        }
        let mut tail = nothing;
        let ordered = order.iter().filter_map(|index| Some((transitions.get(*index)?, guards.get(*index)?)));
        let last = transitions.len();
        for (position, (transition, guard)) in ordered.enumerate() {
            let taken = self.take(id, trigger, transition, transition.target, &transition.actions, via);
            let target = transition.else_target;
            match (guard, target) {
                (None, _) => tail = taken,
                (Some(guard), Some(target)) => {
                    let otherwise = self.take(id, trigger, transition, Some(target), &[], via.otherwise());
                    tail = quote!(if #guard { #taken } else { #otherwise });
                }
                (Some(guard), None) if position + 1 == last => {
                    tail = quote!(if #guard { #taken } else { #tail });
                }
                (Some(guard), None) => {
                    let taken = returned(&taken, fails);
                    statements.extend(quote!(if #guard { return #taken; }));
                }
            }
        }
        let end = flatten(tail);
        statements.extend(end.statements);
        Choice { statements, tail: end.tail, tail_is_result: false }
    }

    /// Whether the guards of a candidate are evaluated before any is taken. All guards are, so what one does
    /// or how it fails is the same whichever is enabled; only where that cannot be seen they wait for their turn.
    fn evaluated_first(
        &self,
        transitions: &[Transition<Expr>],
        order: &[usize],
        index: usize,
        any_checked: bool,
    ) -> bool {
        let program = self.generator.program;
        let Some(transition) = transitions.get(index) else { return false };
        if transition.guards.iter().any(expr::has_script) {
            return true;
        }
        let shows = |guard: &Expr| guard.acts() || guard.can_fail(program);
        let later = order.iter().skip(1).filter_map(|index| transitions.get(*index));
        // What comes first in the text and in turn is evaluated first anyway.
        let turn = any_checked
            || order.first() != Some(&index)
            || later.clone().flat_map(|it| &it.guards).any(shows);
        turn && transition.guards.iter().any(shows)
    }

    /// The conjunction of a transition's guards; none if it has none.
    fn guard(&self, transition: &Transition<Expr>, via: Via) -> Option<TokenStream> {
        let trigger = if via.is_always() { Trigger::Any } else { Trigger::Payload };
        let guards = transition.guards.iter().cloned();
        let all = guards.reduce(|left, right| Expr {
            ty: left.ty.clone(),
            span: left.span,
            at: left.at,
            kind: crate::ir::Kind::And(Box::new(left), Box::new(right)),
        })?;
        Some(self.value(trigger, &all))
    }

    /// A call that takes a transition.
    fn take(
        &mut self,
        from: StateId,
        trigger: &str,
        transition: &Transition<Expr>,
        to: Option<StateId>,
        actions: &[Action<Expr>],
        via: Via,
    ) -> TokenStream {
        let program = self.generator.program;
        let settles = !via.is_always();
        let facts = self.generator.plan.transition(program, from, to, actions, settles);
        let states = &program.app.states;
        let way = to.map_or_else(|| "stays".to_owned(), |to| format!("to {}", states[to].name.text));
        let name = self.claim(&format!("{} {trigger} {way}", states[from].name.text));
        let event_type = if via.is_always() { quote!(Option<&Event>) } else { quote!(&Event) };
        let mut parameters = vec![Parameter::new("event", event_type)];
        let mut arguments = vec![quote!(event)];
        if let Some(on) = states[from].on.iter().find(|on| {
            settles && on.transitions.iter().any(|t| t.span == transition.span && std::ptr::eq(t, transition))
        }) && !program.app.events[on.event].data.is_empty()
        {
            let payload = &self.generator.names.events[on.event];
            let root = self.generator.names.root(self.id);
            parameters.push(Parameter::new("payload", quote!(&#root::event::#payload)));
            arguments.push(quote!(payload));
        }
        let mut function = Function::new(name.clone());
        let what = to.map_or_else(|| "internal".to_owned(), |to| format!("to {}", self.describe(to)));
        function.doc = Some(format!(
            "Transition of {}, {what} ({}).",
            self.describe(from),
            self.generator.place(transition.span)
        ));
        function.parameters = parameters;
        function.fails = facts.fails;
        if settles {
            function.returns = Some(quote!(rt::Outcome));
        }
        let late = if settles { self.written_late(from, to, actions, &facts) } else { SortedSet::new() };
        self.fill(&mut function, from, to, actions, via, &late);
        let saved = |change: &Change| settles && !late.contains(change);
        let saves: Vec<Change> = facts.saves.iter().copied().filter(saved).collect();
        self.push_restoring(function, &saves);
        let call = call(&name, &arguments, facts.fails);
        if settles {
            call
        } else {
            let moved = to.is_some();
            quote!({ #call; #moved })
        }
    }

    /// What taking a transition does (SEMANTICS 3, 2 and 3).
    fn fill(
        &mut self,
        function: &mut Function,
        from: StateId,
        to: Option<StateId>,
        actions: &[Action<Expr>],
        via: Via,
        late: &SortedSet<Change>,
    ) {
        let trigger = if via.is_always() { Trigger::Any } else { Trigger::Payload };
        let internal = if to.is_none() { Some(from) } else { None };
        let acting = self.actions_writing_late(actions, trigger, internal, late);
        let names = &self.generator.names;
        let plan = &self.generator.plan;
        let source = self.variant(from);
        let Some(to) = to else {
            function.statements = quote!(cx.fx.internal(#source as u16););
            function.statements.extend(acting);
            function.tail = function.returns.as_ref().map(|_| quote!(rt::Outcome::Handled));
            return;
        };
        let event = if via.is_always() { quote!(event) } else { quote!(Some(event)) };
        let mut statements = TokenStream::new();
        if !self.leaving(from).is_empty() {
            let exit = call(
                &format_ident!("exit_{}", names.states[from].function),
                std::slice::from_ref(&event),
                plan.leaving(from).fails,
            );
            statements.extend(quote!(#exit;));
        }
        statements.extend(acting);
        let target = self.variant(to);
        let via_tokens = via.tokens();
        statements.extend(quote! {
            cx.machine.state = #target;
            cx.fx.transition(#source as u16, #target as u16, #via_tokens);
        });
        if !self.entering(to).is_empty() {
            let enter = call(
                &format_ident!("enter_{}", names.states[to].function),
                std::slice::from_ref(&event),
                plan.entering(to).fails,
            );
            statements.extend(quote!(#enter;));
        }
        if function.returns.is_some() {
            let (more, tail) = self.outcome(to, &event, 1);
            statements.extend(more);
            function.tail = Some(tail);
        }
        function.statements = statements;
    }

    /// How a step ends that has entered a state after `taken` micro-steps.
    pub(super) fn outcome(
        &self,
        state: StateId,
        event: &TokenStream,
        taken: u32,
    ) -> (TokenStream, TokenStream) {
        let states = &self.generator.program.app.states;
        if states[state].terminal {
            return (quote!(cx.machine.status = rt::Status::Ended;), quote!(rt::Outcome::Terminated));
        }
        if states[state].always.is_empty() {
            return (quote!(), quote!(rt::Outcome::Handled));
        }
        let cyclic = self.generator.plan.cyclic(self.id);
        let mut arguments = vec![event.clone()];
        if cyclic {
            arguments.push(quote!(#taken));
        }
        // `settle` fails if any state's settling does.
        let fails = self.machine.states.iter().any(|id| self.generator.plan.settling(*id).fails);
        (quote!(), call(&format_ident!("settle"), &arguments, fails))
    }

    /// Adds a function; with changes to save, inside one that takes them back if it fails.
    pub(super) fn push_restoring(&mut self, mut function: Function, saves: &[Change]) {
        if saves.is_empty() {
            self.functions.push(function.tokens());
            return;
        }
        let outer = function.name.clone();
        let inner = self.claim(&format!("try {outer}"));
        let places: Vec<TokenStream> = saves.iter().map(|change| self.place(*change)).collect();
        let copies = saves.iter().zip(&places).map(|(change, place)| {
            if self.is_copy(*change) { quote!(#place) } else { quote!(#place.clone()) }
        });
        let (saved, restore) = match places.as_slice() {
            [place] => (quote!(#(#copies)*), quote!(#place = saved;)),
            _ => (quote!((#(#copies),*)), quote!((#(#places),*) = saved;)),
        };
        let arguments = function.parameters.iter().map(|parameter| {
            let name = format_ident!("{}", parameter.name);
            quote!(#name)
        });
        let arguments: Vec<_> = arguments.collect();
        let inner_call = call(&inner, &arguments, false);
        let mut wrapper = Function::new(outer);
        wrapper.doc = function.doc.take();
        wrapper.public = std::mem::take(&mut function.public);
        wrapper.parameters =
            function.parameters.iter().map(|p| Parameter::new(p.name, p.ty.clone())).collect();
        wrapper.returns = function.returns.clone();
        wrapper.fails = true;
        wrapper.statements = quote! {
            let saved = #saved;
            let result = #inner_call;
            if result.is_err() {
                #restore
            }
        };
        wrapper.tail = Some(quote!(result));
        wrapper.tail_is_result = true;
        self.functions.push(wrapper.tokens());
        function.name = inner;
        self.functions.push(function.tokens());
    }

    pub(super) fn describe(&self, state: StateId) -> String {
        format!("state {}", quoted(&self.generator.program.app.states[state].name.text))
    }
}

#[derive(Default)]
struct Choice {
    statements: TokenStream,
    tail: TokenStream,
    tail_is_result: bool,
}

/// The parameter of functions that may run in a step of any trigger.
pub(super) fn any_event() -> Parameter {
    Parameter::new("event", quote!(Option<&Event>))
}

/// `{ { a; b } }` as the end of a function is the statement `a;` and the value `b`.
fn flatten(tail: TokenStream) -> Choice {
    let whole: Vec<TokenTree> = tail.into_iter().collect();
    let [TokenTree::Group(group)] = whole.as_slice() else {
        return Choice { tail: whole.into_iter().collect(), ..Choice::default() };
    };
    if group.delimiter() != Delimiter::Brace {
        return Choice { tail: whole.into_iter().collect(), ..Choice::default() };
    }
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    let semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let split = inner.iter().rposition(semicolon).map_or(0, |last| last + 1);
    let (statements, tail) = inner.split_at(split);
    Choice {
        statements: statements.iter().cloned().collect(),
        tail: tail.iter().cloned().collect(),
        tail_is_result: false,
    }
}
