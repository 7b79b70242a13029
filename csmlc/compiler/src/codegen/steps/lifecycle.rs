//! Start, timers and completions of one machine.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Steps;
use crate::{
    codegen::{
        expr,
        ident::quoted,
        places::Places,
        rollback::{self, Change, Facts},
        site::EventKnowledge,
        step_function::{Returns, StepFunction, length, mentions, used},
    },
    ir::TakenOutput,
    lists::{Gather, GatherTokens},
    model::{InvokeId, Owner, TimerId},
    vocabulary::Storage,
};

/// Tokens that what a timer or completion does may have in the function for all. What is longer gets its own.
const SHORT: usize = 120;

impl Steps<'_> {
    /// Creates the machine's data, enters the initial state and follows `always`
    /// (`docs/semantics.md#3-execution`, Start).
    pub(super) fn start(&mut self) -> TokenStream {
        let program = self.generator.program;
        let rollback = &self.generator.rollback;
        let initial = self.machine.initial;
        let states = &program.app.states;
        let variables = self.machine.variables.iter();
        let variables = variables.chain(self.machine.states.iter().flat_map(|state| &states[*state].statics));
        let mut facts = Facts::default();
        let mut statements = TokenStream::new();
        for variable in variables {
            statements.extend(self.initialise(*variable, EventKnowledge::None));
            facts = facts.assigning(program, *variable);
        }
        facts.then(rollback.entering(initial));
        facts.then(rollback.settling(initial));
        let state = self.variant(initial);
        let enter = self.enter_call(initial, &quote!(None));
        let tail = self.outcome(initial, &quote!(None), 0);
        statements.extend(quote! {
            cx.start(#state);
            #enter
            cx.entered();
        });
        // The machine itself ends if its start fails, so only what it shares with others is restored.
        let saves: Vec<Change> =
            facts.saves.iter().copied().filter(|change| self.is_shared(*change)).gather();
        let mut body = quote!(#statements #tail);
        if !saves.is_empty() {
            let doc = "Creates the data, enters the initial state and follows `always`.".to_owned();
            let mut function = StepFunction::new(format_ident!("start"), doc, Returns::Outcome);
            (function.statements, function.tail) = (statements, tail);
            let call = self.outlined(function, &[]);
            let (statements, tail) = self.call_saving(&call, &saves);
            body = quote!(#statements #tail);
        }
        quote! {
            fn start<F: rt::EffectsFor<Machines>>(cx: &mut Context<'_, F>) -> rt::StepResult {
                #body
            }
        }
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

    /// Timers that are due.
    pub(super) fn fire(&mut self) -> TokenStream {
        let timers = self.machine.timers.clone();
        let arms: TokenStream = timers.into_iter().map(|timer| self.due(timer)).gather_tokens();
        if arms.is_empty() {
            return quote!();
        }
        let cx = used(&arms, "cx");
        quote! {
            fn fire<F: rt::EffectsFor<Machines>>(#cx: &mut Context<'_, F>, timer: u16) -> Result<(), rt::StepError> {
                match timer {
                    #arms
                    _ => {}
                }
                Ok(())
            }
        }
    }

    /// The arm of one timer.
    fn due(&mut self, id: TimerId) -> TokenStream {
        let program = self.generator.program;
        let index = self.timer_index(id);
        let timer = &program.app.timers[id];
        let facts = rollback::raises(program, &timer.raises, EventKnowledge::None);
        let state = &program.app.states[timer.state].name.text;
        let name = format!("fire {state} {}", timer.name.text);
        let doc = format!("Timer {} of state {}.", quoted(&timer.name.text), quoted(state));
        let statements = self.raises(&timer.raises, EventKnowledge::None);
        let (comment, body) = self.handling(&name, doc, statements, &facts, None);
        quote!(#comment #index => { #body })
    }

    /// A comment and statements of an arm that does something besides transitions: as they are, or as a call of a function, which
    /// rolls back what it has changed if it fails.
    fn handling(
        &mut self,
        name: &str,
        doc: String,
        statements: TokenStream,
        facts: &Facts,
        parameter: Option<(&'static str, TokenStream)>,
    ) -> (TokenStream, TokenStream) {
        let saves: Vec<Change> = facts.saves.iter().copied().gather();
        if saves.is_empty() && length(&statements) <= SHORT {
            let comment = format!("// {doc}");
            return (quote!(#[doc = #comment]), statements);
        }
        let mut function = StepFunction::new(self.claim(name), doc, Returns::nothing(facts.fails));
        function.statements = statements;
        let call = self.outlined(function, parameter.as_slice());
        if saves.is_empty() {
            let question = facts.fails.then(|| quote!(?));
            return (quote!(), quote!(#call #question;));
        }
        let (statements, tail) = self.call_saving(&call, &saves);
        (quote!(), quote!(#statements #tail?;))
    }

    /// Completed invocations.
    pub(super) fn complete(&mut self) -> TokenStream {
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
            let (comment, body) = self.completion(invoke, has_output);
            let pattern = match (has_output, mentions(&body, "reply")) {
                (true, true) => quote!(Reply::#variant(reply)),
                (true, false) => quote!(Reply::#variant(_)),
                (false, _) => quote!(Reply::#variant),
            };
            arms.extend(quote!(#comment (#index, #pattern) => { #body }));
        }
        if arms.is_empty() {
            return quote!();
        }
        let cx = used(&arms, "cx");
        quote! {
            fn complete<F: rt::EffectsFor<Machines>>(
                #cx: &mut Context<'_, F>,
                invoke: u16,
                reply: &Reply,
            ) -> Result<(), rt::StepError> {
                match (invoke, reply) {
                    #arms
                    _ => {}
                }
                Ok(())
            }
        }
    }

    /// A comment and what the completion of one invocation does.
    fn completion(&mut self, id: InvokeId, has_output: bool) -> (TokenStream, TokenStream) {
        let program = self.generator.program;
        let invoke = &program.app.invokes[id];
        let service = &program.app.services[invoke.service];
        let facts = rollback::completion(program, id);
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
            && rollback::reads_state(program, read)
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
        statements.extend(self.raises(&invoke.done, EventKnowledge::None));
        let doc = format!(
            "Service {}, invoked at {}, has completed.",
            quoted(&service.name.text),
            self.generator.place(invoke.span)
        );
        let name = format!("complete {}", service.name.text);
        let parameter = self.reply.take().map(|reply| ("reply", quote!(&#reply)));
        self.handling(&name, doc, statements, &facts, parameter)
    }

    /// Assigns an output to its variable, if that still exists.
    fn take_output(&self, taken: &TakenOutput) -> TokenStream {
        let program = self.generator.program;
        let declared = &program.app.variables[taken.variable];
        let site = self.site(EventKnowledge::None);
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
