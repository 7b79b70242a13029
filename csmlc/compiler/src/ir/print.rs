//! A readable form of the typed program, for tests and for looking at what the compiler made of a description.
//!
//! Slots are listed with their types (`?` where one may be absent), then machines with everything in them.
//! Coercions are written as calls of their target (`dynamic(x)`), operations on `dynamic` with a `~`. Locals that
//! lowering made are numbered (`%3`), as are those that share a name (`x#3`).

use crate::lists::Gather;

mod expr;
mod print_script;

use std::fmt::Write;

use super::{Expr, Program, Script};
use crate::model::{
    Action, ActionKind, Application, Invoke, InvokeId, MachineId, Match, Owner, Raise, State, StateId,
    TimerId, Transition, VarId,
};

/// The program as text.
#[must_use]
pub(crate) fn print(program: &Program) -> String {
    let mut printer = Printer::new(program);
    printer.application();
    printer.out
}

/// One expression as text, with its type.
#[must_use]
pub(crate) fn print_expr(program: &Program, expr: &Expr) -> String {
    let mut printer = Printer::new(program);
    printer.typed(expr);
    printer.out
}

struct Printer<'a> {
    program: &'a Program,
    app: &'a Application<Expr>,
    out: String,
    depth: usize,
    /// The script being printed.
    script: Option<&'a Script>,
}

