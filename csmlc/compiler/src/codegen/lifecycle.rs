//! Start, timers and completions of one machine.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    expr,
    function::{Function, Parameter, call},
    ident::quoted,
    places::Places,
    plan::{self, Change},
    site::Trigger,
    steps::Steps,
};
use crate::{
    ir::Taken,
    model::{InvokeId, Owner},
    vocabulary::Storage,
};

impl Steps<'_> {
    /// Creates the machine's data, enters the initial state and follows `always` (SEMANTICS 3, Start).
    pub(super) fn start(&mut self) {
        let program = self.generator.program;
        let initial = self.machine.initial;
        let states = &program.app.states;
        let variables = self.machine.variables.iter();
        let variables = variables.chain(self.machine.states.iter().flat_map(|state| &states[*state].statics));
        let mut facts = plan::Facts::default();
        let mut statements = TokenStream::new();
        for variable in variables {
            statements.extend(self.initialise(*variable, Trigger::None));
            facts = facts.assigning(program, *variable);
        }
        let state = self.variant(initial);
        statements.extend(quote! {
            cx.machine.state = #state;
            cx.fx.started(#state as u16);
        });
        if !self.entering_is_empty(initial) {
            let enter = format_ident!("enter_{}", self.generator.names.states[initial].function);
            let enter = call(&enter, &[quote!(None)], self.generator.plan.entering(initial).fails);
            statements.extend(quote!(#enter;));
        }
        facts.then(self.generator.plan.entering(initial));
        facts.then(self.generator.plan.settling(initial));
        statements.extend(quote! {
            cx.machine.status = rt::Status::Running;
            cx.machine.entered = true;
        });
        let (more, tail) = self.outcome(initial, &quote!(None), 0);
        statements.extend(more);
        // The machine itself ends if its start fails, so only what it shares with others is restored.
        let saves: Vec<Change> =
            facts.saves.iter().copied().filter(|change| self.is_shared(*change)).collect();
        let mut function = Function::new(format_ident!("start"));
        function.doc = Some("Creates the data, enters the initial state and follows `always`.".to_owned());
        function.public = true;
        function.returns = Some(quote!(rt::Outcome));
        function.fails = true;
        function.statements = statements;
        function.tail = Some(tail);
        self.push_restoring(function, &saves);
    }

    /// Whether something a step changes belongs to others as well.
    fn is_shared(&self, change: Change) -> bool {
        let Change::Variable(variable) = change else { return false };
        let variable = &self.generator.program.app.variables[variable];
        match variable.owner {
            _ if variable.storage == Storage::Persistent => true,
            Owner::Root => true,
            Owner::Machine(machine) => machine != self.id,
            Owner::State(_) => false,
        }
    }

    /// Timers that are due: one function each.
    pub(super) fn fire(&mut self) {
        let program = self.generator.program;
        let mut arms = TokenStream::new();
        for timer in self.machine.timers.clone() {
            let index = self.timer_index(timer);
            let timer = &program.app.timers[timer];
            let facts = plan::raises(program, &timer.raises, Trigger::None);
            let state = &program.app.states[timer.state].name.text;
            let name = self.claim(&format!("fire {state} {}", timer.name.text));
            let mut function = Function::new(name.clone());
            function.doc = Some(format!("Timer {} of state {}.", quoted(&timer.name.text), quoted(state)));
            function.fails = facts.fails;
            function.statements = self.raises(&timer.raises, Trigger::None);
            let saves: Vec<Change> = facts.saves.iter().copied().collect();
            self.push_restoring(function, &saves);
            let call = call(&name, &[], facts.fails);
            arms.extend(quote!(#index => #call,));
        }
        if arms.is_empty() {
            return;
        }
        let mut function = Function::new(format_ident!("fire"));
        function.doc = Some("An `after` timer is due.".to_owned());
        function.public = true;
        function.parameters = vec![Parameter::new("timer", quote!(u16))];
        function.fails = true;
        function.statements = quote!(match timer { #arms _ => {} });
        self.functions.push(function.tokens());
    }

    /// Completed invocations: one function each.
    pub(super) fn complete(&mut self) {
        let program = self.generator.program;
        let mut arms = TokenStream::new();
        for invoke in self.machine.invokes.clone() {
            let service = program.app.invokes[invoke].service;
            if program.app.invokes[invoke].output.is_empty() && program.app.invokes[invoke].done.is_empty() {
                continue;
            }
            let index = self.invoke_index(invoke);
            let variant = &self.generator.names.services[service].variant;
            let has_output = !program.app.services[service].outputs.is_empty();
            let (name, fails) = self.completion(invoke, has_output);
            let (pattern, arguments) = if has_output {
                (quote!(Reply::#variant(reply)), vec![quote!(reply)])
            } else {
                (quote!(Reply::#variant), Vec::new())
            };
            let call = call(&name, &arguments, fails);
            arms.extend(quote!((#index, #pattern) => #call,));
        }
        if arms.is_empty() {
            return;
        }
        let root = self.generator.names.root(self.id);
        let mut function = Function::new(format_ident!("complete"));
        function.doc = Some("An invocation has completed.".to_owned());
        function.public = true;
        function.parameters =
            vec![Parameter::new("invoke", quote!(u16)), Parameter::new("reply", quote!(&#root::Reply))];
        function.fails = true;
        function.statements = quote! {
            use #root::Reply;
            match (invoke, reply) {
                #arms
                _ => {}
            }
        };
        self.functions.push(function.tokens());
    }

    fn completion(&mut self, id: InvokeId, has_output: bool) -> (proc_macro2::Ident, bool) {
        let program = self.generator.program;
        let invoke = &program.app.invokes[id];
        let service = &program.app.services[invoke.service];
        let facts = plan::completion(program, id);
        let name = self.claim(&format!("complete {}", service.name.text));
        self.reply = has_output.then(|| {
            let output = &self.generator.names.services[invoke.service].output;
            let root = self.generator.names.root(self.id);
            quote!(#root::service::#output)
        });
        let mut statements = TokenStream::new();
        for taken in &program.taken[id] {
            statements.extend(self.take_output(taken));
        }
        let read = invoke.done.iter().flat_map(|raise| &raise.data).map(|(_, value)| value);
        if let Some(state) = invoke.state
            && plan::reads_state(program, read)
        {
            let active = self.variant(state);
            let at = self.generator.position(invoke.span);
            let text = &program.app.states[state].name.text;
            statements.extend(quote! {
                if cx.machine.state != #active {
                    return Err(rt::state_left(#text, #at));
                }
            });
        }
        statements.extend(self.raises(&invoke.done, Trigger::None));
        let mut function = Function::new(name.clone());
        function.doc = Some(format!(
            "Service {}, invoked at {}, has completed.",
            quoted(&service.name.text),
            self.generator.place(invoke.span)
        ));
        if let Some(reply) = self.reply.take() {
            function.parameters = vec![Parameter::new("reply", quote!(&#reply))];
        }
        function.fails = facts.fails;
        function.statements = statements;
        let saves: Vec<Change> = facts.saves.iter().copied().collect();
        self.push_restoring(function, &saves);
        (name, facts.fails)
    }

    /// Assigns an output to its variable, if that still exists.
    fn take_output(&self, taken: &Taken) -> TokenStream {
        let program = self.generator.program;
        let declared = &program.app.variables[taken.variable];
        let site = self.site(Trigger::None);
        let value = expr::owned(&taken.value, program, &site);
        let place = site.variable(taken.variable);
        let assign = if declared.optional {
            quote! {
                if let Some(slot) = &mut #place {
                    *slot = #value;
                }
            }
        } else {
            quote!(#place = #value;)
        };
        match declared.owner {
            // Local data of a state exist while it is active; static data as long as the instance.
            Owner::State(state) if declared.storage == Storage::Local => {
                let active = self.variant(state);
                quote! {
                    if cx.machine.state == #active {
                        #assign
                    }
                }
            }
            _ => assign,
        }
    }
}
