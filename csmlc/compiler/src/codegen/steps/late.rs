//! Assignments that wait until nothing after them can fail: `let` instead of saving the old value and putting
//! it back (`docs/semantics.md#7-a-step-is-a-transaction`). A step then costs what it costs when written by hand, and no copy of a string.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Steps;
use crate::{
    codegen::{
        expr,
        ident::snake,
        places::Places,
        rollback::{self, Change, Facts},
        rust_types,
        site::EventKnowledge,
    },
    ir::{Expr, Program},
    lists::Gather,
    model::{Action, ActionKind, StateId, VarId},
    sorted::SortedSet,
};

impl Steps<'_> {
    /// The changes of a transition's actions that can be written late: of variables that the actions only
    /// assign, if nothing can fail any more once they are done.
    pub(super) fn written_late(
        &self,
        from: StateId,
        to: Option<StateId>,
        actions: &[Action<Expr>],
        facts: &Facts,
    ) -> SortedSet<Change> {
        let rollback = &self.generator.rollback;
        if to.is_some_and(|to| rollback.entering(to).fails || rollback.settling(to).fails) {
            return SortedSet::new();
        }
        // An internal transition does not leave its state.
        let leaving = to.map(|_| rollback.leaving(from));
        let before = |change: &Change| leaving.is_some_and(|leaving| leaving.changes.contains(change));
        let assigned = |variable: VarId| {
            !self.generator.program.app.variables[variable].optional
                && Action::all(actions).all(|action| match &action.kind {
                    ActionKind::Create(other, _) | ActionKind::Delete(other) => *other != variable,
                    _ => true,
                })
                // A value that is never read would be a warning, and one assigned in a case may never be made.
                && Action::all(actions).filter(|action| assigns(action, variable)).count() == 1
                && actions.iter().any(|action| assigns(action, variable))
        };
        // Expressions that change the variable, or functions of scripts, know nothing of a value that waits.
        let program = self.generator.program;
        let expressions: Vec<&Expr> =
            Action::all(actions).flat_map(|action| values(program, action)).gather();
        let used = |variable: VarId| {
            expressions.iter().any(|expression| {
                expression.changes().contains(&variable)
                    || expr::has_functions(expression) && expression.variables().contains(&variable)
            })
        };
        let saves = facts.saves.iter().copied();
        saves
            .filter(|change| {
                matches!(change, Change::Variable(v) if assigned(*v) && !used(*v)) && !before(change)
            })
            .collect()
    }

    /// Actions in order, those changes written behind the last action that can fail.
    pub(super) fn actions_writing_late(
        &mut self,
        actions: &[Action<Expr>],
        trigger: EventKnowledge,
        internal: Option<StateId>,
        late: &SortedSet<Change>,
    ) -> TokenStream {
        let program = self.generator.program;
        let fails = |action: &Action<Expr>| rollback::one_action(program, action, trigger).fails;
        let critical = actions.iter().rposition(fails).map_or(0, |last| last + 1);
        let (critical, rest) = actions.split_at_checked(critical).unwrap_or((actions, &[]));
        let mut statements = TokenStream::new();
        for action in critical {
            match &action.kind {
                ActionKind::Assign(variable, value) if late.contains(&Change::Variable(*variable)) => {
                    let value = self.value(trigger, value);
                    let ty = rust_types::rust_type(&program.variables[*variable], &quote!(rt));
                    let name = self.waiting_name(*variable);
                    self.late.insert(*variable, name.clone());
                    statements.extend(quote!(let #name: #ty = #value;));
                }
                _ => statements.extend(self.actions(std::slice::from_ref(action), trigger, internal)),
            }
        }
        for (variable, name) in std::mem::take(&mut self.late) {
            let place = self.site(EventKnowledge::None).variable(variable);
            statements.extend(quote!(#place = #name;));
        }
        statements.extend(self.actions(rest, trigger, internal));
        statements
    }

    fn waiting_name(&self, variable: VarId) -> Ident {
        let wanted = format!("new_{}", snake(&self.generator.program.app.variables[variable].name.text));
        let taken = self.late.values().any(|name| *name == wanted);
        if taken { format_ident!("{wanted}_{}", self.late.len() + 1) } else { format_ident!("{wanted}") }
    }
}

fn assigns(action: &Action<Expr>, variable: VarId) -> bool {
    matches!(action.kind, ActionKind::Assign(assigned, _) if assigned == variable)
}

/// The expressions that an action evaluates, those of the actions in it aside.
fn values<'p>(program: &'p Program, action: &'p Action<Expr>) -> Vec<&'p Expr> {
    match &action.kind {
        ActionKind::Assign(_, value) | ActionKind::Create(_, value) => vec![value],
        ActionKind::Delete(_) => Vec::new(),
        ActionKind::Raise(raise) => raise.data.iter().map(|(_, value)| value).gather(),
        ActionKind::Invoke(invoke) => {
            program.app.invokes[*invoke].input.iter().map(|(_, value)| value).gather()
        }
        ActionKind::Match(it) => {
            std::iter::once(&it.value).chain(it.cases.iter().map(|case| &case.test)).gather()
        }
        ActionKind::ResetTimer(timer) => vec![&program.app.timers[*timer].delay],
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, compile, source::Sources};

    /// The generated code of a machine whose event `go` runs `actions`, without spaces.
    fn generated(actions: &[(&str, &str)]) -> String {
        let assigns: Vec<String> = actions
            .iter()
            .map(|(variable, value)| {
                format!(r#"{{"type": "assign", "variable": "{variable}", "value": "{value}"}}"#)
            })
            .collect();
        let text = format!(
            r#"{{"name": "n", "version": "2.0", "memoryMode": "distributed", "stateMachines": [{{
                "name": "m",
                "localData": [{{"name": "a", "value": "0"}}, {{"name": "b", "value": "0"}}],
                "states": [{{"name": "s", "initial": true, "on": [
                    {{"event": "go", "channel": "peripheral", "actions": [{}]}}
                ]}}]
            }}]}}"#,
            assigns.join(","),
        );
        let mut sources = Sources::new();
        let root = sources.add("n.csml", text);
        let (output, diagnostics) = compile(&sources, root, &Options::default());
        let tokens = output.unwrap_or_else(|| panic!("{diagnostics:?}")).tokens;
        tokens.to_string().replace(char::is_whitespace, "")
    }

    #[test]
    fn a_new_value_waits_and_later_actions_read_it() {
        let code = generated(&[("a", "a + 1"), ("b", "a + b")]);
        assert!(code.contains("letnew_a:i64=rt::int::add(cx.machine.data.a,1,"), "{code}");
        assert!(code.contains("cx.machine.data.b=rt::int::add(new_a,cx.machine.data.b,"), "{code}");
        assert!(code.contains("cx.machine.data.a=new_a;"), "{code}");
        assert!(!code.contains("saved"), "{code}");
    }

    #[test]
    fn a_variable_that_is_assigned_twice_is_put_back_instead() {
        let code = generated(&[("a", "1"), ("a", "a + 1"), ("b", "a + b")]);
        assert!(!code.contains("new_a"), "{code}");
        assert!(code.contains("letsaved=cx.machine.data.a;"), "{code}");
    }

    #[test]
    fn nothing_waits_where_nothing_can_fail() {
        let code = generated(&[("a", "1"), ("b", "2")]);
        assert!(!code.contains("new_a"), "{code}");
        assert!(code.contains("cx.machine.data.a=1;"), "{code}");
    }
}