impl<'a> Printer<'a> {
    fn new(program: &'a Program) -> Self {
        Self { program, app: &program.app, out: String::new(), depth: 0, script: None }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(&"  ".repeat(self.depth));
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// Prints `head` and, one level deeper, what `body` prints.
    fn block(&mut self, head: &str, body: impl FnOnce(&mut Self)) {
        self.line(head);
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    /// Text of what `write` appends.
    fn text(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let before = std::mem::take(&mut self.out);
        write(self);
        std::mem::replace(&mut self.out, before)
    }

    fn application(&mut self) {
        let app = self.app;
        let mode = format!("{:?}", app.memory_mode).to_lowercase();
        self.line(&format!("application {} ({mode})", app.name.text));
        for variable in &app.root_data {
            self.variable(*variable);
        }
        for event in app.events.values() {
            let data = event.data.iter().map(|datum| {
                let (of, ty) = (&app.data[*datum], &self.program.data[*datum]);
                format!("{}{}: {ty}", of.name.text, optional(of.optional))
            });
            let data = data.gather().join(", ");
            let mut line = format!("event {} {{{data}}}", event.name.text);
            for (flag, name) in
                [(event.raised, " raised"), (event.open, " open"), (event.peripheral, " peripheral")]
            {
                line.push_str(if flag { name } else { "" });
            }
            self.line(&line);
        }
        for service in app.services.values() {
            let inputs = service.inputs.iter().map(|input| {
                let (of, ty) = (&app.inputs[*input], &self.program.inputs[*input]);
                format!("{}{}: {ty}", of.name.text, optional(of.optional))
            });
            let inputs = inputs.gather().join(", ");
            let outputs = service.outputs.iter().map(|output| {
                let (of, ty) = (&app.outputs[*output], &self.program.outputs[*output]);
                format!("{}{}: {ty}", of.name.text, optional(of.optional))
            });
            let outputs = outputs.gather().join(", ");
            self.line(&format!("service {} {{{inputs}}} -> {{{outputs}}}", service.name.text));
        }
        for id in app.machines.ids() {
            self.machine(id);
        }
    }

    fn variable(&mut self, id: VarId) {
        let variable = &self.app.variables[id];
        let storage = format!("{:?}", variable.storage).to_lowercase();
        let ty = &self.program.variables[id];
        let path = if variable.owner == Owner::Root { &variable.name.text } else { &variable.path };
        let head = format!("{storage} {path}{}: {ty}", optional(variable.optional));
        let initial = match &variable.initial {
            Some(initial) => format!(" = {}", self.text(|p| p.expr(initial))),
            None => String::new(),
        };
        self.line(&format!("{head}{initial}"));
    }

    fn machine(&mut self, id: MachineId) {
        let machine = &self.app.machines[id];
        self.block(&format!("machine {}", machine.path), |p| {
            machine.variables.iter().for_each(|variable| p.variable(*variable));
            for state in &machine.states {
                p.state(*state, *state == machine.initial);
            }
        });
    }

    fn state(&mut self, id: StateId, initial: bool) {
        let state = &self.app.states[id];
        let mut head = format!("state {}", state.name.text);
        head.push_str(if initial { " initial" } else { "" });
        head.push_str(if state.terminal { " terminal" } else { "" });
        self.block(&head, |p| p.state_body(state));
    }

    fn state_body(&mut self, state: &'a State<Expr>) {
        state.statics.iter().chain(&state.local).for_each(|variable| self.variable(*variable));
        for (name, actions) in
            [("entry", &state.entry), ("exit", &state.exit), ("while", &state.while_actions)]
        {
            if !actions.is_empty() {
                self.block(name, |p| actions.iter().for_each(|action| p.action(action)));
            }
        }
        state.after.iter().for_each(|timer| self.timer(*timer));
        for on in &state.on {
            let event = &self.app.events[on.event].name.text;
            on.transitions.iter().for_each(|t| self.transition(&format!("on {event}"), t));
        }
        state.always.iter().for_each(|t| self.transition("always", t));
    }

    fn timer(&mut self, id: TimerId) {
        let timer = &self.app.timers[id];
        let delay = self.text(|p| p.typed(&timer.delay));
        self.block(&format!("after {} {delay}", timer.name.text), |p| {
            timer.raises.iter().for_each(|raise| p.raise("raise", raise));
        });
    }

    fn transition(&mut self, what: &str, transition: &'a Transition<Expr>) {
        let mut head = what.to_owned();
        if let Some(target) = transition.target {
            _ = write!(head, " -> {}", self.app.states[target].name.text);
        }
        if let Some(target) = transition.else_target {
            _ = write!(head, " else {}", self.app.states[target].name.text);
        }
        for (index, guard) in transition.guards.iter().enumerate() {
            head.push_str(if index == 0 { " if " } else { " and " });
            head.push_str(&self.text(|p| p.expr(guard)));
        }
        self.block(&head, |p| transition.actions.iter().for_each(|action| p.action(action)));
    }

    fn action(&mut self, action: &'a Action<Expr>) {
        let app = self.app;
        match &action.kind {
            ActionKind::Invoke(id) => self.invoke(*id),
            ActionKind::Create(variable, value) | ActionKind::Assign(variable, value) => {
                let create = matches!(action.kind, ActionKind::Create(..));
                let value = self.text(|p| p.expr(value));
                let path = &app.variables[*variable].path;
                self.line(&format!("{} {path} = {value}", if create { "create" } else { "assign" }));
            }
            ActionKind::Delete(variable) => self.line(&format!("delete {}", app.variables[*variable].path)),
            ActionKind::Raise(raise) => self.raise("raise", raise),
            ActionKind::Match(it) => self.matching(it),
            ActionKind::ResetTimer(timer) => self.line(&format!("reset {}", app.timers[*timer].name.text)),
        }
    }

    fn matching(&mut self, it: &'a Match<Expr>) {
        let value = self.text(|p| p.typed(&it.value));
        self.block(&format!("match {value}"), |p| {
            for case in &it.cases {
                let test = p.text(|p| p.expr(&case.test));
                p.block(&format!("case {test}"), |p| case.actions.iter().for_each(|action| p.action(action)));
            }
            if !it.default.is_empty() {
                p.block("default", |p| it.default.iter().for_each(|action| p.action(action)));
            }
        });
    }

    fn raise(&mut self, what: &str, raise: &'a Raise<Expr>) {
        let app = self.app;
        let channel = format!("{:?}", raise.channel).to_lowercase();
        let data = raise.data.iter().map(|(datum, value)| {
            let value = self.text(|p| p.expr(value));
            format!("{}: {value}", app.data[*datum].name.text)
        });
        let data = data.gather().join(", ");
        self.line(&format!("{what} {channel} {} {{{data}}}", app.events[raise.event].name.text));
    }

    fn invoke(&mut self, id: InvokeId) {
        let app = self.app;
        let invoke: &'a Invoke<Expr> = &app.invokes[id];
        let input = invoke.input.iter().map(|(input, value)| {
            let value = self.text(|p| p.expr(value));
            format!("{}: {value}", app.inputs[*input].name.text)
        });
        let input = input.gather().join(", ");
        let mut head = format!("invoke {} {{{input}}}", app.services[invoke.service].name.text);
        for (flag, name) in [(invoke.local, " local"), (invoke.while_active, " while-active")] {
            head.push_str(if flag { name } else { "" });
        }
        self.block(&head, |p| {
            for (output, variable) in &invoke.output {
                let (from, to) = (&app.outputs[*output].name.text, &app.variables[*variable].path);
                p.line(&format!("output {from} -> {to}"));
            }
            invoke.done.iter().for_each(|raise| p.raise("done", raise));
        });
    }

    fn typed(&mut self, expr: &'a Expr) {
        self.expr(expr);
        _ = write!(self.out, ": {}", expr.ty);
    }
}

fn optional(optional: bool) -> &'static str {
    if optional { "?" } else { "" }
}
